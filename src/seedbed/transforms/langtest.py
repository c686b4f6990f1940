"""Stand-in until the merge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NAMES: tuple[str, ...] = ()


def ours(name: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Stand-in."""
    return {"kind": name, **settings}
