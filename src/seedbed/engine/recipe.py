"""The saved document that says what is wanted: YAML = JSON = Python."""

from __future__ import annotations

import json
from inspect import isabstract
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    SerializeAsAny,
    ValidationError,
    field_validator,
    model_validator,
)

from seedbed.checks.catalog import checks as check_kinds
from seedbed.checks.duplicates import Duplicate, NearDuplicate
from seedbed.core.apportion import as_fraction
from seedbed.core.attempt import Sampling
from seedbed.core.connection import Connection
from seedbed.core.errors import nearest
from seedbed.core.fields import FieldError, at
from seedbed.core.part import Check, Generator, Part, Positive, Settings, Share, Whole, shaped
from seedbed.core.quota import Axis, Quota
from seedbed.generators.catalog import generators as generator_kinds
from seedbed.generators.template import TemplateGenerator

from .budget import Limits
from .plan import StopRules
from .steering import SamplingRange

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from seedbed.core.fields import FieldPath
    from seedbed.core.record import Record
    from seedbed.core.registry import Registry

NOT_IN_FINGERPRINT = ("budget", "stop_rules", "connections", "output", "fallback", "prices", "retry_with_feedback")
"""Fields that may change while a run is unfinished: they change how it is made, not what."""

NAME = (
    r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}",
    "must begin with a letter or digit and hold only those, `.`, `_` and `-`, 80 at most",
)
DEFAULT_TEMPERATURE = (0.7, 1.0)
DEFAULT_MAX_TOKENS = 1024
PRESETS: dict[str, dict[str, Any]] = {
    "quality": {"temperature": 0.7, "top_p": 0.95},
    "fast": {"temperature": 0.8, "max_tokens": 300},
    "creative": {"temperature": (0.9, 1.2), "top_p": 0.98},
}


def _temperature(value: Any) -> Any:
    """A number, or a range as a tuple."""
    numbers = list(value) if isinstance(value, list | tuple) else [value]
    fine = all(isinstance(one, int | float) and not isinstance(one, bool) and 0 <= one <= 2 for one in numbers)
    if value is not None and (not fine or len(numbers) != (2 if isinstance(value, list | tuple) else 1)):
        raise ValueError("must be a number from 0 to 2, or a range of two such as [0.7, 1.1]")
    if len(numbers) == 2 and numbers[0] > numbers[1]:
        raise ValueError("the range must go from the lower to the higher temperature")
    return tuple(numbers) if isinstance(value, list | tuple) else value


def _plain_json(value: Any) -> Any:
    """As it will be sent: keys are texts."""
    try:
        return json.loads(json.dumps(value))
    except (TypeError, ValueError) as error:
        raise ValueError("must be something JSON can hold") from error


def _on_off(value: Any) -> bool:
    known = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}
    if str(value).lower() not in known:
        raise ValueError("must be on or off")
    return known[str(value).lower()]


def _weights(value: Any) -> Any:
    """`model: a` and `model: [a, b]` as weights."""
    names = [value] if isinstance(value, str) else value
    if isinstance(names, list | tuple) and all(isinstance(name, str) for name in names):
        return dict.fromkeys(names, 1.0)
    if isinstance(value, dict):
        return value
    raise ValueError("must be a name such as connection:model, a list of names, or a mapping of names to weights")


Temperature = Annotated[float | tuple[float, float] | None, BeforeValidator(_temperature)]
TopP = Annotated[float, Field(gt=0, le=1)] | None
Plain = Annotated[dict[str, Any], BeforeValidator(_plain_json)]


class Into(Settings):
    """An existing file or dataset whose texts count as known. With `top_up` its records also count in the cells."""

    dataset: Annotated[str, Field(min_length=1)]
    top_up: bool = False


class Budget(Settings):
    """The most a run may take: US dollars, tokens, calls (HTTP requests), minutes of working time."""

    cost: Positive | None = None
    tokens: Whole | None = None
    calls: Whole | None = None
    minutes: Positive | None = None


class Stops(Settings):
    """When a cell is given up; see `plan.StopRules`."""

    fruitless: Whole = 500
    attempts_per_record: Whole = 200


class PriceOf(Settings):
    """US dollars for a million tokens."""

    input: Share
    output: Share


