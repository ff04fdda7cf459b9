"""What a closed code says of a ticket, as an English sentence: questions, and what would change the decision.

Comes in: a code with its parameters, and the facts that they name. Goes out: text in which no word is a customer's.
"""

from collections.abc import Mapping

from copilot.core.facts import Demand, Dispute, Facts, type_of
from copilot.core.vocabulary import CUSTOMERS, Role
from copilot.output.wording import words
from copilot.policy import Change, Question, called


def question_text(question: Question, facts: Facts, people: Mapping[str, str] | None = None) -> str:
    """A question as an agent may put it; `people` says what parties are called where their ids stand nowhere."""
    return words(f"ask.{question.code}", who=_asked(called(facts, question.party), people or {}))


def change_text(change: Change, facts: Facts) -> str:
    """What would have to be otherwise."""
    fact = next((fact for fact in facts.all if fact.id == change.fact), None)
    if fact is None:
        return words(f"condition.{change.code}")
    kind = words(f"condition.kind.{type_of(fact)}")
    if isinstance(fact, Dispute):
        return words("condition.dispute_removed", kind=kind, what=words(f"dispute.{fact.kind}"))
    what = words(f"demand.{fact.kind}") if isinstance(fact, Demand) else words(f"harm.{fact.harm}")
    return words(f"condition.{change.code}", kind=kind, who=_named(facts, fact.by), what=what)


def _asked(name: Role | str | None, people: Mapping[str, str]) -> str:
    if name is None:
        return words("who.customer")
    return words(f"who.{name}") if isinstance(name, Role) else people.get(name) or words("who.party", id=name)


def _named(facts: Facts, id: str) -> str:
    """A party by its role, and by its id as well where several have the role."""
    party = facts.party(id)
    if party is None or party.role not in CUSTOMERS:
        return words("who.party", id=id)
    alike = sum(one.role is party.role for one in facts.parties)
    return words(f"who.{party.role}") + (f" ({id})" if alike > 1 else "")
