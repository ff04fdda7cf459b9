"""Trains the embedded reader's model: from the registry's weights and training/ to the files that the wheel carries.

`make train` runs it whole. Nothing in `copilot` imports it.
"""
