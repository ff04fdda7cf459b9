"""The least that FastAPI can do: take JSON and give it back, at once or after as long as a model would take.

Run by `benchmarks.service_load` as `uvicorn benchmarks.service_echo:app`; it is what the service is measured against.
"""

import asyncio
from typing import Any

from fastapi import FastAPI

app = FastAPI()


@app.post("/echo", status_code=201)
async def echo(body: dict[str, Any], wait: float = 0.0) -> dict[str, Any]:
    """The body, after `wait` seconds."""
    if wait:
        await asyncio.sleep(wait)
    return body
