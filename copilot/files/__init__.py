"""Files that people hand over: tickets and extractions in, and what else it may be."""
