"""The texts of a record that are changed, each with its spans, and the record put together again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from seedbed.core.editing import Text
from seedbed.core.errors import InputError
from seedbed.core.record import Record, Span
from seedbed.core.spans import apply

from .answers import CONTEXT, answers_of, put_answers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seedbed.core.transform import Edits

GROUPS = (
    ("text",),
    ("messages",),
    ("conversations",),
    ("question", "context"),
    ("premise", "hypothesis"),
    ("sentence1", "sentence2"),
    ("text_a", "text_b"),
    ("text1", "text2"),
    ("query", "passage"),
    ("instruction", "input"),
    ("prompt",),
    ("question",),
    ("sentence",),
    ("review",),
    ("document",),
    ("content",),
    ("body",),
)
"""Columns with what a model is given, not with what it is to answer; the first group there is any of is changed."""


class Layer(NamedTuple):
    """One text of a record with its spans; `field` is where it stands (`text`, `messages.3.content`)."""

    field: str
    text: Text


_layer = partial(tuple.__new__, Layer)  # in half the time of `Layer(…)`


@dataclass(frozen=True, slots=True)
class Columns:
    """Which texts of a record are changed: those of columns, of conversations the messages of some roles."""

    names: Sequence[str]
    roles: Sequence[str] | None = None

    def layers(self, record: Record) -> list[Layer]:
        """The texts that are there and not empty.

        Raises:
            InputError: an answer does not stand where its offset says.
        """
        spans, values = record.spans, record.values
        if CONTEXT in values:
            spans = (*spans, *answers_of(values))
        name = self.names[0]
        text = values.get(name) if len(self.names) == 1 else None
        if isinstance(text, str) and text:
            for span in spans:
                if span[3] != name:
                    break
            else:
                return [_layer((name, Text(text, spans)))]
        found = [pair for column in self.names for pair in self._texts(column, values.get(column))]
        if not spans:
            return [Layer(place, Text(text)) for place, text in found]
        return [Layer(place, Text(text, [span for span in spans if span.field == place])) for place, text in found]

    def _texts(self, path: str, value: Any) -> Iterator[tuple[str, str]]:
        if isinstance(value, str):
            if value:
                yield path, value
        elif isinstance(value, list):
            for i, one in enumerate(value):
                key = "content" if isinstance(one, dict) and "content" in one else "value"
                if isinstance(one, dict) and self._speaks(one) and isinstance(one.get(key), str) and one[key]:
                    yield f"{path}.{i}.{key}", one[key]

    def _speaks(self, turn: dict[str, Any]) -> bool:
        role = turn.get("role", turn.get("from"))
        return role != "system" if self.roles is None else role in self.roles


def main_columns(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns whose texts are changed where nobody says which.

    Raises:
        InputError: none of them is known to hold texts.
    """
    for group in GROUPS:
        found = tuple(column for column in group if column in columns)
        if found:
            return found
    raise InputError(
        f"None of the columns is known to hold texts: {', '.join(columns) or 'there are none'}.",
        "Say which do: --column NAME, or `columns=[NAME]` in Python and `columns: [NAME]` in a plan.",
    )


def edited(record: Record, made: Sequence[tuple[Layer, Edits]]) -> tuple[dict[str, Any], tuple[Span, ...]]:
    """The record's values and spans with the edits made.

    Raises:
        Refused: an edit would leave a span wrong.
    """
    values = dict(record.values)
    if len(made) == 1:
        (name, whole), only = made[0]
        if "." not in name and len(whole.spans) == len(record.spans):
            values[name], spans = apply(whole.text, whole.spans, only)
            return values, spans
    touched = {layer.field for layer, _ in made}
    kept = [span for span in record.spans if span.field not in touched]
    for layer, edits in made:
        text, spans = apply(layer.text.text, layer.text.spans, edits)
        _put(values, layer.field.split("."), text)
        own = sum(span.field == layer.field for span in record.spans)
        kept += spans[:own]
        put_answers(values, spans[own:])
    return values, tuple(sorted(kept, key=lambda span: (span.field, span.start, span.end)))


def _put(values: dict[str, Any], path: list[str], text: str) -> None:
    if len(path) == 1:
        values[path[0]] = text
        return
    column, place, key = path
    turns = list(values[column])
    turns[int(place)] = {**turns[int(place)], key: text}
    values[column] = turns
