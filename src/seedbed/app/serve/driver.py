"""The process that drives the runs of a service: `python -m seedbed.app.serve.driver FOLDER EXECUTOR WORKERS [alone]`.

It is told what to do over its standard input and tells what happens over its standard output, both as pickles between
two processes of one program. It ends with the process that started it, whose end closes the input.
"""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import RunFailed, SeedbedError

from ..operation.logs import set_up
from ..settings import log_settings
from ..workspace import Workspace
from .addresses import check_allowed
from .driving import Driving
from .elsewhere import Elsewhere
from .speech import Heard, Told, heard_from, say_to

if TYPE_CHECKING:
    from collections.abc import Callable

GONE = 3
"""The exit code where whoever started it is gone."""


class _Desk:
    """Does what it is told.

    Args:
        driving: that drives the runs.
        say: tells what happens.
    """

    def __init__(self, driving: Driving, say: Callable[[Heard], None]) -> None:
        self._driving = driving
        self._say = say
        self._previews: dict[int, Future[list[dict[str, Any]]]] = {}
        driving.open(lambda run: say(Heard("ended", run)))

    def do(self, told: Told) -> None:
        """Does one thing."""
        if told.what == "preview":
            recipe, folder, n = told.arguments
            asked = self._driving.preview(recipe, folder, n, partial(self._shown, told.number))
            self._previews[told.number] = asked
            asked.add_done_callback(partial(self._previewed, told.number))
        elif told.what == "cancel":
            if told.number in self._previews:
                self._previews[told.number].cancel()
        else:
            getattr(self._driving, told.what)(*told.arguments)

    def _shown(self, number: int, attempt: dict[str, Any]) -> None:
        self._say(Heard("shown", number=number, found=attempt))

    def _previewed(self, number: int, asked: Future[list[dict[str, Any]]]) -> None:
        del self._previews[number]
        try:
            found: Any = asked.result()
        except CancelledError:
            return
        except SeedbedError as error:
            found = error
        except Exception as error:  # noqa: BLE001 - told to who waits for it
            found = RunFailed(f"Seedbed failed here: {type(error).__name__}: {error}.")
        self._say(Heard("previewed", number=number, found=found))


def main() -> None:
    """Drives runs until it is told to close, or nobody is left to tell it."""
    set_up(log_settings(), "driver")
    told, heard = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the pickles
    speaking = threading.Lock()

    def say(what: Heard) -> None:
        with speaking, suppress(OSError):  # nobody may be there any more
            say_to(heard, what)

    with Workspace(sys.argv[1]) as place:
        assert place.store
        executor, workers, *more = sys.argv[2:]
        check = partial(check_allowed, place.store, alone="alone" in more)
        driving = Driving(place, check, Elsewhere(executor, int(workers) if workers else None))
        desk = _Desk(driving, say)
        say(Heard("open"))
        while (order := heard_from(told)) is not None:
            desk.do(order)
            if order.what == "close":
                return
        driving.close()  # what is paid for is kept; the next service waits for it
    os._exit(GONE)


if __name__ == "__main__":
    main()
