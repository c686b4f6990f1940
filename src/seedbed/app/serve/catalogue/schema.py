"""The JSON Schema of a recipe, for editors: what a person may write, which is more than what is kept."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema

from seedbed.checks.catalog import checks
from seedbed.generators.catalog import generators
from seedbed.recipe.document import Recipe
from seedbed.recipe.steps import Step

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import core_schema

    from seedbed.core.registry import Registry

DIALECT = "https://json-schema.org/draft/2020-12/schema"
GENERATOR, CHECK = {"$ref": "#/$defs/AnyGenerator"}, {"$ref": "#/$defs/AnyCheck"}
WEIGHTS = {
    "anyOf": [
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}},
        {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}},
    ]
}
"""One model, several, or weights."""


class _AsWritten(GenerateJsonSchema):
    """Fields that take short forms (a text for a list of one) take anything here; what they mean stands first."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """See `GenerateJsonSchema`."""
        inner = self.generate_inner(schema["schema"])
        return inner if schema["schema"]["type"] in ("model", "model-fields") else {"anyOf": [inner, {}]}


@cache
def recipe_schema() -> dict[str, Any]:
    """The JSON Schema of a recipe."""
    defs: dict[str, Any] = {}
    schema = _of(Recipe, defs)
    defs["AnyGenerator"], defs["AnyCheck"] = _any_of(generators, defs), _any_of(checks, defs)
    defs["AnyStep"] = _of(Step, defs) | {"required": []}  # what has no name is called by its kind
    fields = schema["properties"]
    fields["steps"] = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/AnyStep"}}
    fields["model"] = WEIGHTS
    fields["report"] = {"anyOf": [{"type": "boolean"}, {"type": "object"}]}
    choice = {"oneOf": [{"required": ["generator"]}, {"required": ["steps"]}]}
    return {"$schema": DIALECT, **schema, "required": ["name"], **choice, "$defs": defs}


def _of(model: Any, defs: dict[str, Any]) -> dict[str, Any]:
    """The schema of settings; those inside them are put into `defs`."""
    schema: dict[str, Any] = model.model_json_schema(by_alias=True, schema_generator=_AsWritten)
    defs.update(schema.pop("$defs", {}))
    for name, of_part in (("generator", GENERATOR), ("add", GENERATOR)):
        if name in schema.get("properties", {}):
            schema["properties"][name] = of_part
    if "checks" in schema.get("properties", {}):
        schema["properties"]["checks"] = {"type": "array", "items": CHECK}
    return schema


def _any_of(registry: Registry[Any], defs: dict[str, Any]) -> dict[str, Any]:
    """Any part of a registry: its bare name, or a mapping with its kind and settings."""
    kinds = []
    for kind in registry.names():
        schema = _of(registry.get(kind), defs)
        # Templates, steps and defaults give what is not written.
        schema |= {"properties": {"kind": {"const": kind}, **schema.get("properties", {})}, "required": ["kind"]}
        defs[f"{registry.noun}-{kind}"] = schema
        kinds.append({"$ref": f"#/$defs/{registry.noun}-{kind}"})
    return {"anyOf": [{"enum": registry.names()}, *kinds]}
