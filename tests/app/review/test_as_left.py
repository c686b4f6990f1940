"""Whoever reads a dataset after people reviewed it reads it as they left it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import seedbed
from conftest import Shell

RECIPE: dict[str, Any] = {
    "name": "replies",
    "model": "scripted",
    "generator": {"kind": "classification", "instruction": "one reply", "labels": ["polite", "rude"], "count": 12},
    "output": "replies.csv",
}


def made(shell: Shell) -> list[str]:
    """The ids of a run's records."""
    shell.recipe(RECIPE)
    assert shell("generate", "recipe.yaml").code == 0
    return [one["id"] for one in shell("review", "list", "replies-1", "--json").json["items"]]


def test_corrections_and_declined_records_show_in_exports_reports_and_lists(shell: Shell) -> None:
    ids = made(shell)
    shell("review", "edit", "replies-1", ids[0], "--set", "text=Many thanks, Ann.", "--set", "label=rude")
    shell("review", "decide", "replies-1", "declined", ids[1], ids[2])
    assert shell("export", "replies-1", "-o", "out.csv", "--with-origin").code == 0
    rows = shell.rows("out.csv")
    assert len(rows) == 10
    assert (rows[0]["text"], rows[0]["label"], rows[0]["id"]) == ("Many thanks, Ann.", "rude", ids[0])
    assert '"recipe":"replies"' in rows[0]["origin"]
    assert not {ids[1], ids[2]} & {row["id"] for row in rows}
    shown = shell("datasets", "show", "replies-1", "--json").json
    assert shown["records"] == 10
    assert shown["first"][0]["text"] == "Many thanks, Ann."
    assert shell("datasets", "list", "--json").json["datasets"][0]["records"] == 10
    assert shell("report", "replies-1", "--only", "balance", "--json").json["records"] == 10
    assert shell("export", "replies-1", "-o", "rude.csv", "--where", "label=rude").code == 0
    assert "Many thanks, Ann." in {row["text"] for row in shell.rows("rude.csv")}
    shell("review", "undo", "replies-1")
    assert shell("datasets", "show", "replies-1", "--json").json["records"] == 12


def test_after_a_refill_the_output_has_as_many_as_were_asked_for(shell: Shell) -> None:
    ids = made(shell)
    shell("review", "edit", "replies-1", ids[5], "--set", "text=Corrected by hand.")
    shell("review", "decide", "replies-1", "declined", *ids[:3])
    assert shell("review", "refill", "replies-1", "--json").json["opened"] == 3
    assert shell("runs", "resume", "replies-1").code == 0
    rows = shell.rows("replies.csv")
    assert len(rows) == 12
    assert "Corrected by hand." in {row["text"] for row in rows}
    assert not {*ids[:3]} & {row.get("id") for row in rows}
    again = seedbed.generate(RECIPE, workspace=shell.folder / ".seedbed", output=Path(shell.folder / "again.csv"))
    assert len(again) == 12
    assert len(shell.rows("again.csv")) == 12


def test_what_was_declined_is_still_known_to_the_run(shell: Shell) -> None:
    ids = made(shell)
    shell("review", "decide", "replies-1", "declined", *ids)
    declined = {row["text"] for row in shell.rows("replies.csv")}
    shell("review", "refill", "replies-1")
    assert shell("runs", "resume", "replies-1").code == 0
    assert not declined & {row["text"] for row in shell.rows("replies.csv")}
