"""inspect_ai: `dataset.jsonl` for `json_dataset`, and a run as a log that `inspect view` shows.

An input is the ticket as JSON, a target the decision as JSON. A case that could not be scored is a sample with an error, and
enters no metric.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from copilot.evaluation.exchange.files import a_list, read_any, write_json, write_text
from copilot.evaluation.exchange.incoming import Entry
from copilot.evaluation.exchange.outgoing import Answer, Outgoing, Plain, Run, compact, expected, given, metadata, ticket_of

TASK = "triage-copilot"
LOG_FORMAT = 2
_OF_A_SAMPLE = ("id", "input", "target", "metadata")


def export(out: Outgoing, folder: Path) -> Iterator[Path]:
    """Write the files and give their paths. Raises `ExchangeError`."""
    lines = [
        {"id": case.id, "input": compact(ticket_of(case)), "target": compact(expected(case)), "metadata": metadata(case)}
        for case in out.cases.cases
    ]
    yield write_text(folder / "dataset.jsonl", "".join(f"{compact(line)}\n" for line in lines))
    if out.run is not None:
        log = _log(out, out.run)
        begun = log["eval"]["created"].replace(":", "-")
        yield write_json(folder / "logs" / f"{begun}_{TASK}_{log['eval']['task_id']}.json", log)


def entries(path: Path) -> Iterator[Entry]:
    """The samples of a data set in `Sample` form. Raises `ExchangeError`."""
    for place, sample in enumerate(a_list(read_any(path), path, "list of samples")):
        more = tuple(name for name in sample if name not in _OF_A_SAMPLE)
        id, ticket, target, about = (sample.get(name) for name in _OF_A_SAMPLE)
        yield Entry(f"{path}, sample {place + 1}", id, _text_of(ticket), target, about, more)


def _text_of(given: object) -> object:
    """The text of an input that is one message from a user; other conversations do not say who wrote what to whom."""
    if not isinstance(given, list):
        return given
    one = given[0] if len(given) == 1 and isinstance(given[0], dict) else {}
    return one.get("content") if one.get("role") == "user" else None


def _log(out: Outgoing, run: Run) -> Plain:
    answers = list(out.answers())
    scored = [one for one in answers if one.is_scored]
    created = run.begun.isoformat()
    name = hashlib.sha256(f"{run.manifest.cases_sha256} {run.reader} {created}".encode()).hexdigest()[:22]
    return {
        "version": LOG_FORMAT,
        "status": "success",
        "eval": {
            "eval_id": name,
            "run_id": name,
            "task_id": name,
            "task": TASK,
            "created": created,
            "model": f"{TASK}/{run.reader}",
            "dataset": {"name": TASK, "samples": len(out.cases), "sample_ids": [case.id for case in out.cases.cases]},
            "config": {"epochs": run.manifest.samples},
            "metadata": run.manifest.model_dump(mode="json"),
        },
        "results": {
            "total_samples": len(answers),
            "completed_samples": len(scored),
            "scores": [_metric(name, [one.right[name] for one in scored]) for name in ("route", "decision")] if scored else [],
        },
        "stats": {"started_at": created, "completed_at": created},
        "samples": [_sample(one, run) for one in answers],
    }


def _metric(name: str, right: list[bool]) -> Plain:
    accuracy = {"name": "accuracy", "value": sum(right) / len(right)}
    return {"name": name, "scorer": name, "scored_samples": len(right), "metrics": {"accuracy": accuracy}}


def _sample(one: Answer, run: Run) -> Plain:
    ticket = compact(ticket_of(one.case))
    asked = {"role": "user", "content": ticket}
    sample = {
        "id": one.case.id,
        "epoch": one.row.sample + 1,
        "input": ticket,
        "target": compact(expected(one.case)),
        "metadata": metadata(one.case) | one.about,
        "messages": [asked],
        "total_time": one.row.seconds,
    }
    if not one.is_scored:
        told = f"the reader that was asked for did not answer: {one.row.outcome}"
        return sample | {"error": {"message": told, "traceback": "", "traceback_ansi": ""}}
    answer, usage = compact(given(one.row)), one.row.usage
    tokens = {"input_tokens": usage.prompt_tokens, "output_tokens": usage.completion_tokens}
    tokens["total_tokens"] = usage.prompt_tokens + usage.completion_tokens
    model = f"{TASK}/{run.reader}"
    message = {"role": "assistant", "content": answer, "model": model, "source": "generate"}
    return sample | {
        "messages": [asked, message],
        "output": {"model": model, "choices": [{"message": message, "stop_reason": "stop"}], "usage": tokens},
        "model_usage": {model: tokens},
        "scores": {
            name: {"value": "C" if right else "I", "answer": answer, "explanation": one.fault or None}
            for name, right in one.right.items()
        },
    }
