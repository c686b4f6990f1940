"""The whole API, as its document describes it: whatever is asked, no failure, and answers as they are promised.

A few requests for each route here; `SEEDBED_FUZZ=200 pytest tests/api/test_schema.py` asks many.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from seedbed.api.application import create_app
from seedbed.app.data.importing import import_records
from seedbed.app.workspace import Workspace
from seedbed.core.record import Record, Span

from .conftest import served

EXAMPLES = int(os.environ.get("SEEDBED_FUZZ", "4"))
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
STREAMS = "/events$"
"""What does not end by itself has tests of its own."""

DOCUMENT = create_app(Workspace("never-opened")).openapi()
schema = schemathesis.openapi.from_dict(DOCUMENT).exclude(path_regex=STREAMS)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over a workspace with something in it."""
    folder: Path = tmp_path_factory.mktemp("fuzzed")
    with Workspace(folder / "workspace") as place:
        texts = ["Ann lives in Rome.", "Bob is late again.", "Nobody lives here."]
        records = [Record({"text": text, "label": "a"}, (Span(0, 3, "PERSON"),)) for text in texts]
        import_records(place, lambda: iter(records), "people", folder)
        with served(place) as url:
            yield url


@schema.parametrize()
@hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES < 10,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    suppress_health_check=list(hypothesis.HealthCheck),
)
def test_every_route_answers_as_its_document_says(case: schemathesis.Case, address: str):
    case.call_and_validate(base_url=address, checks=CHECKS)
