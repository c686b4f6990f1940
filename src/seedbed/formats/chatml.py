"""ChatML as text: every message between its marks, a blank line after each conversation."""

from __future__ import annotations

from codecs import BOM_UTF8
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError
from seedbed.core.record import Record

from .conversations import conversation, said
from .rows import place_of, values_of
from .streams import reading, write_pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_START, _END = "<|im_start|>", "<|im_end|>"
_FORM = f"Write each message as {_START}user, its text on the next line, then {_END}."


@dataclass(frozen=True)
class ChatMlFormat:
    """`<|im_start|>role`, the content, `<|im_end|>`: what ChatML templates make of messages, as text.

    Of the messages, role and content are written.
    """

    def read(self, path: str) -> Iterator[Record]:
        """The file's conversations as records with `messages`.

        Raises:
            InputError: a message does not begin or end with its mark; names the line.
        """
        messages: list[dict[str, Any]] = []
        with reading(path) as stream:
            lines = ((number, line.decode()) for number, line in enumerate(_without_mark(stream), 1))
            for number, line in lines:
                if line.strip():
                    messages.append(_message(line, lines, f"{path}, line {number}"))
                elif messages:
                    yield Record({"messages": messages})
                    messages = []
        if messages:
            yield Record({"messages": messages})

    def write(self, records: Iterable[Record], path: str, columns: Sequence[str]) -> int:
        """Writes the conversations of all records to `path` and answers how many there were.

        Raises:
            InputError: a record has none, or one of its messages holds a mark of ChatML.
        """
        return write_pieces(self, records, path, columns)

    def pieces(self, records: Iterable[Record], columns: Sequence[str], aside: str = "") -> Iterator[bytes]:
        """See `Streaming.pieces`."""
        for number, record in enumerate(records, 1):
            yield f"{_rendered(values_of(record, columns), place_of(record, number))}\n".encode()


def _without_mark(stream: Iterable[bytes]) -> Iterator[bytes]:
    for number, line in enumerate(stream):
        yield line if number else line.removeprefix(BOM_UTF8)


def _message(line: str, lines: Iterator[tuple[int, str]], place: str) -> dict[str, str]:
    """The message that begins with `line`; takes the others of it from `lines`."""
    if not line.startswith(_START):
        raise InputError(f"{place}: expected {_START} and a role, or a blank line.", _FORM)
    content = ""
    for _, more in lines:
        content += more
        if more.rstrip("\r\n").endswith(_END):
            role = line.removeprefix(_START).rstrip("\r\n")
            return {"role": role, "content": content.rstrip("\r\n").removesuffix(_END)}
    raise InputError(f"{place}: the message that begins here has no {_END}.", _FORM)


def _rendered(values: dict[str, Any], place: str) -> str:
    messages = conversation(values, place)
    text = ""
    for number, (message, content) in enumerate(zip(messages, said(messages, place), strict=True), 1):
        role = message["role"]
        held = next((mark for mark in (_START, _END) if mark in role or mark in content), None)
        if held or "\n" in role or "\r" in role:
            what = f"holds {held}" if held else "has a role of two lines"
            raise InputError(
                f"{place}: message {number} {what}, which ChatML could not tell from its own marks.",
                "Take another format, such as openai_chat.",
            )
        text += f"{_START}{role}\n{content}{_END}\n"
    return text
