"""Tells whoever listens how far a stage is; the command line listens with a progress bar on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from flows.record import StageResult

T = TypeVar("T")
Listener = Callable[[str, int, int], None]

LISTENER: ContextVar[Listener | None] = ContextVar("dateline_progress", default=None)
ENDED: ContextVar[Callable[[StageResult], None] | None] = ContextVar("dateline_stage_ended", default=None)


def ended(result: StageResult) -> StageResult:
    """The result; whoever listens hears it as soon as the stage has ended."""
    listener = ENDED.get()
    if listener:
        listener(result)
    return result


def steps(stage: str, items: Sequence[T]) -> Iterator[T]:
    """The items, one after another; after each the listener hears stage, done and total."""
    listener = LISTENER.get()
    for done, item in enumerate(items, 1):
        yield item
        if listener:
            listener(stage, done, len(items))
