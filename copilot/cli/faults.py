"""Faults become one line on standard error and an exit code.

A traceback can hold ticket text, so none is printed; an unforeseen fault names its class and the line of this
program where it came up.
"""

import os
import sys
import traceback
from collections.abc import Callable

import click

from copilot.core.errors import CopilotError, InputError, reason

DONE = 0
FAILED = 1
BAD_INPUT = 2
OUR_FAULT = 70
INTERRUPTED = 130


def guarded(command: Callable[[], object]) -> int:
    """Run a command; its return value is the exit code, and every fault is told in one line."""
    try:
        code = command()
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as fault:
        return _told(fault)
    return code if isinstance(code, int) else DONE


def _told(fault: BaseException) -> int:
    """Say what went wrong, and give the exit code for it."""
    match fault:
        case click.UsageError():
            name = fault.ctx.command_path if fault.ctx else "copilot"
            told, code = f"{fault.format_message()} See `{name} --help`.", BAD_INPUT
        case InputError():
            told, code = str(fault), BAD_INPUT
        case CopilotError():
            told, code = str(fault), FAILED
        case KeyboardInterrupt() | click.Abort():
            told, code = "stopped", INTERRUPTED
        case BrokenPipeError():
            told, code = "", FAILED
        case OSError():
            told, code = f"cannot go on: {reason(fault)}", FAILED
        case _:
            told, code = f"unexpected {type(fault).__name__} at {_place(fault)}; please report this line", OUR_FAULT
    if isinstance(fault, OSError):
        drop_standard_output()
    if told:
        warn(told)
    return code


def warn(message: str) -> None:
    """One line on standard error."""
    from copilot.output.shown import one_line

    click.echo(f"copilot: {one_line(message)}", err=True)


def _place(fault: BaseException) -> str:
    """The innermost line of this package that the fault passed through."""
    frames = traceback.extract_tb(fault.__traceback__)
    ours = [frame for frame in frames if f"{os.sep}copilot{os.sep}" in frame.filename] or frames
    return f"{ours[-1].filename.rpartition(os.sep)[2]}:{ours[-1].lineno}"


def drop_standard_output() -> None:
    """Nobody reads it any more: whatever is still buffered must not raise again when the process ends."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):
        return
