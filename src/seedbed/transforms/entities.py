"""Mentions of entities for others of the same label."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, ClassVar
from unicodedata import category

from pydantic import Field

from seedbed.core.part import Name
from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Portion, Transform

from .agreement import word_set
from .words import with_articles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.record import Span
    from seedbed.core.transform import Editor, Looker, Mentions

TRIES = 8
_THE = re.compile(r"\b[Tt]he $")
_BODIES = word_set("places", "bodies")
_WITH_THE = word_set("places", "with the")
_Pool = tuple[list[str], list[str]]
"""What may stand for the mentions of a label: names without "the" before them, and those with it."""


class SwapEntities(Transform):
    """Mentions become others of the same label, from the data or from `values`: "in [Paris]" → "in [New York]".

    `entities` are the labels that are swapped (all), `values` lists for single labels that take the place of what the
    data has. `count` mentions of a text are swapped, or with `prob` that share of them, at least one. Spans that
    overlap others stay. The same mention becomes the same again in a record, different ones become different.
    """

    kind: ClassVar[str] = "swap_entities"
    looks: ClassVar[bool] = True
    entities: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    values: dict[Name, Annotated[tuple[Name, ...], Field(min_length=1)]] = {}
    count: Annotated[int, Field(strict=True, ge=1)] = 1
    prob: Portion | None = None

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        pools = self._pools(mentions)

        def edit(text: Text, dice: Dice) -> Edits:
            alone = _alone(text.entities)
            spans = [span for span in alone if span.label in pools and self._fits(text, span, pools[span.label])]
            if not spans:
                return ()
            count = self.count if self.prob is None else max(1, round(self.prob * len(spans)))
            chosen = dice.some(spans, count)
            return with_articles(self, text, [_swap(text, span, pools[span.label], dice) for span in chosen])

        return edit

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        pools = self._pools(mentions)

        def look(text: Text) -> bool:
            alone = _alone(text.entities)
            return any(span.label in pools and self._fits(text, span, pools[span.label]) for span in alone)

        return look

    def _pools(self, mentions: Mentions) -> dict[str, _Pool]:
        """The texts to swap with, by label."""
        return {
            label: _pool(texts)
            for label, texts in {**mentions, **self.values}.items()
            if self.entities is None or label in self.entities
        }

    def _fits(self, text: Text, span: Span, pool: _Pool) -> bool:
        """Whether a mention can be swapped: there is another one, and it is no part of a word."""
        start, end = span.start, span.end
        old = text.text[start:end]
        if old.strip() != old or not old or inside_word(text.text, start, end) or not self.free(text, start, end):
            return False
        return any(one.casefold() != old.casefold() for names in pool for one in names)


def _alone(spans: Sequence[Span]) -> list[Span]:
    """Those that overlap no other one, in order."""
    ordered = sorted(spans, key=lambda span: (span.start, span.end))
    found, reach = [], 0
    for i, span in enumerate(ordered, 1):
        if span.start >= reach and (i == len(ordered) or span.end <= ordered[i].start):
            found.append(span)
        reach = max(reach, span.end)
    return found


def takes_the(name: str) -> bool:
    """Whether "the" stands before a name of a place or body in a sentence: the Netherlands, the Labour Party."""
    return name in _WITH_THE or name.startswith("United ") or name.partition(" of ")[0].rpartition(" ")[2] in _BODIES


def fitted(new: str, old: str, text: str) -> str:
    """A name in capitals or small letters if the one it replaces is so, and not just an acronym in mixed text."""
    if old.islower():
        return new.lower()
    if old.isupper() and (text.isupper() or _shouted(old)):
        return new.upper()
    return new[0].upper() + new[1:] if new.islower() and old[0].isupper() else new


def _pool(texts: Iterable[str]) -> _Pool:
    """The texts once each, whatever their capitals; those all in capitals only if there are no others."""
    known: dict[str, str] = {}
    for text in map(str.strip, texts):
        key = text.casefold()
        if text and text.isprintable() and (key not in known or (_shouted(known[key]) and not _shouted(text))):
            known[key] = text
    found = [text for text in known.values() if not _shouted(text)] or list(known.values())
    return [text for text in found if not takes_the(text)], [text for text in found if takes_the(text)]


def _shouted(text: str) -> bool:
    return text.isupper() and sum(map(str.isalpha, text)) > 4


def _swap(text: Text, span: Span, pool: _Pool, dice: Dice) -> Edit:
    old = text.text[span.start : span.end]
    key = f"entity\x1f{span.label}\x1f{old.casefold()}"
    if key not in dice.drawn:
        before = _THE.search(text.text, max(0, span.start - 5), span.start)
        names = next(names for names in (pool[::-1] if before else pool) if any(map(_other(old), names)))
        dice.drawn[key] = another(names, text.text, _other(old), dice)
    return Edit(span.start, span.end, fitted(dice.drawn[key], old, text.text))


def _other(old: str) -> Callable[[str], bool]:
    return lambda new: new.casefold() != old.casefold()


def another(names: Sequence[str], text: str, fits: Callable[[str], bool], dice: Dice) -> str:
    """One of the names that fits, and one that neither the text nor the record has yet if it is found soon."""
    for _ in range(TRIES):
        new = dice.choice(names)
        if fits(new) and new not in text and new not in dice.drawn.values():
            return new
    return dice.choice([new for new in names if fits(new)])


def inside_word(text: str, start: int, end: int) -> bool:
    """Whether this is a part of a longer word ("Paris" in "Parisian", in scripts that have spaces and cases) or of a
    letter with its marks, or of joined signs."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if not (before.isalnum() or after.isalnum()) and after.isascii() and text[start].isascii():
        return False
    joined = any(category(one)[0] == "M" or one == "\u200d" for one in (text[start], *after))
    pairs = before + text[start], text[end - 1] + after
    return joined or any(
        len(pair) > 1 and all(one.isdigit() or one.lower() != one.upper() for one in pair) for pair in pairs
    )
