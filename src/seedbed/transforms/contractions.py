"""Contractions (isn't, I'm) made and taken apart, where it is sure what they stand for and the order of words stays."""

from __future__ import annotations

import re
from functools import partial
from itertools import compress
from typing import TYPE_CHECKING, ClassVar

from seedbed.core.editing import Policy
from seedbed.core.spans import Edit

from .grammar import (
    DETERMINERS,
    LINKS,
    PLACES,
    QUESTIONS,
    STOPS,
    SUBJECTS,
    asked,
    before,
    following,
    maybe_participle,
    participle,
    past_adverbs,
    words_of,
)
from .swaps import Rewording, hyphenated, opens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seedbed.core.editing import Text
    from seedbed.core.transform import Looker, Mentions


class _Contractions(Rewording):
    """Contractions and the words they stand for."""

    default: ClassVar[Policy] = "protect"
    source: ClassVar[str] = "Seedbed's own table"


class ExpandContraction(_Contractions):
    """The full words for contractions: isn't to is not, I'm to I am.

    What is unsure stays: Ann's, he's done (is or has), isn't he, don't you.
    """

    kind: ClassVar[str] = "expand_contraction"

    def places(self, text: Text) -> Iterator[tuple[int, Edit]]:
        """See `Rewording.places`."""
        if "'" not in text.text and "’" not in text.text:
            return
        for at, word in enumerate(text.lowers):
            length, new = _full(text, at) if "'" in word else (0, "")
            if new:
                start, end = text.starts[at], text.ends[at]
                new = new.upper() if text.text[start:end].isupper() else new
                yield end - length, Edit(end - length, end, new)


class AddContraction(_Contractions):
    """Contractions for full words: is not to isn't, I am to I'm; never where a clause ends ("Yes, I am.")."""

    kind: ClassVar[str] = "add_contraction"

    def places(self, text: Text) -> Iterable[tuple[int, Edit]]:
        """See `Rewording.places`."""
        lowers = text.lowers
        if _VERBS.isdisjoint(lowers):
            return ()
        verbs = compress(range(len(lowers)), map(_VERBS.__contains__, lowers))
        return filter(None, map(partial(_short, text), verbs))

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        thorough = super().looker(mentions)

        def look(text: Text) -> bool:
            simple = _SIMPLE_NOT.search(text.text) if " not " in text.text else None
            return (simple is not None and self.free(text, *simple.span(1))) or thorough(text)

        return look


# Contraction → how many of its last letters go, and what comes instead.
_NEGATABLE = "are could dare did do does had has have is might must need ought should was were would"
_NEGATIONS = {f"{verb}n't": (3, " not") for verb in _NEGATABLE.split()}
_NEGATIONS |= {"can't": (2, "not"), "won't": (4, "ill not"), "shan't": (3, "ll not")}
_OWNERS = {
    "m": ({"i"}, " am"),
    "re": ({"you", "we", "they", "who", "what", "there", "these", "those", "where", "how", "why"}, " are"),
    "ve": ({"i", "you", "we", "they", "who", "there", "could", "would", "should", "might", "must"}, " have"),
    "ll": (SUBJECTS | {"who", "that", "this", "there", "what"}, " will"),
}
_IS = {"he", "she", "it", "that", "there", "here", "what", "who", "where", "how", "when", "why"}
_WOULD = words_of("after would")


def _full(text: Text, at: int) -> tuple[int, str]:
    """How many letters at the end of a word go, and what comes for them; 0 and "" if it is no sure contraction."""
    head, _, tail = text.lowers[at].partition("'")
    negation = _NEGATIONS.get(f"{head}'{tail}")
    if negation:
        return negation if _follows_subject(text, at) else (0, "")
    owners, new = _OWNERS.get(tail, (set(), ""))
    if head in owners:
        return len(tail) + 1, new
    if tail == "s":
        new = " us" if head == "let" else _is_or_has(text, at) if head in _IS else ""
    elif tail == "d" and head in SUBJECTS:
        new = _would_or_had(text, at)
    return (2, new) if new else (0, "")


def _follows_subject(text: Text, at: int) -> bool:
    """Whether a verb with n't stands after its subject, as it does not in "isn't he" and "why don't people"."""
    previous, word = before(text, at), following(text, at)
    if word in SUBJECTS or word == "there":
        return False
    if previous and previous not in LINKS and previous not in QUESTIONS:
        return not (word in DETERMINERS and asked(text.text, text.ends[at]))
    if word in DETERMINERS or not word or asked(text.text, text.ends[at]):
        return False
    starts = opens(text.text, text.starts[at])
    return text.text[text.starts[at + 1]].islower() and (not starts or text.lowers[at] in _COMMANDS)


_COMMANDS = {"don't", "can't", "won't", "didn't", "couldn't", "wouldn't"}


def _is_or_has(text: Text, at: int) -> str:
    if text.lowers[at][:-2] in QUESTIONS:
        ahead = text.lowers[at + 1 : at + 6]
        if following(text, at) in SUBJECTS or any(map(maybe_participle, ahead)):
            return ""
    _, word = past_adverbs(text, at)
    if word in ("been", "got", "had", "become"):
        return " has"
    return "" if not word or word == "own" or maybe_participle(word) else " is"


