"""Label Studio's tasks as a JSON list."""

from __future__ import annotations

from dataclasses import dataclass, field
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

_NAME_ONE = "Say which one with from_name."


@dataclass(frozen=True)
class LabelStudioFormat:
    """One task per record: its columns as `data`, its label as a choice, its spans as labels of the text.

    Choices are written if the label is one of `columns`, labels of the text if `spans` is. Reading takes what the first
    annotation says that was not cancelled, else the first prediction, else `data` alone.

    Args:
        as_: `predictions`, to be confirmed, or `annotations`.
        from_name: the control; two names, `label,spans`, where both labels and spans are written. On reading, whose
            results count; needed where a file has choices, or labels, of several.
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
            InputError: it is no list of tasks, a task's labels or spans cannot be read, or it is not said whose results
                are meant; names file and record.
        """
        labelling = Labelling.read(self.config, self._names) if self.config else None
        column = labelling.field if labelling else self.text_column
        results = _Results(self._wanted(labelling))
        for number, task in enumerate(JsonFormat().read(path), 1):
            yield self._record(task.values, f"{path}, record {number}", column, results)
        results.check(path)

    def write(self, records: Iterable[Record], path: str, columns: Sequence[str]) -> int:
        """Writes `columns` of all records to `path` and answers how many there were.

        Raises:
            InputError: names do not fit the config, or a label is not in it.
        """
        labelling = self._labelling(columns)
        count = JsonFormat().write(self._tasks(records, columns, labelling), path, ["data", self.as_])
        if self.config and not Path(self.config).exists():
            labelling.write(self.config)
        return count

    def pieces(self, records: Iterable[Record], columns: Sequence[str], aside: str = "") -> Iterator[bytes]:
        """See `Streaming.pieces`; a labelling config is not written."""
        tasks = self._tasks(records, columns, self._labelling(columns))
        return JsonFormat().pieces(tasks, ["data", self.as_], aside)

    def _tasks(self, records: Iterable[Record], columns: Sequence[str], labelling: Labelling) -> Iterator[Record]:
        for number, record in enumerate(records, 1):
            yield Record(self._task(record, columns, labelling, place_of(record, number)))

    @property
    def _names(self) -> list[str]:
        return [name.strip() for name in self.from_name.split(",")]

    def _wanted(self, labelling: Labelling | None) -> list[str]:
        """The controls whose results are read; none: of which there are any."""
        if labelling:
            return [control.name for control in (labelling.choices, labelling.spans) if control]
        return [] if self.from_name == LabelStudioFormat.from_name else self._names

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

    def _record(self, task: Object, place: str, column: str, results: _Results) -> Record:
        data = task.get("data")
        if not isinstance(data, dict):
            raise InputError(f"{place}: a task has an object called `data`.", "Export it as JSON, not as JSON-MIN.")
        regions = [region for region in _regions(task, place) if results.take(region, place)]
        labels = [label for region in regions if region["type"] == "choices" for label in region["value"]["choices"]]
        text = data.get(column)
        spans = [
            span for region in regions if region["type"] == "labels" for span in _spans(region, column, text, place)
        ]
        values = data | ({self.label_column: labels if len(labels) > 1 else labels[0]} if labels else {})
        return Record(values, tuple(spans))


@dataclass(slots=True)
class _Results:
    """Whose results are read: those of the controls that are `wanted`, or of the one that a kind of them is of."""

    wanted: list[str]
    taken: dict[str, Any] = field(default_factory=dict)
    passed: dict[Any, None] = field(default_factory=dict)

    def take(self, region: Object, place: str) -> bool:
        """Whether this one is.

        Raises:
            InputError: nothing says which control is meant, and it is of another than one before.
        """
        name = region.get("from_name")
        if self.wanted and name not in self.wanted:
            self.passed[name] = None
            return False
        first = self.taken.setdefault(region["type"], name)
        if not self.wanted and name != first:
            raise InputError(f"{place}: there are {region['type']} of `{first}` and of `{name}`.", _NAME_ONE)
        return True

    def check(self, path: str) -> None:
        """Once all are read.

        Raises:
            InputError: there were some, but none of the controls that are wanted.
        """
        if self.passed and not self.taken:
            there = ", ".join(f"`{name}`" for name in self.passed)
            raise InputError(f"{path} has no results of {', '.join(self.wanted)}, only of {there}.", _NAME_ONE)


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
            raise InputError(
                f"{place}: a result has no list of the {region['type']}.",
                "Export the project from Label Studio again, as JSON.",
            )
    return [one for one in regions if one["type"] == "labels" or "start" not in one["value"]]  # else it is of a span


def _objects(value: Any) -> list[Object]:
    """The objects in a list; some exports of predictions have only their numbers."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _spans(region: Object, column: str, text: Any, place: str) -> Iterator[Span]:
    if not isinstance(text, str):
        raise InputError(f"{place}: `data` has no text `{column}` for the spans.", "Name it with text_column=NAME.")
    start, end = _edges(region["value"], text)
    if not 0 <= start <= end <= len(text):
        raise InputError(
            f"{place}: a span has no `start` and `end` inside of its text.",
            "Export the project from Label Studio again, as JSON.",
        )
    for label in region["value"]["labels"]:
        yield Span(start, end, label, column)


def _edges(value: Object, text: str) -> tuple[int, int]:
    """Start and end in code points; old versions of Label Studio count UTF-16, as the text they say is there tells."""
    start, end, said = value.get("start"), value.get("end"), value.get("text")
    if type(start) is not int or type(end) is not int or start < 0:
        return -1, -1
    if isinstance(said, str) and text[start:end] != said:
        units = text.encode("utf-16-le", "surrogatepass")
        before, inside = (
            part.decode("utf-16-le", "replace") for part in (units[: 2 * start], units[2 * start : 2 * end])
        )
        if inside == said:
            return len(before), len(before) + len(said)
    return start, end
