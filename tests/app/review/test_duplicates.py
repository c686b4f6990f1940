"""Records that say nearly the same are marked, and found in the review by command and library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import seedbed
from conftest import Shell
from seedbed import InputError

LONG = "The parcel came late again today and nobody at the shop ever told {} why it did."
ROWS = [
    (LONG.format("me"), "rude"),
    ("Thanks for the quick answer.", "polite"),
    (LONG.format("us"), "rude"),
    ("Thanks for the quick answer.", "rude"),
    ("A text of its own.", "polite"),
    (LONG.format("them"), "polite"),
]


@pytest.fixture
def place(shell: Shell) -> Shell:
    lines = [{"text": text, "label": label, "note": "the same"} for text, label in ROWS]
    (shell.folder / "mails.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert shell("datasets", "import", "mails.jsonl").code == 0
    return shell


def listed(place: Shell, *options: str) -> Any:
    return place("review", "list", "mails", "--json", *options).json


def ids(place: Shell, *options: str) -> list[str]:
    return [one["id"] for one in listed(place, *options)["items"]]


def test_they_are_listed_group_after_group(place: Shell) -> None:
    before = place("review", "list", "mails", "--duplicates")
    assert (before.out, "Nobody has looked for duplicates yet" in before.err) == ("", True)
    found = place("review", "duplicates", "mails", "--by", "ann")
    assert found.out == "5 of 6 records are in 2 groups that say nearly the same\n"
    names = [f"mails-1:{number}.0" for number in (0, 2, 5, 1, 3)]
    shown = place("review", "list", "mails", "--duplicates")
    assert [line.split()[0] if line else "" for line in shown.out.splitlines()] == [*names[:3], "", *names[3:]]
    assert "by ann: 5 in 2 groups." in shown.err
    assert ids(place, "--duplicates") == names
    cursor = listed(place, "--duplicates", "--limit", "2")["next"]
    assert ids(place, "--duplicates", "--limit", "2", "--cursor", cursor) == names[2:4]
    assert ids(place, "--duplicates", "--label", "rude", "--last") == [names[4], names[1], names[0]]
    groups = [one["twins"] for one in listed(place)["items"]]
    assert (groups[0] == groups[2] == groups[5] > 0, groups[4]) == (True, 0)
    assert place("review", "counts", "mails", "--json").json["duplicates"] == 5


def test_they_stay_marked_whatever_is_decided_until_somebody_looks_again(place: Shell) -> None:
    assert place("review", "duplicates", "mails").code == 0
    names = ids(place, "--duplicates")
    assert place("review", "decide", "mails", "declined", *names[1:3]).code == 0
    assert ids(place, "--duplicates") == names
    assert ids(place, "--duplicates", "--decision", "declined") == names[1:3]
    assert place("review", "undo", "mails").code == 0
    assert ids(place, "--duplicates") == names
    assert "nothing to take back" in place("review", "undo", "mails").err
    assert place("review", "decide", "mails", "declined", *names[1:3]).code == 0
    assert place("datasets", "import", "mails.jsonl").code == 0
    assert listed(place, "--duplicates")["looked"]["newer"] == 6
    assert "6 records came since: look again" in place("review", "list", "mails", "--duplicates").err
    again = place("review", "duplicates", "mails", "--json").json
    assert again == {"records": 10, "groups": 3, "duplicates": 10, "near": 0.9}


def test_the_library_marks_the_same(place: Shell) -> None:
    where = place.folder / ".seedbed"
    found = seedbed.mark_duplicates("mails", workspace=where)
    assert found == {"records": 6, "groups": 2, "duplicates": 5, "near": 0.9}
    assert seedbed.mark_duplicates("mails", near=1, workspace=where)["duplicates"] == 2
    assert seedbed.mark_duplicates("mails", columns="note", workspace=where)["groups"] == 1
    with pytest.raises(InputError, match="There is no column `nothing`"):
        seedbed.mark_duplicates("mails", columns="nothing", workspace=where)
    with pytest.raises(InputError, match="above 0"):
        seedbed.mark_duplicates("mails", near=0.5, workspace=where)
    with pytest.raises(InputError):
        seedbed.mark_duplicates(str(Path("mails.jsonl")), workspace=where)


def test_records_are_listed_by_the_labels_of_their_spans(shell: Shell) -> None:
    span = {"start": 0, "end": 3, "label": "PERSON", "field": "text"}
    rows = [{"text": f"Ann {number}", "spans": [span] * (number % 2)} for number in range(4)]
    (shell.folder / "people.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert shell("datasets", "import", "people.jsonl").code == 0
    found = shell("review", "list", "people", "--span", "PERSON", "--json").json["items"]
    assert [one["id"] for one in found] == ["people-1:1.0", "people-1:3.0"]
    assert shell("review", "edit", "people", "people-1:1.0", "--set", "text=1").code == 0
    left = shell("review", "list", "people", "--span", "PERSON", "--json").json["items"]
    assert [one["id"] for one in left] == ["people-1:3.0"]
    done = shell("review", "decide", "people", "approved", "--all", "--span", "PERSON", "--json").json
    assert done["changed"] == 1
