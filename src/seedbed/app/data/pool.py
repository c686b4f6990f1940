"""Other processes that change records, each list in one of them; results come in the order of the lists."""

from __future__ import annotations

import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from seedbed.augmentation.making import Maker
from seedbed.core.errors import RunFailed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seedbed.augmentation.augment import Run
    from seedbed.augmentation.making import Spec

AHEAD = 2
"""Lists for each process that wait for it."""

_maker: Maker | None = None


@contextmanager
def processes(spec: Spec, workers: int) -> Iterator[Run | None]:
    """What calls makers in so many processes; None for one, which is this."""
    if workers == 1:
        yield None
        return
    # Forked processes would share locks with threads of this one.
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, (spec,)) as pool:

        def run(method: str, lists: Iterable[Any]) -> Iterator[Any]:
            try:
                yield from _ordered(pool, method, lists, workers * AHEAD)
            except BrokenProcessPool as error:
                hint = "There may be too little memory: use fewer --workers."
                raise RunFailed("A process that changes records has ended.", hint) from error

        try:
            yield run
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _ordered(pool: ProcessPoolExecutor, method: str, lists: Iterable[Any], ahead: int) -> Iterator[Any]:
    waiting: deque[Any] = deque()
    for one in lists:
        waiting.append(pool.submit(_call, method, one))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _begin(spec: Spec) -> None:
    global _maker  # noqa: PLW0603 - what a process has of its own, made once
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _maker = Maker(spec)


def _call(method: str, one: Any) -> Any:
    return getattr(_maker, method)(one)