def _would_or_had(text: Text, at: int) -> str:
    _, word = past_adverbs(text, at)
    if word in _WOULD:
        return " would"
    return " had" if word in ("better", "best") or participle(word) else ""


# Verb → what is left of it behind an apostrophe, and the words it is joined to.
_JOINED = {
    "am": ("'m", {"i"}),
    "are": ("'re", {"you", "we", "they"}),
    "is": ("'s", {"he", "she", "it", "that", "there", "here", "what", "who", "where"}),
    "has": ("'s", {"he", "she", "it", "there"}),
    "have": ("'ve", {"i", "you", "we", "they"}),
    "had": ("'d", SUBJECTS - {"it"}),
    "will": ("'ll", SUBJECTS),
    "would": ("'d", SUBJECTS - {"it"}),
    "us": ("'s", {"let"}),
}
_NEGATED = words_of("negated")
_VERBS = _NEGATED | frozenset(_JOINED) | {"cannot"}
_PAIRS = frozenset(
    [*((verb, "not") for verb in _NEGATED), *((head, verb) for verb, (_, heads) in _JOINED.items() for head in heads)]
)
"""Two words beside each other that may become one."""
_NOT_CONTRASTED = {"only", "just", "merely", "simply", "least"}
_SIMPLE_NOT = re.compile(
    rf" ((?:{'|'.join(sorted(_NEGATED))}) not) (?!(?:{'|'.join(sorted(_NOT_CONTRASTED))}|to) )[a-z]+ "
)
"""A verb, "not" and the next word as tokens in small letters, so no parts of addresses."""
_SHORT_NOT = {"can": (3, "'t"), "cannot": (3, "'t"), "will": (1, "on't")}
_PERFECT = words_of("perfect")
"""Participles that hardly stand as adjectives before a noun ("has broken ribs")."""
_BEFORE = words_of("before clauses")
"""Words after which a pronoun begins a clause, as it does not in "all of you are" and "doing it is fun"."""
_UNBOUND = {"because", "since", "though", "although", "while", "but", "yes", "no", "when", "if"}
"""Those of them after which no complement has gone before."""
_FIRST = {"that", "here", "what", "who", "where"}
_NO_BASES = PLACES | DETERMINERS | (STOPS - {"be", "have", "do"})
_WHEN = {"this", "each", "every", "all", "most", "last", "next", "at"}
"""Words that begin a time too: "what it is this year"."""
_DOABLE = words_of("after let us")


def _short(text: Text, at: int) -> tuple[int, Edit] | None:
    """The contraction of the verb number `at` with "not" after it, or with the pronoun before it."""
    lowers = text.lowers
    verb = lowers[at]
    last = at if verb == "cannot" else at + 1
    if last == at or (verb in _NEGATED and lowers[last : last + 1] == ["not"] and following(text, at)):
        follower = following(text, last)
        if follower in _NOT_CONTRASTED or (verb == "will" and follower == "to"):
            return None
        kept, new = _SHORT_NOT.get(verb, (len(verb), "n't"))
        start = text.starts[at]
        return _place(text, start, start + kept, text.ends[last], new)
    if not at or (lowers[at - 1], verb) not in _PAIRS or not before(text, at) or not _joins(text, at):
        return None
    return _place(text, text.starts[at - 1], text.ends[at - 1], text.ends[at], _JOINED[verb][0])


def _place(text: Text, start: int, cut: int, end: int, new: str) -> tuple[int, Edit] | None:
    """The place where `cut` to `end` becomes `new`; none if there are capitals that are lost: "it IS", "is NOT"."""
    old = text.text[cut:end]
    if not old.islower() and not text.text.isupper():
        return None
    new = new.replace("'", "’") if "’" in text.text else new
    return start, Edit(cut, end, new if old.islower() else new.upper())


def _joins(text: Text, at: int) -> bool:
    """Whether the verb number `at` can be joined to the pronoun before it, which begins a clause."""
    head, verb, follower = text.lowers[at - 1], text.lowers[at], following(text, at)
    previous = before(text, at - 1)
    if previous and (previous not in _BEFORE or head in _FIRST):
        return False
    if hyphenated(text.text, text.starts[at - 1], text.ends[at - 1]):
        return False
    if verb == "us":
        return opens(text.text, text.starts[at - 1]) and follower in _DOABLE
    _, word = past_adverbs(text, at)
    if verb in ("has", "have", "had"):
        return word in _PERFECT
    if verb in ("will", "would"):
        return bool(word) and word not in _NO_BASES
    return bool(follower) and follower not in STOPS and _completed(text, at, previous)


def _completed(text: Text, at: int, previous: str) -> bool:
    """Whether what follows the am, are or is number `at` is its complement, and has not gone before it."""
    follower = following(text, at)
    if text.lowers[at - 1] in QUESTIONS:
        return follower.endswith("ing") or follower in DETERMINERS
    if follower in PLACES:
        return (not previous or previous in _UNBOUND) and following(text, at + 1) != ""
    return previous not in QUESTIONS or follower not in _WHEN
