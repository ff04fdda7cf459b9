"""Rows beside their cases: figures, intervals, and whose error each wrong case is."""
