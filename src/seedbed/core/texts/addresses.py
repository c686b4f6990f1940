"""Addresses, paths, hashtags, users' names and HTML entities in a text: no words of a language."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"\S*(?:://|www\.|@|\w\.[a-z]{2})\S*|[#\\/~]\S+|&(?:[a-z]{2,8}|#\d+);")
_DOT = re.compile(r"\.[a-z]{2}")


def addresses_in(text: str) -> list[tuple[int, int]]:
    """Where they stand, in order."""
    return [match.span() for match in _ADDRESS.finditer(text)] if _may_hold_one(text) else []


def _may_hold_one(text: str) -> bool:
    """Whether it has one of the signs without which there is none; one by one this is quickest."""
    if "/" in text or "@" in text or "#" in text or "~" in text or "\\" in text or "&" in text or "www." in text:
        return True
    dot = text.find(".")
    return (
        0 <= dot < len(text) - 2 and _DOT.search(text, dot) is not None
    )  # mostly it is a full stop, and the last sign
