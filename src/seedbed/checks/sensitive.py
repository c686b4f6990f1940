"""What others are not to see in a text: personal data and secrets, as the checks `pii` and `secrets` find them."""

from __future__ import annotations

import re
from functools import lru_cache

from .keys import secrets
from .personal import Found, joined, personal_data

SECRET = "SECRET"  # noqa: S105 - the kind of all secrets
BEFORE = 64
"""Characters before a line that are looked at with it: a word such as "phone" or "password" may stand there."""

_SIGNS = re.compile(r"[\d²³¹⁰⁴-⁹@＠]|[:：][0-9A-Fa-fＡ-Ｆａ-ｆ:：]")
"""Without one of these nothing is found but private keys: all else has a digit, an @ or colons as in an address."""

_BLOCKS = ("PRIVATE KEY", "PuTTY-User-Key")
"""Secrets of several lines."""


def ready() -> None:
    """Loads what is needed.

    Raises:
        MissingExtra: a library is not installed.
    """
    _everything("with://each.sign: 1@x")


def sensitive(text: str) -> list[Found]:
    """What is found, in order, no two overlapping; `ready` comes first.

    A text is looked at line by line and what was found in a line is remembered, since most of a prompt stands in the
    next one, too.
    """
    if any(block in text for block in _BLOCKS):
        return _everything(text)
    found: list[Found] = []
    at = 0
    for line in text.splitlines(keepends=True):
        if _SIGNS.search(line):
            start = max(0, at - BEFORE)
            found += [_moved(one, start) for one in _in_line(text[start:at], line)]
        at += len(line)
    return joined(found)


@lru_cache(maxsize=4096)
def _in_line(before: str, line: str) -> tuple[Found, ...]:
    return tuple(one for one in _everything(before + line) if one.end > len(before))


def _everything(text: str) -> list[Found]:
    return joined([*personal_data(text), *(one._replace(entity=SECRET) for one in secrets(text))])


def _moved(one: Found, by: int) -> Found:
    return one._replace(start=one.start + by, end=one.end + by)
