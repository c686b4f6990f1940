"""Answers that rest on documents: what is grounded, what is covered, which kinds there are."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.reports.faithfulness import Answer, Place, coverage, faithfulness, joined
from seedbed.reports.findings import findings

CHUNKS = {"a.md": [(0, 100), (100, 180)], "b.md": [(0, 50)]}


def answer(name, grounded=None, *places, kind="simple", lost=()):
    return Answer(name, f"question {name}", "answer", kind, grounded, places, lost)


def test_grounded_answers_are_counted_with_their_interval_and_by_kind():
    answers = [
        *(answer(str(i), True, Place("a.md", 0, 10)) for i in range(8)),
        answer("8", False, kind="reasoning"),
        answer("9", True, kind="reasoning"),
        answer("10", False, kind="unanswerable"),
        answer("11"),
    ]
    found = faithfulness(answers, {}, judged_by="m:x")
    assert (found["records"], found["answerable"]) == (12, 11)
    grounded = found["grounded"]
    assert (grounded["judged"], grounded["grounded"], grounded["share"]) == (10, 9, 0.9)
    assert 0.55 < grounded["interval"][0] < 0.65
    assert grounded["by_kind"]["reasoning"]["share"] == 0.5
    assert [one["record"] for one in grounded["examples"]] == ["8"]
    [first, *_] = findings({"records": 12, "faithfulness": found})
    assert first.level == "note"
    assert "9 of 10 answers (90 %" in first.text


def test_nobody_having_judged_is_said_and_no_share_is_made_up():
    found = faithfulness([answer("1", None, Place("a.md", 0, 5))], CHUNKS)
    assert "grounded" not in found
    assert "Nobody has judged" in findings({"records": 1, "faithfulness": found})[0].text


def test_coverage_counts_chunks_that_evidence_touches_and_characters_once():
    places = [Place("a.md", 90, 110), Place("a.md", 95, 120), Place("c.md", 0, 10)]
    found = coverage(CHUNKS, places)
    assert (found["documents"], found["chunks"], found["covered"], found["untouched"]) == (2, 3, 2, 1)
    assert (found["characters"], found["quoted"]) == (230, 30)
    assert list(found["by_document"]) == ["b.md", "a.md"], "the least covered first"
    assert found["by_document"]["a.md"]["share"] == 1


def test_evidence_that_ends_where_a_chunk_begins_does_not_touch_it():
    assert coverage(CHUNKS, [Place("a.md", 50, 100)])["by_document"]["a.md"]["covered"] == 1


def test_kinds_that_were_asked_for_and_are_not_there_are_named():
    answers = [answer("1", True), answer("2", None, kind="unanswerable")]
    found = faithfulness(answers, {}, ["simple", "comparison", "unanswerable"])
    assert found["kinds"] == {"simple": 1, "unanswerable": 1}
    assert found["missing_kinds"] == ["comparison"]
    assert any("comparison" in one.text for one in findings({"records": 2, "faithfulness": found}))


def test_quotes_that_stand_nowhere_are_a_fault():
    found = faithfulness([answer("1", True, lost=("made up",))], {})
    assert found["evidence"]["examples"] == [{"record": "1", "quote": "made up"}]
    assert any(one.level == "bad" for one in findings({"records": 1, "faithfulness": found}))


stretches = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: tuple(sorted(pair))))


@settings(deadline=None)
@given(stretches, stretches)
def test_coverage_is_what_counting_character_by_character_gives(chunks, places):
    chunks = [one for one in chunks if one[0] < one[1]]
    found = coverage({"d": chunks}, [Place("d", *one) for one in places])
    whole = {i for start, end in chunks for i in range(start, end)}
    quoted = {i for start, end in places for i in range(start, end)}
    assert (found["characters"], found["quoted"]) == (len(whole), len(whole & quoted))
    assert found["covered"] == sum(bool(quoted & set(range(*one))) for one in chunks)
    assert [i for start, end in joined(places) for i in range(start, end)] == sorted(quoted)
