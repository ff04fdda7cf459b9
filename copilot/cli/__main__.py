"""`python -m copilot.cli` is `copilot`."""

import sys

from copilot.cli.entry import main

if __name__ == "__main__":
    sys.exit(main())
