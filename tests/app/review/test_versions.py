"""A dataset can be kept as it stands; whatever is done to it later, that version stays."""

from __future__ import annotations

import csv
import json

import pytest

from seedbed.app.data.importing import import_records
from seedbed.app.history import select
from seedbed.app.review.reviewing import Reviewing
from seedbed.app.workspace import Workspace
from seedbed.core.errors import InputError
from seedbed.core.record import Record, Span
from seedbed.core.review.entry import Wanted


@pytest.fixture
def place(tmp_path):
    with Workspace(tmp_path / "workspace") as found:
        records = [
            Record({"text": f"Ann was in Rome {i} times.", "label": "trip"}, (Span(0, 3, "PERSON"),)) for i in range(5)
        ]
        import_records(found, lambda: iter(records), "trips", tmp_path)
        yield found


def read(place, name):
    selection, _ = select(place, name)
    return [(record.values["text"], record.spans) for record in place.store.records(selection)]


def test_a_version_stays_as_it_was_kept(place):
    desk = Reviewing(place, "trips", "ann")
    ids = [entry.record.id for entry in desk.every(Wanted(""))]
    desk.decide(ids[:1], "declined")
    desk.edit(ids[1], {"text": "Yesterday Ann was in Rome."})
    kept = desk.keep_version("before the party")
    assert (kept.number, kept.records, kept.note, kept.by) == (1, 4, "before the party", "ann")
    before = read(place, "trips@1")
    assert before == read(place, "trips")
    assert before[0] == ("Yesterday Ann was in Rome.", (Span(10, 13, "PERSON"),))
    desk.undo()
    desk.decide(ids[2:], "declined")
    assert read(place, "trips@1") == before
    assert len(read(place, "trips")) == 1
    assert desk.keep_version().number == 2
    assert [one.records for one in desk.versions()] == [1, 4]


def test_a_version_that_is_none_says_which_there_are(place):
    with pytest.raises(InputError, match="no version 3") as error:
        select(place, "trips@3")
    assert "keep" in error.value.hint
    Reviewing(place, "trips", "ann").keep_version()
    with pytest.raises(InputError) as error:
        select(place, "trips@3")
    assert "There are: 1" in error.value.hint


def test_a_version_is_not_reviewed(place):
    Reviewing(place, "trips", "ann").keep_version()
    with pytest.raises(InputError, match="stays as it is"):
        Reviewing(place, "trips@1", "ann")


def test_commands_keep_list_and_export_versions(shell):
    with (shell.folder / "in.csv").open("w", encoding="utf-8") as file:
        csv.writer(file).writerows([["text", "label"], ["good", "yes"], ["bad", "no"]])
    assert shell("datasets", "import", "in.csv", "--name", "two").code == 0
    kept = shell("datasets", "keep", "two", "--note", "first", "--json")
    assert (kept.json["number"], kept.json["records"]) == (1, 2)
    assert shell("review", "decide", "two", "declined", "--all", "--words", "bad").code == 0
    assert shell("export", "two", "-o", "now.csv").code == 0
    assert shell("export", "two@1", "-o", "then.csv").code == 0
    assert (len(shell.rows("now.csv")), len(shell.rows("then.csv"))) == (1, 2)
    listed = json.loads(shell("datasets", "versions", "two", "--json").out)
    assert [one["note"] for one in listed["versions"]] == ["first"]
    assert shell("datasets", "forget", "two@1").code == 0
    assert "no version 1" in shell("datasets", "forget", "two@1").err
    assert "is no version" in shell("datasets", "forget", "two").err


def test_commands_move_and_remove_datasets(shell):
    (shell.folder / "in.csv").write_text("text,label\ngood,yes\nbad,no\n", encoding="utf-8")
    assert shell("datasets", "import", "in.csv", "--name", "two").code == 0
    assert shell("projects", "add", "trips").code == 0
    moved = shell("datasets", "move", "two", "trips")
    assert (moved.code, moved.err) == (0, "two is in the project trips now.\n")
    assert "There is no dataset `tow`" in shell("datasets", "move", "tow", "trips").err
    assert "There is no project `trisp`" in shell("datasets", "move", "two", "trisp").err
    unsure = shell("datasets", "remove", "two")
    assert (unsure.code, "2 records" in unsure.err) == (1, True)
    assert shell("datasets", "show", "two").code == 0
    assert shell("datasets", "remove", "two", "--yes").code == 0
    assert shell("datasets", "list", "--json").json == {"datasets": []}
    assert shell("datasets", "remove", "two", "--yes").code == 2