class Parameters(Settings):
    """What a template says of models and sampling, for recipes that do not; other names go to the provider."""

    model_config = ConfigDict(frozen=True, extra="allow")

    model: Annotated[dict[str, Share] | None, BeforeValidator(lambda value: value and _weights(value))] = None
    temperature: Temperature = None
    top_p: TopP = None
    max_tokens: Whole | None = None
    stop: tuple[str, ...] = ()
    extra: Plain = {}

    @staticmethod
    def of(generator: Generator) -> Parameters:
        """Those of a generator, or of the one it is put around.

        Raises:
            FieldError: names the first one that is wrong.
        """
        path: tuple[str, ...] = ("generator",)
        while isinstance(inner := getattr(generator, "generator", None), Generator):
            generator, path = inner, (*path, "generator")
        given = generator.parameters if isinstance(generator, TemplateGenerator) else generator.preferred
        try:
            return Parameters.model_validate(given)
        except ValidationError as error:
            raise FieldError.of(error, (*path, "parameters"), Parameters) from error

    def others(self) -> dict[str, Any]:
        """What goes to the provider as it is."""
        return {**(self.model_extra or {}), **self.extra}


class Recipe(Settings):
    """What is wanted, of whom, under which rules.

    `Recipe.of` makes one from a plain document, with errors that name the field; `Recipe(...)` takes parts as objects.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, hide_input_in_errors=True)

    name: Annotated[str, shaped(*NAME)]
    model: Annotated[dict[Annotated[str, Field(min_length=1)], Share], BeforeValidator(_weights), Field(min_length=1)]
    connections: dict[str, Connection] = {}
    temperature: Temperature = None
    top_p: TopP = None
    max_tokens: Whole | None = None
    stop: tuple[str, ...] = ()
    extra: Plain = {}
    preset: Literal["quality", "fast", "creative"] | None = None
    structured: Literal["auto", "always", "never"] = "auto"
    generator: SerializeAsAny[Generator]
    into: Into | None = None
    checks: tuple[SerializeAsAny[Check], ...] = ()
    near_duplicate: Annotated[bool, BeforeValidator(_on_off)] = True
    steering: Annotated[bool, BeforeValidator(_on_off)] = True
    retry_with_feedback: bool = False
    stop_rules: Stops = Stops()
    fallback: str | None = None
    budget: Budget = Budget()
    prices: dict[str, PriceOf] = {}
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    output: str | None = None

    @field_validator("model")
    @classmethod
    def _some_weight(cls, model: dict[str, float]) -> dict[str, float]:
        if not any(model.values()):
            raise ValueError("all weights are zero")
        return {name: weight for name, weight in model.items() if weight}

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """A recipe from a plain document, as YAML or JSON gives it.

        Raises:
            FieldError: names the first field that is wrong.
        """
        fields = dict(document)
        if not isinstance(fields.get("generator"), Generator):
            fields["generator"] = part_of(generator_kinds, fields.get("generator"), ("generator",))
        if fields.get("model") is None and (model := Parameters.of(fields["generator"]).model):
            fields["model"] = model
        entries = fields.get("checks") or ()
        if not isinstance(entries, list | tuple):
            raise FieldError(("checks",), "must be a list of checks")
        fields["checks"] = tuple(
            entry if isinstance(entry, Check) else part_of(check_kinds, entry, ("checks", i))
            for i, entry in enumerate(entries)
        )
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            raise FieldError.of(error, (), cls) from error

    def document(self) -> dict[str, Any]:
        """The recipe as plain data; `Recipe.of` makes an equal one from it."""
        plain = self.model_dump(mode="json", exclude_defaults=True)
        plain["generator"] = _part_document(self.generator)
        if self.checks:
            plain["checks"] = [_part_document(check) for check in self.checks]
        return plain

    def fingerprint(self) -> dict[str, Any]:
        """What makes two recipes ask for the same."""
        return {name: value for name, value in self.document().items() if name not in NOT_IN_FINGERPRINT}

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Rules between fields."""
        Parameters.of(self.generator)
        self._check_columns()
        self._check_once()
        ratios = getattr(self.generator, "ratios", {}).get("model")
        if ratios is not None:
            self._check_shares(ratios)
        return self

    def _check_columns(self) -> None:
        """Whoever looks at a column looks at one that will be there."""
        named: list[tuple[FieldPath, Any]] = [
            (("checks", i, "column"), getattr(check, "column", None)) for i, check in enumerate(self.checks)
        ]
        named += [(("generator", "unique_by", i), name) for i, name in enumerate(self.generator.unique_by or ())]
        columns = self.columns()
        for path, name in named:
            if isinstance(name, str) and name not in columns:
                raise FieldError(path, f"there is no column `{name}`", nearest(name, columns))

    def _check_once(self) -> None:
        """The same columns are compared in one way only."""
        met = set()
        for i, check in enumerate(self.checks):
            if isinstance(check, Duplicate):
                compared = (check.kind, self.compared(check))
                if compared in met:
                    problem = f"`{check.kind}` can be given only once for the same column"
                    raise FieldError(("checks", i), problem, "Make one of the two, or name another `column`.")
                met.add(compared)

    def _check_shares(self, ratios: Mapping[str, float]) -> None:
        path = ("generator", "ratios", "model")
        for name in ratios:
            if name not in self.model:
                raise FieldError(path, f"there is no model `{name}`", nearest(name, self.model))
        if not any(ratios.get(name, 1) for name in self.model):
            raise FieldError(path, "all weights are zero")
        if self.fallback:
            problem = "does not go with exact shares per model (`ratios: {model: …}`)"
            raise FieldError(("fallback",), problem, "Remove one of them.")

    def quota(self, inputs: Mapping[str, Sequence[Record]] | None = None) -> Quota:
        """The cells and how many records each is to hold; `inputs` are what its generator works on.

        Raises:
            InputError: the inputs cannot be used.
        """
        axes = self.generator.quota_axes()
        ratios = getattr(self.generator, "ratios", {}).get("model")
        if ratios is not None:
            axes.append(Axis.of("model", {name: as_fraction(ratios.get(name, 1)) for name in self.model}))
        return self.generator.cells(self.generator.target(inputs or {}), axes)

    def sampling(self) -> SamplingRange:
        """Temperature range and the rest: the recipe's, else the preset's, else those of its template."""
        preset, own = PRESETS.get(self.preset or "", {}), Parameters.of(self.generator)
        said = (self.temperature, preset.get("temperature"), own.temperature, DEFAULT_TEMPERATURE)
        temperature = next(value for value in said if value is not None)
        low, high = temperature if isinstance(temperature, tuple) else (temperature, temperature)
        top_p = self.top_p or preset.get("top_p") or own.top_p
        max_tokens = self.max_tokens or preset.get("max_tokens") or own.max_tokens or DEFAULT_MAX_TOKENS
        extra = {**own.others(), **self.extra}
        return SamplingRange(Sampling(low, top_p, max_tokens, self.stop or own.stop, extra), low, high)

    def limits(self) -> Limits:
        """The budget."""
        return Limits(self.budget.cost, self.budget.tokens, self.budget.calls, self.budget.minutes)

    def stops(self) -> StopRules:
        """The stop rules."""
        return StopRules(self.stop_rules.fruitless, self.stop_rules.attempts_per_record)

    def duplicates(self) -> NearDuplicate:
        """The settings of near-duplicate admission: by what makes two records the same."""
        near = (check for check in self.checks if isinstance(check, NearDuplicate))
        own = (check for check in near if self.compared(check) == self.generator.identity())
        return next(own, NearDuplicate())

    def compared(self, check: Duplicate) -> tuple[str, ...]:
        """The columns that a check compares: its own, or those that make two records the same."""
        return (check.column,) if check.column else self.generator.identity()

    def columns(self) -> list[str]:
        """The columns of the output, in order."""
        return [*self.generator.columns(), "model"]


