"""Every transform on sentences with entities, from file to file: no span is wrong, every line is read back."""

from __future__ import annotations

import json

import pytest

import seedbed
from contracts.oracle import wrong
from seedbed.core.record import Span
from seedbed.transforms.catalog import transforms

NAMES = {
    "PER": ["Ann Lee", "John Smith", "MARIA LOPEZ", "O'Neill", "Li Na", "Dr. Cole", "Müller"],
    "LOC": ["Paris", "New York", "Germany", "the Netherlands", "Côte d'Ivoire", "U.S.", "South Africa"],
    "ORG": ["Reuters", "U.N.", "Bank of China", "Leeds", "AT&T", "World Bank", "Yahoo!"],
}
FRAMES = [
    "{PER} said on Tuesday that the company isn't going to sell 25 of its colour printers in {LOC}.",
    "The doctor from {LOC}, who is 45 years old, did not want to meet {PER} before 12 March 2021.",
    "Shares of {ORG} rose 3.5 percent as people in {LOC} bought an 8-year-old's big new programme.",
    "{ORG}'s “happy” workers told {PER}: two hundred of them couldn’t care less ({LOC}, 05/03/2024).",
    "{LOC}-based {ORG_1} beat {ORG_2} 2-1, and {PER} quickly thanked his fans; she didn't.",
    "It is a small favor that {PER} could have asked of {ORG} as soon as possible, he added…",
    "{PER_1} and {PER_2} were there. Their friend from {LOC} was too. See https://example.org/color?a=b #news @ann",
    "{LOC}",
    "\t{PER}  {ORG} ,{LOC}!",
]


@pytest.fixture
def news(shell):
    seedbed.fill(FRAMES, per_template=30, lexicon=NAMES, output=shell.folder / "news.jsonl")
    kinds: list[object] = [kind for kind in transforms.names() if kind != "multiple_perturbations"]
    chain = {
        "kind": "multiple_perturbations",
        "transforms": ["expand_contraction", "add_typo", "add_context", "uppercase"],
    }
    (shell.folder / "plan.json").write_text(json.dumps({"transforms": [*kinds, chain], "mode": "new"}))
    return shell


def test_no_span_is_wrong_under_any_transform(news):
    done = news("augment", "news.jsonl", "-o", "out.jsonl", "--plan", "plan.json", "--with-origin", "--json")
    assert done.code == 0, done.err
    for line in (news.folder / "out.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        before, after = ([Span(**span) for span in row[name]] for name in ("parent_spans", "spans"))
        edits = [(edit["start"], edit["end"], edit["new"]) for edit in row["edits"]]
        assert not wrong(row["parent_text"], before, edits, row["text"], after), row
        assert all(row["parent_text"][one["start"] : one["end"]] == one["old"] for one in row["edits"])
    made = {one["transform"]: one for one in done.json["transforms"]}
    assert [name for name, one in made.items() if one["refused"]] == []
    assert [name for name, one in made.items() if not one["produced"]] == []


def test_every_line_is_read_back(news):
    done = news(
        "augment", "news.jsonl", "-o", "out.conll", "--plan", "plan.json", "--option", "unaligned=skip", "--json"
    )
    assert done.code == 0, done.err
    spans = [len(record.spans) for record in seedbed.read(news.folder / "out.conll")]
    assert len(spans) == done.json["records"]
    assert sum(spans) > 0.9 * len(spans)
