"""Finds parts by their name: the built-in ones, those registered in code, and those of installed packages."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .errors import InputError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


T = TypeVar("T")


class Registry(Generic[T]):
    """Names of one port's implementations; a built-in one is imported when it is first asked for.

    Args:
        noun: what one entry is called in messages ("check").
        group: the entry-point group other packages use ("seedbed.checks").
        builtin: kind → "module:Class".
    """

    def __init__(self, noun: str, group: str, builtin: Mapping[str, str]) -> None:
        self.noun = noun
        self.group = group
        self._lazy = dict(builtin)
        self._known: dict[str, type[T]] = {}
        self._scanned = False

    def register(self, kind: str) -> Callable[[type[T]], type[T]]:
        """Class decorator: makes the class known as `kind`."""

        def remember(part: type[T]) -> type[T]:
            part.kind = kind  # type: ignore[attr-defined]
            self._known[kind] = part
            return part

        return remember

    def get(self, kind: str) -> type[T]:
        """The class registered as `kind`.

        Raises:
            InputError: nothing of that name is known; offers the nearest one.
        """
        if kind not in self._known and kind not in self._lazy:
            self._scan()
        if kind not in self._known:
            if kind not in self._lazy:
                raise InputError(f"There is no {self.noun} `{kind}`.", nearest(kind, self.names()))
            self._known[kind] = self._load(self._lazy[kind])
        return self._known[kind]

    def names(self) -> list[str]:
        """All known names, sorted."""
        self._scan()
        return sorted({*self._lazy, *self._known})

    def _scan(self) -> None:
        if not self._scanned:
            self._scanned = True
            for point in entry_points(group=self.group):
                self._lazy.setdefault(point.name, point.value)

    @staticmethod
    def _load(target: str) -> Any:
        module, _, name = target.partition(":")
        return getattr(import_module(module), name)
