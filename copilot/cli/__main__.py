"""`python -m copilot.cli` is `copilot`."""

import sys

from copilot.cli.entry import main

sys.exit(main())
