"""Further sentences with the same slots, written by a model: what it is asked, and which of its answers will do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from seedbed.core.apportion import largest_remainder
from seedbed.core.errors import InputError
from seedbed.core.prompts import render_prompt

from .slots import Slot, SlotTemplate

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

PACKAGE = "seedbed.augmentation"
SHOWN = 8
"""Given templates, and refused answers, that a model is shown at most."""

MOST_LISTED = 200
"""Values that came already of which a model is told."""

LONGEST = 400
"""Characters of a proposed template."""


@dataclass(slots=True)
class Family:
    """Given templates with the same slots and the same columns: what is proposed is one more of them."""

    slots: tuple[str, ...]
    columns: Mapping[str, Any]
    templates: list[SlotTemplate]

    def prompt(self, n: int, made: Sequence[SlotTemplate], refused: Sequence[tuple[str, str]]) -> str:
        """Asks for so many more of them; `made` are those that came already."""
        return render_prompt(
            PACKAGE,
            "templates",
            n=n,
            templates=[one.text for one in (*self.templates[:SHOWN], *made[-SHOWN:])],
            label=self.columns.get("label"),
            slots=[f"{{{name}}}" for name in self.slots],
            refused=refused[-SHOWN:],
        )

    def judged(self, text: str, known: Collection[str]) -> SlotTemplate | str:
        """An answer as a template, or why it is none; `known` are the folded texts of those there are."""
        text = self._with_articles(" ".join(text.split()))
        if len(text) > LONGEST:
            return f"longer than {LONGEST} characters"
        try:
            made = SlotTemplate(text, self.columns, "the model's answer")
        except InputError as error:
            return error.message.removeprefix("the model's answer: ").rstrip(".")
        own = [name for name in made.slots if name not in self.slots]
        lacking = [name for name in self.slots if name not in made.slots]
        if own or lacking:
            return f"has {{{own[0]}}}, which was not asked for" if own else f"lacks {{{lacking[0]}}}"
        literal = "".join(piece for piece in made.pieces if isinstance(piece, str))
        if "{" in literal or "}" in literal:
            return "holds braces that are no slot"
        if not any(letter.isalnum() for letter in literal):
            return "holds no words"
        return "is there already" if folded(made) in known else made

    def _with_articles(self, text: str) -> str:
        """ "a {JOB}" is written `{a:JOB}` where the given templates have that."""
        pieces = (piece for template in self.templates for piece in template.pieces)
        for name in {piece.name for piece in pieces if isinstance(piece, Slot) and piece.article}:
            text = re.sub(rf"\b([Aa])n? \{{(?:[aA]:)?({re.escape(name)})\}}", r"{\1:\2}", text)
        return text


def families(templates: Sequence[SlotTemplate]) -> list[Family]:
    """The templates that have slots, by their slots and columns.

    Raises:
        InputError: none has any.
    """
    found: dict[tuple[Any, ...], Family] = {}
    for template in templates:
        if template.slots:
            key = (frozenset(template.slots), *sorted(map(repr, template.columns.items())))
            family = found.setdefault(key, Family(tuple(template.slots), template.columns, []))
            family.templates.append(template)
    if not found:
        raise InputError(
            "None of the templates has a slot, so there is nothing to propose others for.",
            "Write a slot in braces: {PER} is here.",
        )
    return list(found.values())


def shares(of: Sequence[Family], n: int) -> list[int]:
    """How many further templates each family gets: in the ratio of those it has."""
    return largest_remainder(n, [Fraction(len(family.templates)) for family in of])


def folded(template: SlotTemplate) -> str:
    """By what templates are compared: without capitals, more than one space, and which number a slot has."""
    numbers: dict[str, int] = {}
    pieces = [
        piece if isinstance(piece, str) else f"{{{piece.label} {numbers.setdefault(piece.name, len(numbers))}}}"
        for piece in template.pieces
    ]
    return " ".join("".join(pieces).casefold().split())


def values_prompt(instruction: str, slot: str, n: int, known: Sequence[str], sentences: Sequence[SlotTemplate]) -> str:
    """Asks for values of a slot.

    Args:
        instruction: what they are.
        slot: the name of the slot.
        n: how many.
        known: those that came already.
        sentences: templates it stands in.
    """
    texts = [one.text for one in sentences if slot in one.slots.values()][:SHOWN]
    listed, slot = ", ".join(known[-MOST_LISTED:]), f"{{{slot}}}"
    return render_prompt(PACKAGE, "values", n=n, instruction=instruction, slot=slot, known=listed, sentences=texts)
