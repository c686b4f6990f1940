"""`report:` in a recipe: the report is made by itself when the run has ended."""

from __future__ import annotations

import json

import pytest

import seedbed
from seedbed.core.chat import Request
from seedbed.providers.catalog import providers
from seedbed.providers.scripted import Scripted


class Partial(Scripted):
    """Writes like any script, and as a judge gives what is rude one, what is polite five."""

    judged = 0

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        own = self._script
        self._script = lambda request: self._mark(request) or own(request)

    def _mark(self, request: Request) -> str:
        text = request.messages[0]["content"]
        if "KIND" not in text:
            return ""
        Partial.judged += 1
        return json.dumps({"reason": "as it reads", "score": 1 if "rude" in text.rpartition("label")[2] else 5})


@pytest.fixture
def recipe():
    providers.register("partial")(Partial)
    Partial.judged = 0
    generator = {"kind": "classification", "instruction": "a reply", "count": 12, "labels": ["polite", "rude"]}
    yield {"name": "replies", "model": "partial:m", "generator": generator, "output": "out/data.csv"}
    providers._known.pop("partial")


@pytest.fixture
def place(shell):
    (shell.folder / "out").mkdir()
    return shell


def test_the_page_stands_beside_the_output_and_the_figures_in_the_json(place, recipe):
    done = place("generate", place.recipe({**recipe, "report": True}), "--json")
    assert done.code == 0, done.err
    page = place.folder / "out" / "data-report.html"
    assert f"Report: {page}" in done.err
    found = done.json["report"]
    assert found["html"] == str(page)
    assert found["balance"]["cells"]["exact"] == 2
    assert found["cost"]["accepted"] == 12
    assert "Report on replies-1" in page.read_text()


def test_without_the_field_there_is_none(place, recipe):
    done = place("generate", place.recipe({**recipe, "report": False}), "--json")
    assert "report" not in done.json
    assert not (place.folder / "out" / "data-report.html").exists()


def test_its_own_page_is_made_again_and_a_foreign_one_is_left(place, recipe):
    name = place.recipe({**recipe, "report": {"html": "page.html", "only": ["balance"]}})
    assert place("generate", name).code == 0
    page = place.folder / "out" / "page.html"
    assert place("generate", name).code == 0, "the page is the run's own"
    page.write_text("mine")
    done = place("generate", name)
    assert done.code == 2
    assert "report.html: the file" in done.err
    assert page.read_text() == "mine"
    assert place("generate", name, "--force").code == 0
    assert "mine" not in page.read_text()


def test_judges_give_marks_by_label_and_by_model_and_reject_nothing(place, recipe):
    judge = {"kind": "judge", "rubric": "KIND words", "threshold": 3}
    name = place.recipe({**recipe, "report": {"judges": [judge], "only": ["balance"]}})
    done = place("generate", name, "--json")
    assert done.code == 0, done.err
    found = done.json["report"]["judges"]["judge"]
    assert (found["records"], found["mean"], found["unjudged"]) == (12, 3.0, 0)
    assert found["by_label"]["polite"] == {"records": 6, "mean": 5.0, "interval": [5.0, 5.0]}
    assert found["by_label"]["rude"]["mean"] == 1.0
    assert list(found["by_model"]) == ["partial:m"]
    assert found["lowest"][0]["reason"] == "as it reads"
    assert done.json["accepted"] == 12
    assert any("likes the label `rude` least" in one["text"] for one in done.json["report"]["findings"])
    assert "Marks of judge" in (place.folder / "out" / "data-report.html").read_text()
    place("generate", name)
    assert Partial.judged == 12, "what was answered is not asked again"


def test_judges_take_what_the_run_left_of_the_budget(place, recipe):
    judge = {"kind": "judge", "rubric": "KIND words"}
    name = place.recipe({**recipe, "budget": {"calls": 15}, "report": {"judges": [judge], "only": ["balance"]}})
    done = place("generate", name, "--json")
    assert done.code == 1
    assert Partial.judged == 3
    assert "not heard to the end" in done.err
    assert "judges" not in done.json["report"]


@pytest.mark.parametrize(
    ("report", "words"),
    [
        ("yes", "report: must be true, false or a mapping"),
        ({"only": ["balnce"]}, "there is no section `balnce`"),
        ({"judges": [{"kind": "juge"}]}, "report.judges[0].kind: there is no check `juge`"),
        ({"html": "page.csv"}, "report.html: must end with .html"),
        ({"html": "no/page.html"}, "The folder"),
    ],
)
def test_what_is_wrong_with_it_is_said_before_anything_is_asked(place, recipe, report, words):
    done = place("generate", place.recipe({**recipe, "report": report}), "--json")
    assert done.code == 2
    assert words.lower() in done.err.lower()


def test_by_library(place, recipe, monkeypatch):
    monkeypatch.chdir(place.folder)
    made = seedbed.generate({**recipe, "report": {"only": ["duplicates"]}})
    assert made.figures["report"]["duplicates"]["exact"] == 0
    assert (place.folder / "out" / "data-report.html").exists()
