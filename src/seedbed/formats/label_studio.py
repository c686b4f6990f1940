"""Label Studio's tasks as a JSON list."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from seedbed.core.errors import InputError
from seedbed.core.record import Record, Span

from .json import JsonFormat
from .labelling import Control, Labelling
from .rows import place_of, to_text, values_of
from .spans import spans_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Object = dict[str, Any]


@dataclass(frozen=True)
class LabelStudioFormat:
    """One task per record: its columns as `data`, its label as a choice, its spans as labels of the text.

    Choices are written if the label is one of `columns`, labels of the text if `spans` is. Reading takes what the first
    annotation says that was not cancelled, else the first prediction, else `data` alone; like JSON, it takes the whole
    file into memory.

    Args:
        as_: `predictions`, to be confirmed, or `annotations`.
        from_name: the control; two names, `label,spans`, where both labels and spans are written.
        to_name: the object.
        text_column: the column with the text.
        label_column: the column with the label, or a list of labels.
        config: a labelling config. If the file is there, names and labels are taken from it, and a label it does not
            have is an error; if not, writing makes it.
    """

    as_: Literal["predictions", "annotations"] = "predictions"
    from_name: str = "label,spans"
    to_name: str = "text"
    text_column: str = "text"
    label_column: str = "label"
    config: str = ""

    def read(self, path: str) -> Iterator[Record]:
        """The file's tasks as records.

        Raises:
            InputError: it is no list of tasks, or a task's labels or spans cannot be read; names file and record.
        """
        labelling = Labelling.read(self.config, self._names) if self.config else None
        for number, task in enumerate(JsonFormat().read(path), 1):
            yield self._record(task.values, f"{path}, record {number}", labelling)

    def write(self, records: Iterable[Record], path: str, columns: Sequence[str]) -> int:
        """Writes `columns` of all records to `path` and answers how many there were.

        Raises:
            InputError: names do not fit the config, or a label is not in it.
        """
        labelling = self._labelling(columns)
        tasks = (
            Record(self._task(record, columns, labelling, place_of(record, number)))
            for number, record in enumerate(records, 1)
        )
        count = JsonFormat().write(tasks, path, ["data", self.as_])
        if self.config and not Path(self.config).exists():
            labelling.write(self.config)
        return count

    @property
    def _names(self) -> list[str]:
        return [name.strip() for name in self.from_name.split(",")]

    def _labelling(self, columns: Sequence[str]) -> Labelling:
        """What the config says if it is there, else the options; with the controls for what is in `columns`."""
        first, second = (self._names * 2)[:2]
        found = Labelling(self.to_name, self.text_column, Control(first), Control(second))
        if self.config and Path(self.config).exists():
            found = Labelling.read(self.config, self._names)
        if "spans" in columns and not found.spans:
            raise InputError(f"{self.config} has no Labels for the spans.", "Leave out the column `spans`.")
        found.choices = found.choices if self.label_column in columns else None
        found.spans = found.spans if "spans" in columns else None
        if found.choices and found.spans and found.choices.name == found.spans.name:
            raise InputError("Labels and spans need a control each.", "Name both: from_name=label,spans")
        if found.field != self.text_column and found.field in columns:
            raise InputError(
                f"{self.config} shows `{found.field}`, but the text is in `{self.text_column}`.",
                f"Say text_column={found.field}, or leave that column out.",
            )
        return found

    def _task(self, record: Record, columns: Sequence[str], labelling: Labelling, place: str) -> Object:
        text = text_of(record, self.text_column, place)
        values = values_of(record, columns)
        apart = {self.text_column, "spans", *([self.label_column] if labelling.choices else [])}
        data = {labelling.field: text} | {column: value for column, value in values.items() if column not in apart}
        regions: list[Object] = []
        if labelling.choices:
            regions += _choice(labelling.choices, values[self.label_column], place)
        if labelling.spans:
            regions += _stretches(labelling.spans, spans_of(record, self.text_column, place), text, place)
        for number, region in enumerate(regions, 1):
            region.update(id=f"r{number}", to_name=labelling.to_name)
        if not labelling.choices and not labelling.spans:
            return {"data": data, self.as_: []}
        return {"data": data, self.as_: [self._head(values) | {"result": regions}]}

    def _head(self, values: Object) -> Object:
        """Predictions are sorted by their score and told apart by who made them."""
        if self.as_ == "annotations":
            return {}
        score = values.get("confidence")
        sure = isinstance(score, int | float) and 0 <= score <= 1
        return {"model_version": "seedbed"} | ({"score": score} if sure else {})

    def _record(self, task: Object, place: str, labelling: Labelling | None) -> Record:
        data = task.get("data")
        if not isinstance(data, dict):
            raise InputError(f"{place}: a task has an object called `data`.")
        column = labelling.field if labelling else self.text_column
        regions = [region for region in _regions(task, place) if labelling is None or _is_of(region, labelling)]
        labels = [label for region in regions if region["type"] == "choices" for label in region["value"]["choices"]]
        text = data.get(column)
        spans = [
            span for region in regions if region["type"] == "labels" for span in _spans(region, column, text, place)
        ]
        values = data | ({self.label_column: labels if len(labels) > 1 else labels[0]} if labels else {})
        return Record(values, tuple(spans))


def _choice(control: Control, value: Any, place: str) -> list[Object]:
    several = value if isinstance(value, list | tuple) else [value]
    labels = [label for label in map(to_text, several) if label]
    for label in labels:
        control.take(label, place)
    control.several |= len(labels) > 1
    return [{"from_name": control.name, "type": "choices", "value": {"choices": labels}}] if labels else []


def _stretches(control: Control, spans: list[Span], text: str, place: str) -> Iterator[Object]:
    for span in spans:
        control.take(span.label, place)
        edges = {"start": span.start, "end": span.end, "text": text[span.start : span.end]}
        yield {"from_name": control.name, "type": "labels", "value": {**edges, "labels": [span.label]}}


def _regions(task: Object, place: str) -> list[Object]:
    """The choices and labels of the annotation, or prediction, that counts."""
    given = [*_objects(task.get("annotations")), *_objects(task.get("predictions"))]
    counts = next((one for one in given if not one.get("was_cancelled")), {})
    regions = [region for region in _objects(counts.get("result")) if region.get("type") in ("choices", "labels")]
    for region in regions:
        value = region.get("value")
        labels = value.get(region["type"]) if isinstance(value, dict) else None
        if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
            raise InputError(f"{place}: a result has no list of the {region['type']}.")
    return regions


def _objects(value: Any) -> list[Object]:
    """The objects in a list; some exports of predictions have only their numbers."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _is_of(region: Object, labelling: Labelling) -> bool:
    control = labelling.choices if region["type"] == "choices" else labelling.spans
    return control is not None and region.get("from_name") == control.name


def _spans(region: Object, column: str, text: Any, place: str) -> Iterator[Span]:
    value = region["value"]
    start, end = value.get("start"), value.get("end")
    if not isinstance(text, str):
        raise InputError(f"{place}: `data` has no text `{column}` for the spans.", "Name it with text_column=NAME.")
    if type(start) is not int or type(end) is not int or not 0 <= start <= end <= len(text):
        raise InputError(f"{place}: a span has no `start` and `end` inside of its text.")
    for label in value["labels"]:
        yield Span(start, end, label, column)
