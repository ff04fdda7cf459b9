"""An actor: one reader, and a partition at a time, each done as a batch on one machine is.

Comes in: a partition. Goes out: how it went, or the fault that ends the run. The rows themselves stay out of Ray: they are in the
partition's file as soon as each is done, so that a kill costs no more than the tickets in flight.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from copilot.batch.run import BatchPlan, BatchResult, go_on
from copilot.batch_ray.partitions import Partition, plan_for
from copilot.batch_ray.reporter import Reporter
from copilot.config.settings import Settings
from copilot.core.errors import CopilotError
from copilot.pipeline import COPILOT_VERSION
from copilot.readers.base import Reader
from copilot.readers.factory import choose_reader
from copilot.readers.model.openai import Turn
from copilot.runs.errors import InUse, RunError, RunStopped
from copilot.runs.private import make_folder

PATIENT_SECONDS = 60.0
"""How long a partition that another worker holds is waited for: a worker that lost its machine may live on for some seconds."""

MakeReader = Callable[[Turn | None], Reader]
"""Makes a reader that awaits what it is given before each call to a model; None: it need not."""


def reader_by(extractor: str, settings: Settings) -> MakeReader:
    """The reader of that name. Raises `SettingsError` where it cannot be made here, and so not elsewhere."""
    choose_reader(extractor, settings)
    return partial(_chosen, extractor, settings)


def _chosen(extractor: str, settings: Settings, turn: Turn | None) -> Reader:
    return choose_reader(extractor, settings, turn=turn)


@dataclass(frozen=True)
class Work:
    """What every actor is told. `like` holds all of a partition's plan but the paths; `paced`: calls wait for their turn."""

    like: BatchPlan
    make_reader: MakeReader
    paced: bool
    version: str = COPILOT_VERSION


@dataclass(frozen=True)
class Done:
    """A partition that was worked at: how it went, or why nothing goes on."""

    partition: str
    result: BatchResult | None = None
    fault: CopilotError | None = None


class Worker:
    """Made by Ray, once an actor; the reader is kept from partition to partition."""

    def __init__(self, work: Work, coordinator: Any) -> None:
        self._work = work
        self._coordinator = coordinator
        self._reader: Reader | None = None

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """Do one partition, the only column of a row."""
        partition: Partition = row["partition"]
        try:
            done = Done(partition.name, asyncio.run(self._read(partition)))
        except CopilotError as fault:
            done = Done(partition.name, fault=fault)
        except Exception as fault:  # its text might hold a ticket's
            done = Done(
                partition.name, fault=RunStopped(f"{partition.name}: unexpected {type(fault).__name__}; please report it")
            )
        return {"done": done}

    async def _read(self, partition: Partition) -> BatchResult:
        if self._work.version != COPILOT_VERSION:
            raise RunError(
                f"a machine of the cluster has copilot {COPILOT_VERSION}, this one {self._work.version}; install the same"
            )
        if self._reader is None:
            self._reader = self._work.make_reader(self._turn if self._work.paced else None)
        try:
            make_folder(partition.rows.parent)
        except OSError as fault:
            raise RunError(f"{partition.rows.parent}: cannot be made on a machine of the cluster ({fault.strerror})") from None
        plan = plan_for(partition, self._work.like)
        until = time.monotonic() + PATIENT_SECONDS
        while True:
            reporter = Reporter(self._coordinator, partition.name)
            try:
                result = await go_on(plan, self._reader, reporter, reporter)
                break
            except InUse:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(0.5)
        if partition.table:
            from copilot.batch_ray.tables import is_up_to_date, write_table  # noqa: PLC0415 - PyArrow, which only Parquet needs

            if not is_up_to_date(partition.rows, partition.table):
                write_table(partition.rows, partition.table, partition.name.rpartition("/")[0])
        return result

    async def _turn(self) -> None:
        await self._coordinator.turn.remote()
