"""Every error this package raises on purpose.

    CopilotError
    ├── InputError            what the caller handed in is wrong: exit code 2
    │   ├── TicketError       a ticket: file, line and field
    │   ├── ExtractionError   an extraction: file and field
    │   └── SettingsError     an environment variable: its name, and what to set
    └── StoreError            the store did not do what it was asked
        ├── NotFound          there is no such thing
        ├── TextGone          its text was purged or erased
        ├── KeyReused         an idempotency key came with another request
        ├── StillRunning      the first request with that key is not done: carries when to ask again
        ├── StoreFull         too much waits in it: carries when to ask again
        ├── StoreUnavailable  the database cannot be used just now: carries when to ask again
        └── BytesLeft         text was removed, and its bytes are still in the database's files: carries of how many tickets

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


class StoreError(CopilotError):
    """The store did not do what it was asked; but for `BytesLeft`, nothing was changed."""


class NotFound(StoreError):
    """There is no suggestion, decision, feedback or key of that id."""


class TextGone(StoreError):
    """The suggestion is known, and its text was purged or erased."""


class KeyReused(StoreError):
    """An idempotency key was used before, with another request."""


class StillRunning(StoreError):
    """The request that used an idempotency key first is not done; ask again after `retry_after_seconds`."""

    def __init__(self, message: str, retry_after_seconds: int = 1) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class StoreUnavailable(StoreError):
    """The database is locked, full, read-only, out of reach or not up to date; ask again after `retry_after_seconds`."""

    def __init__(self, message: str, retry_after_seconds: int = 5) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class StoreFull(StoreError):
    """As much waits as the store will keep waiting; ask again after `retry_after_seconds`."""

    def __init__(self, message: str, retry_after_seconds: int = 30) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class BytesLeft(StoreError):
    """Text of `tickets` was removed from every row, and its bytes are still in the files; the next purge tries again."""

    def __init__(self, message: str, tickets: int) -> None:
        super().__init__(message)
        self.tickets = tickets


def reason(fault: Exception) -> str:
    """Why the system refused, in its own words and without paths."""
    return (getattr(fault, "strerror", None) or type(fault).__name__).lower()
