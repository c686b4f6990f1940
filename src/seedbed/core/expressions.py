"""Rules of a recipe: safe expressions over a record's fields, evaluated by simpleeval (no code can run in them).

A field of a list's entries stands for all of them: `sum(items.quantity * items.price)` multiplies entry by entry.
Numbers are equal when they differ by less than a millionth.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from functools import cached_property
from math import isclose
from typing import TYPE_CHECKING, Any

from simpleeval import EvalWithCompoundTypes, InvalidExpression

if TYPE_CHECKING:
    from collections.abc import Mapping

Operation = Callable[[Any, Any], Any]


class BadExpression(ValueError):
    """The expression is none, or cannot be evaluated on this record."""


class Column(list[Any]):
    """The values of one field in all entries of a list."""

    def __getattr__(self, name: str) -> Column:
        if name.startswith("_"):
            raise AttributeError(name)
        return Column(_wrapped(entry[name]) for entry in self)


def _wrapped(value: Any) -> Any:
    if isinstance(value, list):
        return Column(_wrapped(entry) for entry in value)
    return {name: _wrapped(part) for name, part in value.items()} if isinstance(value, dict) else value


def _each(operation: Operation) -> Operation:
    """The operation entry by entry where one side is a column."""

    def apply(left: Any, right: Any) -> Any:
        if isinstance(left, Column) and isinstance(right, Column):
            return Column(operation(a, b) for a, b in zip(left, right, strict=True))
        if isinstance(left, Column):
            return Column(operation(a, right) for a in left)
        if isinstance(right, Column):
            return Column(operation(left, b) for b in right)
        return operation(left, right)

    return apply


def _equal(left: Any, right: Any) -> bool:
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in (left, right))
    return isclose(left, right, rel_tol=1e-9, abs_tol=1e-6) if numbers else bool(left == right)


_OPERATORS: dict[type[ast.AST], Any] = {
    ast.Add: _each(operator.add),
    ast.Sub: _each(operator.sub),
    ast.Mult: _each(operator.mul),
    ast.Div: _each(operator.truediv),
    ast.Mod: _each(operator.mod),
    ast.USub: operator.neg,
    ast.Not: operator.not_,
    ast.Eq: _each(_equal),
    ast.NotEq: _each(lambda left, right: not _equal(left, right)),
    ast.Gt: _each(operator.gt),
    ast.Lt: _each(operator.lt),
    ast.GtE: _each(operator.ge),
    ast.LtE: _each(operator.le),
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sum": sum,
    "min": min,
    "max": max,
    "len": len,
    "round": round,
    "abs": abs,
    "all": all,
    "any": any,
    "lower": lambda text: str(text).lower(),
    "starts_with": lambda text, start: str(text).startswith(start),
    "ends_with": lambda text, end: str(text).endswith(end),
    "str": str,
}


class Expression:
    """A compiled expression.

    Args:
        text: such as `total == sum(items.quantity * items.price)`.

    Raises:
        BadExpression: it cannot be read.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self._tree = ast.parse(text.strip(), mode="eval").body
        except SyntaxError as error:
            raise BadExpression(f"`{text}` is no expression: {error.msg}") from error

    @property
    def defines(self) -> tuple[str, ...] | None:
        """The path of the field that the expression defines, where it is of the form `field == …`."""
        tree = self._tree
        if isinstance(tree, ast.Compare) and len(tree.ops) == 1 and isinstance(tree.ops[0], ast.Eq):
            return _path(tree.left)
        return None

    @cached_property
    def names(self) -> frozenset[str]:
        """The top-level fields it looks at."""
        called = {id(node.func) for node in ast.walk(self._tree) if isinstance(node, ast.Call)}
        return frozenset(
            node.id for node in ast.walk(self._tree) if isinstance(node, ast.Name) and id(node) not in called
        )

    def value(self, fields: Mapping[str, Any]) -> Any:
        """Its value over a record's fields; of a column of truths, whether all hold.

        Raises:
            BadExpression: a field is missing or of the wrong kind.
        """
        found = self._evaluated(self._tree, fields)
        return all(found) if isinstance(found, Column) else found

    def defined(self, fields: Mapping[str, Any]) -> Any:
        """The value of what `defines` is to be equal to.

        Raises:
            BadExpression: as with `value`.
        """
        assert isinstance(self._tree, ast.Compare)
        found = self._evaluated(self._tree.comparators[0], fields)
        return round(found, 10) if isinstance(found, float) else found

    def _evaluated(self, tree: ast.expr, fields: Mapping[str, Any]) -> Any:
        names = {name: _wrapped(value) for name, value in fields.items()} | {"true": True, "false": False, "null": None}
        evaluator = EvalWithCompoundTypes(operators=_OPERATORS, functions=FUNCTIONS, names=names)
        try:
            return evaluator.eval(self.text, previously_parsed=tree)
        except (
            InvalidExpression,
            TypeError,
            ValueError,
            LookupError,
            ArithmeticError,
            AttributeError,
            MemoryError,
        ) as error:
            raise BadExpression(f"`{self.text}` cannot be evaluated: {error}") from error


def _path(node: ast.expr) -> tuple[str, ...] | None:
    if isinstance(node, ast.Name):
        return (node.id,)
    inner = _path(node.value) if isinstance(node, ast.Attribute) else None
    return (*inner, node.attr) if inner and isinstance(node, ast.Attribute) else None
