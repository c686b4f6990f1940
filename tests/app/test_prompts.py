"""`seedbed prompts`: the built-in texts of every kind can be read."""

from __future__ import annotations

import pytest

from seedbed.app.prompts import kinds, texts, variables
from seedbed.generators.catalog import generators


def test_every_kind_that_asks_shows_its_prompts():
    assert {"classification", "prompt", "template", "structured", "entities"} <= set(kinds())
    for kind in kinds():
        assert texts(kind)
        assert all("{% extends" not in text and "{% block" not in text for text in texts(kind).values())
        assert variables(kind)


def test_what_a_prompt_extends_is_put_in():
    shown = texts("structured")["structured"]
    assert "Each follows this JSON Schema" in shown  # its own
    assert "Write something different from these" in shown  # of the one it extends
    assert "[{{ shape }}, …]" not in shown  # replaced
    assert "[{{ shape }}, …]" in texts("template")["template"]  # super()


def test_a_kind_does_not_show_another_ones(monkeypatch):
    assert list(texts("prompt")) == ["prompt"]
    assert list(texts("classification")) == ["classification_system", "classification_user"]


@pytest.mark.parametrize("kind", ["classification", "structured"])
def test_the_command_prints_them_and_the_variables(shell, kind):
    done = shell("prompts", "show", kind)
    assert done.code == 0, done.err
    for name, text in texts(kind).items():
        assert f"── {name} " in done.out
        assert text in done.out
    assert "{instruction}" in done.out
    assert shell("prompts", "show", kind, "--json").json == {
        "kind": kind,
        "prompts": texts(kind),
        "variables": variables(kind),
    }
    assert kind in shell("prompts", "list").out.split()
    assert shell("prompts", "list", "--json").json == {"kinds": kinds()}


def test_a_kind_that_is_none(shell):
    done = shell("prompts", "show", "clasification")
    assert done.code == 2
    assert "Did you mean `classification`?" in done.err


def test_a_kind_without_prompts(shell):
    without = set(generators.names()) - set(kinds())
    if without:
        assert "has no built-in prompts" in shell("prompts", "show", min(without)).err
