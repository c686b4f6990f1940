"""The saved document that says what is wanted: YAML = JSON = Python."""

from __future__ import annotations

import json
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

from seedbed.core.apportion import as_fraction
from seedbed.core.attempt import Sampling, SamplingRange
from seedbed.core.connection import Connection, PriceOf
from seedbed.core.errors import nearest
from seedbed.core.fields import FieldError, at
from seedbed.core.part import Check, Generator, Positive, Settings, Share, Whole, shaped
from seedbed.core.parts import part_document, part_of
from seedbed.core.quota import Axis, Quota
from seedbed.generators.catalog import generators as generator_kinds
from seedbed.generators.template import TemplateGenerator

from .reporting import Reporting, reporting_of
from .sameness import Sameness
from .sampling import DEFAULT_MAX_TOKENS, DEFAULT_TEMPERATURE, PRESETS, Temperature, TopP, weights
from .staged import Steps
from .steps import checks_of, steps_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from seedbed.core.fields import FieldPath
    from seedbed.core.record import Record

    from .steps import Step

NOT_IN_FINGERPRINT = (
    "budget",
    "stop_rules",
    "connections",
    "output",
    "fallback",
    "prices",
    "retry_with_feedback",
    "report",
    "batch",
)
"""Fields that may change while a run is unfinished: they change how it is made, not what."""

NAME = (
    r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}",
    "must begin with a letter or digit and hold only those, `.`, `_` and `-`, 80 at most",
)


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
    """When a cell is given up; see `engine.plan.StopRules`."""

    fruitless: Whole = 500
    attempts_per_record: Whole = 200


class Parameters(Settings):
    """What a template says of models and sampling, for recipes that do not; other names go to the provider."""

    model_config = ConfigDict(frozen=True, extra="allow")

    model: Annotated[dict[str, Share] | None, BeforeValidator(lambda value: value and weights(value))] = None
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
    With `steps`, `generator` is made of them and the checks are theirs. With `batch` its models are asked in batches,
    where their providers have them: at half the price, within hours.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, hide_input_in_errors=True)

    name: Annotated[str, shaped(*NAME)]
    model: Annotated[dict[Annotated[str, Field(min_length=1)], Share], BeforeValidator(weights), Field(min_length=1)]
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
    redact: bool = False
    stop_rules: Stops = Stops()
    fallback: str | None = None
    batch: bool = False
    budget: Budget = Budget()
    prices: dict[str, PriceOf] = {}
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    output: str | None = None
    report: Reporting | None = None

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
        if fields.get("steps") is not None:
            _check_alone(fields)
            fields["generator"] = Steps(steps=steps_of(fields.pop("steps")))
        elif not isinstance(fields.get("generator"), Generator):
            fields["generator"] = part_of(generator_kinds, fields.get("generator"), ("generator",))
        if fields.get("model") is None and (model := Parameters.of(fields["generator"]).model):
            fields["model"] = model
        fields["checks"] = checks_of(fields.get("checks"), ())
        fields["report"] = reporting_of(fields.get("report"))
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            raise FieldError.of(error, (), cls) from error

    def document(self) -> dict[str, Any]:
        """The recipe as plain data; `Recipe.of` makes an equal one from it."""
        plain = self.model_dump(mode="json", exclude_defaults=True)
        if isinstance(self.generator, Steps):
            del plain["generator"]
            plain["steps"] = [step.document() for step in self.generator.steps]
        else:
            plain["generator"] = part_document(self.generator)
        if self.checks:
            plain["checks"] = [part_document(check) for check in self.checks]
        if self.report is not None:
            plain["report"] = self.report.document()
        return plain

    def fingerprint(self) -> dict[str, Any]:
        """What makes two recipes ask for the same."""
        return {name: value for name, value in self.document().items() if name not in NOT_IN_FINGERPRINT}

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Rules between fields."""
        Parameters.of(self.generator)
        for i, step in enumerate(self.steps):
            with at("steps", i):
                Parameters.of(step.part)
        self._check_columns()
        self.sameness()
        ratios = getattr(self.generator, "ratios", {}).get("model")
        if ratios is not None:
            self._check_shares(ratios)
        return self

    @property
    def steps(self) -> tuple[Step, ...]:
        """Its steps, none for a recipe with one generator."""
        return self.generator.steps if isinstance(self.generator, Steps) else ()

    def sameness(self) -> list[Sameness]:
        """By what its records are compared, step by step."""
        steps = self.generator
        if not isinstance(steps, Steps):
            return [Sameness.of("", steps, self.checked(), near=self.near_duplicate)]
        return [
            Sameness.of(
                stage.name,
                stage.part,
                [(("steps", stage.place, "checks", i), check) for i, check in enumerate(stage.maker.checks)],
                near=self.near_duplicate,
            )
            for stage in steps.stages
        ]

    def checked(self) -> list[tuple[FieldPath, Check]]:
        """All checks with the fields that name them."""
        found: list[tuple[FieldPath, Check]] = [(("checks", i), check) for i, check in enumerate(self.checks)]
        for place, step in enumerate(self.steps):
            found += [(("steps", place, "checks", i), check) for i, check in enumerate(step.checks)]
        return found

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

    def _check_shares(self, ratios: Mapping[str, float]) -> None:
        path = ("generator", "ratios", "model")
        if isinstance(self.generator, Steps):
            problem = "exact shares per model are for recipes with one generator"
            raise FieldError((*self.generator.last.path, *path[1:]), problem, "Give the step its `model` with weights.")
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
        return self.generator.quota(inputs or {}, axes)

    def sampling(self, step: Step | None = None) -> SamplingRange:
        """Temperature range and the rest: a step's, else the recipe's, else the preset's, else the generator's own."""
        preset, own = PRESETS.get(self.preset or "", {}), Parameters.of(step.part if step else self.generator)
        said = (step and step.temperature, self.temperature, preset.get("temperature"), own.temperature)
        temperature = next((value for value in said if value is not None), DEFAULT_TEMPERATURE)
        low, high = temperature if isinstance(temperature, tuple) else (temperature, temperature)
        top_p = (step and step.top_p) or self.top_p or preset.get("top_p") or own.top_p
        most = (step and step.max_tokens) or self.max_tokens or preset.get("max_tokens")
        max_tokens = most or own.max_tokens or DEFAULT_MAX_TOKENS
        extra = {**own.others(), **self.extra}
        return SamplingRange(Sampling(low, top_p, max_tokens, self.stop or own.stop, extra), low, high)

    def columns(self) -> list[str]:
        """The columns of the output, in order."""
        return [*dict.fromkeys([*self.generator.columns(), "model"])]


def _check_alone(fields: Mapping[str, Any]) -> None:
    """With steps there is no other generator, and every check belongs to one of them.

    Raises:
        FieldError: there is.
    """
    if fields.get("generator") is not None:
        raise FieldError(("generator",), "does not go with `steps`", "Make it the first of the steps.")
    if fields.get("checks"):
        raise FieldError(("checks",), "belong to a step where there are `steps`", "Move them into the one they check.")
