"""What asks a model goes through the connections of the workspace."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from seedbed.app.workspace import Workspace
from seedbed.core.connection import Connection
from seedbed.core.stored import StoredConnection
from seedbed.testing.server import Settings, running_server

from .conftest import Client, Wait


@contextmanager
def model(place: Workspace, *answers: str, **settings: Any) -> Iterator[Any]:
    """A server whose answers are these, in turn, under the name local:fake."""
    with running_server(Settings(answers=answers, json_schema=False, **settings)) as server:
        connection = Connection(provider="openai", base_url=server.url)
        document = connection.model_dump(mode="json", exclude_defaults=True)
        place.store.put_connection(StoredConnection("local", document, None))
        yield server


def test_a_model_proposes_sentences_with_the_slots_that_are_named_or_found(place: Workspace, served: Client) -> None:
    answer = json.dumps({"templates": ["{PER} has moved to {LOC}.", "In {LOC} there lives {PER}."]})
    with model(place, answer):
        named = served.post("fills/propose", json={"labels": ["PER", "LOC"], "model": "local:fake", "n": 2})
    assert named.json() == {"sentences": ["{PER} has moved to {LOC}.", "In {LOC} there lives {PER}."]}
    with model(place, answer) as server:
        found = served.post("fills/propose", json={"dataset": "people", "model": "local:fake", "n": 2})
        asked = server.requests()[-1]["body"]["messages"][-1]["content"]
    assert found.json() == named.json()
    assert "{PER} opened shop number 0 in {LOC} last year." in asked


def test_a_model_that_does_not_answer_is_a_problem_with_a_hint(place: Workspace, served: Client) -> None:
    with model(place, "x"):
        pass
    found = served.post("fills/propose", json={"labels": ["PER"], "model": "local:fake", "n": 1})
    assert found.status_code == 502
    assert found.json()["hint"]


def test_labels_are_given_again_by_a_model_of_a_connection(place: Workspace, served: Client, ended: Wait) -> None:
    with model(place, '{"label": "friendly"}'):
        body = {"dataset": "notes", "flag": False, "relabel_with": "local:fake", "relabel_limit": 10}
        job = ended(served.post("label-suspects", json=body))
    assert (job["state"], job["message"]) == ("done", "")
    agreement = job["result"]["agreement"]
    assert (agreement["model"], agreement["records"]) == ("local:fake", 10)
