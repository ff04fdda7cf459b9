"""What stops a whole run; a single bad ticket never does."""

from copilot.core.errors import CopilotError, InputError


class RunError(InputError):
    """What a run reads or writes cannot be used as it stands; nothing was done. The message names the file and the next step."""


class InUse(RunError):
    """Another run holds the file just now."""


class OutputError(CopilotError):
    """Writing failed part of the way, as on a full disk. What was written is safe; the same command goes on from there."""


class RunStopped(CopilotError):
    """A run that ended early, since no further ticket would fare better or enough was spent. The same command goes on."""
