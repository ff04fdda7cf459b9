"""The service behind the sidebar: HTTP in front of the one triage path and of the store.

`server.py` listens, `app.py` puts the parts together, `guard.py` lets callers in, `desk.py` holds what they all work with.
Every error is a problem document (RFC 9457), and nothing here logs what a ticket says.
"""
