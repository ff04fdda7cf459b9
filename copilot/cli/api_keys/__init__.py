"""The commands of `copilot keys`, one file a command."""
