"""Wrong labels as a person finds and mends them: `seedbed labels`, the report's section, and a second model."""

from __future__ import annotations

import csv
import inspect
import json
import signal
import time
from typing import Any

import pytest

import seedbed
from conftest import Shell
from noisy import TOPICS, Noisy, noisy
from seedbed import InputError, Record
from seedbed.testing.server import Settings, running_server

DATA = noisy(400)


def by_its_words(texts: list[str]) -> list[str]:
    """A second labelling that knows the topics by heart."""
    words = [{*text.split()} for text in texts]
    return [max(TOPICS, key=lambda topic: len(one & {*TOPICS[topic].split()})) for one in words]


def write(shell: Shell, data: Noisy, name: str = "data.csv") -> None:
    with (shell.folder / name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([("text", "label"), *zip(data.texts, data.given, strict=True)])


@pytest.fixture
def place(shell: Shell) -> Shell:
    """A folder with data of which 32 labels are wrong."""
    write(shell, DATA)
    return shell


@pytest.fixture(scope="module")
def queue_text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The queue of these data."""
    place = Shell(tmp_path_factory.mktemp("queue"))
    write(place, DATA)
    ended = place("labels", "suspects", "data.csv", "-o", "queue.csv")
    assert ended.code == 0, ended.err
    return (place.folder / "queue.csv").read_text("utf-8")


@pytest.fixture
def rows(place: Shell, queue_text: str) -> list[dict[str, str]]:
    """The rows of the queue, which lies beside the data."""
    (place.folder / "queue.csv").write_text(queue_text, "utf-8")
    return place.rows("queue.csv")


def marked(place: Shell, rows: list[dict[str, str]]) -> None:
    """The queue as a person has left it."""
    with (place.folder / "queue.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def fixed(place: Shell, *more: str) -> list[dict[str, str]]:
    ended = place("labels", "fix", "data.csv", "--queue", "queue.csv", "-o", "fixed.csv", "--force", *more)
    assert ended.code == 0, ended.err
    return place.rows("fixed.csv")


# The queue


def test_the_queue_holds_the_wrong_labels_with_the_right_ones(place: Shell, rows: list[dict[str, str]]):
    assert [*rows[0]] == ["record", "text", "label", "suggested", "reason", "score", "accept"]
    assert [float(row["score"]) for row in rows] == sorted((float(row["score"]) for row in rows), reverse=True)
    hits = [row for row in rows if int(row["record"].removeprefix("record ")) - 1 in DATA.wrong]
    assert len(hits) >= 0.85 * len(DATA.wrong)
    assert len(hits) >= 0.85 * len(rows)
    for row in hits:
        at = int(row["record"].removeprefix("record ")) - 1
        assert (row["text"], row["label"]) == (DATA.texts[at], DATA.given[at])
        assert row["reason"] == f"classifier: {row['suggested']} {float(row['score']):.2f}"
        assert row["accept"] == ""


def test_a_share_of_the_records_can_be_asked_for(place: Shell):
    found = place("labels", "suspects", "data.csv", "--share", "0.12", "--json").json
    assert found["suspected"] == 48
    assert len(found["suspects"]) == 20
    assert found["noise"]["records"] == 400


def test_without_a_file_the_first_ones_are_shown(place: Shell):
    ended = place("labels", "suspects", "data.csv")
    assert ended.code == 0
    assert len(ended.out.splitlines()) == 20
    assert "Write them to a file with -o queue.csv." in ended.err


def test_records_are_known_by_their_ids(place: Shell):
    lines = [json.dumps({"id": f"k{at}", "text": text, "label": label}) for at, (text, label) in rows_of(DATA)]
    (place.folder / "data.jsonl").write_text("\n".join(lines), "utf-8")
    found = place("labels", "suspects", "data.jsonl", "-o", "queue.jsonl", "--json").json
    assert {one["record"][0] for one in found["suspects"]} == {"k"}
    reordered = "\n".join(reversed(lines))
    (place.folder / "data.jsonl").write_text(reordered, "utf-8")
    done = place("labels", "fix", "data.jsonl", "--queue", "queue.jsonl", "--accept", "all", "-o", "fixed.jsonl")
    assert done.code == 0, done.err
    made = [json.loads(line) for line in (place.folder / "fixed.jsonl").read_text("utf-8").splitlines()]
    right = {f"k{at}": label for at, label in enumerate(DATA.right)}
    assert sum(row["label"] == right[row["id"]] for row in made) >= 394


def rows_of(data: Noisy) -> Any:
    return enumerate(zip(data.texts, data.given, strict=True))


# Labels changed


def test_marked_rows_are_changed_and_the_old_label_is_kept(place: Shell, rows: list[dict[str, str]]):
    rows[0]["accept"], rows[1]["accept"], rows[2]["accept"] = "yes", "X", "no"
    marked(place, rows)
    made = fixed(place)
    assert [*made[0]] == ["text", "label", "label_before"]
    changed = {f"record {at + 1}": row for at, row in enumerate(made) if row["label_before"]}
    assert changed.keys() == {rows[0]["record"], rows[1]["record"]}
    for row in rows[:2]:
        assert changed[row["record"]]["label"] == row["suggested"]
        assert changed[row["record"]]["label_before"] == row["label"]
    assert sum(row["label"] != label for row, label in zip(made, DATA.given, strict=True)) == 2


def test_all_the_top_or_a_score_can_be_accepted_but_what_is_marked_with_no(place: Shell, rows: list[dict[str, str]]):
    rows[0]["accept"] = "no"
    marked(place, list(reversed(rows)))
    for accept, expected in (
        ("all", rows[1:]),
        ("top:3", rows[1:4]),
        ("score:0.8", [row for row in rows[1:] if float(row["score"]) >= 0.8]),
        ("score:1", []),
    ):
        made = fixed(place, "--accept", accept)
        changed = {f"record {at + 1}" for at, row in enumerate(made) if row["label_before"]}
        assert changed == {row["record"] for row in expected}


def test_what_was_changed_is_told(place: Shell, rows: list[dict[str, str]]):
    ended = place("labels", "fix", "data.csv", "--queue", "queue.csv", "--accept", "top:2", "-o", "a.csv", "--json")
    found = ended.json
    assert (found["records"], found["accepted_rows"], found["changed"]) == (400, 2, 2)
    assert sum(one["records"] for one in found["changes"]) == 2
    assert found["changes"][0].keys() == {"label", "suggested", "records"}
    counts = {label: DATA.given.count(label) for label in TOPICS}
    for row in rows[:2]:
        counts[row["label"]] -= 1
        counts[row["suggested"]] += 1
    assert {label: one["after"] for label, one in found["labels"].items()} == counts
    again = place("labels", "fix", "a.csv", "--queue", "queue.csv", "--accept", "top:2", "-o", "b.csv", "--json")
    assert (again.code, again.json["changed"]) == (0, 0)
    assert sum(row["label_before"] != "" for row in place.rows("b.csv")) == 2


def test_a_label_that_a_person_suggests_instead_is_taken(place: Shell, rows: list[dict[str, str]]):
    third = next(label for label in TOPICS if label not in (rows[0]["label"], rows[0]["suggested"]))
    rows[0] |= {"suggested": third, "accept": "yes"}
    marked(place, rows)
    assert fixed(place)[int(rows[0]["record"].removeprefix("record ")) - 1]["label"] == third


def test_what_a_spreadsheet_does_to_a_text_does_not_matter(place: Shell, rows: list[dict[str, str]]):
    rows[0] |= {"text": f"  '{rows[0]['text'].replace(' ', chr(10), 1)} ", "accept": "1"}
    marked(place, rows)
    assert sum(row["label_before"] != "" for row in fixed(place)) == 1


def test_labels_stay_what_they_are_in_the_data(place: Shell):
    numbers = {label: at for at, label in enumerate(TOPICS)}
    lines = [
        json.dumps({"text": text, "label": numbers[label]}) for text, label in zip(DATA.texts, DATA.given, strict=True)
    ]
    (place.folder / "data.jsonl").write_text("\n".join(lines), "utf-8")
    assert place("labels", "suspects", "data.jsonl", "-o", "queue.csv").code == 0
    done = place("labels", "fix", "data.jsonl", "--queue", "queue.csv", "--accept", "all", "-o", "fixed.jsonl")
    assert done.code == 0, done.err
    made = [json.loads(line) for line in (place.folder / "fixed.jsonl").read_text("utf-8").splitlines()]
    assert {type(row["label"]) for row in made} == {int}
    assert {row["label_before"] for row in made} == {None, *range(4)}


def test_other_columns_can_hold_the_texts_and_the_labels(place: Shell):
    lines = [json.dumps({"words": text, "topic": label}) for text, label in zip(DATA.texts, DATA.given, strict=True)]
    (place.folder / "data.jsonl").write_text("\n".join(lines), "utf-8")
    names = ("--column", "words", "--label", "topic")
    assert place("labels", "suspects", "data.jsonl", *names, "-o", "queue.csv").code == 0
    done = place("labels", "fix", "data.jsonl", *names, "--queue", "queue.csv", "--accept", "all", "-o", "fixed.csv")
    assert done.code == 0, done.err
    right = [row["topic"] == label for row, label in zip(place.rows("fixed.csv"), DATA.right, strict=True)]
    assert sum(right) >= 394


def test_a_run_of_the_workspace_has_a_queue_of_its_own(shell: Shell):
    generator = {"kind": "classification", "instruction": "one", "count": 60, "labels": ["good", "bad"]}
    shell.recipe({"name": "made", "model": "scripted", "generator": generator})
    assert shell("generate", "recipe.yaml").code == 0
    ended = shell("labels", "suspects", "made-1", "--share", "0.1", "-o", "queue.csv")
    assert ended.code == 0, ended.err
    assert len(shell.rows("queue.csv")) == 6
    done = shell("labels", "fix", "made-1", "--queue", "queue.csv", "--accept", "all", "-o", "fixed.csv")
    assert done.code == 0, done.err
    assert sum(row["label_before"] != "" for row in shell.rows("fixed.csv")) == 6


def test_the_library_does_the_same():
    records = [Record({"text": text, "label": label}) for text, label in zip(DATA.texts, DATA.given, strict=True)]
    found = seedbed.label_suspects(records)
    for row in found.rows[:5]:
        row.values["accept"] = "yes"
    made = seedbed.fix_labels(records, found.rows)
    assert len(made) == 400
    assert made.figures["changed"] == 5
    assert [record.label for record in made] != DATA.given
    better = seedbed.fix_labels(records, found, accept="all")
    assert sum(record.label == label for record, label in zip(better, DATA.right, strict=True)) >= 394
    assert records[0].values.keys() == {"text", "label"}


# What is wrong


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("suspects", "nothing.csv"), "There is no file nothing.csv"),
        (("suspects", "data.csv", "--label", "lable"), "There is no column `lable`.\nDid you mean `label`?"),
        (("suspects", "one.csv"), "the records have no two labels"),
        (("suspects", "data.csv", "--share", "12"), "A share of the records is above 0 and at most 1, and no 12.0."),
        (("suspects", "data.csv", "--limit", "5"), "Who is to label the records again?\nName a model: --relabel-with"),
        (("suspects", "data.csv", "--relabel-with", "nowhere:x"), "there is no connection or provider `nowhere`"),
        (("suspects", "data.csv", "--relabel-with", "a.py:label"), "There is no module a.py"),
        (("suspects", "data.csv", "--relabel-with", "spacy:"), "`--relabel-with spacy:`: which one?"),
        (("suspects", "one.csv", "--relabel-with", "scripted"), "the records have no two labels"),
        (("suspects", "data.csv", "-o", "data.csv", "--force"), "it would be lost"),
        (("suspects", "data.csv", "-o", "no/queue.csv"), "of the output does not exist"),
        (("fix", "data.csv", "--queue", "queue.csv"), "Where to?"),
        (("fix", "data.csv", "--queue", "queue.csv", "-o", "x.csv"), "No row of the queue is marked."),
        (
            ("fix", "data.csv", "--queue", "queue.csv", "-o", "x.csv", "--accept", "top"),
            "--accept top: what is accepted?",
        ),
        (
            ("fix", "data.csv", "--queue", "queue.csv", "-o", "x.csv", "--accept", "score:9"),
            "It is one of: all, marked",
        ),
        (("fix", "data.csv", "--queue", "none.csv", "-o", "x.csv"), "There is no file none.csv"),
        (("fix", "data.csv", "--queue", "one.csv", "-o", "x.csv"), "one.csv is no queue: it has no column `record`"),
        (("fix", "one.csv", "--queue", "queue.csv", "-o", "x.csv", "--accept", "all"), "with that text in the data"),
        (("fix", "data.csv", "--queue", "queue.csv", "-o", "queue.csv", "--force"), "queue.csv is the queue"),
        (
            ("fix", "data.csv", "--queue", "queue.csv", "-o", "x.csv", "--accept", "all", "--label", "lable"),
            "no column `lable`",
        ),
    ],
)
@pytest.mark.usefixtures("rows")
def test_wrong_input_is_said(arguments: tuple[str, ...], said: str, place: Shell):
    (place.folder / "one.csv").write_text("text,label\nfirst,a\nsecond,a\n", "utf-8")
    ended = place("labels", *arguments)
    assert ended.code == 2, ended.err
    assert said in ended.err
    assert not (place.folder / "x.csv").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"accept": "maybe"}, "queue.csv, row 1: `maybe` in `accept` is neither yes nor no."),
        ({"score": "high"}, "queue.csv, row 1: the score 'high' is no number."),
        (
            {"suggested": "wether", "accept": "yes"},
            "suggests `wether`, which is no label of the data.\nDid you mean `weather`?",
        ),
        ({"label": "other", "accept": "yes"}, "Row 1 of the queue is about `other`"),
        ({"text": "something else", "accept": "yes"}, "Row 1 of the queue: there is no record"),
    ],
)
def test_a_queue_that_does_not_go_with_the_data_is_said(
    change: dict[str, str], said: str, place: Shell, rows: list[dict[str, str]]
):
    rows[0] |= change
    marked(place, rows)
    ended = place("labels", "fix", "data.csv", "--queue", "queue.csv", "-o", "x.csv")
    assert ended.code == 2
    assert said in ended.err


# The report's section


def test_the_report_has_the_section_and_the_page_shows_it(place: Shell):
    found = place("report", "data.csv", "--only", "labels", "--html", "page.html", "--json").json
    assert found.keys() == {"input", "records", "labels", "findings", "html"}
    assert found["labels"].keys() == {"noise", "suspected", "suspects"}
    page = (place.folder / "page.html").read_text("utf-8")
    assert "Label noise" in page
    assert found["labels"]["suspects"][0]["text"] in page


def test_data_without_labels_have_no_such_section(shell: Shell):
    (shell.folder / "plain.csv").write_text("text\nfirst text\nsecond text\n", "utf-8")
    assert "labels" not in shell("report", "plain.csv", "--json").json


def test_without_its_library_a_whole_report_says_what_it_leaves_out(place: Shell, monkeypatch: pytest.MonkeyPatch):
    import builtins

    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.partition(".")[0] == "sklearn":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    ended = place("report", "data.csv", "--json")
    assert ended.code == 0
    assert "labels" not in ended.json
    [left] = [one for one in ended.json["findings"] if one["section"] == "labels"]
    assert "This section is left out. A classifier of texts needs the optional part `proof`" in left["text"]
    assert "pip install 'seedbed[proof]'" in left["todo"]
    assert place("report", "data.csv", "--only", "labels").code == 2


# A second model


def test_a_function_labels_a_second_time(place: Shell):
    code = f"TOPICS = {TOPICS}\n\n{inspect.getsource(by_its_words)}"
    (place.folder / "truly.py").write_text(f"from __future__ import annotations\n\n{code}", "utf-8")
    found = place("report", "data.csv", "--only", "labels", "--relabel-with", "truly.py:by_its_words", "--json").json
    agreed = found["labels"]["agreement"]
    wrong = sum(one != given for one, given in zip(by_its_words(DATA.texts), DATA.given, strict=True))
    assert (agreed["records"], agreed["same"], agreed["unanswered"]) == (400, 400 - wrong, 0)
    assert agreed["model"] == "truly.py:by_its_words"
    assert "truly.py:by_its_words: " in found["labels"]["suspects"][0]["reason"]
    assert any("asked blind" in one["text"] for one in found["findings"])


def test_two_opinions_find_more_than_one():
    records = [Record({"text": text, "label": label}) for text, label in zip(DATA.texts, DATA.given, strict=True)]
    report = seedbed.report(records, relabel_with=by_its_words, only=["labels"])
    assert report.figures["labels"]["agreement"]["kappa"] > 0.8
    found = seedbed.label_suspects(records, relabel_with=by_its_words)
    places = [int(row.values["record"].removeprefix("record ")) - 1 for row in found.rows]
    assert DATA.wrong <= {*places}
    assert sum(at in DATA.wrong for at in places[: len(DATA.wrong)]) >= 0.9 * len(DATA.wrong)


def test_a_language_model_is_shown_the_text_and_the_labels_and_nothing_else(place: Shell):
    with running_server(Settings()) as server:
        local = {"provider": "openai", "base_url": server.url}
        asked = ("--relabel-with", "local:fake", "--set", f"connections={json.dumps({'local': local})}")
        ended = place("labels", "suspects", "data.csv", *asked, "--limit", "50", "--json")
        assert ended.code == 0, ended.err
        requests = server.requests()
        other = Noisy(DATA.texts, DATA.right, DATA.right, set())
        write(place, other)
        again = place("labels", "suspects", "data.csv", *asked, "--limit", "50", "--json")
        assert server.stats()["answered"] == 50, "a text with another label is the same question"
    prompts = [json.dumps(one["body"]["messages"]) for one in requests]
    assert len({*prompts}) == 50
    for label in TOPICS:
        assert {prompt.count(label) - _own(prompt, label) for prompt in prompts} == {1}
    agreed = ended.json["agreement"]
    assert (agreed["records"], agreed["asked"]["texts"], agreed["asked"]["calls"]) == (50, 50, 50)
    assert again.json["agreement"]["asked"] == {"texts": 0, "known": 50}
    assert "relabel-" in place("runs", "list").out


def _own(prompt: str, label: str) -> int:
    """How often the label stands in the text that is asked about."""
    return prompt.partition("The text:")[2].count(label)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_a_second_labelling_that_is_stopped_goes_on_where_it_was(stop: signal.Signals, place: Shell):
    write(place, noisy(120))
    with running_server(Settings(latency=0.1)) as server:
        local = {"provider": "openai", "base_url": server.url, "concurrency": 4}
        sets = ("--set", f"connections={json.dumps({'local': local})}")
        ask = ("labels", "suspects", "data.csv", "--relabel-with", "local:fake", *sets)
        process = place.start(*ask)
        while server.stats()["answered"] < 8 and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(stop)
        _, err = process.communicate(timeout=60)
        server.change(latency=0)
        ended = place(*ask, "--json")
        stats = server.stats()
    if stop is signal.SIGINT:
        assert process.returncode == 130
        assert "What was answered is kept: the same command goes on from there.\nInterrupted." in err
    assert (ended.code, ended.json["agreement"]["records"]) == (0, 120)
    assert ended.json["agreement"]["asked"]["known"] >= 1
    # What was in flight at a kill, or answered in the moment before, may be asked again.
    assert stats["answered"] <= 120 + (0 if stop is signal.SIGINT else 8)


def test_a_spent_budget_is_said_and_more_of_it_goes_on(place: Shell):
    ask = ("report", "data.csv", "--only", "labels", "--relabel-with", "scripted", "--relabel-limit", "20", "--json")
    ended = place(*ask, "--set", "budget.calls=7")
    assert ended.code == 3
    agreed = ended.json["labels"]["agreement"]
    assert (agreed["records"], agreed["unanswered"]) == (7, 13)
    assert "budget" in agreed["message"]
    assert any("gave 13 records no label" in one["text"] for one in ended.json["findings"])
    more = place(*ask, "--set", "budget.calls=20")
    assert more.code == 0
    assert more.json["labels"]["agreement"]["asked"]["known"] == 7
    assert more.json["labels"]["agreement"]["records"] == 20


def test_who_relabels_must_say_labels_of_the_data():
    records = [Record({"text": text, "label": label}) for text, label in zip(DATA.texts, DATA.given, strict=True)]
    with pytest.raises(InputError, match="`other` is none of the labels food, music, sport, weather"):
        seedbed.report(records, relabel_with=lambda texts: ["other" for _ in texts], only=["labels"])
    with pytest.raises(InputError, match="goes into the section `labels`, which --only leaves out"):
        seedbed.report(records, relabel_with=by_its_words, only=["balance"])
    with pytest.raises(InputError, match="Who is to label the records again"):
        seedbed.report(records, settings={"budget.calls": 1})


def test_a_workspace_that_cannot_be_written_is_told(place):
    (place.folder / "file").write_text("")
    done = place("labels", "suspects", "data.csv", "--relabel-with", "scripted", "--workspace", "file/place")
    assert done.code == 2
    assert "Choose another with --workspace." in done.err
