"""What stops a whole batch; a single bad line never does."""

from copilot.errors import CopilotError, InputError


class BatchError(InputError):
    """The input or output cannot be used as it stands; nothing was written."""


class OutputError(CopilotError):
    """Writing failed part of the way, as on a full disk. What was written is safe; the same command goes on from there."""


class ReaderStopped(CopilotError):
    """The reader that was asked for cannot be used, and no further ticket would fare better. The same command goes on."""
