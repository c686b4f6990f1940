"""Versions of what keeps no count of its changes: a number that is made of what it says."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final

import orjson

from seedbed.core.errors import Changed

MOST: Final = 999_999_999
"""The largest number of an edition."""


def edition(*content: Any) -> int:
    """A number that is the same as long as the content (JSON) is, from 1; another one as good as always where not.

    It grows with no change: it says whether something is as it was looked at, not how often it was changed.
    """
    digest = sha256(orjson.dumps(content)).digest()
    return 1 + int.from_bytes(digest[:8], "big") % MOST


def unchanged(what: str, version: int, looked_at: int | None) -> None:
    """Whether something still has the version that was looked at; None takes any.

    Raises:
        Changed: it has another one.
    """
    if looked_at is not None and looked_at != version:
        raise Changed(what, version)
