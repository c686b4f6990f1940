"""Where the command line writes: results to stdout, everything else to stderr, errors as one sentence."""

from __future__ import annotations

import re
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from seedbed.core.errors import SeedbedError

if TYPE_CHECKING:
    from rich.console import Console

T = TypeVar("T")
INTERRUPTED = 130
STATES = {1: "failed", 2: "refused", INTERRUPTED: "interrupted"}
"""By exit code, how a command ended that has nothing to show; `refused` is bad input."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def _place(error: BaseException) -> str:
    """Where an error was raised: file and line."""
    trace = traceback.extract_tb(error.__traceback__)[-1]
    return f"{trace.filename.rpartition('seedbed/')[2]}, line {trace.lineno}"


def plain_console(*, stderr: bool = True) -> Console:
    """Where rich writes, to stderr or stdout; `[…]` and `:smile:` in labels and texts are themselves, not markup."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, emoji=False, highlight=False)


def visible(text: str) -> str:
    """A text whose control characters are written out: a terminal does what they say, whoever wrote them."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text.replace("\r\n", "\n"))


def counted(number: int, one: str, many: str = "", *, width: int = 0) -> str:
    """`1 record`, `1,409 records`; the number is right-aligned in `width` characters."""
    return f"{number:{width},} {one if number == 1 else many or one + 's'}"


def are(number: int) -> str:
    """The verb for so many: `is` for one."""
    return "is" if number == 1 else "are"


def say(text: str) -> None:
    """A line for the person who looks on."""
    typer.echo(visible(text), err=True)


def result(text: str) -> None:
    """A line of what was asked for."""
    typer.echo(visible(text))


def result_json(value: dict[str, Any]) -> None:
    """One JSON object, alone on stdout."""
    import orjson

    try:
        text = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    except TypeError:  # whole numbers over 64 bits
        import json

        text = json.dumps(value, indent=2, ensure_ascii=False)
    typer.echo(text)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C changes nothing any more: all is saved, and what is left is to say so, once."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _plain_warnings() -> Iterator[None]:
    """What a person is to know of, without the line of code that says so."""
    with warnings.catch_warnings():
        warnings.simplefilter("default", UserWarning)
        shown = warnings.showwarning

        def told(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
            if issubclass(category, UserWarning):
                say(f"Note: {message}")
            else:
                shown(message, category, *place, **more)

        warnings.showwarning = told
        yield


def no_traceback(command: Callable[..., T]) -> Callable[..., T]:
    """Wraps a command: errors become a sentence, an exit code and, with `--json`, one object with both of them."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> T:
        try:
            with _plain_warnings():
                return command(*args, **kwargs)
        except BrokenPipeError:
            sys.stderr.close()
            raise typer.Exit(0) from None
        except (typer.Exit, typer.Abort):
            raise
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - whatever it is, a person gets a sentence
            with undisturbed():
                raise typer.Exit(_complain(error, json=bool(kwargs.get("json")))) from None

    return guarded


def _complain(error: BaseException, *, json: bool) -> int:
    """Says what went wrong, and what to do about it; answers the exit code."""
    code, message, hint = _told(error)
    if json:
        result_json({"state": STATES.get(code, "failed"), "error": message, "hint": hint})
    say(message if code == INTERRUPTED else f"Error: {message}")
    if hint:
        say(hint)
    return code


def _told(error: BaseException) -> tuple[int, str, str]:
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED, "Interrupted.", ""
    if isinstance(error, SeedbedError):
        end = "" if error.message.endswith((".", "?", "!")) else "."
        return error.exit_code, error.message + end, error.advice
    message = f"Seedbed failed in a way it should not: {type(error).__name__}: {error} ({_place(error)})."
    return 1, message, "Everything accepted so far is saved. Please report this with the recipe that led to it."
