"""Attributes that are found when they are first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801 - used as a decorator
    """What a method answers, kept as an attribute of its object; `functools.cached_property` without its lock, which
    takes three times as long.
    """

    def __init__(self, find: Callable[[Any], T]) -> None:
        self._find = find
        self._name = find.__name__
        self.__doc__ = find.__doc__

    def __get__(self, instance: object, owner: object) -> T:
        found = self._find(instance)
        setattr(instance, self._name, found)
        return found
