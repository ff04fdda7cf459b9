"""`copilot policy`: the rules, as the code has them."""

from collections.abc import Iterator

import click

from copilot.cli.faults import DONE
from copilot.cli.lines import StyledLine, print_lines


@click.command()
@click.option("--markdown", is_flag=True, help="Print the whole policy as Markdown: the text of docs/policy.md.")
def command(markdown: bool) -> int:
    """Print the policy: its rules in order, and what counts as harm.

    Each rule is shown with the statements that it follows. The tables are made from the code that decides.

    \b
    Example:
      copilot policy --markdown > policy.md
    """
    if markdown:
        from copilot.output.shown import write_out
        from copilot.policy.describe import as_markdown

        write_out(as_markdown().rstrip("\n"))
        return DONE
    print_lines(_lines())
    return DONE


def _lines() -> Iterator[StyledLine]:
    from copilot.policy import POLICY_VERSION

    yield StyledLine(f"Policy {POLICY_VERSION}: the first rule that holds decides", style="route")
    yield from _rules()
    yield StyledLine("")
    yield StyledLine("Statements of the source that no rule follows", style="heading")
    yield from _not_coded()
    yield StyledLine("")
    yield StyledLine("What counts as harm", style="heading")
    yield from _harms()


def _rules() -> Iterator[StyledLine]:
    from copilot.policy.describe import as_rows

    for row in as_rows():
        yield StyledLine("")
        yield StyledLine(f"{row.place}. {row.rule}", style="heading")
        yield _row("holds", row.holds_when)
        yield _row("follows", ", ".join(row.follows) or "no statement")
        yield _row("route", row.route.value)
        yield _row("queue", row.queue or "null")
        yield _row("labels", ", ".join(row.labels) or "none")


def _not_coded() -> Iterator[StyledLine]:
    from copilot.policy.rules import NOT_CODED

    return (_row(statement, reason) for statement, reason in NOT_CODED.items())


def _harms() -> Iterator[StyledLine]:
    from copilot.policy.describe import harm_rows

    for row in harm_rows():
        yield StyledLine(row.harm.value, "  ")
        yield StyledLine(row.as_threat, " " * 16, f"{'':4}{'as a threat':<12}")
        yield StyledLine(row.as_claim, " " * 16, f"{'':4}{'as a claim':<12}")


def _row(name: str, value: str) -> StyledLine:
    return StyledLine(value, " " * 11, f"   {name:<8}")
