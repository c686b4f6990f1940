"""Where the values of slots come from: lists, Faker, a model, and the entities there are in data."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from seedbed.core.dice import stable_hash
from seedbed.core.errors import InputError
from seedbed.core.fields import FieldError, at
from seedbed.core.part import Settings
from seedbed.core.record import flat_text
from seedbed.formats.rows import to_row

from ..recipe_file import RecipeFile

if TYPE_CHECKING:
    from random import Random
    from typing import Self

    from seedbed.core.record import Record
    from seedbed.generators.samplers import Faker

WELL_KNOWN = {
    "per": "name",
    "person": "name",
    "name": "name",
    "first_name": "first_name",
    "last_name": "last_name",
    "loc": "city",
    "location": "city",
    "gpe": "city",
    "city": "city",
    "country": "country",
    "org": "company",
    "organization": "company",
    "organisation": "company",
    "company": "company",
    "job": "job",
    "date": "date",
    "time": "time",
    "email": "email",
    "phone": "phone_number",
    "address": "street_address",
    "street": "street_name",
    "url": "url",
    "iban": "iban",
    "color": "color_name",
    "language": "language_name",
}
"""Names of slots in small letters → what Faker calls such values, for `--faker`."""

FAKED = 200
"""Different values that are drawn from Faker where nobody says how many."""

MOST_ASKED = 1_000
"""Values that a model is asked for at most."""

TRIES = 20
"""Draws for each value wanted before Faker is believed to have no others."""

_BREAKS = re.compile(r"\s*[\t\r\n\f\v]\s*")
_NUMBERED = re.compile(r"(.+)_\d+")


class LexiconFile(RecipeFile):
    """A lexicon's text with its place, before validation."""

    noun = "lexicon"
    fields = "the names of slots, each with its values"
    hint = "For example: {JOB: [nurse, engineer], CITY: {faker: city, locale: de_DE}}"


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("must be a text; put it in quotes")  # noqa: TRY004 - pydantic's
    text = clean(str(value))
    if not text:
        raise ValueError("must be a text that is not empty and has no braces")
    return text


class Entry(Settings):
    """Where the values of one slot come from: one of `values`, `file`, `faker` or `model`.

    `file` has one value a line, `faker` is what Faker calls them, in a `locale`; of a `model` they are asked once, by
    an `instruction`. `count` is how many are wanted of the two. What is `plain` becomes no span.
    """

    values: Annotated[tuple[Annotated[str, BeforeValidator(_text)], ...], Field(min_length=1)] | None = None
    file: str | None = None
    faker: str | None = None
    locale: str = "en_US"
    model: str | None = None
    instruction: str = ""
    count: Annotated[int, Field(strict=True, ge=1, le=100_000)] | None = None
    plain: bool = False

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        sources = [name for name in ("values", "file", "faker", "model") if getattr(self, name) is not None]
        if len(sources) != 1:
            said = f"has both {' and '.join(sources)}" if sources else "says not where its values come from"
            raise ValueError(f"{said}; give one of values, file, faker and model")
        if self.model and not self.instruction:
            raise ValueError("instruction: is missing; say what the model is to list, such as `job titles`")
        if self.model is not None and (self.count or 0) > MOST_ASKED:
            raise ValueError(f"count: must be at most {MOST_ASKED:,} of a model")
        return self


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Where the values of slots come from; files of values are looked for in `folder`."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    folder: Path = field(default_factory=Path.cwd)
    file: LexiconFile | None = None

    @classmethod
    def of(cls, given: str | Path | Mapping[str, Any] | None) -> Lexicon:
        """The lexicon of a file or a mapping.

        Raises:
            InputError: it cannot be read, or an entry is wrong; names file, line and field.
        """
        if given is None or isinstance(given, Mapping):
            return cls(_entries(given or {}))
        file = LexiconFile.read(given)
        with file.located():
            return cls(_entries(file.document), file.folder, file)

    @contextmanager
    def at(self, name: str) -> Iterator[None]:
        """Whatever is found wrong inside, it is this entry that says so.

        Raises:
            InputError: instead of any other; names file and line, or the field of a mapping.
        """
        if self.file is None:
            with at("lexicon", name):
                yield
        else:
            with self.file.located(), at(name):
                yield


