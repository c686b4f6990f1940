"""One served workspace with two datasets for each file of tests: processes take their time to start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from seedbed.api.application import PREFIX, create_app
from seedbed.app.data.importing import import_records
from seedbed.app.workspace import Workspace
from seedbed.core.record import Record, Span

Client = TestClient
Wait = Callable[[Any], dict[str, Any]]

NAMES = ("Ann Lee", "Tom Cole", "Mia Stone", "Ben Hart", "Eva Wood")
CITIES = ("Paris", "London", "Rome", "Oslo")


def people(count: int) -> Iterator[Record]:
    """Sentences with a person and a city."""
    for number in range(count):
        name, city = NAMES[number % 5], CITIES[number % 4]
        text = f"{name} opened shop number {number} in {city} last year."
        at = text.index(city)
        spans = (Span(0, len(name), "PER"), Span(at, at + len(city), "LOC"))
        yield Record({"text": text, "label": ("business", "travel")[number % 2]}, spans)


def notes(count: int) -> Iterator[Record]:
    """Friendly and rude sentences; of the first six the labels are wrong, two of the others are there twice."""
    good = ("lovely", "great", "wonderful", "kind", "pleasant", "charming")
    bad = ("awful", "terrible", "rude", "nasty", "horrible", "dreadful")
    things = ("room", "meal", "staff", "garden", "view", "music", "bed")
    for number in range(count):
        friendly = number % 2 == 0
        word, thing = (good if friendly else bad)[number // 2 % 6], things[number % 7]
        feeling = "thank you so much, we enjoyed it" if friendly else "never again, we want our money back"
        text = f"The {thing} was {word} on day {number}: {feeling}."
        label = ("friendly", "rude")[friendly if number < 6 else not friendly]
        yield Record({"text": text, "label": label})
    yield Record({"text": "The bed was lovely, and that twice.", "label": "friendly"})
    yield Record({"text": "The bed was lovely, and that twice.", "label": "friendly"})


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with the datasets `people` and `notes`."""
    with Workspace(tmp_path_factory.mktemp("served") / "workspace") as found:
        import_records(found, lambda: people(40), "people", Path())
        import_records(found, lambda: notes(120), "notes", Path())
        yield found


@pytest.fixture(scope="module")
def served(place: Workspace) -> Iterator[TestClient]:
    """A client of the local owner; paths are below `/api/v1`."""
    with TestClient(create_app(place), base_url=f"http://127.0.0.1{PREFIX}/", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def ended(served: TestClient) -> Wait:
    """Follows a job that was asked for to its end."""

    def wait(answer: Any) -> dict[str, Any]:
        assert answer.status_code == 202, answer.text
        with served.stream("GET", f"jobs/{answer.json()['id']}/events") as events:
            assert events.headers["content-type"].startswith("text/event-stream")
            for _ in events.iter_lines():
                pass
        found: dict[str, Any] = served.get(f"jobs/{answer.json()['id']}").json()
        return found

    return wait
