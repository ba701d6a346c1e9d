"""When a retry can help: a worker that died or a disk that hiccuped, never bad data."""

from __future__ import annotations

from concurrent.futures.process import BrokenProcessPool
from typing import Any


def worker_died(task: Any, run: Any, state: Any) -> bool:
    """True if the task failed because its worker process died or the file system refused."""
    try:
        state.result()
    except (BrokenProcessPool, OSError):
        return True
    except Exception:  # noqa: BLE001 - any other failure would come again
        return False
    return False
