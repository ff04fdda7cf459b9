"""promptfoo: `promptfooconfig.json`, a test for each case; with a run, a test for each reading with its answer in it.

Without a run the provider is `echo`, a stand-in for one of your own, which is shown the ticket as JSON and has to answer with
route and labels as JSON. With a run nothing is asked: promptfoo checks the answers that there are. It knows no answer that is
neither right nor wrong, so readings that could not be scored are left out.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from copilot.evaluation.cases.case import LabelledCase
from copilot.evaluation.exchange.files import a_list, read_any, write_json
from copilot.evaluation.exchange.incoming import Entry, ExchangeError
from copilot.evaluation.exchange.outgoing import Answer, Outgoing, Plain, compact, expected, given, metadata, ticket_of

CONFIG = "promptfooconfig.json"
_OF_A_TEST = ("description", "vars", "assert", "metadata")
_OF_A_CONFIG = ("tests", "description", "prompts", "providers")
_APART = "{\u2060"
"""Promptfoo fills `{{ env.NAME }}` in anywhere; an invisible sign between the two keeps it from that, and is taken out again."""
_TEMPLATE = re.compile(r"\{(?=[{%#])|#(?=\})")


def export(out: Outgoing, folder: Path) -> Iterator[Path]:
    """Write the file and give its path. Raises `ExchangeError`."""
    provider: str | Plain = "echo"
    tests = [_test(case) for case in out.cases.cases]
    if out.run is not None:
        provider = {"id": "echo", "label": out.run.reader}
        tests = [_answered(one, out.run.manifest.samples) for one in out.answers() if one.is_scored]
    config = {
        "description": "triage-copilot: route and labels of support tickets",
        "prompts": ["{{ticket}}"],
        "providers": [provider],
        "tests": tests,
    }
    yield write_json(folder / CONFIG, config)


def entries(path: Path) -> Iterator[Entry]:
    """The tests of a configuration, or of a file of tests alone. Raises `ExchangeError`."""
    whole = read_any(path)
    beside = tuple(name for name in whole if name not in _OF_A_CONFIG) if isinstance(whole, dict) else ()
    tests = whole.get("tests") if isinstance(whole, dict) else whole
    if isinstance(tests, str):
        raise ExchangeError(f"{path}: its tests stand in another file; name that one")
    for place, test in enumerate(a_list(tests, path, "list of `tests`")):
        given = test.get("vars")
        values = given if isinstance(given, dict) else {}
        more = [name for name in test if name not in _OF_A_TEST] + [f"vars.{name}" for name in values if name != "ticket"]
        found, others = _equals(test.get("assert"))
        more += [f"assert.{kind}" for kind in others]
        where = f"{path}, tests[{place}]"
        about, id = _replaced(test.get("metadata"), f"{_APART}(?={{)", "{"), test.get("description")
        yield Entry(where, id, values.get("ticket"), found, about, (*more, *(() if place else beside)))


def _equals(assertions: object) -> tuple[object, list[str]]:
    """What the first `equals` asks for, and the kinds of all other assertions."""
    given = [one for one in assertions if isinstance(one, dict)] if isinstance(assertions, list) else []
    equal = [one for one in given if one.get("type") == "equals"]
    others = [str(one.get("type")) for one in given if one not in equal[:1]]
    return (equal[0].get("value") if equal else None), others


def _test(case: LabelledCase) -> Plain:
    return {
        "description": case.id,
        "vars": {"ticket": _untemplated(compact(ticket_of(case)))},
        "assert": [{"type": "equals", "value": expected(case)}],
        "metadata": _replaced(metadata(case), "{(?={)", _APART),
    }


def _answered(one: Answer, samples: int) -> Plain:
    test = _test(one.case)
    number = {"sample": one.row.sample + 1} if samples > 1 else {}
    return test | {"metadata": test["metadata"] | one.about | number, "providerOutput": compact(given(one.row))}


def _replaced(value: Any, pattern: str, new: str) -> Any:
    """A plain value with two brackets parted or joined in its texts.

    JSON with spaces has no such two characters together outside of them.
    """
    return json.loads(re.sub(pattern, new, json.dumps(value, ensure_ascii=False)))


def _untemplated(text: str) -> str:
    """The same JSON with nothing of a template in it: promptfoo fills in templates in variables, and a ticket may hold some.

    Outside of strings, JSON without spaces has no such two characters together, and within them any may be escaped.
    """
    return _TEMPLATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
