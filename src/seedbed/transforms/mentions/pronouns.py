"""He, she and they for each other, in English. A text in which anything is uncertain stays as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from seedbed.core.spans import Edit
from seedbed.core.transform import Transform

from ..word_lists import word_set
from ..words import cased
from .agreement import agreeing

if TYPE_CHECKING:
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Looker, Mentions

_MALE = word_set("pronouns", "male")
_FEMALE = word_set("pronouns", "female")
_ROLES = {"he": "subject", "she": "subject", "him": "object", "hers": "owned", "himself": "self", "herself": "self"}
_ANY = r"(?:s?he|him|his|hers?|himself|herself|they|them|theirs?)"
_BOTH = re.compile(
    rf"{_ANY}(?:\s?(?:/|\\| (?:and|or|nor|&) ){_ANY}\b|[-‐‑]\w)|(?:(?<=\(s\))|(?<=\bs/))he\b|(?<=\ba )s?he\b"
    rf"|(?<=\w[-‐‑]){_ANY}\b",
    re.I,
)
"""What begins with a pronoun, or its end, that stands for more than one person or gender: he/she, (s)he, she-wolf."""

_THEY = word_set("pronouns", "they")
_ENGLISH = word_set("pronouns", "english")
_ENGLISH_HE = re.compile(r"\bhe (?:was|will|\w+ed|\w+s)\b", re.I)
_MAYBE_ENGLISH = word_set("pronouns", "maybe english")
_FOREIGN = word_set("pronouns", "not english")
_NO_NOUN = word_set("pronouns", "no nouns")
_NO_NOUN_OF_HERS = _NO_NOUN | word_set("pronouns", "no nouns of hers")
_POSSESSED = word_set("pronouns", "possessed")
_VERBS = word_set("pronouns", "with a person")
_WITH_PERSON = frozenset(
    verb + end
    for word in _VERBS
    for verb in (word, word.removesuffix("e"))
    for end in ("", "s", "es", "d", "ed", "ing")
)
"""Verbs beside which "her" may be a person and not a possessor: gave her money, made her cry."""
_BEFORE_NOUN = word_set("pronouns", "before nouns")
_UNCLEAR = word_set("pronouns", "unclear")
_UNCLEAR_FORM = re.compile(
    r".*(?:ing|ly|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|(?!(?:bed|beloved|red|need|speed)$).*ed|\d.*"
)
_LIKE_VERB = word_set("pronouns", "like verbs")
_ORDINAL = re.compile(r"first|second|third|fourth|fifth|sixth|tenth|final|latest|debut")
_ENDS = re.compile(r"[.,;:!?)\]…—–”»]|[\"'’](?!\w)|\s*\n\s*\n| [-–—.,;:!?)\]]+\s")
_QUOTE = re.compile(r" [\"“‘'£$€]")


def _forms(words: str) -> dict[str, str]:
    """The forms of a pronoun by what they are used for."""
    return dict(zip(("subject", "object", "own", "owned", "self"), words.split(), strict=True))


_PRONOUNS = _MALE | _FEMALE | _THEY


class _Pronouns(Transform):
    """All pronouns of the other genders for those of one."""

    forms: ClassVar[dict[str, str]]
    others: ClassVar[frozenset[str]]
    plural: ClassVar[bool] = False

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions

        return lambda text, dice: sorted(set(self._changes(text)))

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions
        return lambda text: bool(self._changes(text))

    def _changes(self, text: Text) -> list[Edit]:
        """What its pronouns become, and what must agree with them; nothing if one is uncertain."""
        others = self.others
        if others.isdisjoint(text.lowers) or not _english(text):
            return []
        words, found = text.words, list[Edit]()
        for i in [i for i, word in enumerate(words) if word[2] in _PRONOUNS]:
            start, _, lower = words[i]
            if _BOTH.match(text.text, start):
                return []
            base = lower.partition("'")[0]
            if lower in others and _is_pronoun(text, i) and self.free(text, start, start + len(base)):
                made = self._replaced(text, i, base)
                if made is None:
                    return []
                found += made
        return found

    def _replaced(self, text: Text, i: int, base: str) -> list[Edit] | None:
        """The edits for one pronoun and what must agree with it; None if anything is uncertain."""
        word = text.words[i]
        role = _ROLES.get(base) or _role(text, i)
        if role is None:
            return None
        old = text.text[word.start : word.start + len(base)]
        edits = [Edit(word.start, word.start + len(base), cased(self.forms[role], old))]
        if not self.plural or role != "subject":
            return edits
        verbs = agreeing(text, i)
        if verbs is None or not all(self.free(text, verb.start, verb.end) for verb in verbs):
            return None
        return edits + verbs


class ReplaceToMalePronouns(_Pronouns):
    """She, her, hers and herself become he, him or his, and himself. They may be several people, and stay."""

    kind: ClassVar[str] = "replace_to_male_pronouns"
    forms: ClassVar[dict[str, str]] = _forms("he him his his himself")
    others: ClassVar[frozenset[str]] = _FEMALE


class ReplaceToFemalePronouns(_Pronouns):
    """He, him, his and himself become she, her, her or hers, and herself. They may be several people, and stay."""

    kind: ClassVar[str] = "replace_to_female_pronouns"
    forms: ClassVar[dict[str, str]] = _forms("she her her hers herself")
    others: ClassVar[frozenset[str]] = _MALE


class ReplaceToNeutralPronouns(_Pronouns):
    """He and she become they, with the verbs: "she runs", "they run"; "is he", "are they"."""

    kind: ClassVar[str] = "replace_to_neutral_pronouns"
    forms: ClassVar[dict[str, str]] = _forms("they them their theirs themselves")
    others: ClassVar[frozenset[str]] = _MALE | _FEMALE
    plural: ClassVar[bool] = True


def _english(text: Text) -> bool:
    """Whether "he" and "her" are English here, and not Finnish, Spanish, German or Danish words."""
    words = text.lowers
    if not _ENGLISH.isdisjoint(words) or ("he" in words and _ENGLISH_HE.search(text.text)):
        return True
    return not _MAYBE_ENGLISH.isdisjoint(words) and _FOREIGN.isdisjoint(words)


def _is_pronoun(text: Text, i: int) -> bool:
    """Whether a word is no title ("the film Her"), no abbreviation ("HE colleges") and in no address."""
    word, whole = text.words[i], text.text
    old = whole[word.start : word.end]
    before = whole[text.words[i - 1].start : word.start] if i else ""
    if old.isupper() and not whole.isupper():
        after = whole[text.words[i + 1].start : text.words[i + 1].end] if i + 1 < len(text.words) else ""
        if not any(one.isupper() and len(one.strip()) > 1 for one in (before, after)):
            return False
    elif old[0].isupper() and before[:1].islower() and before[-2:-1].isalpha() and before[-1] == " ":
        return False
    beside = before[-1:] + whole[word.end : word.end + 1]
    return not beside.strip() or not text.address(word.start, word.end)


def _role(text: Text, i: int) -> str | None:
    """What "her" or "his" is: the possessor of what follows ("own"), or not; None if it is uncertain."""
    words, whole = text.words, text.text
    word, after = words[i], words[i + 1] if i + 1 < len(words) else None
    gap = whole[word.end : after.start if after else len(whole)]
    before = words[i - 1].lower if i and whole[words[i - 1].end : word.start].isspace() else ""
    if after is None or _ENDS.match(gap + whole[after.start]):
        return "object" if word.lower == "her" else "owned"
    if not gap.isspace():
        sure = word.lower == "his" or before in _BEFORE_NOUN
        return "own" if _QUOTE.fullmatch(gap) and sure else None
    if re.match(r"-[^\W\d]", whole[after.end : after.end + 2]):
        return None if before in _WITH_PERSON else "own"
    if word.lower == "his":
        owned = whole[after.start : after.end] in _NO_NOUN
        return None if after.lower in ("and", "or", "nor") else "owned" if owned else "own"
    return _role_of_her(before, after.lower, whole[word.start].isupper() and not before)


def _role_of_her(before: str, after: str, first: bool) -> str | None:
    """What "her" is between two words; `first` if a sentence begins with it."""
    if after in _NO_NOUN_OF_HERS:
        return "object"
    if first or after.partition("'")[0] in _POSSESSED or _ORDINAL.match(after):
        return "own"
    if before in _WITH_PERSON or after in _UNCLEAR or _UNCLEAR_FORM.fullmatch(after):
        return None
    return None if after in _LIKE_VERB and before not in _BEFORE_NOUN else "own"
