"""The request bodies that the copilot would send for a file of cases, one a line, so that its peers send the same.

Run: `python -m benchmarks.eval_bodies CASES BODIES`.
"""

import json
import sys
from pathlib import Path

from copilot.evaluation.cases import load_cases
from copilot.evaluation.setup import patient
from copilot.readers import parts
from copilot.readers.conversation import Conversation
from copilot.readers.manners import Manners
from copilot.readers.profiles import profile_for
from copilot.readers.sheet import Sheet
from copilot.sentences import cut
from copilot.settings import Settings


def main() -> None:
    settings = patient(Settings.from_environment())
    profile = profile_for(settings)
    with Path(sys.argv[2]).open("w", encoding="utf-8") as file:
        for case in load_cases([Path(sys.argv[1])]).cases:
            sheet = Sheet(case.ticket, cut(case.ticket))
            (window,) = parts.windows_of(sheet, sheet.sentences.all, settings)
            body = Conversation(settings, profile, window, Manners(profile.modes)).request()
            file.write(json.dumps({"id": case.id, "route": case.expect.route, "body": body}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
