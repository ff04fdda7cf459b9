"""Lexicons as data: one TOML file a language."""
