"""Does what a rule says hold? Is the code in a column Python?"""

from __future__ import annotations

import ast
import warnings
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator, Field

from seedbed.core.attempt import PASSED, Verdict
from seedbed.core.expressions import BadExpression, Column, Expression
from seedbed.core.part import Check, Name

from .text import TextCheck

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seedbed.core.attempt import Context
    from seedbed.core.part import Task
    from seedbed.core.record import Record

LONGEST_CODE = 100_000
TOO_DEEP = "it is nested too deeply"


def _rule(text: str) -> str:
    try:
        Expression(text)
    except (BadExpression, MemoryError, RecursionError) as error:
        raise ValueError(str(error) or TOO_DEEP) from error
    return text


class Rule(Check):
    """The expression `rule` over the record's columns must be true, such as `len(question) < 200`.

    Texts are texts in it, a field of a list's entries stands for all of them (`min(items.price) > 0`), and a
    comparison of those must hold for each. What cannot be evaluated, because a column is missing or of another kind,
    fails. With `column` the rule may call that column's value `value`: one rule for several columns.
    """

    kind: ClassVar[str] = "expression"
    rule: Annotated[str, AfterValidator(_rule)]
    column: str | None = None

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        try:
            own = {"value": record.values.get(self.column)} if self.column else {}
            value = self._expression.value({**record.values, **own})
        except BadExpression as error:
            return Verdict(False, self.kind, str(error))
        except (LookupError, MemoryError, RecursionError) as error:
            return Verdict(False, self.kind, f"`{self.rule}` cannot be evaluated: {str(error) or TOO_DEEP}")
        if all(value) if isinstance(value, Column) else value:
            return PASSED
        return Verdict(False, self.kind, f"the rule `{self.rule}` does not hold")

    @cached_property
    def _expression(self) -> Expression:
        return Expression(self.rule)


class Python(TextCheck):
    """The text must be Python that can be parsed; with `imports` it imports nothing but these modules.

    The code is read, never run: this says nothing about what it does, and no list of imports makes it safe to run.
    Without `column` the column `code` is looked at, or the main one if there is none.
    """

    kind: ClassVar[str] = "python"
    imports: tuple[Annotated[Name, Field(pattern=r"^\w+(\.\w+)*$")], ...] | None = None

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        code = record.values["code"] if self.column is None and "code" in record.values else self.text(record, task)
        try:
            tree = _parsed(str(code))
        except SyntaxError as error:
            return self.fail(f"is no Python: {error.msg} (line {error.lineno or 1})")
        except (ValueError, MemoryError, RecursionError) as error:
            return self.fail(f"is no Python: {str(error) or TOO_DEEP}")
        if self.imports is not None:
            for name in _imported(tree):
                if not any(f"{name}.".startswith(f"{allowed}.") for allowed in self.imports):
                    return self.fail(f"imports {name}, which is not among the modules allowed")
        return PASSED


def _parsed(code: str) -> ast.Module:
    if not code.strip():
        raise ValueError("there is none")
    if len(code) > LONGEST_CODE:
        raise ValueError(f"it is longer than {LONGEST_CODE:,} characters")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # such as that of "\d", which is no concern of whoever runs Seedbed
        return ast.parse(code)


def _imported(tree: ast.Module) -> Iterator[str]:
    """The modules it imports; `from . import x` is `.`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
        elif isinstance(node, ast.Name) and node.id == "__import__":
            yield "by __import__"
