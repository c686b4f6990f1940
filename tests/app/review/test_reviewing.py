"""What people do with the records of a dataset, by library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import seedbed
from seedbed.app.review.reviewing import Reviewing
from seedbed.app.review.tasks import hand_over
from seedbed.app.workspace import Workspace
from seedbed.core.errors import InputError
from seedbed.core.record import Span
from seedbed.core.review.entry import Change, Conflict, Wanted

RECIPE: dict[str, Any] = {
    "name": "replies",
    "model": "scripted",
    "generator": {"kind": "classification", "instruction": "one reply", "labels": ["polite", "rude"], "count": 12},
}
ALL = Wanted("")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workspace]:
    seedbed.generate(RECIPE, workspace=tmp_path)
    with Workspace(tmp_path) as opened:
        yield opened


def test_a_dataset_is_reviewed_page_by_page(place: Workspace) -> None:
    ann = Reviewing(place, "replies-1", "ann")
    first = ann.page(ALL, limit=5)
    second = ann.page(ALL, first.next, 5)
    third = ann.page(ALL, second.next, 5)
    assert [len(page.entries) for page in (first, second, third)] == [5, 5, 2]
    assert (third.next, third.waiting) == ("", 0)
    names = [one.record.id for page in (first, second, third) for one in page.entries]
    assert len({*names}) == 12
    ann.decide(names[:4], "approved")
    ann.decide(names[4:6], "declined", "not a reply")
    assert ann.counts().by["decision"] == {"approved": 4, "declined": 2, "todo": 6}
    assert ann.counts().by["reason"] == {"not a reply": 2}
    assert [one.record.id for one in ann.page(Wanted("", decision="declined")).entries] == names[4:6]
    assert hand_over(ann, ALL) == {"synthetic": 4}
    assert hand_over(ann, ALL) == {}
    tasks = ann.page(Wanted("", handed_over=True)).entries
    assert {(one.work, one.record.tags) for one in tasks} == {("todo", ("synthetic",))}


def test_an_edit_keeps_spans_and_says_which_it_dropped(place: Workspace) -> None:
    ann = Reviewing(place, "replies-1", "ann")
    entry = ann.page(ALL).entries[0]
    name, words = entry.record.id, entry.record.text.split()
    ends = [len(words[0]), len(entry.record.text)]
    spans = (Span(0, ends[0], "A"), Span(ends[1] - len(words[-1]), ends[1], "B"))
    ann.change([Change(name, 1, spans=spans)])
    edited = ann.edit(name, {"text": f"Well, {' '.join(words[:-1])}"}, version=2)
    text = edited.entry.record.text
    assert [text[one.start : one.end] for one in edited.entry.record.spans] == [words[0]]
    assert [one.label for one in edited.dropped] == ["B"]
    with pytest.raises(Conflict):
        ann.edit(name, {"text": "x"}, version=2)
    assert ann.undo()[0].record.text == entry.record.text
    assert [one.label for one in ann.entry(name).record.spans] == ["A", "B"]


def test_what_is_wrong_is_said_and_changes_nothing(place: Workspace) -> None:
    ann = Reviewing(place, "replies-1", "ann")
    name = ann.page(ALL).entries[0].record.id
    for wrong, said in (
        (lambda: ann.decide([name], "aproved"), "no decision"),
        (lambda: ann.decide(["replies-1:99.0"], "approved"), "has no record"),
        (lambda: ann.edit(name, {"txt": "x"}), "no column `txt`"),
        (lambda: ann.tag([name], [" "]), "tag is empty"),
        (lambda: ann.change([Change(name, spans=(Span(0, 9999, "A"),))]), "does not lie in"),
        (lambda: ann.page(ALL, "x"), "is no cursor"),
        (lambda: ann.change([Change(name)] * 1001), "too many"),
        (lambda: Reviewing(place, "none", "ann"), "no run or dataset"),
    ):
        with pytest.raises(InputError, match=said):
            wrong()
    assert ann.entry(name).version == 1
    assert ann.undo() == []


def test_tags_and_labels_are_changed_and_found(place: Workspace) -> None:
    ann = Reviewing(place, "replies-1", "ann")
    names = [one.record.id for one in ann.page(ALL).entries]
    ann.tag(names[:3], ["hard", "odd"])
    ann.tag(names[:1], remove=["odd"])
    ann.edit(names[0], {"label": "unsure"})
    assert [one.record.id for one in ann.page(Wanted("", tag="odd")).entries] == names[1:3]
    assert [one.record.id for one in ann.page(Wanted("", label="unsure")).entries] == names[:1]
    assert ann.entry(names[0]).record.tags == ("synthetic", "hard")
    assert [set(one.after) for one in ann.history(names[0])] == [{"values"}, {"tags"}, {"tags"}]
