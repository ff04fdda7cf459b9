"""The command line: one file a command. Heavy imports wait until a command needs them."""

from copilot.cli.entry import main

__all__ = ["main"]
