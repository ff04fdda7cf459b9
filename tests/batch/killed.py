"""`copilot batch` with a slow scripted reader, for tests that kill it. Arguments: seconds, call log, then the command's own."""

import signal
import sys
from pathlib import Path

import copilot.readers.factory
from copilot.cli import main
from tests.cli.scripted import ScriptedReader

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's background job has ignored
    reader = ScriptedReader(float(sys.argv[1]), Path(sys.argv[2]))
    copilot.readers.factory.choose_reader = lambda *_, **__: reader
    sys.exit(main(sys.argv[3:]))
