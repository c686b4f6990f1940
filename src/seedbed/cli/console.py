"""Where the command line writes: results to stdout, everything else to stderr, errors as one sentence."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import typer

from seedbed.core.errors import SeedbedError

T = TypeVar("T")


def _place(error: BaseException) -> str:
    """Where an error was raised: file and line."""
    trace = traceback.extract_tb(error.__traceback__)[-1]
    return f"{trace.filename.rpartition('seedbed/')[2]}, line {trace.lineno}"


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
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, a person gets a sentence
            say(f"Error: Seedbed failed in a way it should not: {type(error).__name__}: {error} ({_place(error)}).")
            say("Everything accepted so far is saved. Please report this with the recipe that led to it.")
            raise typer.Exit(1) from None

    return guarded
