"""Chats as training takes them: messages of system, user and assistant, the last one an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from seedbed.core.errors import InputError
from seedbed.formats.conversations import conversation, joined, question, said, text_or_messages
from seedbed.formats.rows import to_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROLES = ("system", "user", "assistant")


class Message(TypedDict):
    """What one of the two says."""

    role: str
    content: str


class Chat(NamedTuple):
    """A conversation that ends with an answer, and a worse one in its place if there is one."""

    messages: list[Message]
    rejected: str = ""


def dialogue(values: Mapping[str, Any], instruction: str, place: str, *, first: bool = False) -> Chat | None:
    """The conversation of a record up to its last answer; None if there is none.

    The instruction is what the system says, if it says nothing else; with `first` it goes before what the user says.

    Raises:
        InputError: it is no conversation of these roles in texts.
    """
    if not values.get("messages") and not values.get("assistant"):
        return None
    messages = _plain(conversation(values, place), place)
    while messages and messages[-1]["role"] != "assistant":
        messages.pop()
    if len(messages) < 2 or not messages[-1]["content"].strip():
        return None
    return Chat(_instructed(messages, instruction, first=first))


def preference(values: Mapping[str, Any], instruction: str, place: str) -> Chat | None:
    """A prompt with the answer that was chosen and the one that was not; None if one is missing.

    Raises:
        InputError: they are no texts or messages in texts.
    """
    chosen, rejected = (_answer(values.get(name), place) for name in ("chosen", "rejected"))
    if not chosen.strip() or not rejected.strip():
        return None
    asked = text_or_messages(question(values, place))
    prompt = [{"role": "user", "content": to_text(asked)}] if not isinstance(asked, list) else asked
    messages = [*_plain(prompt, place), Message(role="assistant", content=chosen)]
    return Chat(_instructed(messages, instruction, first=not isinstance(asked, list)), rejected)


def _answer(value: Any, place: str) -> str:
    """An answer's text; of messages, which may repeat the prompt, the last one."""
    found = text_or_messages(value)
    return _plain(found, place)[-1]["content"] if isinstance(found, list) and found else to_text(found)


def _plain(messages: Sequence[Mapping[str, Any]], place: str) -> list[Message]:
    for message in messages:
        if message["role"] not in ROLES:
            hint = "Only what system, user and assistant say can be learned here."
            raise InputError(f"{place}: a message has the role `{message['role']}`.", hint)
    texts = said(messages, place)
    return [Message(role=one["role"], content=text) for one, text in zip(messages, texts, strict=True)]


def _instructed(messages: list[Message], instruction: str, *, first: bool) -> list[Message]:
    if not instruction:
        return messages
    if first:
        place = next((i for i, one in enumerate(messages) if one["role"] == "user"), 0)
        asked = Message(role="user", content=joined([instruction, messages[place]["content"]]))
        return [*messages[:place], asked, *messages[place + 1 :]]
    return messages if messages[0]["role"] == "system" else [Message(role="system", content=instruction), *messages]
