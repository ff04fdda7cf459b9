"""Run by inspect_ai's own Python: reads an exported log, and runs a task on the exported data set; says what it found as JSON."""

import json
import sys
from typing import Any

from inspect_ai import Task
from inspect_ai import eval as run
from inspect_ai.dataset import json_dataset
from inspect_ai.log import list_eval_logs, read_eval_log
from inspect_ai.model import ModelOutput
from inspect_ai.scorer import exact
from inspect_ai.solver import Generate, TaskState, solver


@solver
def gold() -> Any:
    """Answers what is wanted."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        state.output = ModelOutput.from_content("gold", state.target.text)
        return state

    return solve


folder = sys.argv[1]
(listed,) = list_eval_logs(f"{folder}/logs")
log = read_eval_log(listed.name)
dataset = json_dataset(f"{folder}/dataset.jsonl")
(ran,) = run(Task(dataset=dataset, solver=gold(), scorer=exact()), model="mockllm/model", log_dir=f"{folder}/own", display="none")
found = {
    "task": listed.task,
    "status": log.status,
    "decisions": {one.id: one.scores["decision"].value for one in log.samples or () if one.scores},
    "errors": [one.id for one in log.samples or () if one.error],
    "accuracy": {score.name: score.metrics["accuracy"].value for score in log.results.scores} if log.results else {},
    "ids": [one.id for one in dataset],
    "gold": ran.results.scores[0].metrics["mean"].value if ran.results else None,
}
sys.stdout.write(json.dumps(found))
