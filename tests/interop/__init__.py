"""Exports, read by the tools themselves in environments of their own; `make interop` installs and requires them."""
