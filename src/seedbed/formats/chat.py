"""Training formats of one JSON object per conversation: a list in a `.json` file, else one per line."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from seedbed.core.errors import InputError
from seedbed.core.record import Record

from .conversations import checked, conversation, exchange, joined, question, said, text_or_messages
from .json import JsonFormat
from .jsonl import JsonlFormat
from .rows import no_column, place_of, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seedbed.core.ports import Format

Values = dict[str, Any]

_TO_SHAREGPT = {"user": "human", "assistant": "gpt"}
_FROM_SHAREGPT = {"human": "user", "gpt": "assistant", "chatgpt": "assistant", "bing": "assistant"}


class ObjectFormat(ABC):
    """One JSON object per record; `fields` are what every object has, and the columns of a record that is read."""

    fields: ClassVar[tuple[str, ...]]

    @abstractmethod
    def _object(self, values: Values, place: str) -> Values:
        """What the columns of a record make."""

    def _values(self, found: Values, place: str) -> Values:
        """The columns that an object makes."""
        missing = [field for field in self.fields if found.get(field) is None]
        if missing:
            raise InputError(f"{place}: the field `{missing[0]}` is missing.", f"It has: {', '.join(found)}.")
        return found

    def _fields(self) -> Sequence[str]:
        return self.fields

    def read(self, path: str) -> Iterator[Record]:
        """The file's records in order.

        Raises:
            InputError: it cannot be read as this format; names file and record.
        """
        for number, found in enumerate(_container(path).read(path), 1):
            yield Record(self._values(found.values, f"{path}, record {number}"), found.spans)

    def write(self, records: Iterable[Record], path: str, columns: Sequence[str]) -> int:
        """Writes what the format takes of `columns` and answers how many records there were.

        Raises:
            InputError: a record lacks what the format wants; names the record and its columns.
        """
        return _container(path).write(self._made(records, columns), path, self._fields())

    def pieces(self, records: Iterable[Record], columns: Sequence[str], aside: str = "") -> Iterator[bytes]:
        """See `Streaming.pieces`: one object per line."""
        return JsonlFormat().pieces(self._made(records, columns), self._fields(), aside)

    def _made(self, records: Iterable[Record], columns: Sequence[str]) -> Iterator[Record]:
        for number, record in enumerate(records, 1):
            yield Record(self._object(values_of(record, columns), place_of(record, number)))


@dataclass(frozen=True)
class OpenAiChatFormat(ObjectFormat):
    """`{"messages": [{"role", "content"}]}`; the messages are kept whole, also calls of tools."""

    fields: ClassVar[tuple[str, ...]] = ("messages",)

    def _values(self, found: Values, place: str) -> Values:
        return {**found, "messages": checked(found.get("messages"), place)}

    def _object(self, values: Values, place: str) -> Values:
        return {"messages": conversation(values, place)}


@dataclass(frozen=True)
class ShareGptFormat(ObjectFormat):
    """`{"conversations": [{"from": "human" | "gpt" | "system", "value"}]}`; other roles keep their names.

    Args:
        system: `turn` writes what the system says as the first turn, `field` as the field `system` of the object. Read
            are both.
    """

    system: Literal["turn", "field"] = "turn"
    fields: ClassVar[tuple[str, ...]] = ("conversations",)

    def _fields(self) -> Sequence[str]:
        return ("system", *self.fields) if self.system == "field" else self.fields

    def _values(self, found: Values, place: str) -> Values:
        turns = found.get("conversations")
        if not isinstance(turns, list) or not turns or not all(map(_is_turn, turns)):
            raise InputError(
                f"{place}: `conversations` is no list of objects with `from` and `value`.",
                'Write each as {"from": "human", "value": "…"}.',
            )
        before = [{"role": "system", "content": found["system"]}] if found.get("system") else []
        messages = [
            {"role": _FROM_SHAREGPT.get(turn["from"], turn["from"]), "content": turn["value"]} for turn in turns
        ]
        return {"messages": before + messages} | {
            name: value for name, value in found.items() if name not in ("conversations", "system")
        }

    def _object(self, values: Values, place: str) -> Values:
        messages = conversation(values, place)
        roles = [_TO_SHAREGPT.get(message["role"], message["role"]) for message in messages]
        turns = [{"from": role, "value": text} for role, text in zip(roles, said(messages, place), strict=True)]
        if self.system == "field" and roles[0] == "system" and len(turns) > 1:
            return {"system": turns[0]["value"], "conversations": turns[1:]}
        return {"conversations": turns}


@dataclass(frozen=True)
class AlpacaFormat(ObjectFormat):
    """`{"instruction", "input", "output"}`; the input is empty where a record has no column of that name."""

    fields: ClassVar[tuple[str, ...]] = ("instruction", "input", "output")

    def _values(self, found: Values, place: str) -> Values:
        return super()._values({"instruction": None, **found, "input": joined([found.get("input")])}, place)

    def _object(self, values: Values, place: str) -> Values:
        apart = values.get("instruction") is not None and not values.get("messages")
        more = values.get("input") if apart else None
        asked, answer = exchange({**values, "input": None} if more else values, place)
        return {"instruction": asked, "input": joined([more]), "output": answer}


@dataclass(frozen=True)
class PromptCompletionFormat(ObjectFormat):
    """`{"prompt", "completion"}`, both texts."""

    fields: ClassVar[tuple[str, ...]] = ("prompt", "completion")

    def _object(self, values: Values, place: str) -> Values:
        return dict(zip(self.fields, exchange(values, place), strict=True))


@dataclass(frozen=True)
class PreferenceFormat(ObjectFormat):
    """`{"prompt", "chosen", "rejected"}`; texts, or lists of messages kept whole."""

    fields: ClassVar[tuple[str, ...]] = ("prompt", "chosen", "rejected")

    def _object(self, values: Values, place: str) -> Values:
        answers = {field: text_or_messages(values.get(field)) for field in ("chosen", "rejected")}
        for field, answer in answers.items():
            if answer is None:
                raise no_column(field, values, place)
        return {"prompt": question(values, place), **answers}


def _container(path: str) -> Format:
    return JsonFormat() if path.lower().removesuffix(".gz").endswith(".json") else JsonlFormat()


def _is_turn(turn: Any) -> bool:
    return isinstance(turn, dict) and all(isinstance(turn.get(key), str) for key in ("from", "value"))
