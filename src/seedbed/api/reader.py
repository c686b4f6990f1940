"""The process that reads records for a server: `python -m seedbed.api.reader WORKSPACE`; see `Aside`.

It does what it is asked over its standard input, one thing after the other, and ends with the server, whose end closes
the input.
"""

from __future__ import annotations

import logging
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from seedbed.app.operation.logs import set_up
from seedbed.app.settings import log_settings
from seedbed.app.workspace import Workspace
from seedbed.core.errors import SeedbedError

from .aside import Found, packed, unpacked
from .routes import datasets, records, tasks  # what is asked for is there before the first question

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_log = logging.getLogger("seedbed.reader")
KNOWN = (datasets, records, tasks)


def main() -> None:
    """Reads until nobody is left to ask."""
    set_up(log_settings(), "reader")
    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the answers
    with Workspace(sys.argv[1]) as place, suppress(BrokenPipeError):
        assert place.store
        found: Found | None = Found(0, None)
        while found is not None:
            answers.write(packed(found))
            answers.flush()
            question = unpacked(asked)
            found = answered(place, *question) if question is not None else None


def answered(place: Workspace, number: int, work: Callable[..., Any], arguments: tuple[Any, ...]) -> Found:
    """What comes of a question."""
    try:
        return Found(number, work(place, *arguments))
    except SeedbedError as error:
        return Found(number, error, failed=True)
    except Exception as error:  # noqa: BLE001 - answered as a fault of the server, as everywhere
        _log.exception("Something was not read.")
        return Found(number, RuntimeError(f"{type(error).__name__} in the reader"), failed=True)


if __name__ == "__main__":
    main()
