"""Partitions spread over actors by Ray Data, and what is heard of them while they are at work.

Comes in: partitions, and what every actor is told. Goes out: each partition as it is done, in any order.
"""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import Any

import ray.data
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from copilot.batch import Watcher
from copilot.batch_ray.coordinator import Coordinator, News
from copilot.batch_ray.partitions import Partition
from copilot.batch_ray.worker import Done, Work, Worker
from copilot.runs.errors import OutputError

SECONDS_BETWEEN_NEWS = 0.5
MOST_SECONDS_FOR_AN_ANSWER = 60.0
SHARE_OF_A_PROCESSOR = 0.01
"""What an actor claims: so little that one whose machine is gone can start again on those that are left, and not nothing, or Ray
would put it on any machine, wherever it is told to."""


class Spread:
    """Partitions at work on so many actors, on the Ray that this process is connected to."""

    def __init__(self, partitions: list[Partition], work: Work, actors: int, calls_per_minute: int | None) -> None:
        here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
        self._coordinator = (
            ray.remote(Coordinator).options(num_cpus=SHARE_OF_A_PROCESSOR, scheduling_strategy=here).remote(calls_per_minute)
        )
        given = ray.data.from_items([{"partition": one} for one in partitions], override_num_blocks=len(partitions))
        pool = ray.data.ActorPoolStrategy(size=actors, max_tasks_in_flight_per_actor=1)
        seats = cycle(_seats())
        with warnings.catch_warnings(
            action="ignore"
        ):  # the one way to say where each goes; it is to change in 2.64, hence the bound
            self._rows = given.map(
                Worker,
                fn_constructor_args=(work, self._coordinator),
                compute=pool,
                num_cpus=SHARE_OF_A_PROCESSOR,
                ray_remote_args_fn=lambda: {"scheduling_strategy": NodeAffinitySchedulingStrategy(next(seats), soft=True)},
            )

    def done(self) -> Iterator[Done]:
        """The partitions; one of a worker that dies is given to its successor. Raises `OutputError` where no worker is left."""
        try:
            for row in self._rows.iter_rows():
                yield row["done"]
        except Exception as fault:
            raise _gave_up(fault) from None

    def ask(self, question: str) -> Any:
        """What the coordinator answers. Raises `OutputError` where there is none any more."""
        try:
            return ray.get(getattr(self._coordinator, question).remote(), timeout=MOST_SECONDS_FOR_AN_ANSWER)
        except Exception as fault:
            raise _gave_up(fault) from None

    @contextmanager
    def telling(self, watcher: Watcher, total: int) -> Iterator[None]:
        """Tell a watcher how it goes: now and then, from a thread, and once more at the end."""
        over = threading.Event()
        shown = News(0, 0, [])

        def tell() -> None:
            nonlocal shown
            try:
                news: News = self.ask("news")
            except OutputError:  # the run itself ends with it, or has ended
                return
            if news.begun != shown.begun:
                watcher.started(total, news.begun + shown.wrote)
            for _ in range(news.wrote - shown.wrote):
                watcher.wrote()
            for message in news.messages:
                watcher.failed(message)
            shown = news

        def now_and_then() -> None:
            while not over.wait(SECONDS_BETWEEN_NEWS):
                tell()

        teller = threading.Thread(target=now_and_then, daemon=True)
        teller.start()
        try:
            yield
        finally:
            over.set()
            teller.join()
            tell()


def _seats() -> list[str]:
    """The nodes, each as often as it has processors: one of every node first, then another of those that have more."""
    nodes = sorted((node["NodeID"], int(node["Resources"].get("CPU", 0))) for node in ray.nodes() if node["Alive"])
    most = max(processors for _, processors in nodes)
    seats = [node for taken in range(most) for node, processors in nodes if processors > taken]
    return seats or [node for node, _ in nodes]


def _gave_up(fault: Exception) -> OutputError:
    return OutputError(f"Ray gave up ({type(fault).__name__}); run the same command again to go on")
