"""What all text generators do to get a reply, and with it: parse it, or say why it brought no record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from seedbed.core.attempt import Failure
from seedbed.core.chat import Message
from seedbed.core.items import parse_items
from seedbed.core.parsing import Unparseable, parse_reply
from seedbed.core.prompts import render_prompt
from seedbed.core.record import Record
from seedbed.core.run import REPAIRED

from .schemas import MOST_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from seedbed.core.attempt import Outcome, Previous
    from seedbed.core.chat import Completion

PLACEHOLDERS = frozenset({"", "…"})
"""What small models copy from the prompt instead of writing something."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a reply is to be read.

    `n` records are asked for. `literal`: the text may be anything, also JSON or a list. `strict`: only JSON with all
    the fields is an answer. `structured`: JSON was asked for.
    """

    n: int = 1
    literal: bool = False
    strict: bool = False
    structured: bool = False


def to_records(
    completion: Completion, fields: Sequence[str], asked: Mapping[str, str], how: Reading = Reading()
) -> list[Record | Failure]:
    """The reply as records, or as the failures they are.

    Args:
        completion: the reply.
        fields: the columns the model was to write, the first is the text.
        asked: the values of the cell; they are what the record says, the model cannot change them.
        how: what may be taken for an answer.
    """
    failure = unusable(completion)
    if failure is not None:
        return [failure] * how.n
    try:
        literal = how.literal and not completion.structured and not how.strict
        items = parse_reply(completion.text, fields, how.n, literal=literal, strict=how.strict)
    except Unparseable as error:
        return [Failure("unparseable", str(error))] * how.n
    found = [_record(item, fields[0], asked) for item in items]
    if how.structured and not (completion.text[:1] == "{" and completion.text[-1:] == "}"):
        mark_repaired(found)
    return found


def _record(item: dict[str, str], main: str, asked: Mapping[str, str]) -> Record | Failure:
    text = item.pop(main)
    if text.strip(". ") in PLACEHOLDERS:
        return Failure("unparseable", "the text is the prompt's own placeholder")
    if len(text) > MOST_CHARACTERS:
        return Failure("unparseable", "the text is longer than 20,000 characters")
    if not all(part.isascii() or _encodable(part) for part in (text, *item.values())):
        return Failure("unparseable", "the text holds half a character")
    return Record({main: text, **asked, **item})


def mark_repaired(outcomes: Sequence[Outcome]) -> None:
    """Notes in the records' origin that their reply had to be mended."""
    for outcome in outcomes:
        if isinstance(outcome, Record):
            outcome.origin[REPAIRED] = True


def _encodable(text: str) -> bool:
    """Whether the text can be written at all: a lone surrogate cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def feedback(previous: Previous | None, fields: Sequence[str]) -> str:
    """What is told of an earlier answer that was refused: why, and the answer itself; nothing where there was none.

    The answer is shown as far as the record has the fields that were asked for, the main one first; a text alone as it
    is, since not all kinds are answered in JSON.
    """
    if previous is None:
        return ""
    shown = {name: previous.values[name] for name in fields if name in previous.values}
    text = ""
    if shown.keys() & fields[:1]:
        only = next(iter(shown.values())) if len(shown) == 1 else None
        text = only if isinstance(only, str) else orjson.dumps(shown, default=str).decode()
    return render_prompt("seedbed.generators", "previous", detail=previous.detail.rstrip("."), text=text)


def unusable(completion: Completion) -> Failure | None:
    """Why nothing of a reply may be used: it was cut, or the provider's filter held it back."""
    if completion.finish_reason == "length":
        return Failure("truncated", "the answer was cut at its token limit")
    if completion.finish_reason == "content_filter":
        return Failure("refusal", "the provider's content filter held the answer back")
    return None


def item_of(completion: Completion, fields: Collection[str]) -> dict[str, Any] | Failure:
    """The object of a reply that is to be one with these fields; an empty one if it is broken."""
    try:
        return parse_items(completion.text, fields).found[0] or {}
    except Unparseable as error:
        return Failure("unparseable", str(error))


def chat_of(system: str | None, user: str) -> tuple[Message, ...]:
    """The chat that asks; a turn without a text is left out."""
    return tuple(Message(role=role, content=text) for role, text in (("system", system), ("user", user)) if text)
