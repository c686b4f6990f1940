"""Rules over a record's columns; code that can be parsed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from seedbed.checks.rules import Python, Rule
from seedbed.core.attempt import Verdict
from seedbed.core.record import Record

ROW = {
    "question": "Wie spät ist es?",
    "answer": "Zehn.",
    "n": 3,
    "price": 1.1,
    "items": [{"price": 1.0, "name": "a"}, {"price": 2.0, "name": "b"}],
    "none": None,
    "empty": [],
    "messages": [{"role": "user"}, {"role": "assistant"}],
}


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("len(question) < 200", True),
        ("len(question) < 3", False),
        ("question != answer", True),
        ("ends_with(question, '?')", True),
        ("'spät' in question", True),
        ("n == len(items) + 1", True),
        ("price * 3 == 3.3", True),
        ("sum(items.price) == 3", True),
        ("items.price > 0", True),
        ("items.price > 1", False),
        ("items.price > 5", False),
        ("empty.price > 5", True),
        ("all(items.price > 0) and n > 2", True),
        ("lower(answer) == 'zehn.' if n > 2 else false", True),
        ("none == null", True),
        ("none", False),
        ("answer", True),
        ("messages[0].role == 'user'", True),
    ],
)
def test_a_rule_holds_or_does_not(judge: Any, rule: str, holds: bool) -> None:
    found = judge(Rule(rule=rule), Record(ROW))
    assert found.passed == holds
    assert holds or found.detail == f"the rule `{rule}` does not hold"


@pytest.mark.parametrize(
    "rule",
    [
        *("missing > 3", "question < 3", "n / 0 > 1", "messages[7].role == 'user'", "empty[0] == 1", "none.x == 1"),
        *("items.nothing > 1", "question.encode('nope') == 1", "sum(question) == 1", "round(price, question) == 1"),
        *("lambda: n", "n ** 100", "__import__('os')", "question.__class__", "open('x')"),
    ],
)
def test_what_cannot_be_evaluated_fails_with_a_sentence(judge: Any, rule: str) -> None:
    found = judge(Rule(rule=rule), Record(ROW))
    assert not found.passed
    assert f"`{rule}` cannot be evaluated" in found.detail


def test_one_rule_serves_several_columns(judge: Any) -> None:
    for column, holds in (("question", True), ("answer", False)):
        assert judge(Rule(rule="ends_with(value, '?')", column=column), Record(ROW)).passed == holds


@pytest.mark.parametrize("rule", ["", "n >", "n = 3", "import os", "(" * 300, "-" * 20_000 + "n"])
def test_what_is_no_expression_is_refused(rule: str) -> None:
    with pytest.raises(ValidationError):
        Rule(rule=rule)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "price"]), inner),
    max_leaves=6,
)
RULES = st.sampled_from(
    [
        *("a == b", "a + b > 0", "sum(a.price * b.price) == a", "len(a) < len(b)", "a[0] == b[-1]", "a in b", "-a < b"),
        *("a % b == 0", "round(a, b) == 1", "max(a) >= min(b)", "not a and b", "a.price.price > 1", "a[b] == 1"),
        *("starts_with(a, b)", "{a: 1}[b] == 1", "[x for x in a] == b", "any(a == b)", "a / b < 1", "str(a) == b"),
    ]
)


@given(rule=RULES, a=VALUES, b=VALUES)
def test_a_rule_never_does_anything_but_answer(judge: Any, rule: str, a: Any, b: Any) -> None:
    found = judge(Rule(rule=rule), Record({"a": a, "b": b}))
    assert isinstance(found, Verdict)
    assert found.passed or found.detail


CODE = "import json\nfrom math import sqrt\n\ndef área(r):\n    return sqrt(r) * 2  # 面积\n"


@pytest.mark.parametrize(
    ("code", "imports", "told"),
    [
        (CODE, None, ""),
        (CODE, ("json", "math"), ""),
        (CODE, ("json",), "imports math, which is not among"),
        (CODE, (), "imports json, which is not among"),
        ("x = 1", (), ""),
        ("import os.path", ("os",), ""),
        ("import os.path", ("os.path",), ""),
        ("import os", ("os.path",), "imports os,"),
        ("import osx", ("os",), "imports osx,"),
        ("def f():\n    import socket", ("json",), "imports socket,"),
        ("from . import x", ("x",), "imports .,"),
        ("from .json import x", ("json",), "imports .json,"),
        ("__import__('os').system('true')", ("json",), "imports by __import__,"),
        ("__import__('os').system('true')", None, ""),
        ("import re\nre.match('\\d', x)", ("re",), ""),
        ("raise SystemExit(1/0)", None, ""),
        ("def f(:\n  pass", None, "is no Python: "),
        ("x = 1\ny = = 2", None, "is no Python: invalid syntax (line 2)"),
        ("```python\nx = 1\n```", None, "is no Python: invalid syntax (line 1)"),
        ("Here is the code you asked for.", None, "is no Python"),
        ("x = '\0'", None, "is no Python"),
        ("", None, "is no Python: there is none"),
        ("x" * 100_001, None, "is no Python: it is longer than 100,000 characters"),
        ("(" * 5000, None, "is no Python"),
        ("-" * 90_000 + "1", None, "is no Python"),
        ("x = \udc80", None, "is no Python"),
    ],
)
def test_code_is_read_and_never_run(judge: Any, code: str, imports: tuple[str, ...] | None, told: str) -> None:
    found = judge(Python(imports=imports), Record({"text": "It is!", "code": code}))
    assert found.passed == (not told)
    assert found.detail.startswith(told)


def test_without_a_code_column_the_main_one_is_looked_at(judge: Any) -> None:
    assert judge(Python(), "x = 1").passed
    assert not judge(Python(), Record({"text": "x = 1", "code": "x ="})).passed
    assert judge(Python(column="text"), Record({"text": "x = 1", "code": "x ="})).passed


@pytest.mark.parametrize("name", ["", "not a module", "json;", "..x"])
def test_a_module_that_cannot_be_one_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        Python(imports=(name,))


@given(code=st.text(alphabet=" \n\t()[]:=+-#'\"\\{}ifdeflambdaimport0._*@\0é", max_size=60))
def test_any_text_has_a_verdict(judge: Any, code: str) -> None:
    assert isinstance(judge(Python(imports=("json",)), Record({"code": code})), Verdict)
