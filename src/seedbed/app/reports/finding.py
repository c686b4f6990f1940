"""What is looked for in texts on behalf of a report: personal data, and who and where they speak of."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from importlib.util import find_spec
from random import Random
from typing import TYPE_CHECKING, Any

from seedbed.checks.personal import personal_data
from seedbed.core.editing import Text
from seedbed.core.errors import MissingExtra
from seedbed.providers.offline import Offline
from seedbed.transforms.mentions.geography import countries
from seedbed.transforms.mentions.people import found, gender_of
from seedbed.transforms.word_lists import word_lists
from seedbed.transforms.words import Lexicon

from ..loop import run_blocking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seedbed.reports.table import Table

SAMPLE = 5_000
SHOWN = 10


def personal(table: Table, seed: int) -> dict[str, Any] | None:
    """How many records of a sample hold personal data, and of which kinds; None without Presidio. What was found is
    told by its kind, never by its value."""
    places = drawn(len(table), seed)
    kinds: Counter[str] = Counter()
    holding: list[str] = []
    try:
        for place in places:
            own = {one.entity for one in personal_data(table.texts[place])}
            kinds.update(own)
            if own:
                holding.append(table.names[place])
    except MissingExtra:
        return None
    return {
        "sample": len(places),
        "records": len(holding),
        "kinds": dict(kinds.most_common()),
        "names": holding[:SHOWN],
    }


def groups(table: Table, seed: int) -> tuple[dict[str, list[str]], list[str]]:
    """Of a sample of the records whether they speak of men or women, and of which country; and their labels.

    By pronouns and words such as "mother", by first names that nearly all who have them are of one gender, and by
    names of countries: all in English. A record that speaks of both, or of several countries, is of none.
    """
    places = drawn(len(table), seed)
    texts = [table.texts[place] for place in places]
    kinds = {"gender": _genders(texts)}
    with suppress(MissingExtra):
        kinds["country"] = _countries(texts)
    return kinds, [table.labels[place] for place in places]


def _genders(texts: Sequence[str]) -> list[str]:
    words = {gender: frozenset(word_lists("gendered")[gender].split()) for gender in ("male", "female")}
    answers = []
    for text in texts:
        one = Text(text)
        genders = {gender for gender, own in words.items() if not own.isdisjoint(one.lowers)}
        for start, end in _people(one):
            gender = gender_of(text[start:end].split()[0])
            genders |= {gender} if gender else set()
        answers.append(genders.pop() if len(genders) == 1 else "")
    return answers


def _people(text: Text) -> Sequence[tuple[int, int]]:
    try:
        return found(text, ())
    except MissingExtra:
        return ()


def _countries(texts: Sequence[str]) -> list[str]:
    known = {name.lower(): one.name for name, one in countries().items()}
    lexicon = Lexicon(known)
    answers = []
    for text in texts:
        met = {known[phrase] for start, _, phrase in lexicon.found(Text(text)) if text[start].isupper()}
        answers.append(met.pop() if len(met) == 1 else "")
    return answers


def drawn(count: int, seed: int) -> list[int]:
    """The places of a sample."""
    return sorted(Random(seed).sample(range(count), min(count, SAMPLE)))


def vectors_of(texts: Sequence[str]) -> Any | None:
    """What texts mean to the offline model, a row of length one for each, zeros where it knows no word.

    None where the extra `semantic` is not installed.
    """
    if find_spec("wordllama") is None or find_spec("numpy") is None:
        return None
    import numpy as np

    packed = run_blocking(Offline().embed(list(texts)))
    size = max(map(len, packed), default=0)
    return np.stack([np.frombuffer(one or bytes(size), "<f2") for one in packed]).astype("f4") if size else None
