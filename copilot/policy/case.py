"""The reduced input of the policy: all that its rules may look at, and nothing else.

A `Case` is small and finite, so the rules can be tried on every case there is. What it leaves out (names, wording,
evidence, which asset) cannot change a route by construction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.core.vocabulary import Label, Origin


@dataclass(frozen=True, slots=True)
class Actor:
    """What one party is said to do, after weighing.

    `threatens` and `damages` are counted threats and counted damage. `breaches` is a counted account security
    threat, claim, or both, as `threatens_account` and `breached_account` say. `asks_*` are demands of another customer.
    """

    is_reporter: bool = False
    threatens: bool = False
    damages: bool = False
    threatens_account: bool = False
    breached_account: bool = False
    asks_feedback: bool = False
    asks_other: bool = False

    @property
    def demands(self) -> bool:
        """Asks another customer for anything."""
        return self.asks_feedback or self.asks_other

    @property
    def coercing(self) -> bool:
        """A counted threat, or counted damage together with a demand (S1, S10).

        Reading: a threat is coercion even where nothing is demanded.
        Reading: a threat and a demand belong together only where one and the same party makes both.
        """
        return self.threatens or (self.damages and self.demands)

    @property
    def retaliating(self) -> bool:
        """Counted damage without a threat or demand (S2, S9)."""
        return self.damages and not self.coercing

    @property
    def endangers_account(self) -> bool:
        """A counted account security threat (S4) or claim (S5)."""
        return self.threatens_account or self.breached_account

    @property
    def has_counted_fact(self) -> bool:
        """Threats, damage and account security facts; a demand alone is none."""
        return self.threatens or self.damages or self.endangers_account

    @property
    def labels(self) -> frozenset[Label]:
        """The labels that this actor's facts give the note (S7, S8, S9)."""
        if self.retaliating:
            return frozenset({Label.RETALIATION})
        if not self.coercing:
            return frozenset()
        if not self.asks_feedback:
            return frozenset({Label.COERCION_AND_RETALIATION})
        if not self.asks_other:
            return frozenset({Label.FEEDBACK_BUILDING})
        # Reading: S7 and S8 both hold and share a queue, so the note carries both labels.
        return frozenset({Label.COERCION_AND_RETALIATION, Label.FEEDBACK_BUILDING})


@dataclass(frozen=True, slots=True)
class Case:
    """One ticket as the rules see it.

    `mediation_eligible` None means not known. `reliable` is False when the reading failed, or when a dropped fact
    would have changed the decision. `tells_dispute` is a dispute fact, an accidental claim, or a withholding or lawful
    remedy that did not count. `tells_bad_feedback` is a `bad_feedback` threat or claim that did not count.
    """

    origin: Origin = Origin.CUSTOMER_REPORT
    mediation_eligible: bool | None = None
    reliable: bool = True
    actors: tuple[Actor, ...] = ()
    tells_dispute: bool = False
    tells_bad_feedback: bool = False
    threat_to_staff: bool = False

    @property
    def coercion(self) -> bool:
        """Somebody coerces."""
        return any(actor.coercing for actor in self.actors)

    @property
    def retaliation(self) -> bool:
        """Somebody retaliates without coercing."""
        return any(actor.retaliating for actor in self.actors)

    @property
    def damage_in_coercion(self) -> bool:
        """S10: somebody who coerces has done damage as well."""
        return any(actor.coercing and actor.damages for actor in self.actors)

    @property
    def account_threat(self) -> bool:
        """S4: the security of a marketplace account is threatened."""
        return any(actor.threatens_account for actor in self.actors)

    @property
    def account_claim(self) -> bool:
        """S5: somebody is said to have got into a marketplace account."""
        return any(actor.breached_account for actor in self.actors)

    @property
    def uncoerced_feedback_demand(self) -> bool:
        """Feedback is asked for by somebody who does not coerce."""
        return any(actor.asks_feedback and not actor.coercing for actor in self.actors)

    @property
    def dispute_like(self) -> bool:
        """What mediation may take although nobody coerces."""
        return self.tells_dispute or any(actor.asks_other and not actor.coercing for actor in self.actors)

    @property
    def suspicious(self) -> bool:
        """S3: what an agent may notice without anybody reporting it."""
        return self.uncoerced_feedback_demand or self.tells_bad_feedback

    @property
    def report_received(self) -> bool:
        """Whether another customer reported.

        Reading: someone who describes their own threat is not a report from another customer (S3).
        Reading: a customer's ticket in which nothing counts is still a report.
        """
        if self.origin is not Origin.CUSTOMER_REPORT:
            return False
        actors = [actor for actor in self.actors if actor.has_counted_fact]
        return not actors or not all(actor.is_reporter for actor in actors)

    @property
    def labels(self) -> tuple[Label, ...]:
        """The union over all actors, in the fixed order."""
        return in_order({label for actor in self.actors for label in actor.labels})


def in_order(labels: set[Label]) -> tuple[Label, ...]:
    """Labels in the order in which a note lists them."""
    every: Sequence[Label] = tuple(Label)
    return tuple(label for label in every if label in labels)
