"""The conversation of a record: its `messages`, or what its other columns say one was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError

from .rows import no_column, to_text, unfolded

if TYPE_CHECKING:
    from collections.abc import Iterable

_PAIRS = (
    ("user", "assistant"),
    ("instruction", "output"),
    ("question", "answer"),
    ("source", "text"),
    ("prompt", "completion"),
    ("text", "label"),
)
"""Columns that hold what was asked and what was answered; the first pair that is there counts."""


def conversation(values: Mapping[str, Any], place: str) -> list[dict[str, Any]]:
    """The messages, each with `role` and `content`; what a `system` column says comes first.

    Raises:
        InputError: none can be made of the record's columns; begins with `place`.
    """
    given = unfolded(values.get("messages"))
    found = _from_pair(values, place) if given in (None, "") else checked(given, place)
    if values.get("system") and found[0]["role"] != "system":
        return [{"role": "system", "content": to_text(values["system"])}, *found]
    return found


def exchange(values: Mapping[str, Any], place: str) -> tuple[str, str]:
    """One question, with what the system says before it, and its answer.

    Raises:
        InputError: the record's conversation is another one, or none.
    """
    found = conversation(values, place)
    roles = [message["role"] for message in found]
    if roles not in (["user", "assistant"], ["system", "user", "assistant"]):
        raise InputError(
            f"{place}: one question and one answer are wanted, but the roles are {', '.join(roles)}.",
            "openai_chat, chatml and sharegpt hold any conversation.",
        )
    *asked, answer = said(found, place)
    return joined(asked), answer


def question(values: Mapping[str, Any], place: str) -> Any:
    """What was asked; a `prompt` as it is, text or messages.

    Raises:
        InputError: no column says so.
    """
    if values.get("prompt") is not None:
        return text_or_messages(values["prompt"])
    for asked, _ in _PAIRS:
        if values.get(asked) is not None:
            return _asked(values, asked)
    raise no_column("prompt", values, place)


def text_or_messages(value: Any) -> Any:
    """The value, as messages if it is JSON of some: a text that only looks like JSON stays what it is."""
    found = unfolded(value)
    return found if _are_messages(found) else value


def checked(messages: Any, place: str) -> list[dict[str, Any]]:
    """The same messages: some, each with a role.

    Raises:
        InputError: they are not.
    """
    if not _are_messages(messages):
        raise InputError(
            f"{place}: `messages` is empty or no list of objects with `role` and `content`.",
            'Write each as {"role": "user", "content": "…"}.',
        )
    return list(messages)


def said(messages: Iterable[Mapping[str, Any]], place: str) -> list[str]:
    """What the messages say.

    Raises:
        InputError: one has no text (parts, calls of tools).
    """
    texts = []
    for number, message in enumerate(messages, 1):
        if not isinstance(message.get("content"), str):
            raise InputError(
                f"{place}: the content of message {number} is no text.", "The format openai_chat keeps such messages."
            )
        texts.append(message["content"])
    return texts


def joined(parts: Iterable[Any]) -> str:
    """The parts that are not empty as one text, a blank line between them."""
    return "\n\n".join(filter(None, map(to_text, parts)))


def _are_messages(value: Any) -> bool:
    found = value if isinstance(value, list) else []
    return bool(found) and all(isinstance(one, Mapping) and isinstance(one.get("role"), str) for one in found)


def _from_pair(values: Mapping[str, Any], place: str) -> list[dict[str, Any]]:
    for asked, answered in _PAIRS:
        if values.get(asked) is not None and values.get(answered) is not None:
            return [*_turns("user", _asked(values, asked)), *_turns("assistant", values[answered])]
    there = ", ".join(name for name, value in values.items() if value is not None)
    raise InputError(
        f"{place}: no conversation can be made of the columns {there}.",
        "Say which they are: --map user=COLUMN --map assistant=COLUMN",
    )


def _asked(values: Mapping[str, Any], column: str) -> Any:
    """The text of a column, with the `input` of an instruction; or its messages."""
    found = text_or_messages(values[column])
    more = values.get("input") if column == "instruction" else None
    return found if _are_messages(found) else joined([found, more])


def _turns(role: str, value: Any) -> list[dict[str, Any]]:
    """One message of that role, or those that the value is."""
    found = text_or_messages(value)
    return list(found) if _are_messages(found) else [{"role": role, "content": to_text(value)}]
