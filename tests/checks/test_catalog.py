"""The checks by their names."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from seedbed.checks.catalog import checks
from seedbed.core.errors import InputError
from seedbed.recipe.parts import part_of

DOCUMENTED = Path(__file__).parents[2] / "docs" / "checks.md"
SETTINGS: dict[str, dict[str, Any]] = {
    "json_schema": {"schema": {"n": "integer"}, "column": "text"},
    "entity_values": {"values": {"CITY": ["Rome"]}},
    "pii": {"entities": ["EMAIL_ADDRESS"], "threshold": 0.6},
    "secrets": {"mode": "flag"},
    "copied_source": {"ngram": 5, "max_share": 0.1},
    "truncated": {"ends": [":"]},
    "readability": {"measure": "gunning_fog", "max": 12, "mode": "score"},
    "toxicity": {"threshold": 0.5},
    "expression": {"rule": "len(text) > 3"},
    "python": {"imports": ["json"]},
    "language": {"languages": ["en"]},
    "exact_duplicate": {"column": "text", "against": ["old.csv"]},
    "near_duplicate": {"column": "text", "threshold": 0.7, "mode": "score"},
    "semantic_duplicate": {"threshold": 0.9, "model": "shop:vectors", "mode": "flag"},
}


@pytest.mark.parametrize("kind", SETTINGS)
def test_a_check_is_read_from_a_recipe_and_written_back(kind: str) -> None:
    check = part_of(checks, {"kind": kind, **SETTINGS[kind]}, ("checks", 0))
    plain = check.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    assert check.kind == kind
    assert part_of(checks, {"kind": kind, **plain}, ("checks", 0)) == check


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"kind": "pii", "entities": ["EMAIL_ADRESS"]}, r"entities\[0\].* Did you mean `EMAIL_ADDRESS`"),
        ({"kind": "pii", "entities": ["PERSON"]}, "entities: PERSON needs a `model`"),
        ({"kind": "json_schema", "schema": {"n": "intger"}}, r"schema\.n: .* Did you mean `integer`"),
        ({"kind": "json_schema"}, "schema: is missing"),
        ({"kind": "expression", "rule": "a >"}, "rule: `a >` is no expression"),
        ({"kind": "readability", "min": 3, "max": 1}, "min is larger than max"),
        ({"kind": "python", "imports": ["a b"]}, r"imports\[0\]"),
        ({"kind": "toxic"}, "There is no check `toxic`|there is no check `toxic`"),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_names_it(entry: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        part_of(checks, entry, ("checks", 2))
    assert re.search(words, caught.value.message)
    assert caught.value.message.startswith("checks[2]")


def test_a_check_names_the_models_it_asks() -> None:
    entries = ["judge", "label_agreement", "pii", "semantic_duplicate"]
    settings: dict[str, Any] = {"judge": {"rubric": "qa"}}
    for model, asked in (("shop:m", ["shop:m"]), (None, [])):
        for kind in entries:
            named = {"model": model} if model else {}
            check = checks.get(kind)(**settings.get(kind, {}), **named)
            assert check.more_models() == ([] if kind == "pii" else asked), "pii's model is one of spaCy"
    assert checks.get("semantic_duplicate")(model="embedded").more_models() == []


def test_every_check_is_documented() -> None:
    text = DOCUMENTED.read_text()
    for kind in checks.names():
        assert f"`{kind}`" in text
        for field in set(checks.get(kind).model_fields) - {"mode", "column"}:
            assert f"`{field.rstrip('_')}" in text, f"{kind}: {field}"


def test_to_know_the_checks_takes_no_heavy_library() -> None:
    code = (
        "import sys; from seedbed.checks.catalog import checks\n"
        "[checks.get(kind).model_json_schema() for kind in checks.names()]\n"
        "print({'presidio_analyzer', 'phonenumbers', 'spacy', 'detect_secrets', 'sklearn', 'py3langid', "
        "'profanity_check', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
