"""`--into` and `datasets split`: datasets made of datasets of the workspace, without a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from seedbed.app.workspace import Workspace
from seedbed.core.serving.jobs import Job, WantedJobs

if TYPE_CHECKING:
    from conftest import Shell

MAILS = """text,label
Where is my parcel?,question
It came today.,statement
Where is my parcel?,statement
I like tea a lot.,statement
Is it late?,question
Good morning to you.,statement
"""


@pytest.fixture
def mails(shell: Shell) -> Shell:
    (shell.folder / "mails.csv").write_text(MAILS, "utf-8")
    assert shell("datasets", "import", "mails.csv").code == 0
    return shell


def sizes(shell: Shell) -> dict[str, int]:
    return {one["dataset"]: one["records"] for one in shell("datasets", "list", "--json").json["datasets"]}


def test_datasets_are_made_of_datasets(mails: Shell):
    clean = mails("dedup", "mails", "--into", "clean", "-o", "clean.csv", "--json")
    assert (clean.code, clean.json["dataset"], clean.json["kept"]) == (0, "clean", 5), clean.err
    assert len(mails.rows("clean.csv")) == 5
    loud = mails("augment", "clean", "-t", "uppercase=0.4", "--into", "clean")
    assert loud.err.endswith("Wrote 2 records to the dataset clean of the workspace: 2 copies of 5 records.\n")
    tags = mails("review", "counts", "clean", "--json").json["source"]
    assert tags == {"imported": 5, "augmented": 2}, "the copies are beside what was there"
    new = mails("augment", "mails", "-t", "lowercase", "--mode", "new", "--into", "low", "--json").json
    assert (new["dataset"], new["records"]) == ("low", 5), "of two that say the same one copy"
    (values := mails.folder / "names.json").write_text('{"PER": ["Ann", "Bob"]}', "utf-8")
    filled = ("fill", "{PER} came.", "--lexicon", str(values), "--per-template", "2", "--into", "came")
    assert "The dataset came of the workspace has 2 records now." in mails(*filled).err
    assert sizes(mails) == {"mails": 6, "clean": 7, "low": 5, "came": 2}
    assert mails("export", "low", "-o", "low.csv").code == 0
    assert mails.rows("low.csv")[0]["text"] == "where is my parcel?"
    with Workspace(mails.folder / ".seedbed") as place:
        assert [one.state for one in place.store.jobs.jobs(WantedJobs(), 9)] == ["done"] * 4


def test_a_dataset_is_split_into_datasets_that_know_nothing_of_each_other(mails: Shell):
    parts = mails("datasets", "split", "mails", "50/50", "--stratify", "label", "--seed", "3", "--json").json
    assert sum(parts["datasets"].values()) == parts["records"] == 6
    assert sizes(mails) == {"mails": 6, **parts["datasets"]}
    texts = []
    for name in ("mails-train", "mails-test"):
        assert mails("export", name, "-o", f"{name}.csv").code == 0
        texts.append({row["text"] for row in mails.rows(f"{name}.csv")})
    assert not texts[0] & texts[1], "what is said twice is in one part"
    again = mails("datasets", "split", "mails", "50/50")
    assert (again.code, "There is a dataset `mails-train` already." in again.err) == (2, True)
    assert "5: two or three positive shares are needed." in mails("datasets", "split", "mails", "5").err


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("dedup", "mails", "--into", "mails"), "There is a dataset `mails` already."),
        (("dedup", "mails", "--into", "a/b"), "`a/b` is no name of a dataset."),
        (("dedup", "mails", "--into", "x", "--removed", "y.csv"), "--removed does nothing with --into."),
        (("augment", "mails", "--into", "x"), "Which transforms?"),
        (
            ("augment", "mails.csv", "-t", "lowercase", "--into", "x"),
            "is a file, and --into works on datasets.",
        ),
        (("augment", "mails", "-t", "lowercase", "--mode", "inplace", "--into", "mails"), "a dataset of their own"),
        (("augment", "mails", "-t", "lowercas", "--into", "x"), "lowercase"),
        (("fill", "{PER} came.", "--per-template", "2", "--into", "x"), "PER"),
        (("datasets", "split", "mails", "5/5", "--stratify", "nope"), "There is no column `nope`"),
    ],
)
def test_what_cannot_be_made_is_said_and_leaves_nothing(mails: Shell, command: tuple[str, ...], said: str):
    ended = mails(*command)
    assert ended.code == 2
    assert said in ended.err
    assert sizes(mails) == {"mails": 6}
    with Workspace(mails.folder / ".seedbed") as place:
        assert place.store.jobs.open() == []


def test_a_preview_shows_records_before_and_after_and_writes_nothing(mails: Shell):
    (mails.folder / "people.jsonl").write_text(
        '{"text": "Ann lives in Rome.", "spans": [{"start": 0, "end": 3, "label": "PER"}]}\n', "utf-8"
    )
    shown = mails("augment", "people.jsonl", "-t", "uppercase", "-t", "swap_entities", "--preview", "3")
    assert shown.out.splitlines()[1:3] == ["  Ann lives in Rome.  [Ann=PER]", "→ ANN LIVES IN ROME.  [ANN=PER]"]
    assert shown.out.splitlines()[-1] == "→ (no copy: It can change nothing in this record.)"
    looked = mails("augment", "mails.csv", "-t", "add_typo", "--preview", "2", "--json").json["items"]
    assert mails("augment", "mails.csv", "-t", "add_typo", "--mode", "new", "-o", "typos.csv").code == 0
    made = [row["text"] for row in mails.rows("typos.csv")]
    assert [one["after"]["text"] for one in looked] == made[:2], "they are changed as they will be"
    assert "Which transforms?" in mails("augment", "mails", "--preview", "1").err
    assert "uppercas" in mails("augment", "mails", "-t", "uppercas", "--preview", "1").err
    assert sizes(mails) == {"mails": 6}


def test_what_a_killed_process_left_is_made_by_the_same_command_again(mails: Shell):
    command = ("dedup", "mails", "--into", "clean", "--json")
    assert mails(*command).code == 0
    assert mails("datasets", "remove", "clean", "--yes").code == 0
    with Workspace(mails.folder / ".seedbed") as place:
        (done,) = place.store.jobs.jobs(WantedJobs(), 9)
        left = place.store.jobs.add(Job("", done.kind, done.dataset, done.project, done.asked))
        place.store.jobs.begin(left.id)
        with place.store.jobs.claim(left.id):
            assert mails(*command).code == 2, "somebody is at it"
    assert mails("dedup", "mails", "--into", "clean", "--near", "0.8").code == 2, "another one wants that name"
    assert mails(*command).json["kept"] == 5
    with Workspace(mails.folder / ".seedbed") as place:
        ended = place.store.jobs.job(left.id)
        assert ended is not None
        assert ended.state == "done"
