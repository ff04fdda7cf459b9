"""The commands of `copilot batch`, one file each."""
