"""Object storage: what is written there is what would be written here, whole or not at all, and reads back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import seedbed
from seedbed.core.errors import InputError
from seedbed.places import bucket as storage
from seedbed.places.paths import RemotePath, path_of, within

ROWS = [{"text": f"The {word} heating is cold, says ö.", "label": label} for word in "abc" for label in ("x", "y")]
CONLL = "Anna\tB-PER\nsings\tO\n\nIn\tO\nRome\tB-LOC\n\n"
DOCUMENT = {
    "name": "replies",
    "model": "scripted",
    "generator": {"kind": "classification", "instruction": "one reply", "count": 6, "labels": ["polite", "neutral"]},
}


@pytest.fixture
def rows(shell, bucket):
    """Six rows here and in the bucket."""
    seedbed.write([seedbed.Record(dict(row)) for row in ROWS], shell.folder / "rows.csv", columns=["text", "label"])
    bucket.put_file(str(shell.folder / "rows.csv"), "s3://box/rows.csv")
    return "s3://box/rows.csv"


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".json", ".jsonl", ".jsonl.gz", ".csv.gz", ".parquet"])
def test_the_bytes_are_those_of_a_file_here_and_read_back(shell, bucket, rows, suffix):
    here, there = f"out{suffix}", f"s3://box/deep/out{suffix}"
    assert shell("convert", "rows.csv", here).code == 0
    done = shell("convert", rows, there)
    assert done.code == 0, done.err
    assert f"Wrote 6 records to {there}." in done.err + done.out
    assert bucket.cat_file(there) == (shell.folder / here).read_bytes()
    assert shell("convert", there, f"back{suffix}").code == 0
    assert (shell.folder / f"back{suffix}").read_bytes() == (shell.folder / here).read_bytes()
    assert bucket.find("s3://box") == ["box/deep/out" + suffix, "box/rows.csv"]


def test_spans_go_there_and_back_as_conll(shell, bucket):
    (shell.folder / "in.conll").write_text(CONLL)
    assert shell("convert", "in.conll", "s3://box/out.conll").code == 0
    assert shell("convert", "s3://box/out.conll", "back.jsonl").code == 0
    assert shell("convert", "in.conll", "here.jsonl").code == 0
    assert (shell.folder / "back.jsonl").read_bytes() == (shell.folder / "here.jsonl").read_bytes()


@pytest.mark.parametrize("form", ["huggingface", "beir"])
def test_a_folder_goes_there_and_back_and_is_replaced_as_a_whole(shell, bucket, form):
    contexts = '"contexts":[{"id":"c1","text":"Rome is old."}]'
    (shell.folder / "in.jsonl").write_text('{"question":"How old?",' + contexts + "}\n")
    arguments = ("convert", "in.jsonl", "s3://box/folder", "--to", form)
    assert shell(*arguments).code == 0
    assert "exists" in shell(*arguments).err
    assert shell(*arguments, "--force").code == 0
    back = shell("convert", "s3://box/folder", "back.jsonl", "--from", form)
    assert back.code == 0, back.err
    assert "How old?" in (shell.folder / "back.jsonl").read_text()
    bucket.pipe_file("s3://box/folder/mine.txt", b"mine")
    assert "mine.txt" in shell(*arguments, "--force").err


def test_a_run_writes_there_and_does_not_overwrite_what_is_not_its_own(shell, bucket):
    recipe = shell.recipe(DOCUMENT | {"output": "s3://box/run.jsonl"})
    done = shell("generate", recipe, "--json")
    assert done.code == 0, done.err
    assert done.json["output"] == "s3://box/run.jsonl"
    assert bucket.cat_file("s3://box/run.jsonl").count(b"\n") == 6
    assert shell("generate", recipe, "--json").json["output"] == "s3://box/run.jsonl"
    bucket.pipe_file("s3://box/run.jsonl", b"mine")
    again = shell("generate", recipe, "--new")
    assert again.code == 2
    assert "s3://box/run.jsonl exists" in again.err
    assert bucket.cat_file("s3://box/run.jsonl") == b"mine"
    assert shell("generate", recipe, "--new", "--force").code == 0
    assert shell("export", done.json["run"], "-o", "s3://box/export.csv").code == 0
    assert bucket.exists("s3://box/export.csv")


def test_a_recipe_works_on_what_lies_there(shell, bucket, rows):
    generator = {"kind": "rewrite", "inputs": rows, "task": "paraphrase"}
    document = {"name": "again", "model": "scripted", "generator": generator, "checks": []}
    done = shell("generate", shell.recipe(document | {"into": {"dataset": rows}}), "--json")
    assert done.json["attempts"] >= 6, done.err
    lost = shell("generate", shell.recipe(document, "lost.yaml"), "-o", rows)
    assert lost.code == 2
    assert "is an input of the recipe" in lost.err


def test_documents_are_a_folder_or_a_pattern_there(bucket):
    from seedbed.documents.loaders import load

    for name in ("a.md", "b.txt", "deep/c.md", ".hidden.md"):
        bucket.pipe_file(f"s3://box/docs/{name}", f"What {name} says.".encode())
    assert [one.name for one in load(["s3://box/docs"], ".").documents] == [
        f"s3://box/docs/{name}" for name in ("a.md", "b.txt", "deep/c.md")
    ]
    assert [one.name for one in load(["s3://box/docs/*.md"], ".").documents][-1] == "s3://box/docs/a.md"
    with pytest.raises(InputError, match="nothing at s3://box/none"):
        load(["s3://box/none"], ".")


def test_every_command_names_files_there(shell, bucket, rows):
    (shell.folder / "names.yaml").write_text("A: [Anna]\n")
    for arguments in (
        ("report", rows, "--html", "s3://box/report.html"),
        ("dedup", rows, "-o", "s3://box/dedup.csv", "--removed", "s3://box/removed.csv"),
        ("augment", rows, "-t", "uppercase=1", "-o", "s3://box/more.jsonl"),
        ("mix", f"{rows}=1", "--count", "2", "-o", "s3://box/mixed.csv", "--allow-shortfall"),
        (
            "fill",
            "--template",
            "{A} is here.",
            "--lexicon",
            "names.yaml",
            "--per-template",
            "1",
            "-o",
            "s3://box/filled.jsonl",
        ),
        ("datasets", "import", rows, "--name", "mine"),
    ):
        done = shell(*arguments)
        assert done.code in (0, 3), f"{arguments} {done.err}"
    names = {Path(name).name for name in bucket.find("s3://box")}
    assert {"report.html", "dedup.csv", "more.jsonl", "mixed.csv", "filled.jsonl"} <= names


def test_a_write_that_is_killed_leaves_nothing_and_one_that_fails_leaves_what_was_there(bucket, tmp_path):
    program = """
