"""Keeps secrets out of everything that is shown or written."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SHORTEST_SECRET = 6
_SHORTEST_ECHO = 8
_SHORTEST_WHOLE = 16
_PROBE = 4


class Redactor:
    """Replaces secrets in texts by `***`.

    Found are the secrets themselves, their URL-encoded, JSON-escaped and base64 forms (base64 also as part of
    something longer), and of each form any eight or more consecutive characters.

    Args:
        secrets: API keys and the like; those under six characters are no secrets.
        whole: only whole forms of sixteen characters or more, for texts that are data: a piece of a key such as
            `sk-no-key-required` may be an ordinary word there.
    """

    def __init__(self, secrets: Iterable[str], *, whole: bool = False) -> None:
        kept = {secret.strip() for secret in secrets}
        forms = {form for secret in kept if len(secret) >= _SHORTEST_SECRET for form in _forms(secret)}
        if whole:
            self._needles = frozenset(form for form in forms if len(form) >= _SHORTEST_WHOLE)
        else:
            self._needles = frozenset(piece for form in forms for piece in _pieces(form, _SHORTEST_ECHO))
        self._widths = sorted({len(needle) for needle in self._needles})
        self._probes = frozenset(piece for needle in self._needles for piece in _pieces(needle, _PROBE))

    def __call__(self, text: str) -> str:
        """The text without secrets."""
        if not self._may_leak(text):
            return text
        kept, end = [], 0
        for start, stop in self._leaks(text):
            kept.append(text[end:start])
            end = stop
        return "***".join([*kept, text[end:]])

    def _may_leak(self, text: str) -> bool:
        """Looks at every third to fifth place only: some probe of any needle would begin at one of them."""
        if not self._widths:
            return False
        step = self._widths[0] - _PROBE + 1
        return not self._probes.isdisjoint([text[at : at + _PROBE] for at in range(0, len(text), step)])

    def _leaks(self, text: str) -> Iterator[tuple[int, int]]:
        """Where needles lie, those that overlap or touch as one."""
        found = (
            (at, at + width) for at in range(len(text)) for width in self._widths if self._is_needle(text, at, width)
        )
        start = stop = -1
        for here, end in found:
            if here > stop:
                if stop > 0:
                    yield start, stop
                start = here
            stop = max(stop, end)
        if stop > 0:
            yield start, stop

    def _is_needle(self, text: str, at: int, width: int) -> bool:
        return text[at : at + width] in self._needles


def _pieces(text: str, width: int) -> Iterator[str]:
    """All stretches of `width` characters, or the whole of a shorter text."""
    for at in range(max(1, len(text) - width + 1)):
        yield text[at : at + width]


def _forms(secret: str) -> Iterator[str]:
    yield secret
    for encoded in (quote(secret, safe=""), quote(secret), quote_plus(secret)):
        yield encoded
        yield _lower_escapes(encoded)
    for escaped in (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
        yield escaped
        yield escaped.replace("/", "\\/")
    yield from _base64_forms(secret.encode(errors="replace"))


def _lower_escapes(encoded: str) -> str:
    first, *rest = encoded.split("%")
    return "%".join([first, *(part[:2].lower() + part[2:] for part in rest)])


def _base64_forms(secret: bytes) -> Iterator[str]:
    """The encoded secret, and what is always the same of it inside a longer encoded text, at each alignment."""
    for encode in (b64encode, urlsafe_b64encode):
        yield encode(secret).decode()
        for before, mixed in ((0, 0), (1, 2), (2, 3)):
            whole = (before + len(secret)) * 4 // 3
            yield encode(bytes(before) + secret).decode()[mixed:whole]
