"""What the library says in the words of its commands, in those of the API."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from seedbed.core.errors import SeedbedError

if TYPE_CHECKING:
    from collections.abc import Iterator

FIELDS = {"from": "dataset", "lexicon": "values", "per-template": "n", "stratify": "by", "column": "columns"}
"""Fields of bodies that are called otherwise than the option."""

_OPTION = re.compile(r"(?<![\w-])--([a-z][a-z-]*[a-z])")


def of_api(text: str) -> str:
    """A sentence with the names of fields for those of options: `relabel_with` for --relabel-with."""
    return _OPTION.sub(lambda found: f"`{FIELDS.get(found[1], found[1].replace('-', '_'))}`", text)


@contextmanager
def worded() -> Iterator[None]:
    """Whatever is found wrong inside says so in the words of the API."""
    try:
        yield
    except SeedbedError as error:
        error.message, error.hint = of_api(error.message), of_api(error.hint)
        raise