import os, signal, seedbed
def records():
    yield from (seedbed.Record({"text": "x" * 1000}) for _ in range(20_000))
    os.kill(os.getpid(), signal.SIGKILL)
seedbed.write(records(), "s3://box/half.jsonl", columns=["text"])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "TMPDIR": str(tmp_path)}, capture_output=True, check=False
    )
    assert done.returncode == -9, done.stderr
    assert bucket.find("s3://box") == []
    bucket.pipe_file("s3://box/whole.jsonl", b"before")

    def failing():
        yield seedbed.Record({"text": "one"})
        raise InputError("It fails.")

    with pytest.raises(InputError, match="It fails"):
        seedbed.write(failing(), "s3://box/whole.jsonl", columns=["text"], force=True)
    assert bucket.cat_file("s3://box/whole.jsonl") == b"before"


def test_an_object_that_comes_meanwhile_is_not_overwritten(bucket, tmp_path):
    (tmp_path / "x").write_bytes(b"ours")
    bucket.pipe_file("s3://box/x", b"theirs")
    with pytest.raises(InputError, match="exists"):
        storage.put(tmp_path / "x", "s3://box/x", new=True)
    assert bucket.cat_file("s3://box/x") == b"theirs"


def test_what_is_not_there_is_said_before_anything_is_done(shell, bucket):
    recipe = shell.recipe(DOCUMENT)
    for arguments, said in (
        (("generate", recipe, "-o", "s3://nobodys/x.csv"), "There is no bucket s3://nobodys."),
        (("report", "s3://nobodys/x.csv"), "There is no bucket s3://nobodys."),
        (("report", "s3://box/none.csv"), "There is no file s3://box/none.csv."),
        (("convert", "s3://box/none.csv", "x.csv"), "There is no file s3://box/none.csv."),
        (("convert", "ftp://box/none.csv", "x.csv"), "ftp:// is no address"),
        (("report", "s3://AKIA:very-secret@box/x.csv"), "has a key or a password in it"),
    ):
        done = shell(*arguments)
        assert done.code == 2, done.err
        assert said in " ".join(done.err.replace("│", " ").split())
        assert "very-secret" not in done.err + done.out
        assert "Traceback" not in done.err


