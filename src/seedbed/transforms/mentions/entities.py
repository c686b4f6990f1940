"""Mentions of entities for others of the same label."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple
from unicodedata import category

from pydantic import Field

from seedbed.core.editing import ANSWER
from seedbed.core.part import Name
from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Portion, Transform

from ..spots import portion, unhindered
from ..word_lists import word_set
from ..words import with_articles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.record import Span
    from seedbed.core.transform import Editor, Looker, Mentions

TRIES = 8
_THE = re.compile(r"\b[Tt]he $")
_BODIES = word_set("places", "bodies")
_WITH_THE = word_set("places", "with the")


class _Pool(NamedTuple):
    """What may stand for the mentions of a label: names without "the" before them, and those with it.

    `sole` is the only one there is, in small letters, or "".
    """

    plain: list[str]
    with_the: list[str]
    sole: str


_Mention = tuple[int, int, str, _Pool]
"""Where a mention begins and ends, what it is known by in a record, and what may stand for it."""


class SwapEntities(Transform):
    """Mentions become others of the same label, from the data or from `values`: "in [Paris]" → "in [New York]".

    `entities` are the labels that are swapped (all), `values` lists for single labels that take the place of what the
    data has. `count` different mentions of a text are swapped, or with `prob` that share of them, at least one; a
    mention that comes again is swapped wherever it stands, for the same one, and different ones for different ones.
    Spans that overlap others stay.
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
            found = list(self._mentions(text, pools)) if text.spans else []
            if not found:
                return ()
            return with_articles(self, text, [_swap(text.text, one, dice) for one in self._chosen(found, dice)])

        return edit

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        pools = self._pools(mentions)
        several = {label for label, pool in pools.items() if not pool.sole} - {ANSWER}
        everywhere = (self.inside or self.default) == "allow" and not self.labels

        def look(text: Text) -> bool:
            spans = text.spans
            if not spans:
                return False
            if everywhere and spans[0][2] in several and _stands_free(text.text, spans):
                return True
            return next(self._mentions(text, pools), None) is not None

        return look

    def _pools(self, mentions: Mentions) -> dict[str, _Pool]:
        """The texts to swap with, by label."""
        pools = {
            label: _pool(texts)
            for label, texts in {**mentions, **self.values}.items()
            if self.entities is None or label in self.entities
        }
        return {label: pool for label, pool in pools.items() if pool.plain or pool.with_the}

    def _mentions(self, text: Text, pools: Mapping[str, _Pool]) -> Iterator[_Mention]:
        """Mentions that can be swapped, in order: there is another one, and they are no parts of words."""
        whole, spans = text.text, alone(text)
        free = spans is text.spans and unhindered(self, text)
        for span in spans:
            pool = pools.get(span.label)
            if pool is None:
                continue
            start, end = span.start, span.end
            name = whole[start:end].casefold()
            if (
                name == pool.sole
                or not name
                or name[0].isspace()
                or name[-1].isspace()
                or inside_word(whole, start, end)
            ):
                continue
            if free or self.free(text, start, end):
                yield start, end, f"entity\x1f{span.label}\x1f{name}", pool

    def _chosen(self, found: list[_Mention], dice: Dice) -> list[_Mention]:
        """Those that are swapped: drawn, or swapped in a text of the record before."""
        if len(found) == 1:
            return found
        different = list({one[2]: None for one in found})
        count = self.count if self.prob is None else portion(self.prob, len(different))
        if count >= len(different):
            return found
        chosen = dice.some(different, count)
        return [one for one in found if one[2] in chosen or one[2] in dice.drawn]


def alone(text: Text) -> Sequence[Span]:
    """The spans that overlap no other one, in order; answers do not count. All of them are the text's own sequence."""
    reach = 0
    for span in text.spans:
        if span.start < reach or span.label == ANSWER:
            break
        reach = span.end
    else:
        return text.spans
    ordered = sorted(text.entities, key=lambda span: (span.start, span.end))
    found, reach = [], 0
    for i, span in enumerate(ordered, 1):
        if span.start >= reach and (i == len(ordered) or span.end <= ordered[i].start):
            found.append(span)
        reach = max(reach, span.end)
    return found


def _stands_free(text: str, spans: Sequence[Span]) -> bool:
    """Whether the first span, of a letter or more, has spaces beside it, and no other one begins before its end."""
    start, end, _, _ = spans[0]
    if len(spans) > 1 and min(spans[1:])[0] < end:
        return False
    if (start and text[start - 1] != " ") or text[end : end + 1] not in ("", " "):
        return False
    name = text[start:end]
    return name.isascii() and name.strip() == name != ""


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
    return _Pool(
        [text for text in found if not takes_the(text)],
        [text for text in found if takes_the(text)],
        found[0].casefold() if len(found) == 1 else "",
    )


def _shouted(text: str) -> bool:
    return text.isupper() and sum(map(str.isalpha, text)) > 4


def after_the(text: str, at: int) -> bool:
    """Whether "the " stands before a place in a text."""
    return text.endswith(("the ", "The "), 0, at) and _THE.search(text, max(0, at - 5), at) is not None


def _swap(text: str, mention: _Mention, dice: Dice) -> Edit:
    start, end, key, pool = mention
    old = text[start:end]
    if key not in dice.drawn:
        fits = other_than(old)
        first, second = (pool.with_the, pool.plain) if after_the(text, start) else (pool.plain, pool.with_the)
        dice.drawn[key] = another(first if len(first) > 1 or any(map(fits, first)) else second, text, fits, dice)
    return Edit(start, end, fitted(dice.drawn[key], old, text))


def other_than(old: str) -> Callable[[str], bool]:
    """Tells names that are not this one, whatever their capitals."""
    small = old.casefold()
    return lambda new: new.casefold() != small


def another(names: Sequence[str], text: str, fits: Callable[[str], bool], dice: Dice) -> str:
    """One of the names that fits, and one that neither the text nor the record has yet if it is found soon."""
    for _ in range(TRIES):
        new = names[dice.below(len(names))]
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
