"""Where the command line writes: results to stdout, everything else to stderr, errors as one sentence."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import typer

from seedbed.core.errors import SeedbedError

T = TypeVar("T")


def say(text: str) -> None:
    """A line for the person who looks on."""
    typer.echo(text, err=True)


def result(text: str) -> None:
    """A line of what was asked for."""
    typer.echo(text)


def result_json(value: Any) -> None:
    """One JSON document, alone on stdout."""
    import orjson

    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def complain(error: SeedbedError) -> None:
    """An error's sentence and its hint."""
    message = error.message if error.message.endswith((".", "?", "!")) else f"{error.message}."
    say(f"Error: {message}")
    if error.hint:
        say(error.hint)


def no_traceback(command: Callable[..., T]) -> Callable[..., T]:
    """Wraps a command: our errors become a sentence and an exit code."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> T:
        try:
            return command(*args, **kwargs)
        except SeedbedError as error:
            complain(error)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            say("Interrupted.")
            raise typer.Exit(130) from None
        except BrokenPipeError:
            sys.stderr.close()
            raise typer.Exit(0) from None

    return guarded
