"""Messages put into the form a model takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedbed.core.chat import Message

if TYPE_CHECKING:
    from collections.abc import Sequence


def has_system(messages: Sequence[Message]) -> bool:
    """Whether any turn is a system turn."""
    return any(message["role"] == "system" for message in messages)


def split_system(messages: Sequence[Message]) -> tuple[str, list[Message]]:
    """The system texts as one, and the other turns; a lone system text becomes the user's turn."""
    system = "\n\n".join(message["content"] for message in messages if message["role"] == "system")
    turns = [message for message in messages if message["role"] != "system"]
    if turns or not system:
        return system, turns
    return "", [Message(role="user", content=system)]


def fold_system(messages: Sequence[Message]) -> list[Message]:
    """The turns with the system texts at the beginning of the first user turn."""
    system, turns = split_system(messages)
    if not system:
        return turns
    for place, message in enumerate(turns):
        if message["role"] == "user":
            turns[place] = Message(role="user", content=f"{system}\n\n{message['content']}")
            return turns
    return [Message(role="user", content=system), *turns]
