"""The commands of `copilot store`, one file a command."""
