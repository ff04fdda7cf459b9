"""Take a part of a case set: by tag, by id, by how an earlier run went, or the first few.

Comes in: loaded cases, what is asked for, and the ids that failed in each named run. Goes out: a `CaseSet` that knows it is a
selection. Nothing is guessed: a tag or an id that no case has, and a selection of nothing, are errors that say what there is.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

from copilot.evaluation.cases.case import CaseError, CaseSet, LabelledCase, WrittenCases
from copilot.evaluation.cases.selection import CaseSelection

NAMED = 12


def choose(cases: CaseSet, wanted: CaseSelection, failed: Mapping[str, Collection[str]]) -> CaseSet:
    """The cases that are asked for, in their order; all of them where nothing is asked for. Raises `CaseError`.

    `failed` holds the ids of the cases that failed, under each folder of `wanted.failed_in`.
    """
    if not wanted:
        return cases
    tags = Counter(tag for case in cases.cases for tag in dict.fromkeys(case.tags))
    _check_tags(wanted.tags, tags)
    _check_ids(wanted.ids, cases.by_id)
    chosen = [case for case in cases.cases if _is_wanted(case, wanted, failed)]
    if not chosen:
        raise CaseError(_nothing(wanted, cases, tags, failed))
    lines = [case.model_dump_json().encode() for case in chosen[: wanted.first]]
    return CaseSet(WrittenCases(lines), wanted.model_copy(update={"of": len(cases)}))


def _is_wanted(case: LabelledCase, wanted: CaseSelection, failed: Mapping[str, Collection[str]]) -> bool:
    return (
        set(wanted.tags) <= set(case.tags)
        and (not wanted.ids or case.id in wanted.ids)
        and all(case.id in failed[folder] for folder in wanted.failed_in)
    )


def _check_tags(wanted: Iterable[str], there: Counter[str]) -> None:
    for tag in wanted:
        if tag not in there:
            raise CaseError(f"--tag {tag!r}: no case has this tag; {_near(tag, there) or f'the tags are {_told(there)}'}")


def _check_ids(wanted: Iterable[str], there: Collection[str]) -> None:
    for id in wanted:
        if id not in there:
            some = ", ".join(list(there)[:NAMED])
            raise CaseError(f"--id {id!r}: no case has this id; {_near(id, there) or f'there are {len(there)}, such as {some}'}")


def _near(given: str, there: Iterable[str]) -> str:
    near = get_close_matches(given, list(there), n=3)
    return f"did you mean {' or '.join(map(repr, near))}?" if near else ""


def _nothing(wanted: CaseSelection, cases: CaseSet, tags: Counter[str], failed: Mapping[str, Collection[str]]) -> str:
    """What each condition alone would have found."""
    found = [f"tag {tag}: {tags[tag]}" for tag in wanted.tags]
    found += [f"id: {len(wanted.ids)}"] if wanted.ids else []
    for folder in wanted.failed_in:
        found.append(f"failed in {folder}: {len(set(failed[folder]) & set(cases.by_id))}")
    return f"no case is left of {len(cases)}: {', '.join(found)}, none of them all at once; ask for less"


def _told(tags: Counter[str]) -> str:
    told = ", ".join(f"{tag} ({count})" for tag, count in tags.most_common(NAMED))
    return f"{told} and {len(tags) - NAMED} more" if len(tags) > NAMED else told or "none"
