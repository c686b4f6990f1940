"""Texts with labelled entities, balanced over their kinds; spans are found exactly or the text is refused."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import orjson
from pydantic import AfterValidator, Field, model_validator

from seedbed.core.apportion import as_fraction, largest_remainder
from seedbed.core.attempt import Failure, Rejected
from seedbed.core.part import Name, Share
from seedbed.core.quota import Axis
from seedbed.core.record import Record
from seedbed.core.texts.phrases import located, occurrences

from .asking import Asking, seeded
from .cells import Described, check_known
from .mentions import spread
from .samplers import Faker
from .schemas import TEXT, entity_of
from .steer import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from seedbed.core.attempt import Attempt, Context, Outcome

PROFILE = "mentions"
"""The axis that says which entities a text names; its values are such as `PERSON + ORG`."""

JOINED = " + "
PER_TEXT = Fraction(3, 2)
"""Mentions in a text on average: as many texts with one as with two."""


def _values(value: Any) -> Any:
    if value == "model" or (isinstance(value, list | tuple) and value and all(isinstance(one, str) for one in value)):
        return value
    if isinstance(value, str) and value.startswith("faker:"):
        Faker(faker=value.removeprefix("faker:"))
        return value
    raise ValueError("must be a list of names, `faker:` and what Faker calls it (faker:name), or `model`")


class Entities(Asking):
    """Texts that name entities of some `labels`, with their spans.

    `mentions` are weights of the labels among all mentions (each the same if not given), or of whole combinations:
    `{PERSON: 2, ORG: 1}`, `{"PERSON + ORG": 1, PERSON: 1}`. They are shared out to the texts before anything is
    asked, so that the mentions come out as weighed. `values` says where a label's names come from: `model`,
    `faker:name`, or a list. Every occurrence of a name becomes a span, also of one that the model did not list where
    `values` or `examples` say what it is; a text where one is missing, or that names something else, is rejected
    (`not_located`, `other_entities`).
    """

    kind: ClassVar[str] = "entities"
    reserved: ClassVar[frozenset[str]] = frozenset({"text", PROFILE})
    labels: Described
    mentions: dict[Name, Share] = {}
    values: dict[Name, Annotated[Any, AfterValidator(_values)]] = {}
    examples: tuple[dict[str, Any], ...] = Field(())

    @model_validator(mode="after")
    def _known_labels(self) -> Self:
        for profile in self.mentions:
            check_known(f"mentions.{profile}", "label", profile.split(JOINED), self.labels)
        check_known("values", "label", self.values, self.labels)
        if self.mentions and not any(self.mentions.values()):
            raise ValueError("mentions: all weights are zero")
        for i, example in enumerate(self.examples):
            self._check_example(i, example)
        return self

    def _check_example(self, i: int, example: dict[str, Any]) -> None:
        entities = example.get("entities")
        if not isinstance(example.get("text"), str) or not isinstance(entities, list):
            raise ValueError(f"examples.{i}: is written as {{text: …, entities: [{{text: …, label: …}}]}}")  # noqa: TRY004
        pairs = [(str(one.get("text")), str(one.get("label"))) for one in entities if isinstance(one, dict)]
        check_known(f"examples.{i}", "label", [label for _, label in pairs], self.labels)
        missing = located(example["text"], pairs)[1]
        if missing:
            raise ValueError(f"examples.{i}: `{missing[0]}` does not stand in its text")

    def own_values(self) -> dict[str, list[str]]:
        """See `Celled.own_values`."""
        return {PROFILE: list(self._profiles)}

    def own_axes(self) -> list[Axis]:
        """See `Celled.own_axes`."""
        return [Axis.of(PROFILE, {profile: Fraction(count) for profile, count in self._profiles.items()})]

    def columns(self) -> list[str]:
        """See `Generator.columns`."""
        return ["text", "spans", *self.axes]

    def cell_values(self, record: Record) -> Mapping[str, Any]:
        """See `Generator.cell_values`."""
        return {**record.values, PROFILE: self._named([span.label for span in record.spans])}

    def asked(self, cell: dict[str, str]) -> dict[str, str]:
        """See `Celled.asked`."""
        return {axis: value for axis, value in super().asked(cell).items() if axis != PROFILE}

    def fields(self) -> Mapping[str, Any]:
        """See `Asking.fields`."""
        entities = {"type": "array", "items": entity_of(self.labels), "minItems": 1, "maxItems": 20}
        return {"text": TEXT, "entities": entities}

    def shape(self, attempt: Attempt) -> str:
        """See `Asking.shape`."""
        labels = attempt.cell[PROFILE].split(JOINED)
        return orjson.dumps({"text": "…", "entities": [{"text": "…", "label": label} for label in labels]}).decode()

    def shown(self, example: Any) -> str:
        """See `Asking.shown`."""
        return orjson.dumps({"text": example["text"], "entities": example["entities"]}).decode()

    def variables(self, attempt: Attempt) -> dict[str, Any]:
        """See `Asking.variables`."""
        given = [self._given(attempt, slot) for slot in range(attempt.n)]
        counted = Counter(attempt.cell[PROFILE].split(JOINED))
        return {
            "labels": listed(self.labels),
            "profile": " and ".join(f"{count} {label}" for label, count in counted.items()),
            "given": ["; ".join(f"{label} “{name}”" for name, label in one) for one in given] if any(given) else [],
        }

    def own_variables(self) -> tuple[str, ...]:
        """See `Asking.own_variables`."""
        return ("labels", "profile", "given")

    def record(self, item: dict[str, Any], slot: int, context: Context) -> Outcome:
        """See `Asking.record`."""
        text, entities = item.get("text"), item.get("entities")
        if not isinstance(text, str) or not text.strip() or not isinstance(entities, list):
            return Failure("unparseable", "an item has no text or no entities")
        pairs = [(str(one.get("text", "")), str(one.get("label"))) for one in entities if isinstance(one, dict)]
        pairs = [*self._given(context.attempt, slot), *((name, label) for name, label in pairs if label in self.labels)]
        unlisted = self._unlisted(text, pairs)
        spans, missing = located(text, [*pairs, *unlisted])
        record = Record({"text": text, **self.asked(context.attempt.cell)}, tuple(spans))
        if missing:
            return Rejected(record, "not_located", f"`{missing[0]}` does not stand in the text as it is listed")
        found, wanted = self._named([span.label for span in spans]), context.attempt.cell[PROFILE]
        if found != wanted:
            named = {text[span.start : span.end]: span.label for span in spans}
            more = "".join(f"; `{name}` ({label}) is not listed" for name, label in unlisted if name in named)
            return Rejected(record, "other_entities", f"the text names {found or 'nothing'} and not {wanted}{more}")
        return record

    def _unlisted(self, text: str, listed: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Known names in a text that are not among the listed ones, with what they are."""
        names = dict(listed)
        found = ((name, label) for name, label in self._known.items() if name in text and name not in names)
        return [(name, label) for name, label in found if occurrences(text, name)]

    @cached_property
    def _known(self) -> dict[str, str]:
        """Names that the recipe has under a label. Those it has under several are of none, so no text may hold them
        unless the model says what they are there."""
        shown = [(str(one["text"]), str(one["label"])) for example in self.examples for one in example["entities"]]
        given = [(name, label) for label, names in self.values.items() if not isinstance(names, str) for name in names]
        labels: dict[str, dict[str, None]] = {}
        for name, label in (*given, *shown):
            labels.setdefault(name, {})[label] = None
        return {name: " or ".join(found) for name, found in labels.items()}

    def retries(self, reason: str) -> bool:
        """See `Generator.retries`."""
        return reason == "not_located" or super().retries(reason)

    def _given(self, attempt: Attempt, slot: int) -> list[tuple[str, str]]:
        """The names that are not the model's to choose, with their labels; no name twice in one text."""
        rng = seeded(attempt, f"names {slot}")
        given: list[tuple[str, str]] = []
        for label in attempt.cell[PROFILE].split(JOINED):
            source = self.values.get(label, "model")
            if source == "model":
                continue
            names = [name for name in _drawn(source, rng) if name not in dict(given)]
            given += [(names[0], label)] if names else []
        return given

    def _named(self, labels: Sequence[str]) -> str:
        """A profile's name: its labels in the order of the recipe."""
        order = {label: i for i, label in enumerate(self.labels)}
        return JOINED.join(sorted(labels, key=lambda label: order.get(label, len(order))))

    @cached_property
    def _profiles(self) -> dict[str, int]:
        """How many texts name which entities."""
        weights = self.mentions or dict.fromkeys(self.labels, 1.0)
        if any(JOINED in profile for profile in weights):
            shares = largest_remainder(self.count, [as_fraction(weight) for weight in weights.values()])
            found: Counter[str] = Counter()
            for profile, share in zip(weights, shares, strict=True):
                found[self._named(profile.split(JOINED))] += share
            return {profile: share for profile, share in found.items() if share}
        return self._spread(weights)

    def _spread(self, weights: Mapping[str, float]) -> dict[str, int]:
        """Texts with one mention and with two, so that the mentions in all come out as weighed."""
        totals = largest_remainder(self.count + self.count // 2, [as_fraction(weight) for weight in weights.values()])
        found: Counter[str] = Counter()
        for labels, texts in spread(self.count, dict(zip(weights, totals, strict=True))).items():
            found[self._named(labels)] += texts
        return dict(found)


def _drawn(source: Any, rng: Any) -> list[str]:
    """A few names from a source, in random order."""
    if isinstance(source, str):
        faker = Faker(faker=source.removeprefix("faker:"))
        return [str(faker.draw(rng, {})) for _ in range(4)]
    return [str(name) for name in rng.sample(list(source), len(source))]
