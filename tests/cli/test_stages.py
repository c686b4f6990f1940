"""Long work on data as a person sees it go: on a terminal, without one, and with `--json`."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from ready import ready_command
from seedbed.app.stages import CHUNK, Stage, counted
from seedbed.cli.stages import LINE_SECONDS, Stages

if TYPE_CHECKING:
    from conftest import Shell

REVIEWS = "text,label\nI love this phone,good\nI hate the battery,bad\na bad day,bad\n"
MODEL = "def classify(texts):\n    print('asked')\n    return ['bad' if 'bad' in text else 'good' for text in texts]\n"
COMMANDS = {
    "augment reviews.csv -o out.csv -t uppercase": (
        "Reading: 0 records …",
        "Making copies: 3 of 3 records",
        "Wrote 6 records to out.csv",
    ),
    "fill people.txt -o out.csv --per-template 2 --faker en_US": (
        "Filling: 0 of 2 records",
        "Filling: 2 of 2 records",
        "Wrote 2 records of 1 template to out.csv",
    ),
    "robustness reviews.csv --model model.py:classify -t uppercase --batch-size 2": (
        "Reading: 0 records …",
        "Asking the model: 4 of 6 texts",
        "3 records, 3 cases, 6 different texts.",
    ),
    "convert reviews.csv out.jsonl": ("Reading: 0 records …", "Writing: 3 records …", "Wrote 3 records to out.jsonl."),
    "convert reviews.csv out.jsonl --split 2/1": (
        "Reading: 0 records …",
        "Writing test: 3 of 3 records",
        "Wrote 2 records to out.train.jsonl.",
    ),
    "dedup reviews.csv -o out.csv": (
        "Reading: 0 records …",
        "Writing: 3 records …",
        "Wrote 3 of 3 records to out.csv.",
    ),
    "labels fix reviews.csv --queue queue.csv -o out.csv": (
        "Reading: 0 records …",
        "Reading: 3 records …",
        "Changed 1 of 3 labels; the data are in out.csv.",
    ),
    "mix reviews.csv=1 --count 2 -o out.csv": (
        "Reading reviews.csv: 0 records …",
        "Writing: 2 of 2 records",
        "Wrote 2 records to out.csv",
    ),
}


@pytest.fixture
def place(shell: Shell) -> Shell:
    (shell.folder / "reviews.csv").write_text(REVIEWS, "utf-8")
    (shell.folder / "model.py").write_text(MODEL, "utf-8")
    (shell.folder / "people.txt").write_text("{PER} is here.\n", "utf-8")
    (shell.folder / "people.csv").write_text("text\nAnn is here.\n", "utf-8")
    many = "".join(f"{said} number {n},{label}\n" for n in range(20) for said, label in (("buy", "b"), ("sell", "s")))
    (shell.folder / "many.csv").write_text(f"text,label\n{many}", "utf-8")
    queue = "record,text,label,suggested,reason,score,accept\nrecord 3,a bad day,bad,good,,1,yes\n"
    (shell.folder / "queue.csv").write_text(queue, "utf-8")
    return shell


def on_a_terminal(shell: Shell, command: str) -> tuple[str, str]:
    """What is written to a terminal on stderr, and to a file on stdout."""
    ours, theirs = os.openpty()
    environment = shell.environment | {"TERM": "xterm", "COLUMNS": "120"}
    with (shell.folder / "stdout").open("w") as out:
        running = subprocess.Popen(
            [ready_command(), *command.split()], cwd=shell.folder, env=environment, stdout=out, stderr=theirs
        )
    os.close(theirs)
    written = b""
    try:
        while part := os.read(ours, 65_536):
            written += part
    except OSError:  # how Linux says that nobody writes any more
        pass
    os.close(ours)
    running.wait()
    return written.decode(), (shell.folder / "stdout").read_text("utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_terminal_shows_the_stage_and_then_the_summary(place: Shell, command: str) -> None:
    first, last, summary = COMMANDS[command]
    shown, out = on_a_terminal(place, command)
    assert shown.index(first) < shown.index(last) < shown.index(summary)
    after = shown[shown.index(last) + len(last) :]
    assert re.match(r"\s*(\x1b\[\?25h)?\s*\x1b\[1A\x1b\[2K", after), "the line is taken away in the end"
    assert out.replace("asked\n", "") == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_without_a_terminal_short_work_only_has_its_summary(place: Shell, command: str) -> None:
    first, last, summary = COMMANDS[command]
    ended = place(*command.split())
    assert summary in ended.err
    assert first not in ended.err
    assert last not in ended.err


def test_with_json_a_terminal_shows_no_stage(place: Shell) -> None:
    shown, out = on_a_terminal(place, "augment reviews.csv -o out.csv -t uppercase --json")
    assert shown == ""
    assert '"copies": 3' in out


def test_without_a_terminal_a_line_comes_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    with Stages(clock=lambda: now) as stages:
        for done in range(5):
            now = done * LINE_SECONDS / 2
            stages.watch(Stage("Making copies", done * 1000, 4000))
    assert capsys.readouterr().err.splitlines() == [
        "Making copies: 2,000 of 4,000 records",
        "Making copies: 4,000 of 4,000 records",
    ]


def test_an_export_is_followed_too(place: Shell) -> None:
    place.recipe({"name": "few", "model": "scripted", "generator": {"kind": "prompt", "prompt": "Write.", "count": 3}})
    assert place("generate", "recipe.yaml").code == 0
    shown, _ = on_a_terminal(place, "export few-1 -o few.csv")
    assert "Writing: 3 records …" in shown
    assert "Wrote 3 records to few.csv." in shown


@pytest.mark.parametrize(
    ("command", "stages"),
    [
        (
            "report reviews.csv --only balance,duplicates",
            ["Reading: 0 records …", "Measuring duplicates: 1 of 2 sections"],
        ),
        ("report reviews.csv people.csv", ["Reading reviews.csv: 0 records …", "Comparing: 0 of 2 datasets"]),
        (
            "report reviews.csv --only labels --relabel-with model.py:classify",
            ["Reading: 0 records …", "Measuring labels: 0 of 1 sections"],
        ),
        (
            "labels suspects many.csv --relabel-with scripted --set generator.labels=[b,s]",
            ["Reading: 0 records …", "40 of 40", "Examining labels: 0 of 40 records"],
        ),
    ],
)
def test_what_is_measured_is_shown_on_a_terminal_and_not_with_json(
    place: Shell, command: str, stages: list[str]
) -> None:
    shown, out = on_a_terminal(place, command)
    found = [shown.find(stage) for stage in stages]
    assert -1 not in found, shown
    assert found == sorted(found)
    assert not any(stage in out for stage in stages)
    assert on_a_terminal(place, f"{command} --json")[0] == ""


def test_records_are_counted_by_the_thousand() -> None:
    heard: list[Stage] = []
    assert [*counted(range(2 * CHUNK + 1), heard.append, "Reading")] == [*range(2 * CHUNK + 1)]
    assert [stage.done for stage in heard] == [0, CHUNK, 2 * CHUNK, 2 * CHUNK + 1]
