"""Small seeded variations of a prompt: who speaks, what is in it, how it begins, how long it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LENGTHS = ("one short sentence", "one sentence", "one long sentence", "two sentences", "two or three sentences")
OPENINGS = (
    "begin in the middle of the matter",
    "begin with a detail, not with a greeting",
    "begin with a question",
    "begin with a time or a day",
    "begin with what happened last",
    "begin with a name or a thing",
    "begin with a short exclamation or a single word",
    "begin with the reason",
)
DETAILS = (
    "a number or an amount",
    "a date, a weekday or a time of day",
    "a place",
    "a person's first name or role",
    "a product, a model or a part",
    "the weather, a smell, a sound or a colour",
    "something that went wrong before",
    "a deadline",
    "a comparison with last time",
    "a small everyday object",
    "a reason that is not obvious",
    "a wish for what comes next",
)
PERSONAS = (
    "someone in a hurry",
    "an elderly person",
    "a student",
    "a parent with little time",
    "someone who is new to this",
    "an expert of many years",
    "someone writing on a phone",
    "a careful, precise person",
    "someone with a dry sense of humour",
    "a person for whom this is a second language",
    "a person who prefers plain words",
    "someone who has been through this before",
    "a small-business owner",
    "a night-shift worker",
    "a traveller far from home",
    "someone who tells things in order",
)


# Each ends with as many empty ones as make it as rare as it should be.
_FROM = (*(f"; from {persona}" for persona in PERSONAS), *[""] * 10)
_WITH = (*(f"; mention {detail}" for detail in DETAILS), *[""] * 4)
_FIRST = (*(f"; {opening}" for opening in OPENINGS), *[""] * 8)


def variation(seed: int) -> str:
    """One draw in words: a length always; a persona, a detail, an opening more often than not.

    The draw is read off the digits of the attempt's seed, which is a hash: making a generator of random numbers for
    it would take ten times as long.
    """
    seed, length = divmod(seed, len(LENGTHS))
    seed, persona = divmod(seed, len(_FROM))
    seed, detail = divmod(seed, len(_WITH))
    return LENGTHS[length] + _FROM[persona] + _WITH[detail] + _FIRST[seed % len(_FIRST)]


def flavour(seed: int) -> str:
    """A persona and a detail, or one of them, or nothing: for what has its length and its form already."""
    seed, persona = divmod(seed, len(_FROM))
    seed, detail = divmod(seed, len(_WITH))
    return (_FROM[persona] + _WITH[detail]).removeprefix("; ")


def bullets(lines: Iterable[str]) -> str:
    """The lines as a list, one below the other."""
    return "\n".join(f"- {line}" for line in lines)


def listed(described: Mapping[str, str] | None) -> str:
    """Names as a list, each with what is said about it."""
    return bullets(f"{name}: {about}" if about else name for name, about in (described or {}).items())
