"""Judging on a terminal, key by key."""

from __future__ import annotations

import os
import pty
import select
import termios
import time
from typing import TYPE_CHECKING

import pytest

from conftest import SEEDBED

if TYPE_CHECKING:
    from conftest import Shell

COMMAND = ("spot-check", "data.csv", "-n", "4", "--judge", "ann")


@pytest.fixture
def data(shell: Shell) -> Shell:
    (shell.folder / "data.csv").write_text("text\n" + "".join(f"text number {n}\n" for n in range(9)))
    return shell


def judged(shell: Shell, *keys: tuple[str, str]) -> tuple[int, str]:
    """The exit code and what a terminal shows; each key is pressed when what stands before it has been shown."""
    child, terminal = pty.fork()
    if not child:
        os.chdir(shell.folder)
        os.execve(SEEDBED[0], [*SEEDBED, *COMMAND], shell.environment | {"TERM": "xterm"})
    shown, since, left = "", 0, list(keys)
    again = b""
    try:
        while part := _read(terminal, again):
            shown += part.decode()
            if left and left[0][0] in shown[since:]:
                since = len(shown)
                awaited, key = left.pop(0)
                again = key.encode() if awaited == "Why" else b""
                _press(terminal, awaited, key)
    except OSError:  # how Linux says that nobody writes any more
        pass
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown


def _read(terminal: int, again: bytes) -> bytes:
    """What is shown next. A line editor overlooks a key that comes in the instant before it listens: it is pressed
    again when nothing has moved for long."""
    while again and not select.select([terminal], [], [], 3.0)[0]:
        os.write(terminal, again)
    return os.read(terminal, 65_536)


def _press(terminal: int, awaited: str, key: str) -> None:
    """Presses a key, of those that are taken one by one as soon as the command listens to them."""
    while awaited != "Why" and termios.tcgetattr(terminal)[3] & termios.ICANON:
        time.sleep(0.01)
    os.write(terminal, key.encode())


def test_keys_are_taken_at_once_and_undone(data: Shell) -> None:
    code, shown = judged(data, ("1 of 4", "r"), ("2 of 4", "w"), ("3 of 4", "u"), ("2 of 4", "r"), ("3 of 4", "q"))
    assert code == 0
    assert "0 of    2 judged" in shown


def test_the_end_of_the_input_ends_it_as_q_does(data: Shell) -> None:
    code, shown = judged(data, ("1 of 4", "w"), ("2 of 4", "\x04"))
    assert code == 0
    assert "1 of    1 judged" in shown
    assert "should not" not in shown


def test_who_thinks_better_of_a_note_is_asked_again(data: Shell) -> None:
    keys = (("1 of 4", "n"), ("Why", "\x03"), ("1 of 4", "n"), ("Why", "\x04"), ("1 of 4", "r"), ("2 of 4", "q"))
    code, shown = judged(data, *keys)
    assert code == 0
    assert "0 of    1 judged" in shown


def test_ctrl_c_says_that_what_was_judged_is_kept(data: Shell) -> None:
    code, shown = judged(data, ("1 of 4", "r"), ("2 of 4", "\x03"))
    assert code == 130
    assert "What was judged is kept: the same command goes on from there." in shown
    assert "3 of 4 records to judge" in judged(data, ("2 of 4", "q"))[1]
