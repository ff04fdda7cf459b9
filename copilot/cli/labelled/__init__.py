"""The commands of `copilot cases`, one file a command."""
