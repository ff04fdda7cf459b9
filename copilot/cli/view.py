"""A suggestion as an agent reads it in a terminal: where it goes first, then why, then the note to copy.

Comes in: a `Suggestion`. Goes out: lines. Customer text stands only behind `  | `, on one line or on lines that all
begin so, made safe by `framed`; nothing in a ticket can move the cursor, colour a word or pass for a heading.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from copilot.cli.lines import Shown, print_lines

if TYPE_CHECKING:
    from copilot.suggestion import Destination, ShownFacts, Suggestion
    from copilot.ticket import Ticket

TEAMS = {
    "account_security": "account security",
    "mediation_disputes": "mediation and disputes",
    "content_enforcement": "content enforcement",
    "agent_review": "none yet: a person decides",
    "no_escalation": "none: not escalated",
}
QUOTES_A_FACT = 5
FRAME = "  | "


def show(suggestion: "Suggestion", ticket: "Ticket", as_json: bool) -> None:
    """Print the suggestion for a ticket on standard output."""
    from copilot.shown import json_text, write_out

    if as_json:
        write_out(json_text(suggestion, indent=2))
        return
    print_lines(lines_of(suggestion, ticket))


def lines_of(given: "Suggestion", ticket: "Ticket") -> Iterator[Shown]:
    """The view, line by line."""
    yield from _summary(given)
    if given.cautions:
        from copilot.note import CAUTION_WORDS

        yield from _section("Cautions")
        yield from (Shown(CAUTION_WORDS[caution], "    ", "  ! ", "caution") for caution in given.cautions)
    yield from _section("Evidence")
    yield from _evidence(given, ticket)
    yield from _section("Note")
    yield from (_note_line(line) for line in given.note.rstrip("\n").split("\n"))
    if given.ask_next:
        yield from _section("Ask next")
        yield from (Shown(question, "    ", "  ? ") for question in given.ask_next)
    if given.would_change:
        yield from _section("What would change this")
        for change in given.would_change:
            yield Shown(f"if {_framed(change.if_)}: {_destination(change.then)}", "    ", "  - ")
    yield Shown("")
    yield from _provenance(given)


def _summary(given: "Suggestion") -> Iterator[Shown]:
    from copilot.note import LABEL_WORDS

    labels = " and ".join(LABEL_WORDS[label] for label in given.labels)
    queue = given.queue or ("not named by the policy; see the team's directory" if _is_escalated(given) else "none")
    rows = {
        "Ticket": _framed(given.ticket_id),
        "Route": given.route.value,
        "Team": TEAMS[given.route],
        "Queue": queue,
        "Labels": labels or "none",
        "Rule": f"{given.rule} ({', '.join(given.statements)})" if given.statements else given.rule,
        "Report": "received from a customer" if given.report_received else "none received",
    }
    for name, value in rows.items():
        yield Shown(value, " " * 8, f"{name:<8}", "route" if name in ("Route", "Queue", "Labels") else "plain")


def _is_escalated(given: "Suggestion") -> bool:
    return given.route not in ("agent_review", "no_escalation")


def _section(title: str) -> Iterator[Shown]:
    yield Shown("")
    yield Shown(title, style="heading")


def _note_line(line: str) -> Shown:
    """A line of the note; the part of a quote that wraps stays behind the frame."""
    return Shown(line.removeprefix(FRAME), FRAME) if line.startswith(FRAME) else Shown(line)


def _evidence(given: "Suggestion", ticket: "Ticket") -> Iterator[Shown]:
    """Each fact in a line, what it weighs, and the sentences it rests on."""
    from copilot.sentences import message_numbers, shown_id

    numbers = message_numbers(ticket)
    texts = {sentence.id: sentence.text for sentence in given.sentences}
    facts = list(_facts(given.facts))
    if not facts:
        yield Shown("no threat, demand, damage claim or dispute was read in the ticket", "  ", style="aside")
    for words, counted, reason, evidence in facts:
        yield Shown(f"{words} ({'counts' if counted else reason})", "    ", "  + " if counted else "  - ")
        for id in evidence[:QUOTES_A_FACT]:
            yield Shown(f"[{shown_id(id, numbers)}] “{_framed(texts.get(id, ''))}”", f"  {FRAME}")
        if len(evidence) > QUOTES_A_FACT:
            yield Shown(f"and {len(evidence) - QUOTES_A_FACT} sentences more", f"  {FRAME}")
    for dropped in given.facts.dropped:
        yield Shown(f"{dropped.list}[{dropped.index}] was left out: it {dropped.reason}", "    ", "  x ", "caution")


def _facts(facts: "ShownFacts") -> Iterator[tuple[str, bool, str, list[str]]]:
    """Every fact as words, whether it counted, why, and its evidence; those that count come first."""
    from copilot.note import ASSET_WORDS, DEMAND_WORDS, DISPUTE_WORDS, HARM_WORDS, ROLE_WORDS

    people = {party.id: f"{_framed(party.id)} ({ROLE_WORDS[party.role]})" for party in facts.parties}

    def harm(fact: object) -> str:
        asset = ASSET_WORDS[fact.asset]  # type: ignore[attr-defined]
        return HARM_WORDS[fact.harm] + (f" ({asset})" if asset else "")  # type: ignore[attr-defined]

    found: list[tuple[str, bool, str, list[str]]] = []
    for threat in facts.threats:
        words = f"threat by {people[threat.by]} to {people[threat.against]}: {harm(threat)}"
        found.append((words, threat.counted, threat.reason, threat.evidence))
    for demand in facts.demands:
        words = f"demand by {people[demand.by]} of {people[demand.of]}: {DEMAND_WORDS[demand.kind]}"
        found.append((words, demand.counted, demand.reason, demand.evidence))
    for claim in facts.damage_claims:
        words = f"damage claimed by {people[claim.by]} to {people[claim.against]}: {harm(claim)}"
        found.append((words, claim.counted, claim.reason, claim.evidence))
    for dispute in facts.disputes:
        found.append((f"dispute about {DISPUTE_WORDS[dispute.kind]}", dispute.counted, dispute.reason, dispute.evidence))
    return iter(sorted(found, key=lambda fact: not fact[1]))


def _destination(then: "Destination") -> str:
    from copilot.note import LABEL_WORDS

    labels = " and ".join(LABEL_WORDS[label] for label in then.labels)
    return f"{then.route.value}" + (f", {labels}" if labels else "") + f" ({then.rule})"


def _provenance(given: "Suggestion") -> Iterator[Shown]:
    made = given.provenance
    model = f" ({_framed(made.model)})" if made.model else ""
    tokens = made.usage.prompt_tokens + made.usage.completion_tokens
    cost = f", {tokens} tokens" if tokens else ""
    ended = "" if made.outcome == "ok" else f"; reading ended as {made.outcome}"
    if made.own_notes:
        count = len(made.own_notes)
        yield Shown(f"Left out, being a note of the copilot's own: {count} sentence{'s' if count > 1 else ''}.", style="aside")
    text = f"Read by {made.extractor}{model} in {made.seconds:.2f} s{cost}{ended}. "
    yield Shown(text + f"Policy {made.policy_version}, copilot {made.copilot_version}.", style="aside")


def _framed(text: str) -> str:
    from copilot.note import framed

    return framed(text)
