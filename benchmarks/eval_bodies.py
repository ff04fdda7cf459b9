"""The request bodies that the copilot would send for a file of cases, one a line, so that its peers send the same.

Run: `python -m benchmarks.eval_bodies CASES BODIES`.
"""

import json
import sys
from pathlib import Path

from copilot.config.settings import Settings
from copilot.core.sentences import cut
from copilot.evaluation.cases.case import load_cases
from copilot.evaluation.run.setup import patient
from copilot.readers.model import chunked_reading
from copilot.readers.model.conversation import Conversation
from copilot.readers.model.manners import Manners
from copilot.readers.model.numbered_lines import NumberedTicket
from copilot.readers.model.profiles import profile_for


def main() -> None:
    settings = patient(Settings.from_environment())
    profile = profile_for(settings)
    with Path(sys.argv[2]).open("w", encoding="utf-8") as file:
        for case in load_cases([Path(sys.argv[1])]).cases:
            numbered = NumberedTicket(case.ticket, cut(case.ticket))
            (window,) = chunked_reading.windows_of(numbered, numbered.sentences.all, settings)
            body = Conversation(settings, profile, window, Manners(profile.modes)).request()
            file.write(json.dumps({"id": case.id, "route": case.expect.route, "body": body}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
