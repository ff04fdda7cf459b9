"""A process of our own beside this one, on another core. Whoever starts one can do its work here as well, only later."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import PIPE, Popen

WORTH_A_PROCESS = 50
"""With fewer cases, a process takes longer to start than it saves."""


@contextmanager
def process_beside(module: str, *arguments: str) -> Iterator["Popen[bytes] | None"]:
    """`python -m module arguments`, with pipes to its input and output; killed at the end. None where none can be started."""
    # A session of its own: Ctrl-C is for whoever started it. -P: a module of the current folder is not ours.
    command = [sys.executable, "-P", "-m", module, *arguments]
    try:
        process = Popen(command, stdin=PIPE, stdout=PIPE, start_new_session=True)  # noqa: S603 - our own module
    except OSError:
        yield None
        return
    with process:
        try:
            yield process
        finally:
            process.kill()
