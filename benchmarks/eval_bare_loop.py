"""The least that could ask the same: asyncio, a semaphore, the openai SDK as it comes, one line written for each answer.

Run: `python -m benchmarks.eval_bare_loop BODIES OUT`. It scores nothing and cannot go on after a kill.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from openai import AsyncOpenAI

from benchmarks.eval_stage import CONCURRENCY


async def main() -> None:
    """Ask for every body, and write what comes."""
    client = AsyncOpenAI()
    gate = asyncio.Semaphore(CONCURRENCY)
    bodies = [json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    with Path(sys.argv[2]).open("w", encoding="utf-8") as file:

        async def ask(one: dict[str, Any]) -> None:
            async with gate:
                came = await client.chat.completions.create(**one["body"])
            answer = json.loads(came.choices[0].message.content or "null")
            file.write(json.dumps({"id": one["id"], "answer": answer}) + "\n")

        ended = await asyncio.gather(*map(ask, bodies), return_exceptions=True)
    failed = [one for one in ended if isinstance(one, BaseException)]
    print(f"{len(bodies) - len(failed)} of {len(bodies)} answered, {len(failed)} failed")


if __name__ == "__main__":
    asyncio.run(main())
