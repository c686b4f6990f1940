"""How well the answers of one file agree with those of another: exact match and F1 of words, field by field."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from string import punctuation
from typing import TYPE_CHECKING, Any, NamedTuple

from seedbed.core.record import flat_text
from seedbed.core.tokens import tokens

from .comparing import sampled
from .resampling import RESAMPLES, Resamples

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from .table import Table

TESTED = 5_000
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", punctuation)


def fields(table: Table, test: Table, seed: int = 7) -> dict[str, Any]:
    """Of records that both have, by id or else by text: how many answers are the same, and how many of their words.

    The metrics are those of SQuAD (Rajpurkar et al.: SQuAD: 100,000+ Questions for Machine Comprehension of Text,
    2016): without case, punctuation and articles, the answer is equal (`exact`), or as bags of words the two have an F1
    (`f1`). Of answers that are objects each field is compared; one that only one side has counts 0, and numbers and
    truth values are equal or not. `all` is the mean of a record's fields.

    Args:
        table: what is measured.
        test: what is right.
        seed: of the sample and the bootstrap.
    """
    pairs = list(_pairs(table, test))
    found = {"records": len(pairs), "only_here": len(table) - len(pairs), "only_real": len(test) - len(pairs)}
    if not pairs:
        return found
    used = sampled(pairs, TESTED, seed)
    resamples = Resamples(len(used), seed)
    marks = [_marks(*pair) for pair in used]
    of_field: dict[str, dict[int, _Mark]] = defaultdict(dict)
    for place, one in enumerate(marks):
        for name, mark in one.items():
            of_field[name][place] = mark
    return {
        **found,
        "tested_on": {"records": len(used), "of": len(pairs)},
        "resamples": RESAMPLES,
        "all": _scored({place: _mean(one.values()) for place, one in enumerate(marks) if one}, resamples),
        "fields": {name: _scored(of_places, resamples) for name, of_places in of_field.items()},
    }


class _Mark(NamedTuple):
    """Whether an answer is the same, and how many of its words are."""

    exact: float
    f1: float


def _pairs(table: Table, test: Table) -> Iterator[tuple[Any, Any]]:
    """The answers to the same, each of the test set used once."""
    of_id = {name: place for place, name in enumerate(test.ids) if name}
    of_text: dict[str, list[int]] = defaultdict(list)
    for place in reversed(range(len(test))):
        of_text[_asked(test.texts[place])].append(place)
    of_text.pop("", None)
    used = set[int]()
    for name, text, answer in zip(table.ids, table.texts, table.answers, strict=True):
        places = [of_id[name]] if name in of_id else of_text.get(_asked(text), [])
        while places and places[-1] in used:
            places.pop()
        if places:
            used.add(places[-1])
            yield answer, test.answers[places[-1]]


def _asked(text: str) -> str:
    return " ".join(tokens(text))


def _marks(said: Any, right: Any) -> dict[str, _Mark]:
    """The marks by field; an answer that is no object is one field."""
    if not isinstance(right, dict):
        return {"answer": _mark(said, right)}
    one, other = (dict(_leaves(value)) for value in (said, right))
    return {name: _mark(one.get(name), other.get(name)) for name in other | one}


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The fields of an object, those within another by their path; nothing where there is nothing."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else str(name))
    elif value not in (None, "", []):
        yield path, value


def _mark(said: Any, right: Any) -> _Mark:
    if all(isinstance(one, bool | int | float) for one in (said, right)):
        return _Mark(*[float(said == right)] * 2)
    one, other = _words(said), _words(right)
    common = (Counter(one) & Counter(other)).total()
    return _Mark(1.0, 1.0) if one == other else _Mark(0.0, 2 * common / max(1, len(one) + len(other)))


def _words(value: Any) -> list[str]:
    """The words that count; of Chinese, Japanese and Thai each character."""
    return tokens(_ARTICLES.sub(" ", flat_text(value).lower().translate(_NO_PUNCTUATION)))


def _mean(marks: Collection[_Mark]) -> _Mark:
    return _Mark(sum(one.exact for one in marks) / len(marks), sum(one.f1 for one in marks) / len(marks))


def _scored(marks: Mapping[int, _Mark], resamples: Resamples) -> dict[str, Any]:
    places = list(marks)
    exact, f1 = (resamples.mean(values, places) for values in zip(*marks.values(), strict=True))
    return {"records": len(marks)} | exact.document("exact") | f1.document("f1")
