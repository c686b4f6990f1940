"""Doubted labels in the review of a dataset: flagged with their reason, decided on, accepted, taken back."""

from __future__ import annotations

import csv
from shutil import copyfile, copytree
from typing import Any

import pytest

import seedbed
from conftest import Shell
from noisy import TOPICS, noisy
from seedbed import InputError

DATA = noisy(400)
RIGHT = dict(zip(DATA.texts, DATA.right, strict=True))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A workspace with a dataset of which 32 labels are wrong; in `flagged` they are flagged."""
    shell = Shell(tmp_path_factory.mktemp("made"))
    with (shell.folder / "data.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([("text", "label"), *zip(DATA.texts, DATA.given, strict=True)])
    assert shell("datasets", "import", "data.csv", "--name", "topics").code == 0
    copytree(shell.folder / ".seedbed", shell.folder / "flagged")
    assert shell("labels", "suspects", "topics", "--flag", "--by", "ann", "--workspace", "flagged").code == 0
    return shell


@pytest.fixture
def place(shell: Shell, made: Shell) -> Shell:
    """The workspace for one test."""
    copytree(made.folder / ".seedbed", shell.folder / ".seedbed")
    copyfile(made.folder / "data.csv", shell.folder / "data.csv")
    return shell


@pytest.fixture
def flagged_place(shell: Shell, made: Shell) -> Shell:
    """The workspace with the suspects flagged."""
    copytree(made.folder / "flagged", shell.folder / ".seedbed")
    return shell


def listed(place: Shell, *options: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = place("review", "list", "topics", *options, "--limit", "1000", "--json").json["items"]
    return items


def wrong(place: Shell) -> int:
    """How many labels of the dataset are wrong, as an export has it."""
    assert place("export", "topics", "-o", "out.csv", "--force").code == 0
    return sum(RIGHT[row["text"]] != row["label"] for row in place.rows("out.csv"))


def test_suspects_are_flagged_with_their_reason_and_listed_by_their_doubt(place: Shell) -> None:
    found = place("labels", "suspects", "topics", "--flag", "--by", "ann", "--json").json
    assert found["flagged"] == found["suspected"] > 20
    assert found["decided"] == 0
    flagged = listed(place, "--decision", "flagged")
    assert len(flagged) == found["flagged"]
    for one in flagged:
        assert one["reason"] == f"label: {one['suggested']}?"
        assert one["note"].startswith(f"classifier: {one['suggested']} ")
        assert one["suggested"] in TOPICS
        assert one["suggested"] != one["values"]["label"]
        assert (one["by"], one["version"]) == ("ann", 2)
    assert "0 of 400 reviewed" in place("review", "counts", "topics").out
    first = flagged[0]
    assert f"[label: {first['suggested']}?]" in place("review", "list", "topics", "--doubted", "--limit", "1000").out
    assert f"note: {first['note']}\n" in place("review", "show", "topics", first["id"]).out
    doubted = listed(place, "--doubted")
    assert [one["id"] for one in doubted] == [
        one["id"] for one in sorted(flagged, key=lambda one: (-one["doubt"], int(one["id"].rpartition(".")[2])))
    ]
    assert sum(place("review", "counts", "topics", "--json").json["reason"].values()) == len(flagged)


def test_pages_of_doubts_hold_each_once_however_they_are_cut(flagged_place: Shell) -> None:
    place = flagged_place
    whole = [one["id"] for one in listed(place, "--doubted")]
    paged, cursor = [], ""
    while True:
        options = ("--cursor", cursor) if cursor else ()
        page = place("review", "list", "topics", "--doubted", "--limit", "7", *options, "--json").json
        paged += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
        # What is decided meanwhile does not move the page.
        place("review", "decide", "topics", "approved", page["items"][-1]["id"])
    assert paged == whole


def test_what_people_decided_stays_and_a_second_look_flags_the_rest_anew(place: Shell) -> None:
    first = place("labels", "suspects", "topics", "--json").json["suspects"]
    place("review", "decide", "topics", "approved", first[0]["record"])
    place("review", "decide", "topics", "flagged", first[1]["record"], "--reason", "odd")
    place("review", "edit", "topics", first[2]["record"], "--note", "mine")
    found = place("labels", "suspects", "topics", "--flag", "--json").json
    assert (found["flagged"], found["decided"]) == (found["suspected"] - 2, 2)
    assert "2 were decided on before" in place("labels", "suspects", "topics", "--flag").err
    by_id = {one["id"]: one for one in listed(place)}
    assert by_id[first[0]["record"]]["decision"] == "approved"
    assert by_id[first[1]["record"]]["reason"] == "odd"
    assert by_id[first[2]["record"]]["note"] == "mine"


def test_accepted_labels_are_changed_in_the_review_and_can_be_taken_back(flagged_place: Shell) -> None:
    place = flagged_place
    flagged = listed(place, "--doubted")
    place("review", "decide", "topics", "todo", flagged[0]["id"])  # its label is right, a person says
    done = place("labels", "fix", "topics", "--accept", "top:20", "--by", "ann", "--json").json
    assert (done["changed"], done["records"], done["output"]) == (20, 400, None)
    by_id = {one["id"]: one for one in listed(place)}
    assert by_id[flagged[0]["id"]]["values"]["label"] == flagged[0]["values"]["label"]
    for one in flagged[1:21]:
        now = by_id[one["id"]]
        assert now["values"]["label"] == one["suggested"]
        assert (now["decision"], now["reason"], now["by"]) == ("todo", "", "ann")
    assert wrong(place) <= 13
    assert place("review", "undo", "topics", "--by", "ann").code == 0
    assert wrong(place) == 32
    assert len(listed(place, "--decision", "flagged")) == len(flagged) - 1


def test_a_queue_that_a_person_has_been_through_is_taken_into_the_review(place: Shell) -> None:
    assert place("labels", "suspects", "topics", "-o", "queue.csv").code == 0
    done = place("labels", "fix", "topics", "--queue", "queue.csv", "--accept", "all")
    assert "take that back with: seedbed review undo topics" in done.err
    assert wrong(place) <= 6


def test_flagged_ones_can_be_written_to_a_file_instead(flagged_place: Shell) -> None:
    place = flagged_place
    done = place("labels", "fix", "topics", "--accept", "all", "-o", "fixed.csv")
    assert done.code == 0, done.err
    assert sum(RIGHT[row["text"]] != row["label"] for row in place.rows("fixed.csv")) <= 6
    assert wrong(place) == 32


def test_the_library_does_the_same(place: Shell) -> None:
    workspace = place.folder / ".seedbed"
    found = seedbed.label_suspects("topics", flag=True, workspace=workspace)
    assert found.figures["flagged"] == len(found.rows)
    made = seedbed.fix_labels("topics", accept="all", workspace=workspace)
    assert made.figures["changed"] == len(found.rows)
    assert wrong(place) == 32
    seedbed.fix_labels("topics", accept="all", keep=True, workspace=workspace)
    assert wrong(place) <= 6
    with pytest.raises(InputError, match=r"data\.csv is a file"):
        seedbed.label_suspects(str(place.folder / "data.csv"), flag=True, workspace=workspace)
    with pytest.raises(InputError, match="Only records of a dataset of the workspace"):
        seedbed.label_suspects([], flag=True, workspace=workspace)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("suspects", "data.csv", "--flag"), "Make it one: seedbed datasets import data.csv"),
        (("fix", "data.csv", "-o", "x.csv"), "For example: --queue queue.csv"),
        (("fix", "data.csv", "--queue", "queue.csv"), "The data need an output file"),
        (("fix", "topics"), "Which of the labels that records are flagged for are accepted?"),
        (("fix", "topics", "--accept", "all"), "Flag some: seedbed labels suspects topics --flag"),
        (("fix", "topcis", "--accept", "all"), "There is no run or dataset `topcis`"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(place: Shell, asked: tuple[str, ...], said: str) -> None:
    ended = place("labels", *asked)
    assert ended.code == 2
    assert said in ended.err
    assert "Traceback" not in ended.err
