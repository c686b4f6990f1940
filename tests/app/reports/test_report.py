"""`seedbed report` and `seedbed.report`: any file, any section, a page that needs nothing from outside."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest

import seedbed

ROWS = [
    ("I'm sorry to hear that your order is late", "polite"),
    ("I'm sorry to hear that the <b>parcel</b> broke", "polite"),
    ("Pay now or leave at once", "rude"),
    ("Pay now or leave at once", "polite"),
    ("Go away, I have no time", "rude"),
]


@pytest.fixture
def data(shell):
    lines = "\n".join(f'"{text}",{label},m{place % 2}' for place, (text, label) in enumerate(ROWS))
    (shell.folder / "data.csv").write_text(f"text,label,model\n{lines}\n")
    return shell


def test_the_figures_have_their_promised_names(data):
    done = data("report", "data.csv", "--json")
    assert done.code == 0, done.err
    found = done.json
    assert found["records"] == 5
    assert {"balance", "duplicates", "diversity", "bias"} <= found.keys()
    assert {"exact", "near", "cross_label", "by_label", "by_model"} <= found["duplicates"].keys()
    assert found["duplicates"]["cross_label"] == 1
    assert found["balance"]["axes"]["label"]["values"]["polite"]["records"] == 3
    assert any(one["section"] == "duplicates" and one["level"] == "bad" for one in found["findings"])


def test_only_what_is_asked_for_is_measured(data):
    assert data("report", "data.csv", "--only", "balance", "--json").json.keys() == {
        "input",
        "records",
        "balance",
        "findings",
    }


class Page(HTMLParser):
    """What a page loads, and whether its elements are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("src", "srcset", "data") or (name == "href" and tag == "link"):
                self.loads.append(str(value))
            elif name == "id":
                self.ids.append(str(value))
            elif name == "href":
                self.links.append(str(value))


def test_the_page_needs_nothing_from_outside_and_shows_texts_as_they_are(data):
    done = data("report", "data.csv", "--html", "page.html")
    assert done.code == 0, done.err
    text = (data.folder / "page.html").read_text()
    page = Page()
    page.feed(text)
    assert page.loads == []
    assert not re.search(r"https?://|@import|url\(", text)
    assert sorted(page.links) == sorted(f"#{one}" for one in page.ids if one != "summary")
    assert "<b>parcel</b>" not in text
    assert data("report", "data.csv", "--html", "page.html").code == 2
    assert data("report", "data.csv", "--html", "page.html", "--force").code == 0


def test_real_texts_and_a_reference_are_held_against_it(data):
    (data.folder / "real.csv").write_text("text,label\nPay now or leave at once,rude\nOne two three,polite\n")
    found = data("report", "data.csv", "--real", "real.csv", "--reference", "real.csv", "--json").json
    assert found["duplicates"]["reference"]["exact"] == 2
    assert found["privacy"]["exact"] == 2
    assert found["diversity"]["real"]["records"] == 2


def test_a_run_is_held_against_what_its_recipe_asked_for(shell):
    generator = {"kind": "classification", "labels": ["a", "b"], "count": 6, "instruction": "greetings"}
    shell.recipe({"name": "greetings", "model": "scripted", "generator": generator})
    assert shell("generate", "recipe.yaml", "-o", "out.csv").code == 0
    found = shell("report", "greetings-1", "--json").json
    assert found["balance"]["against"] == "target"
    assert found["balance"]["cells"]["exact"] == found["balance"]["cells"]["wanted"] == 2
    assert found["cost"]["accepted"] == 6


def test_the_library_gives_figures_and_pages():
    records = [seedbed.Record({"text": text, "label": label}) for text, label in ROWS]
    report = seedbed.report(records, only=["duplicates", "balance"])
    assert report.figures["duplicates"]["cross_label"] == 1
    assert "<h2" in unescape(report._repr_html_())
    assert "Balance" not in report.plot("duplicates").html()
    with pytest.raises(seedbed.InputError, match="no section `cost`"):
        report.plot("cost")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing.csv"], "There is no file nothing.csv"),
        (["data.csv", "--only", "duplicate"], "There is no section `duplicate`.\nDid you mean `duplicates`?"),
        (["data.csv", "--label", "lable"], "There is no column `lable`.\nDid you mean `label`?"),
        (["data.csv", "--html", "no/page.html"], "There is no folder"),
        (["data.csv", "--html", "."], ". is a folder.\nName a file in it"),
        (["data.csv", "--html", "./data.csv", "--force"], "--html data.csv: that is another file of this command"),
        (["data.csv", "--real", "empty.csv", "--html", "empty.csv", "--force"], "which would be lost"),
        (["data.csv", "--compare", "text"], "There is no column `text` with few values to compare by.\nKnown: "),
        (["data.csv", "--near", "0.3"], "--near 0.3"),
        (["empty.csv"], "There are no records to report on"),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(data, arguments: list[str], said: str):
    (data.folder / "empty.csv").write_text("text,label\n")
    done = data("report", *arguments)
    assert done.code == 2, done.out
    assert said in done.err
    assert "Traceback" not in done.err


