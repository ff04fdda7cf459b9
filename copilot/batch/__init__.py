"""Many tickets: JSONL in, one suggestion a line out, resumable after anything.

`run_batch` is the whole of it. How rows and input lines are kept in step is told in `docs/adr/0010-batch-journal.md`.
"""

from copilot.batch.run import BatchPlan, BatchResult, Watcher, run_batch

__all__ = ["BatchPlan", "BatchResult", "Watcher", "run_batch"]
