"""A file of checks: a list of them, or `checks` with the model they ask and what else a recipe says of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, nearest
from seedbed.core.fields import FieldError

from ..recipe_file import Document, RecipeFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from seedbed.core.fields import FieldPath

CHECKS = "checks"
FIELDS = (
    CHECKS,
    "model",
    "connections",
    "budget",
    "prices",
    "fallback",
    "redact",
    "structured",
    "temperature",
    "top_p",
    "max_tokens",
    "extra",
    "seed",
)
"""Fields of a recipe that a file of checks may have."""

Given = Mapping[str, Any] | Sequence[Any] | str | Path


class ChecksFile(RecipeFile):
    """The text of a file of checks with its place, before validation."""

    noun = "checks"
    fields = "checks and the model they ask"
    hint = "The shortest one is a list such as: [truncated, {kind: length, min_words: 4}]"

    def shaped(self, document: Any) -> Document:
        """See `RecipeFile.shaped`; a mere list is the checks."""
        self._bare = isinstance(document, list)
        if not self._bare and not isinstance(document, dict):
            raise InputError(f"{self.name}: there are no checks in it.", self.hint)
        return {CHECKS: document} if self._bare else super().shaped(document)

    def place(self, path: FieldPath) -> str:
        """See `RecipeFile.place`."""
        return super().place(path[1:] if self._bare and path[:1] == (CHECKS,) else path)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Checks, by whatever way they were given; fields found wrong inside `located` are named with file and line."""

    fields: Mapping[str, Any]
    folder: Path
    located: Callable[[], Any] = nullcontext

    @classmethod
    def of(cls, given: Given, changes: Sequence[tuple[str, Any, str]] = ()) -> Wanted:
        """Those of a file, a document or a list.

        Args:
            given: which.
            changes: fields by their dotted paths, their values, and who says so.

        Raises:
            InputError: the file cannot be read, it has no checks, or a field that it may not have.
        """
        if isinstance(given, str | Path):
            file = ChecksFile.read(given)
            for change in changes:
                file.change(*change)
            with file.located():
                _check(file.document)
            return cls(file.document, file.folder, file.located)
        document = dict(given) if isinstance(given, Mapping) else {CHECKS: list(given)}
        for path, value, _ in changes:
            _set(document, path, value)
        _check(document)
        return cls(document, Path.cwd())

    def files(self) -> list[Path]:
        """Where files would be that the checks compare with; some may be datasets of the workspace."""
        checks = self.fields[CHECKS]
        given = [one.get("against") for one in checks if isinstance(one, Mapping)] if isinstance(checks, list) else []
        named = [name for one in given for name in ([one] if isinstance(one, str) else one or ())]
        return [self.folder / name for name in named if isinstance(name, str)]


def _set(document: dict[str, Any], path: str, value: Any) -> None:
    head, _, rest = path.partition(".")
    if rest:
        inner = document[head] = dict(document.get(head) or {})
        _set(inner, rest, value)
    else:
        document[head] = value


def _check(document: Mapping[str, Any]) -> None:
    """It has checks and what goes with them.

    Raises:
        FieldError: not so.
    """
    for name in document:
        if name not in FIELDS:
            raise FieldError((name,), "is no field of a file of checks", nearest(name, FIELDS))
    if not document.get(CHECKS):
        raise FieldError((CHECKS,), "is missing: there is nothing to check by", ChecksFile.hint)
