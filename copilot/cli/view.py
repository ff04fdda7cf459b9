"""A suggestion as an agent reads it in a terminal: where it goes first, then why, then the note to copy.

Comes in: a `Suggestion`. Goes out: lines. Customer text stands only behind `  | `, on one line or on lines that all
begin so, made safe by `framed`; nothing in a ticket can move the cursor, colour a word or pass for a heading.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from copilot.cli.lines import StyledLine, print_lines
from copilot.output.wording import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from copilot.core.ticket import Ticket
    from copilot.core.vocabulary import Label
    from copilot.output.suggestion import Destination, FactView, Suggestion

QUOTES_A_FACT = 5
FRAME = "  | "


def show(suggestion: "Suggestion", ticket: "Ticket", as_json: bool) -> None:
    """Print the suggestion for a ticket on standard output."""
    from copilot.output.shown import json_text, write_out

    if as_json:
        write_out(json_text(suggestion, indent=2))
        return
    print_lines(lines_of(suggestion, ticket))


def lines_of(given: "Suggestion", ticket: "Ticket") -> Iterator[StyledLine]:
    """The view, line by line."""
    yield from _summary(given)
    if given.cautions:
        yield from _section("cautions")
        yield from (StyledLine(words(f"caution.{caution}"), "    ", "  ! ", "caution") for caution in given.cautions)
    yield from _section("evidence")
    yield from _evidence(given, ticket)
    yield from _section("note")
    yield from (_note_line(line) for line in given.note.rstrip("\n").split("\n"))
    if given.ask_next:
        yield from _section("ask")
        yield from (StyledLine(question.text, "    ", "  ? ") for question in given.ask_next)
    if given.would_change:
        yield from _section("change")
        for change in given.would_change:
            yield StyledLine(f"{change.text} → {_destination(change.then)}", "    ", "  - ")
    yield StyledLine("")
    yield from _provenance(given)


def _summary(given: "Suggestion") -> Iterator[StyledLine]:
    rows = {
        "ticket": _framed(given.ticket_id),
        "route": given.route.value,
        "team": words(f"terminal.team.{given.route}"),
        "queue": given.queue or words("terminal.no_queue" if _is_escalated(given) else "terminal.none"),
        "labels": _labels(given.labels) or words("terminal.none"),
        "rule": f"{given.rule} ({', '.join(given.statements)})" if given.statements else given.rule,
        "report": words("terminal.report" if given.report_received else "terminal.no_report"),
    }
    for name, value in rows.items():
        style = "route" if name in ("route", "queue", "labels") else "plain"
        yield StyledLine(value, " " * 8, f"{words(f'terminal.row.{name}'):<8}", style)


def _is_escalated(given: "Suggestion") -> bool:
    return given.route not in ("agent_review", "no_escalation")


def _section(name: str) -> Iterator[StyledLine]:
    yield StyledLine("")
    yield StyledLine(words(f"terminal.{name}"), style="heading")


def _note_line(line: str) -> StyledLine:
    """A line of the note; the part of a quote that wraps stays behind the frame."""
    return StyledLine(line.removeprefix(FRAME), FRAME) if line.startswith(FRAME) else StyledLine(line)


def _evidence(given: "Suggestion", ticket: "Ticket") -> Iterator[StyledLine]:
    """Each fact in a line, what it weighs, and the sentences it rests on."""
    from copilot.core.sentences import message_numbers, shown_id

    numbers = message_numbers(ticket)
    texts = {sentence.id: sentence.text for sentence in given.sentences}
    people = {
        party.id: words("terminal.party", id=_framed(party.id), role=words(f"role_option.{party.role}"))
        for party in given.parties
    }
    if not given.facts:
        yield StyledLine(words("terminal.no_facts"), "  ", style="aside")
    for fact in sorted(given.facts, key=lambda fact: not fact.counted):
        why = words("terminal.counts") if fact.counted else fact.reason.text
        yield StyledLine(f"{_fact(fact, people)} ({why})", "    ", "  + " if fact.counted else "  - ")
        for id in fact.evidence[:QUOTES_A_FACT]:
            yield StyledLine(f"[{shown_id(id, numbers)}] “{_framed(texts.get(id, ''))}”", f"  {FRAME}")
        if len(fact.evidence) > QUOTES_A_FACT:
            yield StyledLine(words("terminal.more", n=len(fact.evidence) - QUOTES_A_FACT), f"  {FRAME}")
    for one in given.dropped:
        left_out = words("terminal.left_out", list=one.list, index=one.index, reason=one.reason.text)
        yield StyledLine(left_out, "    ", "  x ", "caution")


def _fact(fact: "FactView", people: "Mapping[str, str]") -> str:
    """A fact in words, such as `demand by p2 (freelancer) of p1 (client): money`."""
    from copilot.output.note import harm_words

    fill = {side: people[id] for side in ("by", "against", "of") if (id := getattr(fact, side, None))}
    match fact.type:
        case "threat" | "damage_claim":
            fill["harm"] = harm_words(fact)
        case kind:
            fill["kind"] = words(f"written.{kind}.{fact.kind}")
    return words(f"terminal.fact.{fact.type}", **fill)


def _destination(then: "Destination") -> str:
    labels = _labels(then.labels)
    return f"{then.route.value}" + (f", {labels}" if labels else "") + f" ({then.rule})"


def _labels(labels: "Iterable[Label]") -> str:
    return words("written.and").join(words(f"label.{label}") for label in labels)


def _provenance(given: "Suggestion") -> Iterator[StyledLine]:
    made = given.provenance
    model = f" ({_framed(made.model)})" if made.model else ""
    tokens = made.usage.prompt_tokens + made.usage.completion_tokens
    cost = f", {tokens} tokens" if tokens else ""
    ended = "" if made.outcome == "ok" else f"; reading ended as {made.outcome}"
    if made.own_notes:
        count = len(made.own_notes)
        yield StyledLine(words("terminal.own_notes" if count > 1 else "terminal.own_note", n=count), style="aside")
    text = f"Read by {made.extractor}{model} in {made.seconds:.2f} s{cost}{ended}. "
    yield StyledLine(text + f"Policy {made.policy_version}, copilot {made.copilot_version}.", style="aside")


def _framed(text: str) -> str:
    from copilot.output.note import framed

    return framed(text)
