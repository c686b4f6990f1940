"""`seedbed convert`, and formats by name wherever records are written."""

from __future__ import annotations

import json
import os

import pytest

ROWS = "text,label\nthe parcel was late,bad\nall went well,good\n"
RECIPE = {
    "name": "replies",
    "model": "scripted",
    "generator": {"kind": "classification", "instruction": "one reply", "count": 4, "labels": ["polite", "neutral"]},
}


@pytest.fixture
def rows(shell):
    (shell.folder / "in.csv").write_text(ROWS)
    return shell


def lines(shell, name):
    return [json.loads(line) for line in (shell.folder / name).read_text("utf-8").splitlines()]


def test_a_file_becomes_one_of_another_format(rows):
    done = rows("convert", "in.csv", "out.jsonl")
    assert (done.code, done.err) == (0, "Wrote 2 records to out.jsonl.\n")
    assert lines(rows, "out.jsonl")[1] == {"text": "all went well", "label": "good"}
    figures = rows("convert", "out.jsonl", "again.csv", "--json").json
    assert figures == {"input": "out.jsonl", "output": str(rows.folder / "again.csv"), "records": 2}
    assert (rows.folder / "again.csv").read_text() == ROWS


def test_formats_are_named_where_the_suffix_does_not_say_it(rows):
    assert rows("convert", "in.csv", "chat.jsonl", "--to", "openai_chat").code == 0
    assert lines(rows, "chat.jsonl")[0]["messages"][1] == {"role": "assistant", "content": "bad"}
    assert rows("convert", "chat.jsonl", "back.jsonl", "--from", "openai_chat", "--to", "sharegpt").code == 0
    assert "conversations" in lines(rows, "back.jsonl")[0]


def test_settings_of_formats(rows):
    made = rows("convert", "in.csv", "tasks.json", "--to", "label_studio", "--option", "as=annotations")
    assert made.code == 0
    assert "annotations" in json.loads((rows.folder / "tasks.json").read_text())[0]
    assert rows("convert", "in.csv", "corpus.beir", "--to", "csv").code == 0
    read = rows("convert", "tasks.json", "back.csv", "--from", "label_studio", "--from-option", "text_column=body")
    assert read.code == 0, read.err


def test_columns_are_renamed_in_their_places_and_copied(rows):
    arguments = ["--map", "class=label", "--map", "user=text", "--map", "text=text"]
    assert rows("convert", "in.csv", "out.csv", *arguments).code == 0
    assert (rows.folder / "out.csv").read_text().splitlines()[0] == "user,text,class"
    assert rows("convert", "in.csv", "swapped.csv", "--map", "text=label", "--map", "label=text").code == 0
    assert rows.rows("swapped.csv")[0] == {"label": "the parcel was late", "text": "bad"}
    assert rows("convert", "in.csv", "over.csv", "--map", "text=label").code == 0
    assert rows.rows("over.csv")[0] == {"text": "bad"}


def test_a_column_inside_another_one_and_spans_that_move_with_their_text(shell):
    span = {"start": 0, "end": 2, "label": "ORG"}
    (shell.folder / "in.jsonl").write_text(
        json.dumps({"text": "IBM", "meta": {"who": "x"}, "spans": [span]}) + "\n" + json.dumps({"text": "a", "more": 1})
    )
    done = shell("convert", "in.jsonl", "out.jsonl", "--map", "who=meta.who", "--map", "sentence=text")
    assert done.code == 0, done.err
    first, second = lines(shell, "out.jsonl")
    assert (first["sentence"], first["who"], first["spans"]) == ("IBM", "x", [{**span, "field": "sentence"}])
    assert second["more"] == 1  # a column that only comes later is not lost
    assert shell("convert", "in.jsonl", "out.conll").code == 0
    assert (shell.folder / "out.conll").read_text("utf-8").startswith("IB B-ORG\nM O\n")  # it ends within a token


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["in.csv", "out.csv", "--map", "user=txet"], "no column `txet`"),
        (["in.csv", "out.csv", "--map", "user"], "--map user: it must be of the form name=value"),
        (["in.csv", "out.csv", "--map", "a=text", "--map", "a=label"], "two columns are to have one name"),
        (["no.csv", "out.csv"], "There is no file no.csv"),
        (["in.csv", "out.csv", "--to", "jsnol"], "Did you mean `jsonl`?"),
        (["in.csv", "out.csv", "--option", "saef=true"], "Did you mean `safe`?"),
        (["in.csv", "in.csv", "--force"], "is the file that is read"),
        (["in.csv", "there.csv"], "there.csv exists"),
        (["in.csv", "."], "none of the known suffixes"),
        (["empty.jsonl", "out.csv"], "no records"),
        (["in.csv", "out.csv", "--stratify", "label"], "--stratify belongs to --split"),
    ],
)
def test_bad_input_is_one_sentence(rows, arguments, words):
    (rows.folder / "there.csv").write_text("mine")
    (rows.folder / "empty.jsonl").write_text("")
    done = rows("convert", *arguments)
    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err
    assert (rows.folder / "there.csv").read_text() == "mine"
    assert (rows.folder / "in.csv").read_text() == ROWS


