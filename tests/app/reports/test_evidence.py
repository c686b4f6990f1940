"""Faithfulness of a set that a run made out of documents, from the command line and by library."""

from __future__ import annotations

import json
import re

import pytest

import seedbed
from seedbed.core.chat import Request
from seedbed.core.errors import InputError
from seedbed.providers.catalog import providers
from seedbed.providers.scripted import Scripted

PAGE = "\n\n".join(
    f"## Part {i}\n\nThe tower number {i} was built in the year {1200 + i} by the masons of the town. "
    + "It stands on a hill, and many people come to see it in summer, when the gates are open all day. " * 2
    for i in range(4)
)


class Asker(Scripted):
    """Asks what year, quotes the sentence; as a judge says no to what is about the tower number 0."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self._script = self._say

    def _say(self, request: Request) -> str:
        text = request.messages[-1]["content"]
        if "grounded" in json.dumps(request.schema or {}):
            return json.dumps({"reason": "so", "grounded": "number 0" not in text.partition("uestion")[2]})
        found = re.search(r"The tower number (\d+) was built in the year (\d+) by the masons of the town\.", text)
        if found is None:
            return "I do not know."
        return json.dumps(
            {"question": f"When was the tower number {found[1]} built?", "answer": found[2], "quotes": [found[0]]}
        )


@pytest.fixture
def made(shell):
    providers.register("asker")(Asker)
    (shell.folder / "towers.md").write_text(PAGE)
    (shell.folder / "other.md").write_text("## Rivers\n\nNobody asks about the river.\n")
    generator = {
        "kind": "rag_qa",
        "documents": ["*.md"],
        "chunk_size": 320,
        "count": 3,
        "kinds": {"simple": 1},
        "judge": False,
    }
    recipe = {"name": "towers", "model": "asker:m", "generator": generator, "stop_rules": {"attempts_per_record": 9}}
    done = shell("generate", shell.recipe(recipe), "-o", "qa.jsonl", "--json")
    assert done.json["accepted"] == 3, done.err
    yield shell
    providers._known.pop("asker")


def test_a_run_knows_its_documents(made):
    found = made("report", "towers-1", "--only", "faithfulness", "--json").json["faithfulness"]
    assert "grounded" not in found
    assert found["evidence"] == {"records": 3, "share": 1.0, "quotes": 3, "lost": 0, "examples": []}
    covered = found["coverage"]
    assert (covered["documents"], covered["covered"], covered["untouched"]) == (2, 3, 1)
    assert covered["by_document"]["other.md"]["share"] == 0
    assert 0 < covered["characters_share"] < 0.5
    assert (found["kinds"], found["missing_kinds"]) == ({"simple": 3}, [])


def test_a_model_judges_the_answers_once(made):
    done = made(
        "report", "qa.jsonl", "--documents", "*.md", "--grounded-with", "asker:judge", "--html", "p.html", "--json"
    )
    assert done.code == 0, done.err
    grounded = done.json["faithfulness"]["grounded"]
    rows = [json.loads(line) for line in (made.folder / "qa.jsonl").read_text().splitlines()]
    wrong = sum("number 0" in row["question"] for row in rows)
    assert (grounded["judged"], grounded["grounded"], grounded["judged_by"]) == (3, 3 - wrong, "asker:judge")
    assert done.json["faithfulness"]["coverage"]["documents"] == 2
    assert "Answers that rest on their evidence" in (made.folder / "p.html").read_text()


def test_documents_are_known_again_from_another_folder(made):
    (made.folder / "sub").mkdir()
    (made.folder / "sub" / "towers.md").write_text(PAGE)
    where = str(made.folder / "towers.md")
    for documents in (where, "sub/towers.md"):
        found = made("report", "qa.jsonl", "--documents", documents, "--only", "faithfulness", "--json").json
        covered = found["faithfulness"]["coverage"]
        assert (covered["untouched"], covered["unknown"]) == (0, [])
    told = made("report", "qa.jsonl", "--documents", "other.md", "--only", "faithfulness")
    assert "not among those named: towers.md" in told.out + told.err


def test_verdicts_of_a_check_are_found_in_the_origin(made):
    (made.folder / "c.yaml").write_text("checks: [{kind: grounded, mode: score}]\nmodel: asker:m\n")
    assert made("check", "qa.jsonl", "--checks", "c.yaml", "-o", "judged.jsonl", "--with-origin").code == 0
    grounded = made("report", "judged.jsonl", "--json").json["faithfulness"]["grounded"]
    assert (grounded["judged"], grounded["judged_by"]) == (3, "the check grounded")


def test_other_data_have_no_such_section(shell, monkeypatch):
    monkeypatch.chdir(shell.folder)
    records = [seedbed.Record({"text": "a text"})]
    assert "faithfulness" not in seedbed.report(records).figures
    with pytest.raises(InputError, match="no questions about documents"):
        seedbed.report(records, grounded_with="scripted")
