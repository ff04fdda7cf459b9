"""The copilot's own note put back into its ticket, in the ways in which desks and mail programs change one.

Run as a program, it does so with every case of `evals/cases` and says how many decisions change:
`python -m tests.own_notes`.
"""

import html
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from copilot.core.ticket import Ticket
from copilot.evaluation.cases.case import LabelledCase, load_cases
from copilot.pipeline import decide, triage
from tests.making import embedded_reader

CASES = Path(__file__).parent.parent / "evals" / "cases"
REMARK = "Looked at this with Bob."


def _quoted(note: str) -> str:
    return "\n".join(f"> {line}" for line in note.splitlines())


WAYS: Mapping[str, Callable[[str], str]] = {
    "private message": lambda note: note,
    "below an agent's words": lambda note: f"{REMARK}\n\n{note}",
    "above an agent's words": lambda note: f"{note}\n{REMARK}",
    "Windows line ends": lambda note: note.replace("\n", "\r\n"),
    "one line break for two": lambda note: note.replace("\n\n", "\n"),
    "one line": lambda note: " ".join(note.split()),
    "wide spaces": lambda note: note.replace(" ", "\u00a0 "),
    "quoted": _quoted,
    "wrapped and quoted": lambda note: _quoted("\n".join("\n".join(textwrap.wrap(line, 60)) for line in note.splitlines())),
    "other bullets": lambda note: note.replace("\n- ", "\n • ").replace("  | ", "").replace("“", '"').replace("”", '"'),
    "without line breaks": lambda note: note.replace("\n", ""),
    "as a page spells it": html.escape,
    "cut off": lambda note: note[: len(note) * 2 // 3],
    "twice": lambda note: f"{note}\n{note}",
    "without its mark": lambda note: note.replace("Written by Triage Copilot from this ticket; it is no new evidence.\n", ""),
}


def with_note(ticket: Ticket, text: str, author: str | None = "desk-agent") -> Ticket:
    """The ticket with one more message: by support, by the author given, or by its reporter."""
    given = ticket.model_dump()
    if author == "desk-agent":
        given["participants"] = [*given["participants"], {"id": author, "role": "support"}]
    given["messages"] = [*given["messages"], {"id": "pasted", "author": author, "text": text}]
    return Ticket.model_validate(given)


def changed(cases: Iterable[LabelledCase], ways: Iterable[str] = WAYS) -> tuple[Counter[str], list[str]]:
    """For each way, how many notes were put back; and every decision that changed, by case and way.

    Where an agent's words stand beside the note, the ticket with these words alone is what it is compared with.
    """
    reader = embedded_reader()
    tried: Counter[str] = Counter()
    found: list[str] = []
    for case in cases:
        alone = triage(case.ticket, reader)
        remarked = triage(with_note(case.ticket, REMARK), reader)
        notes = {alone.note}
        if case.expect.extraction is not None:
            notes.add(decide(case.ticket, case.expect.extraction).note)
        for note in sorted(notes):
            for way in ways:
                text = WAYS[way](note)
                before, after = remarked if REMARK in text else alone, triage(with_note(case.ticket, text), reader)
                tried[way] += 1
                if (after.route, after.rule, after.labels) != (before.route, before.rule, before.labels):
                    found.append(f"{case.id}: {way}")
    return tried, found


if __name__ == "__main__":
    tried, found = changed(load_cases(sorted(CASES.glob("*.jsonl"))).cases)
    for way, count in tried.items():
        print(f"{way:<24} {count:>5} notes, {sum(one.endswith(': ' + way) for one in found)} decisions changed")