def part_of(registry: Registry[Any], entry: Any, path: tuple[str | int, ...]) -> Any:
    """A part from its document `{kind: …, …}` or from its bare name.

    Raises:
        FieldError: unknown kind, or a field that is wrong.
    """
    if isinstance(entry, str):
        entry = {"kind": entry}
    if entry is None:
        raise FieldError(path, "is missing")
    if not isinstance(entry, dict) or not isinstance(entry.get("kind"), str):
        known = ", ".join(registry.names())
        raise FieldError(path, "needs a `kind`", f"Write it as {{kind: …, its settings}}. Known: {known}.")
    with at(*path, "kind"):
        part: type[Part] = registry.get(entry["kind"])
    if not (isinstance(part, type) and issubclass(part, Part)) or isabstract(part):
        problem = f"`{entry['kind']}` is registered as a class that is no whole {registry.noun}"
        raise FieldError((*path, "kind"), problem, "It needs its method, and the base class that declares it.")
    try:
        return part.model_validate({name: value for name, value in entry.items() if name != "kind"})
    except ValidationError as error:
        raise FieldError.of(error, path, part) from error


def _part_document(part: Part) -> dict[str, Any]:
    return {"kind": part.kind, **part.model_dump(mode="json", exclude_defaults=True, by_alias=True)}
