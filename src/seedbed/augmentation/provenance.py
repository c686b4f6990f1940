"""What a copy was made of, and by which edits; put together when somebody asks for it, which few do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from seedbed.core.record import Record, Span
from seedbed.core.spans import changes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seedbed.core.transform import Edits

    from .layers import Columns

FieldEdits = tuple[str, "Edits"]
"""The field of a text (`text`, `messages.3.content`), and what was done to it."""


class Provenance(NamedTuple):
    """All that is known of a copy's making: its parent's name, values and spans, the transform, and the edits."""

    parent: str
    transform: str
    columns: Columns
    values: Mapping[str, Any]
    spans: tuple[Span, ...]
    edits: Sequence[FieldEdits]

    def document(self) -> dict[str, Any]:
        """It as plain data: what was replaced by what, and where in the texts and spans of the parent."""
        return {
            "parents": [self.parent],
            "transform": self.transform,
            "edits": self._told(),
            "parent": {
                **{name: self.values.get(name) for name in self.columns.names},
                "spans": [
                    {"start": start, "end": end, "label": label, **({} if field == "text" else {"field": field})}
                    for start, end, label, field in self.spans
                ],
            },
        }

    def _told(self) -> list[dict[str, Any]]:
        layers = self.columns.layers(Record(dict(self.values), self.spans))
        texts = {layer.field: layer.text for layer in layers}
        return [
            {"field": field, "start": start, "end": end, "old": texts[field].text[start:end], "new": new}
            for field, edits in self.edits
            for start, end, new in changes(texts[field].text, texts[field].spans, edits)
        ]


class Copied(Record):
    """A copy; its origin is a `Provenance` until it is asked for."""

    __slots__ = ("_origin",)
    _origin: dict[str, Any] | Provenance

    @property
    def origin(self) -> dict[str, Any]:
        """See `Record`."""
        if isinstance(self._origin, Provenance):
            self._origin = self._origin.document()
        return self._origin

    @origin.setter
    def origin(self, origin: dict[str, Any] | Provenance) -> None:
        self._origin = origin
