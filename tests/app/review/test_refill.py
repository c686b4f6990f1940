"""What was declined is made again, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import seedbed
from seedbed.app.review.refill import refill
from seedbed.app.review.reviewing import Reviewing
from seedbed.app.workspace import Workspace
from seedbed.core.errors import InputError
from seedbed.core.review.entry import Wanted

RECIPE: dict[str, Any] = {
    "name": "replies",
    "model": "scripted",
    "generator": {"kind": "classification", "instruction": "one reply", "labels": ["polite", "rude"], "count": 12},
}


def labels(place: Workspace, **wanted: Any) -> list[str]:
    return [one.record.label for one in Reviewing(place, "replies-1", "ann").every(Wanted("", **wanted))]


def test_until_as_many_are_approved_as_were_asked_for(tmp_path: Path) -> None:
    seedbed.generate(RECIPE, workspace=tmp_path)
    with Workspace(tmp_path) as place:
        ann = Reviewing(place, "replies-1", "ann")
        rude = [one.record.id for one in ann.every(Wanted("", label="rude"))]
        polite = [one.record.id for one in ann.every(Wanted("", label="polite"))]
        ann.decide(rude[:4] + polite[:1], "declined")
        ann.decide(rude[4:] + polite[1:], "approved")
        opened = {"run": "replies-1", "refilled": 5, "opened": 5, "message": "5 records are to be made again."}
        assert refill(place, "replies-1") == opened
        assert refill(place, "replies-1") | {"message": ""} == opened | {"opened": 0, "message": ""}
        stored = place.store.run("replies-1")
        assert stored is not None
        assert stored.figures is not None
        assert (stored.state, stored.figures["asked"]) == ("interrupted", 17)
    made = seedbed.generate(RECIPE, workspace=tmp_path)
    assert (made.figures["run"], made.figures["state"], made.figures["accepted"]) == ("replies-1", "complete", 17)
    assert made.figures["attempts"] == made.figures["accepted"] + sum(made.figures["rejected"].values())
    with Workspace(tmp_path) as place:
        assert sorted(labels(place, decision="todo")) == ["polite"] + ["rude"] * 4
        assert len({one.record.text for one in Reviewing(place, "replies-1", "ann").every(Wanted(""))}) == 17
        ann = Reviewing(place, "replies-1", "ann")
        ann.decide([one.record.id for one in ann.every(Wanted("", decision="todo"))][:2], "declined")
        assert refill(place, "replies-1")["opened"] == 2
    again = seedbed.generate(RECIPE, workspace=tmp_path)
    assert (again.figures["state"], again.figures["accepted"]) == ("complete", 19)


def test_what_cannot_be_made_again_is_said(tmp_path: Path) -> None:
    with Workspace(tmp_path) as place, pytest.raises(InputError, match="There is no run"):
        refill(place, "replies-1")
