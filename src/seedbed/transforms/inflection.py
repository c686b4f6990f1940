"""The forms of English words, and tables of words for others in the same form."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

_HISSES = ("s", "x", "z", "ch", "sh")


def verb_forms(entry: str) -> tuple[str, ...]:
    """A verb's base, third person, past, participle and -ing form.

    "take/took/taken" gives the irregular ones, "admit+" doubles its last letter. Of several words ("carry out") the
    first is inflected.
    """
    verb, *past = entry.split("/")
    first, _, rest = verb.partition(" ")
    double = first.endswith("+")
    first = first.rstrip("+")
    stem = first + first[-1] if double else first
    soft = first[-1] == "e"
    changing = first[-1] == "y" and first[-2] not in "aeou"
    regular = first + "d" if soft else first[:-1] + "ied" if changing else stem + "ed"
    before = past[0] if past else regular
    ing = first[:-2] + "y" if first.endswith("ie") else first[:-1] if soft and first[-2] not in "eyo" else stem
    third = first + "es" if first[-1] == "o" else _with_s(first)
    forms = (first, third, before, past[1] if len(past) > 1 else before, ing + "ing")
    return tuple(f"{form} {rest}".rstrip() for form in forms)


def noun_forms(entry: str) -> tuple[str, ...]:
    """A noun and its plural; "thief/thieves" gives an irregular one."""
    noun, *plural = entry.split("/")
    return (noun, plural[0] if plural else _with_s(noun))


def only_form(entry: str) -> tuple[str, ...]:
    """A word that is as it is."""
    return (entry,)


def _with_s(word: str) -> str:
    if word[-1] == "y" and word[-2] not in "aeou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(_HISSES) else "s")


def same_forms(
    groups: str, forms: Callable[[str], Sequence[str]] = only_form, never: Container[str] = ()
) -> dict[str, list[str]]:
    """Each word of each group → the others of it, in the same form.

    A form that stands for two ("started": past and participle) becomes another word only if that has one form for both.

    Args:
        groups: with commas between them, words with spaces, phrases with "_"; what has a "-" before it is only put for
            others.
        forms: all forms of an entry.
        never: forms that are not changed themselves: they are common as another part of speech.
    """
    table: dict[str, list[str]] = {}
    for group in groups.split(","):
        entries = [(entry[0] == "-", forms(entry.lstrip("-").replace("_", " "))) for entry in group.split()]
        for target_only, old in entries:
            for _, new in entries:
                if target_only or old is new:
                    continue
                for form in dict.fromkeys(old):
                    others = {to for one, to in zip(old, new, strict=True) if one == form}
                    if len(others) == 1 and form not in never:
                        table.setdefault(form, []).append(others.pop())
    return {form: list(dict.fromkeys(news)) for form, news in table.items()}
