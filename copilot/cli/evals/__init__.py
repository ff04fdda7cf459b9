"""The commands of `copilot eval`, one file each."""
