"""Tests of the importers, on exports that are shaped as the desks write them and hold invented tickets."""
