"""Labelled cases, and what keeps a set of them honest."""
