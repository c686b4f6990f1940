"""Which verbs go with "he" and "she" and must change with "they", in English; all tables are our own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seedbed.core.spans import Edit

from ..word_lists import word_lists, word_set
from ..words import cased

if TYPE_CHECKING:
    from seedbed.core.editing import Text, Word


_FORMS: dict[str, str] = dict(re.findall(r"(\S+) (\S+)", word_lists("pronouns")["forms"]))
_MODAL = word_set("pronouns", "modal verbs")
_PAST = word_set("pronouns", "past")
_PARTICIPLE = _PAST | word_set("pronouns", "participles")
_WITH_HAVE = word_set("pronouns", "after have")
_ADVERB = word_set("pronouns", "adverbs")
_OPENER = word_set("pronouns", "openers")
_NO_VERB = word_set("pronouns", "no verbs")
_ENDINGS = (
    (re.compile(r"(?:a|ca|mousta)ches|(?:be)?l?ies|d?ies|(?:un)?ties|vies|\w*shoes|hoes|toes|canoes|axes"), 1, ""),
    (re.compile(r"quizzes"), 3, ""),
    (re.compile(r"(?:focus|gas|bus|bias|canvas)es|\w*(?:ch|sh|ss|x|zz|[aeiou]tz|[^aeiou]o|go)es"), 2, ""),
    (re.compile(r"\w*ies"), 3, "y"),
    (re.compile(r".*"), 1, ""),
)
_STOP = re.compile(r"[.!?]|;|\n")
_SUBJECTS = frozenset(["he", "she", "he's", "she's"])
_JOINS = frozenset(["and", "or", "but", "then", "yet", "nor"])
_SHORT = word_set("pronouns", "abbreviations")


def agreeing(text: Text, i: int) -> list[Edit] | None:
    """What changes in verbs when the word number `i`, he or she as a subject, becomes they; None if it is uncertain."""
    words = text.words
    clitic = words[i].lower.partition("'")[2]
    if clitic:
        found = [] if clitic != "s" else _contracted(text, i, words[i].end - 1)
        return None if found is None or _goes_on(text, i + 1, clitic == "s") else found
    if i and _beside(text, i) and (words[i - 1].lower in _FORMS or words[i - 1].lower in _MODAL):
        return _inverted(text, i)
    at = _behind_adverbs(text, i + 1)
    if at == len(words) or not _beside(text, at):
        return _without_verb(text, i, at)
    return [] if words[at].lower == "and" else _followed(text, at)


def _followed(text: Text, at: int) -> list[Edit] | None:
    """The verb right behind the pronoun."""
    verb = text.words[at]
    lower = verb.lower
    if lower in _FORMS or _is_present(text, verb):
        present = lower not in ("was", "wasn't")
        return None if _goes_on(text, at + 1, present) else [_edit(text, verb)]
    if lower in _MODAL or lower in _PAST or (lower.endswith("ed") and len(lower) > 3):
        return None if _goes_on(text, at + 1, False) else []
    return None


def plural(verb: str) -> str:
    """The form of a verb that goes with they: has → have, tries → try, watches → watch, runs → run."""
    letters, new = next((letters, new) for ending, letters, new in _ENDINGS if ending.fullmatch(verb))
    return _FORMS.get(verb, verb[:-letters] + new)


def _edit(text: Text, verb: Word) -> Edit:
    old = text.text[verb.start : verb.end]
    new = plural(verb.lower)
    return Edit(verb.start, verb.end, cased(new.replace("'", "’") if "’" in old else new, old))


def _beside(text: Text, at: int) -> bool:
    """Whether only space is between a word and the one before it."""
    return at < len(text.words) and text.text[text.words[at - 1].end : text.words[at].start].isspace()


def _behind_adverbs(text: Text, at: int) -> int:
    """The first word from this one on that is no adverb, or the first that does not stand beside the one before it."""
    while _beside(text, at):
        lower = text.words[at].lower
        if lower not in _ADVERB and (not lower.endswith("ly") or len(lower) < 5):
            break
        at += 1
    return at


def _is_present(text: Text, verb: Word) -> bool:
    """Whether a word may be a verb as in "she runs"."""
    word = verb.lower
    if len(word) < 3 or word[-1] != "s" or word[-2] in "sui'" or word in _NO_VERB:
        return False
    return text.text[verb.start].islower() or text.text[verb.start : verb.end].isupper() or text.text.istitle()


def _inverted(text: Text, i: int) -> list[Edit] | None:
    """ "Is she ready?", "where has he been", "did she go"."""
    verb, after = text.words[i - 1], text.words[i + 1] if _beside(text, i + 1) else None
    if after and (after.lower in _FORMS or _is_present(text, after)):
        return None
    if verb.lower in _MODAL:
        return []
    opens = i == 1 or not _beside(text, i - 1) or text.words[i - 2].lower in _OPENER
    return None if not opens or _goes_on(text, i + 1, False) else [_edit(text, verb)]


def _without_verb(text: Text, i: int, at: int) -> list[Edit] | None:
    """ "Taller than he.", "said she"; and "he 's" in text cut into tokens."""
    words, whole = text.words, text.text
    gap = whole[words[at - 1].end : words[at].start if at < len(words) else len(whole)]
    if gap in (" '", " ’") and words[at].lower == "s":
        found = _contracted(text, at, words[at].start)
        return None if found is None or _goes_on(text, at + 1, True) else found
    if at == i + 1 and (at == len(words) or _STOP.search(gap)):
        before = words[i - 1].lower if i else ""
        return None if not before or before in _FORMS or _is_present(text, words[i - 1]) else []
    return None


def _contracted(text: Text, i: int, start: int) -> list[Edit] | None:
    """The `s` at `start` of the word number `i`: "she's here" → "they're here", "she's been" → "they've been"."""
    at = _behind_adverbs(text, i + 1)
    if not _beside(text, at):
        return None
    after = text.words[at].lower
    if after not in _WITH_HAVE and (after in _PARTICIPLE or after.endswith(("ed", "en"))):
        return None
    return [Edit(start, start + 1, cased("ve" if after in _WITH_HAVE else "re", text.text[start] * 2))]


def _goes_on(text: Text, at: int, present: bool) -> bool:
    """Whether a further verb of the same subject may follow in the sentence: "she sings and dances", "he sat, was"."""
    words, whole = text.words, text.text
    for i in range(at, len(words)):
        start, _, lower = words[i]
        gap = whole[words[i - 1][1] : start]
        if gap != " " and _STOP.search(gap) and (words[i - 1].lower not in _SHORT or "." not in gap):
            return False
        if lower in _SUBJECTS:
            return False
        joins = lower in _JOINS
        if joins or not gap.isspace():
            verb = words[min(_behind_adverbs(text, i + joins), len(words) - 1)]
            if verb.lower in _FORMS or (present and _is_present(text, verb)):
                return True
    return False
