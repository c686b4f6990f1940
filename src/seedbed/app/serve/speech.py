"""What the service and the process that drives its runs say to each other: pickles over pipes, between two processes of
one program."""

from __future__ import annotations

import pickle
from typing import IO, Any, NamedTuple


class Told(NamedTuple):
    """What is to be done: a method of `Drives` with its arguments; a preview has a number, by which it is cancelled."""

    what: str
    arguments: tuple[Any, ...] = ()
    number: int = 0


class Heard(NamedTuple):
    """What happened: a run has ended, or a preview, with what came of it; or an attempt of one."""

    what: str
    run: str = ""
    number: int = 0
    found: Any = None


def say_to(pipe: IO[bytes], what: Told | Heard) -> None:
    """Says something.

    Raises:
        OSError: nobody is there.
    """
    pickle.dump(what, pipe)
    pipe.flush()


def heard_from(pipe: IO[bytes]) -> Any:
    """The next thing that was said; None at the end."""
    try:
        return pickle.load(pipe)  # noqa: S301 - of our own process
    except (EOFError, pickle.UnpicklingError, OSError):
        return None