def test_force_overwrites_and_csv_safe_disarms(rows):
    (rows.folder / "formula.jsonl").write_text('{"text": "=1+1"}')
    (rows.folder / "out.csv").write_text("mine")
    assert rows("convert", "formula.jsonl", "out.csv", "--force", "--csv-safe").code == 0
    assert rows.rows("out.csv") == [{"text": "'=1+1"}]


def test_a_run_writes_any_format_and_goes_on_in_it(shell):
    recipe = shell.recipe(RECIPE)
    done = shell("generate", recipe, "-o", "chat.jsonl", "--to", "openai_chat")
    assert done.code == 0, done.err
    assert len(lines(shell, "chat.jsonl")[0]["messages"]) == 2
    (shell.folder / "chat.jsonl").unlink()
    assert shell("runs", "resume", "replies-1").code == 0
    assert "messages" in lines(shell, "chat.jsonl")[0]
    assert shell("generate", recipe, "-o", "chat.jsonl", "--to", "sharegpt").code == 0
    assert "conversations" in lines(shell, "chat.jsonl")[0]
    assert shell("generate", recipe, "-o", "plain.csv").code == 0
    assert shell.rows("plain.csv")[0].keys() == {"text", "label", "model"}


def test_a_format_that_cannot_be_is_refused_before_any_call(shell):
    recipe = shell.recipe(RECIPE)
    for arguments in (["--to", "openai"], ["--to", "csv", "--option", "nothing=1"]):
        assert shell("generate", recipe, "-o", "out.jsonl", *arguments).code == 2
    assert shell("runs", "list", "--json").json == {"runs": []}


def test_a_folder_is_an_output_where_the_format_writes_one(shell):
    assert shell("generate", shell.recipe(RECIPE), "-o", "run.csv").code == 0
    (shell.folder / "mine").mkdir()
    (shell.folder / "mine" / "letter.txt").write_text("keep me")
    pytest.importorskip("datasets")
    assert shell("export", "replies-1", "-o", "saved", "--to", "huggingface").code == 0
    assert shell("export", "replies-1", "-o", "saved", "--to", "huggingface").code == 2
    assert shell("export", "replies-1", "-o", "saved", "--to", "huggingface", "--force").code == 0
    assert shell("export", "replies-1", "-o", "mine", "--to", "huggingface", "--force").code == 2
    assert (shell.folder / "mine" / "letter.txt").exists()
    back = shell("convert", "saved", "back.csv", "--from", "huggingface")
    assert back.code == 0, back.err
    assert len(shell.rows("back.csv")) == 4


def test_a_column_of_spans_may_have_another_name(shell):
    span = {"start": 0, "end": 3, "label": "ORG"}
    (shell.folder / "in.jsonl").write_text(json.dumps({"text": "IBM in Rome", "entities": [span]}))
    assert shell("convert", "in.jsonl", "out.conll", "--map", "spans=entities").code == 0
    assert (shell.folder / "out.conll").read_text() == "IBM B-ORG\nin O\nRome O\n\n"
    assert shell("convert", "in.jsonl", "out.jsonl", "--map", "spans=entities").code == 0
    assert lines(shell, "out.jsonl") == [{"text": "IBM in Rome", "spans": [span]}]
    (shell.folder / "in.jsonl").write_text(json.dumps({"text": "IBM", "entities": ["ORG"]}))
    done = shell("convert", "in.jsonl", "bad.conll", "--map", "spans=entities")
    assert (done.code, "--map: a span in `spans` is not of the form" in done.err) == (2, True)


def test_spans_inside_of_a_column_move_with_it(shell):
    span = {"start": 0, "end": 2, "label": "X", "field": "messages.0.content"}
    talk = [{"role": "user", "content": "hi"}]
    (shell.folder / "in.jsonl").write_text(json.dumps({"messages": talk, "spans": [span]}))
    assert shell("convert", "in.jsonl", "out.jsonl", "--map", "talk=messages").code == 0
    assert lines(shell, "out.jsonl") == [{"talk": talk, "spans": [{**span, "field": "talk.0.content"}]}]


def test_a_column_that_is_called_as_ours_stays_the_users(shell):
    (shell.folder / "in.jsonl").write_text('{"text": "a", "state": "Ohio", "id": 7}\n{"text": "b"}\n')
    assert shell("convert", "in.jsonl", "out.csv").code == 0
    assert (shell.folder / "out.csv").read_text() == "text,state,id\na,Ohio,7\nb,,\n"


def test_what_can_be_read_only_once_is_refused(shell):
    os.mkfifo(shell.folder / "pipe.jsonl")
    done = shell("convert", "pipe.jsonl", "out.csv")
    assert (done.code, "Save it to a file first" in done.err) == (2, True)
