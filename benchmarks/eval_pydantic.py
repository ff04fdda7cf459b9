"""The same with pydantic-evals: a data set, a task that asks through the openai SDK, one evaluator, its report in a file.

Run: `python -m benchmarks.eval_pydantic BODIES OUT`.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openai import AsyncOpenAI
from pydantic_evals import Case, Dataset
from pydantic_evals.evaluators import Evaluator, EvaluatorContext

from benchmarks.eval_stage import CONCURRENCY


@dataclass
class SameRoute(Evaluator[dict[str, Any], str, None]):
    """Exact match."""

    def evaluate(self, ctx: EvaluatorContext[dict[str, Any], str, None]) -> bool:
        return ctx.output == ctx.expected_output


def main() -> None:
    client = AsyncOpenAI()

    async def task(body: dict[str, Any]) -> str:
        came = await client.chat.completions.create(**body)
        answer = json.loads(came.choices[0].message.content or "{}")
        return "content_enforcement" if answer["threats"] else "no_escalation"

    given = [json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    cases = [Case(name=one["id"], inputs=one["body"], expected_output=one["route"]) for one in given]
    dataset = Dataset(name="benchmark", cases=cases, evaluators=[SameRoute()])
    report = dataset.evaluate_sync(task, max_concurrency=CONCURRENCY, progress=False)
    Path(sys.argv[2]).write_text(report.render(include_input=False), encoding="utf-8")
    print(f"{len(report.cases)} of {len(cases)} answered, {len(report.failures)} failed")


if __name__ == "__main__":
    main()
