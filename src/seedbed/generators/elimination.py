"""What rules out a step of an evolution: the four signs of Evol-Instruct (Xu et al.: WizardLM, 2023)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from seedbed.core.attempt import Failure
from seedbed.core.chat import Message
from seedbed.core.parsing import unwrapped
from seedbed.core.prompts import render_prompt
from seedbed.core.tokens import tokens

from .asking import PACKAGE
from .calls import JUDGING
from .schemas import object_of

if TYPE_CHECKING:
    from seedbed.core.chat import Completion

    from .calls import Calls

SORRY_WORDS = 80
"""An answer that says "sorry" in fewer words is none: the paper's number."""

# "no" and "not" are answers to many an instruction, so they are left out of what stop words are elsewhere.
STOP_WORDS = frozenset(
    tokens(
        "a about after all also am an and any are as at be because been before being both but by can could did do "
        "does doing for from had has have having he her here hers him his how i if in into is it its just me more "
        "most my of off on only or other our out over own s same she should so some such t than that the their "
        "them then there these they this those through to too under up very was we were what when where which "
        "while who why will with would you your"
    )
)

_COPIED = re.compile(
    r"#\s*(?:the )?(?:given|rewritten|created|new) (?:prompt|instruction)"
    r"|\b(?:given|rewritten|created|evolved) (?:prompt|instruction)|\binstruction below\b",
    re.I,
)
"""What only the prompt says that asks for a step, ours or the paper's."""

_EQUAL = object_of({"equal": {"enum": ["yes", "no"]}})
_SAID = re.compile(r"""(?:\A\W*|["']equal["']\s*:\s*["'])(yes|no)\b""", re.I)


class Flaw(NamedTuple):
    """Why a step does not count: the name it is counted under, and a sentence."""

    reason: str
    detail: str


def flaw_of_instruction(given: str, evolved: str) -> Flaw | None:
    """What an instruction shows by itself: it repeats words of the prompt that the one before it did not have."""
    known = {found.casefold() for found in _COPIED.findall(given)}
    copied = next((found for found in _COPIED.findall(evolved) if found.casefold() not in known), None)
    return Flaw("copied_prompt", f"repeats {copied!r} of the prompt") if copied else None


def flaw_of_answer(answer: str) -> Flaw | None:
    """What the answer to an instruction shows: the instruction cannot be answered, or there is nothing to answer."""
    words = tokens(answer)
    if "sorry" in words and len(words) < SORRY_WORDS:
        return Flaw("unanswerable", f'the answer says "sorry" in {len(words)} words')
    if STOP_WORDS.issuperset(words):
        return Flaw("empty_answer", "the answer is nothing but punctuation and stop words")
    return None


async def flaw_of_step(given: str, evolved: str, calls: Calls, depth: int) -> Flaw | Failure | None:
    """Whether a step gained nothing. A model is asked, unless the two do not differ in a word."""
    equal: bool | Failure = tokens(given) == tokens(evolved)
    if not equal:
        question = render_prompt(PACKAGE, "evol_instruct_equal", given=given, evolved=evolved)
        messages = (Message(role="user", content=question),)
        equal = await calls.ask(f"equal {depth}", messages, _read_equal, _EQUAL, **JUDGING)
    if isinstance(equal, Failure):
        return equal
    return Flaw("no_gain", "asks for the same as the one before it") if equal else None


def _read_equal(completion: Completion) -> bool | Failure:
    said = _SAID.search(unwrapped(completion.text))
    return said[1].lower() == "yes" if said else Failure("unparseable", "the comparison says neither yes nor no")
