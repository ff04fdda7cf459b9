"""Every error this package raises on purpose.

    CopilotError
    ├── InputError            what the caller handed in is wrong: exit code 2
    │   ├── TicketError       a ticket: file, line and field
    │   ├── ExtractionError   an extraction: file and field
    │   └── SettingsError     an environment variable: its name, and what to set
    └── ReadingError          a reader could not read a ticket: carries an outcome code

A message says what, where and the next step. It never holds ticket text, model text or a key.
"""


class CopilotError(Exception):
    """The root: catch this to catch everything raised on purpose."""


class InputError(CopilotError):
    """The caller's input or settings are wrong; nothing was done with them."""


class TicketError(InputError):
    """A ticket that cannot be used; the message names file, line and field as far as known."""


class ExtractionError(InputError):
    """An extraction that does not have the contract's shape."""


class SettingsError(InputError):
    """A setting is missing or wrong; the message names the environment variable."""


class ReadingError(CopilotError):
    """A reader gave up on a ticket.

    `outcome` is one of `readers.base.ReadOutcome`'s values: a code, never prose from a server.
    """

    def __init__(self, outcome: str, message: str) -> None:
        super().__init__(message)
        self.outcome = outcome