def _entries(document: Mapping[str, Any]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for name, entry in document.items():
        numbered = _NUMBERED.fullmatch(str(name))
        if numbered:
            hint = f"Slots such as {{{name}}} are filled from {numbered[1]}, each with another value."
            raise FieldError((name,), f"values stand under the name without a number: `{numbered[1]}`", hint)
        found[str(name)] = _entry(name, entry)
    return found


def _entry(name: str, given: Any) -> Entry:
    listed = not isinstance(given, Mapping)
    if listed and (isinstance(given, str) or not isinstance(given, Collection)):
        problem = "must be a list of values such as [a, b], or a mapping such as {faker: city}"
        raise FieldError((name,), problem, LexiconFile.hint)
    try:
        found = Entry.model_validate({"values": list(given)} if listed else given)
    except ValidationError as error:
        wrong = FieldError.of(error, (name,), Entry)
        path = (name, *wrong.path[2:]) if listed and wrong.path[1:2] == ("values",) else wrong.path
        raise FieldError(path, wrong.problem, wrong.hint) from error
    if found.faker is not None:
        try:
            faker(found.faker, found.locale)
        except InputError as error:
            raise FieldError((name, "faker"), error.message, error.hint) from error
    return found


def clean(text: str) -> str:
    """A value as it is filled in: on one line, without space around it; nothing if it has braces."""
    text = _BREAKS.sub(" ", text).strip()
    return "" if "{" in text or "}" in text else text


def listed_in(file: str, folder: Path) -> list[str]:
    """The lines of a file of values.

    Raises:
        InputError: it cannot be read, or holds none.
    """
    path = folder / file
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} cannot be read: it is no text.", "Save it as UTF-8.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", "It has one value a line.") from error
    found = [value for line in lines if (value := clean(line))]
    if not found:
        raise InputError(f"There are no values in {path}.", "It has one value a line.")
    return found


def faker(kind: str, locale: str) -> Faker:
    """What draws such values.

    Raises:
        InputError: Faker has no such values or locale, or is not installed.
    """
    from seedbed.generators.samplers import Faker

    try:
        return Faker(faker=kind, locale=locale)
    except ValidationError as error:
        found = FieldError.of(error, (), Faker)
        raise InputError(found.problem, found.advice) from error


def faked(source: Faker, count: int, seed: int, without: frozenset[str] = frozenset()) -> list[str]:
    """So many different values as Faker makes them, none with a word of `without`; fewer if it has no others.

    Raises:
        InputError: they cannot be drawn without settings, or are no texts to fill in.
    """
    from random import Random

    found: dict[str, None] = {}
    drawn = _drawn(source, Random(f"{seed} {source.faker} {source.locale}"))
    for one in islice(drawn, TRIES * count):
        if (value := clean(one)) and without.isdisjoint(value.split()):
            found[value] = None
        if len(found) == count:
            break
    if not found:
        raise InputError(f"Faker's `{source.faker}` makes no texts to fill in.", "Name another, such as company.")
    return list(found)


def _drawn(source: Faker, rng: Random) -> Iterator[str]:
    while True:
        try:
            yield str(source.draw(rng, {}))
        except (TypeError, ValueError, LookupError, AttributeError, ImportError) as error:
            hint = "Name one that needs no settings, such as name, city or company."
            raise InputError(f"Faker's `{source.faker}` cannot be drawn from.", hint) from error


def well_known(name: str, locale: str, seed: int) -> list[str]:
    """Faker's values for a slot of a well-known name; none for others."""
    kind = WELL_KNOWN.get(name.casefold())
    if kind is None:
        return []
    try:
        source = faker(kind, locale)
        titles = _titles(locale) if kind == "name" else frozenset()
        return faked(source, FAKED, stable_hash(seed, name), titles)
    except InputError as error:
        raise InputError(f"--faker {locale}: {error.message}", error.hint) from error


def _titles(locale: str) -> frozenset[str]:
    """What Faker puts before and behind names of people: "Dr.", "MD"; it belongs to no name."""
    from faker import Faker as Source

    person = Source(locale).factories[0].provider("faker.providers.person")
    lists = [getattr(person, name) for name in dir(person) if name.startswith(("prefixes", "suffixes"))]
    return frozenset(word for one in lists for title in one for word in str(title).split())


def mentions(records: Iterable[Record]) -> dict[str, list[str]]:
    """The entities that data have: label of spans → their different texts, in order."""
    found: dict[str, dict[str, None]] = {}
    for record in records:
        for span in record.spans:
            text = flat_text(to_row(record, [span.field])[0])
            if value := clean(text[span.start : span.end]):
                found.setdefault(span.label, {})[value] = None
    return {label: list(values) for label, values in found.items()}
