"""How many words the panel shows at once for the first ten tickets of the simulated console, beside the words of the ticket.

Run from the top of the repository: `python -m benchmarks.panel_words`. Needs Chromium. The embedded reader reads; nothing is
folded or unfolded before the count. The messages, which are folded, are not in it, nor is the note in its field.
"""

import json
import re
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.agent import VISIBLE_WORDS, Agent
from tests.browser.conftest import ARGUMENTS, PROGRAMS
from tests.served import serve

TICKETS = Path("copilot/sidebar/console/tickets.json")


def words_of(ticket: dict[str, Any]) -> int:
    """The words of a ticket: its subject and its messages without their markup."""
    texts = [ticket["subject"], *(re.sub("<[^>]+>", " ", said["message"]["content"]) for said in ticket["conversation"])]
    return sum(len(text.split()) for text in texts)


def main() -> None:
    """Print a line for each ticket and the median."""
    tickets = json.loads(TICKETS.read_text(encoding="utf-8"))["tickets"][:10]
    browser_path = next(found for name in PROGRAMS if (found := shutil.which(name)))
    with tempfile.TemporaryDirectory() as state, sync_playwright() as playwright:
        served = serve(Path(state), "--console")
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(ARGUMENTS))
        page = browser.new_context(base_url=served.url).new_page()
        counts = []
        Agent(page).open_ready(tickets[0]["id"]).button("Got it").click()  # the hint for newcomers is shown once
        for ticket in tickets:
            agent = Agent(page).open_ready(ticket["id"])
            page.wait_for_timeout(500)
            shown, own = int(agent.frame.evaluate(VISIBLE_WORDS)), words_of(ticket)
            counts.append((own, shown))
            print(f"{ticket['id']}  {own:4} words in the ticket, {shown:4} in the panel  {ticket['subject']}", flush=True)
        own, shown = (statistics.median(column) for column in zip(*counts, strict=True))
        print(f"median (n={len(counts)}): {own:.0f} words in the ticket, {shown:.0f} in the panel")
        browser.close()
        served.stop()


if __name__ == "__main__":
    main()
