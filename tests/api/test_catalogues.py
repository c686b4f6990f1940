"""What there is to choose from, as people are shown it."""

from __future__ import annotations

import jsonschema_rs
import pytest
import yaml
from starlette.testclient import TestClient

from seedbed.app.serve import catalogue
from seedbed.app.serve.catalogue.schema import recipe_schema
from seedbed.checks.catalog import checks
from seedbed.formats.catalog import format_for, formats
from seedbed.generators.catalog import generators
from seedbed.transforms.catalog import transforms

EXAMPLES = {row["kind"]: row["example"] for row in catalogue.generator_rows()}
WEAK = {"evol_instruct", "preference", "rag_qa", "self_instruct", "adversarial"}


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_generator_has_an_example_that_is_a_whole_recipe(api: TestClient, kind: str):
    checked = api.post("recipes/check", json={"yaml": EXAMPLES[kind]}).json()
    assert checked["problems"] == []
    assert checked["ok"]
    assert kind in EXAMPLES[kind]
    assert checked["asked"] > 0
    assert checked["columns"]


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_example_follows_the_schema_of_recipes(kind: str):
    jsonschema_rs.validate(recipe_schema(), yaml.safe_load(EXAMPLES[kind]))


def test_the_schema_of_recipes_refuses_what_is_none():
    for wrong in ({"name": "x"}, {"name": "x", "generator": {"kind": "none"}}, {"name": "x", "colour": 1}):
        with pytest.raises(jsonschema_rs.ValidationError):
            jsonschema_rs.validate(recipe_schema(), wrong)


@pytest.mark.parametrize(
    ("path", "registry"), [("generators", generators), ("checks", checks), ("transforms", transforms)]
)
def test_every_part_has_a_title_a_sentence_a_group_and_a_schema(api: TestClient, path: str, registry):
    items = api.get(path).json()["items"]
    assert {one["kind"] for one in items} == set(registry.names())
    for one in items:
        assert one["title"]
        assert one["summary"].endswith(".")
        assert one["group"] != catalogue.OWN, one["kind"]
        jsonschema_rs.validator_for(one["schema"])


def test_what_a_small_model_cannot_do_is_said():
    needs = {row["kind"]: row["needs"] for row in catalogue.generator_rows()}
    assert all(needs[kind] == "stronger" for kind in WEAK)
    assert needs["classification"] == "any"


def test_every_transform_shows_what_it_does():
    for row in catalogue.transform_rows():
        before, after = row["example"].values()
        assert before
        assert after
        assert before != after


def test_suffixes_lead_to_their_formats(api: TestClient):
    items = api.get("formats").json()["items"]
    assert {one["name"] for one in items} == set(formats.names())
    for one in items:
        for suffix in one["extensions"]:
            assert isinstance(format_for(f"x{suffix}"), formats.get(one["name"]))
