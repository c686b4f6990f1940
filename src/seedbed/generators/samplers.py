"""Values that are drawn and not written: categories, numbers, dates, identifiers, names."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import ceil, floor
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, TypeAdapter, model_validator

from seedbed.core.errors import InputError, MissingExtra, nearest
from seedbed.core.expressions import BadExpression, Expression
from seedbed.core.part import Sequenced, Settings, Share

from .cells import weighted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random
    from typing import Self


class Sampler(Settings, ABC):
    """Draws one value; `known` are the fields drawn before it."""

    @abstractmethod
    def draw(self, rng: Random, known: Mapping[str, Any]) -> Any:
        """The value."""


class Category(Sampler):
    """One of some values, by weight."""

    category: Annotated[dict[Any, Share], BeforeValidator(weighted), Field(min_length=1)]

    def draw(self, rng: Random, known: Mapping[str, Any]) -> Any:
        """See `Sampler.draw`."""
        return rng.choices(list(self.category), list(self.category.values()))[0]


class OneOf(Sampler):
    """One of some given values, each as likely."""

    one_of: Annotated[list[Any], Field(min_length=1)]

    def draw(self, rng: Random, known: Mapping[str, Any]) -> Any:
        """See `Sampler.draw`."""
        return rng.choice(self.one_of)


class NumberRange(Settings):
    """From `min` to `max`, both inclusive, with so many decimals; `normal` draws around `mean` within them."""

    min: float
    max: float
    decimals: Annotated[int, Field(ge=0, le=9)] = 0
    distribution: Literal["uniform", "normal"] = "uniform"
    mean: float | None = None
    deviation: Annotated[float, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            raise ValueError("min is larger than max")
        return self


def _as_range(value: Any) -> Any:
    return {"min": value[0], "max": value[1]} if isinstance(value, list | tuple) and len(value) == 2 else value


class Number(Sampler):
    """A number: `{min, max, decimals, distribution}` or `[min, max]`."""

    number: Annotated[NumberRange, BeforeValidator(_as_range)]

    def draw(self, rng: Random, known: Mapping[str, Any]) -> Any:
        """See `Sampler.draw`."""
        wanted = self.number
        if wanted.distribution == "uniform":
            found = rng.uniform(wanted.min, wanted.max)
        else:
            mean = (wanted.min + wanted.max) / 2 if wanted.mean is None else wanted.mean
            found = rng.gauss(mean, wanted.deviation or (wanted.max - wanted.min) / 6)
        if wanted.decimals:
            return round(min(max(found, wanted.min), wanted.max), wanted.decimals)
        low, high = ceil(wanted.min), floor(wanted.max)
        return rng.randint(low, high) if wanted.distribution == "uniform" else min(max(round(found), low), high)


class Days(Settings):
    """From one day to another, both inclusive, written as `format` says (as in strftime; ISO 8601 if not given)."""

    start: Annotated[date, Field(alias="from")]
    end: Annotated[date, Field(alias="to")]
    format: str | None = None


class Date(Sampler):
    """A day: `{from: 2024-01-01, to: 2024-12-31}`."""

    date: Days

    def draw(self, rng: Random, known: Mapping[str, Any]) -> Any:
        """See `Sampler.draw`."""
        span = max(0, (self.date.end - self.date.start).days)
        day = self.date.start + timedelta(days=rng.randint(0, span))
        form = self.date.format
        return datetime(day.year, day.month, day.day).strftime(form) if form else day.isoformat()  # noqa: DTZ001


class Uuid(Sampler):
    """A random identifier (UUID version 4)."""

    uuid: Literal[4, True] = 4

    def draw(self, rng: Random, known: Mapping[str, Any]) -> Any:
        """See `Sampler.draw`."""
        return str(UUID(int=rng.getrandbits(128), version=4))


class Faker(Sampler):
    """What Faker calls `faker` (name, city, company, iban …), in a locale such as de_DE."""

    faker: str
    locale: str = "en_US"

    @model_validator(mode="after")
    def _known(self) -> Self:
        if not hasattr(_faker(self.locale), self.faker) or self.faker.startswith(("_", "seed", "add_")):
            known = [name for name in dir(_faker(self.locale)) if not name.startswith(("_", "add_", "seed"))]
            raise ValueError(f"Faker has no `{self.faker}`. {nearest(self.faker, known)}")
        return self

    def draw(self, rng: Random, known: Mapping[str, Any]) -> Any:
        """See `Sampler.draw`."""
        source = _faker(self.locale)
        source.seed_instance(rng.getrandbits(64))
        found = getattr(source, self.faker)()
        return found if isinstance(found, str | int | float | bool) else str(found)


@lru_cache(maxsize=16)
def _faker(locale: str) -> Any:
    try:
        import faker
    except ImportError as error:
        raise MissingExtra("The sampler `faker`", "samplers") from error
    try:
        return faker.Faker(locale)
    except AttributeError as error:
        raise ValueError(f"Faker has no locale `{locale}`") from error


class Counting(Settings):
    """`start`, `start + step` …; `format` puts the number into a text: "INV-{n:05d}"."""

    start: int = 1
    step: int = 1
    format: str = ""


class Sequence(Sampler):
    """Counts the accepted records; the number is given at admission."""

    sequence: Counting = Counting()

    def draw(self, rng: Random, known: Mapping[str, Any]) -> Any:
        """See `Sampler.draw`; a number of the right kind until the real one is known."""
        return self.counted().value(0)

    def counted(self) -> Sequenced:
        """How it counts."""
        return Sequenced(self.sequence.start, self.sequence.step, self.sequence.format)


class Given(Sampler):
    """Depends on what was drawn before: the first entry whose `when` holds; the last may have none."""

    conditions: Annotated[list[dict[str, Any]], Field(min_length=1)]

    @model_validator(mode="after")
    def _readable(self) -> Self:
        for entry in self.conditions:
            _condition(entry)
        return self

    def draw(self, rng: Random, known: Mapping[str, Any]) -> Any:
        """See `Sampler.draw`."""
        for entry in self.conditions:
            when, sampler = _condition(entry)
            if when is None or when.value(known):
                return sampler.draw(rng, known)
        return None


def _condition(entry: dict[str, Any]) -> tuple[Expression | None, Any]:
    rest = {name: value for name, value in entry.items() if name != "when"}
    try:
        return (Expression(str(entry["when"])) if "when" in entry else None), sampler_of(rest)
    except BadExpression as error:
        raise ValueError(str(error)) from error


KINDS: dict[str, type[Sampler]] = {
    "category": Category,
    "one_of": OneOf,
    "number": Number,
    "date": Date,
    "uuid": Uuid,
    "faker": Faker,
    "sequence": Sequence,
    "conditions": Given,
}


def sampler_of(value: Any) -> Any:
    """A sampler from its document: `{number: [1, 10]}`, `{faker: name, locale: de_DE}`, or a bare `uuid`.

    Raises:
        ValueError: it is none.
    """
    if isinstance(value, Sampler):
        return value
    document = {value: KINDS[value].model_fields[value].default} if isinstance(value, str) and value in KINDS else value
    if not isinstance(document, dict):
        raise ValueError(f"must be a sampler: one of {', '.join(KINDS)}")  # noqa: TRY004 - pydantic's
    found = next((KINDS[name] for name in document if name in KINDS), None)
    if found is None:
        raise ValueError(f"must be a sampler. {nearest(str(next(iter(document), '')), KINDS)}")
    try:
        return TypeAdapter(found).validate_python(document)
    except InputError as error:
        raise ValueError(f"{error.message} {error.hint}") from error
