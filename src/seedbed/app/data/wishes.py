"""What is wished of an augmentation or a test: a plan from a file, a document or options; its errors say where."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.augmentation.langtest_file import CATEGORIES, RATE, as_plan
from seedbed.augmentation.plan import Plan, ReadPlan
from seedbed.core.errors import InputError
from seedbed.core.fields import FieldError, dotted

from ..recipe_file import RecipeFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from seedbed.core.fields import FieldPath

Given = Plan | Mapping[str, Any] | Sequence[Any] | str | Path | None


class PlanFile(RecipeFile):
    """A plan's text with its place, before validation."""

    noun = "plan"
    fields = "fields such as transforms and mode"
    hint = "The shortest one is: {transforms: [{kind: add_typo, max_proportion: 0.3}]}"

    @contextmanager
    def located(self) -> Iterator[None]:
        """See `RecipeFile.located`; of a LangTest file it is its own field that is named."""
        with super().located():
            try:
                yield
            except FieldError as error:
                raise FieldError(_theirs(self.document, error.path), error.problem, error.hint) from error


@dataclass(frozen=True, slots=True)
class Wishes:
    """A plan, by whatever way it was given; fields found wrong inside `located` are named with file and line."""

    read: ReadPlan
    located: Callable[[], Any] = nullcontext

    @classmethod
    def of(cls, plan: Given | PlanFile, transforms: Sequence[tuple[str, float | None]] = (), **changes: Any) -> Wishes:
        """The plan of a file, a document or a list of transforms; with further `--transform`s, and fields changed.

        Raises:
            InputError: the file cannot be read, or a field is wrong.
        """
        changes = {name: value for name, value in changes.items() if value is not None}
        further = [name if share is None else {name: share} for name, share in transforms]
        if isinstance(plan, str | Path):
            plan = PlanFile.read(plan)
        file, document = (plan, plan.document) if isinstance(plan, PlanFile) else (None, _document(plan))
        own = document.get("transforms")
        first = len(own) if isinstance(own, list) else 0
        located = partial(_located, file, first, transforms, changes.keys())
        with located():
            return cls(ReadPlan.of(_with(document, further, changes)), located)


def _document(plan: Plan | Mapping[str, Any] | Sequence[Any] | None) -> Mapping[str, Any]:
    if isinstance(plan, Plan):
        return plan.document() | {"transforms": list(plan.transforms)}
    return plan if isinstance(plan, Mapping) else {} if plan is None else {"transforms": list(plan)}


def _with(document: Mapping[str, Any], further: list[Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(document)
    if "tests" in made and (further or set(changes) - {"seed", "columns", "mode"}):
        raise InputError("A LangTest file says itself which transforms there are.", "Write a plan with `transforms`.")
    if further:
        made["transforms"] = [*(made.get("transforms") or ()), *further]
    if "mode" in changes:
        made.pop("export_mode", None)
        if "tests" in made:
            made["parameters"] = {**(made.get("parameters") or {}), "style": changes["mode"]}
            changes = {name: value for name, value in changes.items() if name != "mode"}
    return {**made, **changes}


@contextmanager
def _located(
    file: PlanFile | None, first: int, options: Sequence[tuple[str, float | None]], changed: Collection[str]
) -> Iterator[None]:
    """Fields of the file are named with their lines, transforms from the `first` on with their options.

    Raises:
        InputError: instead of a `FieldError` of theirs.
    """
    with file.located() if file else nullcontext():
        try:
            yield
        except FieldError as error:
            head, number = (*error.path, None, None)[:2]
            if head == "transforms" and isinstance(number, int) and 0 <= number - first < len(options):
                raise InputError(_of_option(error, *options[number - first]), error.hint) from error
            if head in changed:
                raise InputError(error.message, error.hint) from error
            raise


def _of_option(error: FieldError, name: str, share: float | None) -> str:
    option = f"--transform {name}" if share is None else f"--transform {name}={share:g}"
    field = error.path[2:]
    told = field and field not in (("kind",), ("max_proportion",))
    return f"{option}: {dotted(field)}: {error.problem}" if told else f"{option}: {error.problem}"


def _theirs(document: Mapping[str, Any], path: FieldPath) -> FieldPath:
    """Where a LangTest file says what the plan made of it says in a field; any other document says it there."""
    if "tests" not in document:
        return path
    if path == (RATE,):
        return ("tests", "defaults", RATE)
    if path == ("mode",):
        return ("parameters", "style")
    if path[:1] != ("transforms",):
        return path
    tests = [
        ("tests", category, name)
        for category, several in document["tests"].items()
        for name, settings in (several.items() if category in CATEGORIES else ())
        for _ in range(_count(category, name, settings))
    ]
    return (*tests[int(path[1])], *path[2:])


def _count(category: str, name: str, settings: Any) -> int:
    """How many transforms a test of LangTest's becomes."""
    try:
        return len(as_plan({"tests": {category: {name: settings}}}, [])["transforms"])
    except FieldError:
        return 0
