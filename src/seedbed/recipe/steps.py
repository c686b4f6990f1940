"""The steps of a recipe: generators that make records, of files or of a step before, and such that add columns."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from itertools import count as counting
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, SerializeAsAny, ValidationError

from seedbed.checks.catalog import checks as check_kinds
from seedbed.checks.duplicates import Duplicate
from seedbed.core.errors import nearest
from seedbed.core.fields import FieldError, at
from seedbed.core.part import Check, Generator, Name, Settings, Share, Whole, shaped
from seedbed.core.parts import part_document, part_of
from seedbed.core.template import marked, unmarked, variables_in
from seedbed.generators.catalog import generators as generator_kinds
from seedbed.generators.inputs import Over
from seedbed.generators.prompt import BUILTINS

from .sampling import Temperature, TopP, weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from seedbed.core.fields import FieldPath

NAME = (r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", "must begin with a letter or digit and hold only those, `.`, `_` and `-`")
WORKS_ON = ("inputs", "seeds", "documents")
"""Fields that name what a generator works on."""

AS_THEY_ARE = ("kind", "schema", "model", "keys")
"""Fields of an `add` whose texts are no prompts."""


def _renamed(value: Any) -> Any:
    """`as: answer` renames the main column, whatever it is called."""
    return {"": value} if isinstance(value, str) else value


class Step(Settings):
    """One step of a recipe.

    `generator` makes records: of nothing, of files, or of the accepted records of a step before (whose name stands
    where a file's would). `add` adds the columns of a generator to every record of the step before it; in its texts
    the columns there are already are {variables}. `as` renames what it adds: a name for its main column, or
    column → name. `model`, `temperature`, `top_p` and `max_tokens` hold for this step instead of the recipe's.
    """

    name: Annotated[str, shaped(*NAME)]
    generator: SerializeAsAny[Generator] | None = None
    add: SerializeAsAny[Generator] | None = None
    as_: Annotated[dict[str, Name], BeforeValidator(_renamed), Field(alias="as")] = {}
    model: Annotated[dict[Name, Share] | None, BeforeValidator(lambda value: value and weights(value))] = None
    temperature: Temperature = None
    top_p: TopP = None
    max_tokens: Whole | None = None
    checks: tuple[SerializeAsAny[Check], ...] = ()

    @property
    def part(self) -> Generator:
        """Its generator, whatever it is for."""
        part = self.generator or self.add
        assert part is not None
        return part

    def named(self, column: str) -> str:
        """What a column of its generator is called in the records."""
        main = self.part.text_columns()[0]
        return self.as_.get(column) or (self.as_.get("") if column == main else None) or column

    def added(self) -> list[str]:
        """The columns it adds, under the names they have then."""
        return [self.named(column) for column in self.part.added_columns()]

    def document(self) -> dict[str, Any]:
        """The step as plain data."""
        plain = self.model_dump(mode="json", exclude_defaults=True, by_alias=True)
        if self.generator:
            plain["generator"] = part_document(self.generator)
        if self.add:
            made = _over_texts(part_document(self.add), unmarked)
            plain["add"] = {name: value for name, value in made.items() if name not in ("count", "inputs")}
        if "" in self.as_:
            plain["as"] = self.as_[""]
        if self.checks:
            plain["checks"] = [part_document(check) for check in self.checks]
        return plain


def steps_of(entries: Any) -> tuple[Step, ...]:
    """The steps of a document.

    Raises:
        FieldError: names the first field that is wrong.
    """
    if not isinstance(entries, list | tuple) or not entries:
        raise FieldError(("steps",), "must be a list of steps", "Each has a `generator`, or an `add`.")
    plain = [_Entry(entry, i) for i, entry in enumerate(entries)]
    _name(plain)
    found: list[Step] = []
    for entry in plain:
        found.append(entry.step(found, plain))
    return tuple(found)


class _Entry:
    """A step as it is written, on its way to a `Step`."""

    def __init__(self, entry: Any, place: int) -> None:
        self.path: FieldPath = ("steps", place)
        if isinstance(entry, Step):
            entry = entry.document()
        if not isinstance(entry, Mapping):
            raise FieldError(self.path, "must be a mapping of fields", "It has a `generator`, or an `add`.")
        self.fields = dict(entry)
        known = [field.alias or name for name, field in Step.model_fields.items()]
        unknown = next((name for name in self.fields if name not in known), None)
        if unknown is not None:
            raise FieldError((*self.path, unknown), "there is no such field", nearest(str(unknown), known))
        given = [name for name in ("generator", "add") if self.fields.get(name) is not None]
        if len(given) != 1:
            problem = "has both a `generator` and an `add`" if given else "has no `generator` and no `add`"
            raise FieldError(self.path, problem, "A step either makes records or adds columns to them.")
        self.verb = given[0]
        part = self.fields[self.verb]
        self.part: dict[str, Any] = _plain(part, (*self.path, self.verb))
        with at(*self.path, self.verb, "kind"):
            self.kind: type[Generator] = generator_kinds.get(self.part["kind"])
        self.name = str(self.fields.get("name") or "")

    @property
    def makes(self) -> bool:
        return self.verb == "generator"

    def step(self, before: Sequence[Step], all_entries: Sequence[_Entry]) -> Step:
        """The step; those before it are whole already.

        Raises:
            FieldError: names the first field that is wrong.
        """
        fields = {**self.fields, "name": self.name}
        fields[self.verb] = self._maker(before, all_entries) if self.makes else self._addition(before)
        fields["checks"] = checks_of(self.fields.get("checks"), self.path)
        try:
            step = Step.model_validate(fields)
        except ValidationError as error:
            raise FieldError.of(error, self.path, Step) from error
        self._check_columns(step, before)
        return step

    def _maker(self, before: Sequence[Step], all_entries: Sequence[_Entry]) -> Generator:
        part = dict(self.part)
        makers = {step.name: i for i, step in enumerate(before) if step.generator}
        if issubclass(self.kind, Over) and makers and not part.get("inputs"):
            part["inputs"] = list(makers)[-1]
        self._check_names(part, before, all_entries)
        source = next((name for field in WORKS_ON for name in _names(part.get(field)) if name in makers), None)
        if source is not None and issubclass(self.kind, Over):
            self._take_over(part, columns_after(before, makers[source]))
        if part.get("count") is None and self.kind.model_fields["count"].is_required():
            part["count"] = self._follows(all_entries)
        made: Generator = part_of(generator_kinds, part, (*self.path, self.verb))
        return made

    def _take_over(self, part: dict[str, Any], columns: list[str]) -> None:
        """What is made of a step's records keeps their columns, unless it says which."""
        worked_on = part.get("column", "text")
        if worked_on not in columns:
            raise FieldError((*self.path, self.verb, "column"), f"there is no column `{worked_on}`", _has(columns))
        own = self.kind.reserved | {worked_on}
        part.setdefault("keep", [name for name in columns if name not in own])
        missing = [name for name in _names(part["keep"]) if name not in columns]
        if missing:
            raise FieldError((*self.path, self.verb, "keep"), f"there is no column `{missing[0]}`", _has(columns))

    def _follows(self, all_entries: Sequence[_Entry]) -> int:
        """How many are needed by the step that works on these."""
        for other in all_entries:
            if self.name in _names(other.part.get("inputs")) and isinstance(other.part.get("count"), int):
                return int(-(-other.part["count"] // max(1, other.part.get("per_input") or 1)))
        raise FieldError((*self.path, self.verb, "count"), "is missing")

    def _check_names(self, part: dict[str, Any], before: Sequence[Step], all_entries: Sequence[_Entry]) -> None:
        """A step's name stands alone, and for one that comes before and makes records."""
        known = {entry.name for entry in all_entries}
        makers = [step.name for step in before if step.generator]
        for field in WORKS_ON:
            names = _names(part.get(field))
            steps = [name for name in names if name in known]
            if not steps:
                continue
            path = (*self.path, self.verb, field)
            if len(names) > 1:
                raise FieldError(path, f"`{steps[0]}` is a step and must stand alone")
            if steps[0] not in makers:
                raise FieldError(path, f"`{steps[0]}` is no step before this one that makes records", _has(makers))

    def _addition(self, before: Sequence[Step]) -> Generator:
        path = (*self.path, self.verb)
        if not before:
            hint = "Begin with a `generator`; `kind: rows` takes the rows of a file as they are."
            raise FieldError(path, "there is no step before it whose records it could add to", hint)
        if not self.kind.adds:
            raise FieldError((*path, "kind"), f"`{self.kind.kind}` makes records of its own", "Use `generator:`.")
        for name in ("count", "inputs", "per_input", "keep", "items_per_call"):
            if name in self.part:
                raise FieldError((*path, name), "does not go with `add`, which works on every record once")
        columns = columns_after(before, len(before) - 1)
        part = _over_texts(self.part, lambda text: marked(text, columns))
        self._check_variables(part, columns)
        if issubclass(self.kind, Over):
            part["inputs"] = before[-1].name
            if part.get("column", "text") not in columns:
                problem = f"there is no column `{part.get('column', 'text')}`"
                raise FieldError((*path, "column"), problem, _has(columns))
        elif part == self.part:
            hint = f"Name one where it belongs, such as {{{columns[0]}}}. {_has(columns)}"
            raise FieldError(path, "its texts name no column of the records", hint)
        if self.kind.model_fields["count"].is_required():
            part["count"] = 1
        made: Generator = part_of(generator_kinds, part, path)
        if made.quota_axes():
            problem = f"`{made.quota_axes()[0].name}` is an axis; how many there are of each is for the step that makes"
            raise FieldError(path, f"{problem} the records", "Use `attributes` for what only varies the prompt.")
        return made

    def _check_variables(self, part: dict[str, Any], columns: list[str]) -> None:
        """A variable that is nearly a column is a slip, also where any brace may stand in a text."""
        for name in variables_in(str(part.get("prompt") or "")):
            if get_close_matches(name, columns, n=1, cutoff=0.5) and name not in BUILTINS:
                path = (*self.path, self.verb, "prompt")
                raise FieldError(path, f"there is no column `{name}`", nearest(name, columns))

    def _check_columns(self, step: Step, before: Sequence[Step]) -> None:
        """What is renamed is there, what is added is new, what checks look at exists."""
        own = step.part.columns()
        for column in step.as_:
            if column and column not in own:
                raise FieldError((*self.path, "as", column), f"there is no column `{column}`", nearest(column, own))
        if step.as_ and step.generator:
            raise FieldError((*self.path, "as"), "goes with `add` only")
        columns = columns_after(before, len(before) - 1) if step.add else []
        for column in step.added() if step.add else ():
            if column in columns:
                hint = f"Give it another name: as: {{{column}: …}}"
                raise FieldError((*self.path, self.verb), f"the records have a column `{column}` already", hint)
        for i, check in enumerate(step.checks):
            if step.add and isinstance(check, Duplicate):
                problem = f"`{check.kind}` compares records, which are compared before columns are added to them"
                raise FieldError((*self.path, "checks", i), problem, "Move it into the step that makes the records.")
            known = [*columns, *(step.added() if step.add else own)]
            name = getattr(check, "column", None)
            if isinstance(name, str) and name not in known:
                problem = f"there is no column `{name}`"
                raise FieldError((*self.path, "checks", i, "column"), problem, nearest(name, known))


def columns_after(steps: Sequence[Step], place: int) -> list[str]:
    """The columns that the records have after the step at a place."""
    first = max(i for i in range(place + 1) if steps[i].generator)
    last = next((i for i in range(place + 1, len(steps)) if steps[i].generator), len(steps))
    columns = list(steps[first].part.columns())
    for step in steps[first + 1 : last]:
        columns += step.added()
    return columns


def checks_of(entries: Any, path: FieldPath) -> tuple[Check, ...]:
    """The checks of a list in a document.

    Raises:
        FieldError: names the first field that is wrong.
    """
    entries = entries or ()
    if not isinstance(entries, list | tuple):
        raise FieldError((*path, "checks"), "must be a list of checks")
    return tuple(
        entry if isinstance(entry, Check) else part_of(check_kinds, entry, (*path, "checks", i))
        for i, entry in enumerate(entries)
    )


def _over_texts(value: Any, change: Callable[[str], str]) -> Any:
    """A document in which every text of a prompt is changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list | tuple):
        return [_over_texts(one, change) for one in value]
    if isinstance(value, Mapping):
        return {name: one if name in AS_THEY_ARE else _over_texts(one, change) for name, one in value.items()}
    return value


def _plain(part: Any, path: FieldPath) -> dict[str, Any]:
    if isinstance(part, Generator):
        return part_document(part)
    if isinstance(part, str):
        return {"kind": part}
    if not isinstance(part, Mapping) or not isinstance(part.get("kind"), str):
        known = ", ".join(generator_kinds.names())
        raise FieldError(path, "needs a `kind`", f"Write it as {{kind: …, its settings}}. Known: {known}.")
    return dict(part)


def _name(entries: Sequence[_Entry]) -> None:
    """Steps without a name are called by their kind."""
    taken = {entry.name for entry in entries if entry.name}
    if len(taken) < sum(bool(entry.name) for entry in entries):
        names = [entry.name for entry in entries]
        doubled = next(i for i, name in enumerate(names) if name and name in names[:i])
        raise FieldError(("steps", doubled, "name"), f"there is a step `{names[doubled]}` already")
    for entry in entries:
        if not entry.name:
            kind = entry.part["kind"]
            entry.name = next(name for i in counting(1) if (name := kind if i == 1 else f"{kind}-{i}") not in taken)
            taken.add(entry.name)


def _names(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


def _has(names: Iterable[str]) -> str:
    listed = ", ".join(names)
    return f"There are: {listed}." if listed else ""
