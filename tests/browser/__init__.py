"""The panel and the console in a real browser."""
