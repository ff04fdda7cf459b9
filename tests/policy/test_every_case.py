"""The rules against an independent table, over every case there is."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from copilot.output import cautions as cautions_module
from copilot.policy import decide as decide_module
from copilot.policy import rules
from copilot.policy.case import Actor, Case
from copilot.policy.decide import decide_case
from tests.policy.space import FLAGS, PROFILES, REPORTER_PROFILES, cases, expected, told

FLAG_NAMES = set(FLAGS[0])
SEEN = (
    "coercion",
    "retaliation",
    "damage_in_coercion",
    "account_threat",
    "account_claim",
    "uncoerced_feedback_demand",
    "dispute_like",
)
"""What the rules see of the actors, each true of a ticket as soon as it is true of one actor. Labels and report come on top."""

Sight = tuple[object, ...]


def sight(*actors: Actor) -> Sight:
    """All that the rules can see of these actors, in a form where more actors mean a union."""
    case = Case(actors=actors)
    counted = {actor.is_reporter for actor in actors if actor.has_counted_fact}
    return (*(getattr(case, name) for name in SEEN), frozenset(case.labels), frozenset(counted))


def union(one: Sight, other: Sight) -> Sight:
    return tuple(mine | theirs for mine, theirs in zip(one, other, strict=True))


def every_sight() -> dict[Sight, tuple[Actor, ...]]:
    """Each thing that any number of actors can look like to the rules, with actors that look so."""
    singles = {sight(actor): actor for actor in (*PROFILES, *REPORTER_PROFILES)}
    found: dict[Sight, tuple[Actor, ...]] = {sight(): ()}
    fresh = list(found)
    while fresh:
        seen = fresh.pop()
        for single, actor in singles.items():
            larger = union(seen, single)
            if larger not in found:
                found[larger] = (*found[seen], actor)
                fresh.append(larger)
    return found


def test_the_rules_agree_with_the_table_on_every_case_of_a_reporter_and_another_actor(
    record_property: Callable[[str, object], None],
) -> None:
    """Every profile of the reporter, or no such actor; every profile of another, or none; every flag of the ticket."""
    compared = 0

    for reporter, other in product((None, *REPORTER_PROFILES), (None, *PROFILES)):
        actors = tuple(actor for actor in (reporter, other) if actor)
        for case in cases(actors):
            assert told(case) == expected(case), case
            compared += 1

    record_property("cases", compared)
    print(f"\n{compared} cases of up to two actors")
    assert compared == 65 * 65 * 96


def test_the_rules_agree_with_the_table_on_whatever_any_number_of_actors_can_look_like(
    record_property: Callable[[str, object], None],
) -> None:
    """More than two actors need no new profiles, only new unions.

    The rules see actors through `sight` alone, which the next tests prove: rules and cautions read nothing else of a
    case, and what actors look like together is the union of what each looks like alone. So every ticket, of however
    many actors, looks to the rules like one of the unions that can be built from single actors. All of them are built
    here, and each is tried under every flag.
    """
    sights = every_sight()
    compared = 0

    for actors in sights.values():
        for case in cases(actors):
            assert told(case) == expected(case), case
            compared += 1

    record_property("cases", compared)
    print(f"\n{compared} cases, of {len(sights)} unions of any number of actors")
    assert compared == len(sights) * 96


def test_what_two_actors_look_like_to_the_rules_is_the_union_of_what_each_looks_like() -> None:
    profiles = (*PROFILES, *REPORTER_PROFILES)
    alone = {actor: sight(actor) for actor in profiles}

    for one, other in product(profiles, repeat=2):
        assert sight(one, other) == union(alone[one], alone[other])


@given(st.lists(st.sampled_from((*PROFILES, *REPORTER_PROFILES)), max_size=7))
def test_what_a_crowd_looks_like_to_the_rules_is_the_union_of_all(crowd: list[Actor]) -> None:
    together = sight()

    for actor in crowd:
        together = union(together, sight(actor))

    assert sight(*crowd) == together


@given(st.lists(st.sampled_from((*PROFILES, *REPORTER_PROFILES)), max_size=7), st.sampled_from(FLAGS))
def test_the_rules_agree_with_the_table_on_a_crowd(crowd: list[Actor], flags: dict[str, object]) -> None:
    case = Case(actors=tuple(crowd), **flags)

    assert told(case) == expected(case)


def test_whether_a_report_was_received_follows_from_who_did_something() -> None:
    for origin_flags, actors in product(FLAGS, ((), *((a,) for a in PROFILES), *((a,) for a in REPORTER_PROFILES))):
        case = Case(actors=actors, **origin_flags)
        doers = sight(*actors)[-1]

        assert case.report_received == (case.origin == "customer_report" and doers != frozenset({True}))


def test_rules_and_cautions_see_nothing_of_a_case_but_its_flags_and_these_properties() -> None:
    read = set()

    for source in (
        inspect.getsource(rules),
        inspect.getsource(decide_module.decide_case),
        inspect.getsource(cautions_module._of_the_case),
    ):
        for node in ast.walk(ast.parse(textwrap.dedent(source))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "case":
                read.add(node.attr)

    assert read <= {*SEEN, *FLAG_NAMES, "labels", "report_received", "suspicious"}


def test_a_case_looks_at_its_actors_one_by_one_and_never_at_how_many_there_are() -> None:
    """The step from two actors to any number: each use is a loop that feeds `any`, `all` or a set."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(Case)))
    uses = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "actors"]
    looped = [generator.iter for node in ast.walk(tree) for generator in getattr(node, "generators", [])]

    assert uses
    assert all(use in looped for use in uses)


def test_the_order_of_actors_does_not_matter() -> None:
    for one, other in product(PROFILES[::3], REPORTER_PROFILES[::3]):
        for case in cases((one, other)):
            turned = Case(actors=(other, one), **{name: getattr(case, name) for name in FLAG_NAMES})

            assert decide_case(case) == decide_case(turned)


def test_every_rule_decides_some_case() -> None:
    deciding = {decide_case(case).rule for actor in PROFILES for case in cases((actor,))}

    assert deciding == {rule.id for rule in rules.RULES}