def test_several_datasets_stand_side_by_side(data):
    (data.folder / "other.csv").write_text("text,label\nA quite different text,polite\nAnother one of these,rude\n")
    done = data("report", "data.csv", "other.csv", "--html", "page.html", "--json")
    assert done.code == 0, done.err
    assert done.json["inputs"] == ["data.csv", "other.csv"]
    rows = done.json["compare"]["rows"]
    assert (rows["data.csv"]["records"], rows["other.csv"]["records"]) == (5, 2)
    assert rows["data.csv"]["duplicates"]["cross_label"] == 1
    assert "Side by side" in (data.folder / "page.html").read_text()
    assert list(data("report", "data.csv", "./data.csv", "--json").json["compare"]["rows"]) == [
        "data.csv",
        "./data.csv",
    ]
    assert "goes with one dataset" in data("report", "data.csv", "other.csv", "--real", "other.csv").err


def test_the_models_of_a_run_stand_side_by_side_with_their_cost(shell):
    recipe = {
        "name": "two",
        "model": {"scripted:a": 1, "scripted:b": 1},
        "prices": {"scripted:a": {"input": 1, "output": 1}, "scripted:b": {"input": 9, "output": 9}},
        "generator": {"kind": "classification", "instruction": "a reply", "count": 20, "labels": ["x", "y"]},
    }
    assert shell("generate", shell.recipe(recipe)).code == 0
    done = shell("report", "two-1", "--compare", "model", "--only", "balance", "--json")
    assert done.code == 0, done.err
    assert "duplicates" not in done.json
    rows = done.json["compare"]["rows"]
    assert set(rows) == {"scripted:a", "scripted:b"}
    assert sum(one["records"] for one in rows.values()) == 20
    assert rows["scripted:b"]["per_accepted"] > 5 * rows["scripted:a"]["per_accepted"] > 0
    assert "acceptance" in rows["scripted:a"]
    assert "no column `modell`" in shell("report", "two-1", "--compare", "modell").err


def test_several_by_library(data, monkeypatch):
    monkeypatch.chdir(data.folder)
    found = seedbed.report("data.csv", [seedbed.Record({"text": "one more"})])
    assert list(found.figures["compare"]["rows"]) == ["data.csv", "records"]
    assert "Side by side" in found.html()


def test_a_section_that_cannot_be_measured_says_what_it_needs(data):
    (data.folder / "plain.csv").write_text("text,label\none text,a\nanother one,a\n")
    done = data("report", "plain.csv", "--only", "labels,privacy,cost,judges,compare,faithfulness")
    assert done.code == 0, done.err
    assert "two labels at least: --label COLUMN" in done.out
    assert "texts that people wrote: --real FILE" in done.out
    assert done.out.count("There is nothing to measure") == 6


def test_every_section_that_was_measured_is_named(data):
    done = data("report", "data.csv", "--only", "balance,diversity")
    assert re.findall(r"(?m)^(\w+) +ok +Nothing stands out\.$", done.out) == ["balance", "diversity"]


def test_records_without_a_text_repeat_none_and_are_told():
    rows = [{"text": text, "label": label} for text, label in [("", "a"), (" ", "b"), (None, "a"), ("One.", "a")]]
    report = seedbed.report(rows, only="duplicates")
    found = report.figures["duplicates"]
    assert (found["empty"], found["exact"], found["cross_label"]) == (3, 0, 0)
    assert report.findings[0].text == "3 of 4 records have no text: they are like no other."


def test_plain_dicts_are_records_and_one_name_is_enough():
    report = seedbed.report([{"said": "One two."}, {"said": "One two."}], only="duplicates", columns="said")
    assert report.figures["duplicates"]["exact"] == 1
    with pytest.raises(seedbed.InputError, match="Record 1 is no record, but of the type str") as refused:
        seedbed.report(["One two."])
    assert "to_dict('records')" in refused.value.hint
    with pytest.raises(seedbed.InputError, match="Record 2: "):
        seedbed.report([{"text": "One two."}, {"text": "One", "spans": [{"start": 0}]}])


def test_what_is_not_known_to_cost_is_not_said_to_cost_nothing():
    figures = {"cost": None, "per_accepted": None, "calls": 2, "acceptance": 1.0, "rejected": {}}
    page = seedbed.Report("few", {"records": 1, "cost": figures}, []).html()
    assert page.count("not known") == 2
    assert "1 record " in page
