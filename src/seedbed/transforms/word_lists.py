"""The word lists that come with this package."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def word_lists(name: str) -> Mapping[str, str]:
    """The sections of one of the files in `lists`: their titles ("" if there are none) and their lines.

    Lines that begin with "#" are remarks.
    """
    text = files("seedbed.transforms").joinpath("lists", f"{name}.txt").read_text(encoding="utf-8")
    first, *rest = _TITLES.split(_REMARKS.sub("", text))
    return dict(zip(rest[::2], rest[1::2], strict=True)) if rest else {"": first}


def word_set(name: str, section: str) -> frozenset[str]:
    """The words of a section of a list."""
    return frozenset(word_lists(name)[section].split())


_REMARKS = re.compile(r"^#.*\n", re.MULTILINE)
_TITLES = re.compile(r"^\[(.+)\]$", re.MULTILINE)