TROUBLE = {
    "cannot be reached": {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"},
    "There is no key for s3://box": {
        "AWS_ACCESS_KEY_ID": "",
        "AWS_SECRET_ACCESS_KEY": "",
        "AWS_CONFIG_FILE": "/none",
        "AWS_SHARED_CREDENTIALS_FILE": "/none",
    },
}


@pytest.mark.parametrize("said", TROUBLE)
def test_a_storage_that_does_not_answer_or_has_no_key_is_said(bucket, monkeypatch, said):
    for name, value in TROUBLE[said].items():
        monkeypatch.setenv(name, value)
    type(bucket).clear_instance_cache()
    with pytest.raises(InputError, match=said) as raised:
        seedbed.read("s3://box/rows.csv")
    assert "secret-of-the-tests" not in raised.value.message + raised.value.hint


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError("AKIAOFTHETESTS: Forbidden"), "refuses the key"),
        (TimeoutError("AKIAOFTHETESTS"), "cannot be reached"),
        (FileNotFoundError("AKIAOFTHETESTS"), "There is no file s3://box/x.csv."),
    ],
)
def test_what_a_library_says_is_never_repeated(error, said):
    with pytest.raises(InputError, match=said) as raised, storage.said("s3://box/x.csv"):
        raise error
    assert "AKIA" not in raised.value.message + raised.value.hint


def test_the_libraries_of_the_others_are_named_by_a_hint(shell):
    done = shell("report", "gs://box/x.csv")
    assert done.code == 2
    assert "gs://" in done.err
    assert "gcsfs" in done.err
    assert "adlfs" in shell("report", "az://box/x.csv").err


def test_addresses_are_paths_that_stay_addresses(tmp_path):
    there = path_of("s3://box/deep/x.train.csv")
    assert isinstance(there, RemotePath)
    assert (str(there), there.suffix) == ("s3://box/deep/x.train.csv", ".csv")
    assert str(there.with_name("y.csv")) == str(there.parent / "y.csv") == "s3://box/deep/y.csv"
    assert path_of(Path("s3://box/x.csv")) == path_of("s3://box/x.csv") == within(tmp_path, "s3://box/x.csv")
    assert path_of(f"file://{tmp_path}/a%20b.csv") == tmp_path / "a b.csv"
    assert path_of("C:/x.csv") == Path("C:/x.csv")
    assert str(path_of("s3://box/day=1/sig=x/y.csv")) == "s3://box/day=1/sig=x/y.csv"
    with pytest.raises(InputError, match="has a key or a password in it"):
        path_of("az://box/x.csv?sv=1&sig=secret")
    for wrong in ("s3://", "s3:///x.csv", "s3://box/a//b.csv", "s3://box/../b.csv"):
        with pytest.raises(InputError, match="no address of an object"):
            path_of(wrong)


def test_what_a_server_sends_is_written_to_this_machine():
    from seedbed.app.remote.server import Server

    with pytest.raises(InputError, match="is written to this machine"):
        Server.write(None, "replies", "s3://box/x.csv")  # said before the server is asked
