"""Records of a schema: who writes what, and what is shown of it."""

from __future__ import annotations

from seedbed.core.record import Record
from seedbed.generators.structured import Structured


def test_what_a_model_is_to_differ_from_holds_only_what_it_wrote_itself() -> None:
    made = Structured(
        count=1,
        schema={
            "id": "string",
            "lines": [{"product": "string", "price": "number"}],
            "total": "number",
            "note": "string",
        },
        samplers={"id": "uuid", "lines.price": {"number": [1, 9]}},
        rules=("total == sum(lines.price)",),
    )
    lines = [{"product": "rake", "price": 3}, {"product": "hoe", "price": 4}]
    assert made.gist(Record({"id": "a-1", "lines": lines, "total": 7, "note": "soon"})) == "rake hoe soon"
