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
from storages import BOX, HERE, KIND, SECRET

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
    bucket.put_file(str(shell.folder / "rows.csv"), f"{BOX}/rows.csv")
    return f"{BOX}/rows.csv"


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".json", ".jsonl", ".jsonl.gz", ".csv.gz", ".parquet"])
def test_the_bytes_are_those_of_a_file_here_and_read_back(shell, bucket, rows, suffix):
    here, there = f"out{suffix}", f"{BOX}/deep/out{suffix}"
    assert shell("convert", "rows.csv", here).code == 0
    done = shell("convert", rows, there)
    assert done.code == 0, done.err
    assert f"Wrote 6 records to {there}." in done.err + done.out
    assert bucket.cat_file(there) == (shell.folder / here).read_bytes()
    assert shell("convert", there, f"back{suffix}").code == 0
    assert (shell.folder / f"back{suffix}").read_bytes() == (shell.folder / here).read_bytes()
    assert bucket.find(BOX) == ["box/deep/out" + suffix, "box/rows.csv"]


def test_spans_go_there_and_back_as_conll(shell, bucket):
    (shell.folder / "in.conll").write_text(CONLL)
    assert shell("convert", "in.conll", f"{BOX}/out.conll").code == 0
    assert shell("convert", f"{BOX}/out.conll", "back.jsonl").code == 0
    assert shell("convert", "in.conll", "here.jsonl").code == 0
    assert (shell.folder / "back.jsonl").read_bytes() == (shell.folder / "here.jsonl").read_bytes()


@pytest.mark.parametrize("form", ["huggingface", "beir"])
def test_a_folder_goes_there_and_back_and_is_replaced_as_a_whole(shell, bucket, form):
    contexts = '"contexts":[{"id":"c1","text":"Rome is old."}]'
    (shell.folder / "in.jsonl").write_text('{"question":"How old?",' + contexts + "}\n")
    arguments = ("convert", "in.jsonl", f"{BOX}/folder", "--to", form)
    assert shell(*arguments).code == 0
    assert "exists" in shell(*arguments).err
    assert shell(*arguments, "--force").code == 0
    back = shell("convert", f"{BOX}/folder", "back.jsonl", "--from", form)
    assert back.code == 0, back.err
    assert "How old?" in (shell.folder / "back.jsonl").read_text()
    bucket.pipe_file(f"{BOX}/folder/mine.txt", b"mine")
    assert "mine.txt" in shell(*arguments, "--force").err


def test_a_run_writes_there_and_does_not_overwrite_what_is_not_its_own(shell, bucket):
    recipe = shell.recipe(DOCUMENT | {"output": f"{BOX}/run.jsonl"})
    done = shell("generate", recipe, "--json")
    assert done.code == 0, done.err
    assert done.json["output"] == f"{BOX}/run.jsonl"
    assert bucket.cat_file(f"{BOX}/run.jsonl").count(b"\n") == 6
    assert shell("generate", recipe, "--json").json["output"] == f"{BOX}/run.jsonl"
    bucket.pipe_file(f"{BOX}/run.jsonl", b"mine")
    again = shell("generate", recipe, "--new")
    assert again.code == 2
    assert f"{BOX}/run.jsonl exists" in again.err
    assert bucket.cat_file(f"{BOX}/run.jsonl") == b"mine"
    assert shell("generate", recipe, "--new", "--force").code == 0
    assert shell("export", done.json["run"], "-o", f"{BOX}/export.csv").code == 0
    assert bucket.exists(f"{BOX}/export.csv")


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
        bucket.pipe_file(f"{BOX}/docs/{name}", f"What {name} says.".encode())
    assert [one.name for one in load([f"{BOX}/docs"], ".").documents] == [
        f"{BOX}/docs/{name}" for name in ("a.md", "b.txt", "deep/c.md")
    ]
    assert [one.name for one in load([f"{BOX}/docs/*.md"], ".").documents][-1] == f"{BOX}/docs/a.md"
    with pytest.raises(InputError, match=f"nothing at {BOX}/none"):
        load([f"{BOX}/none"], ".")


def test_every_command_names_files_there(shell, bucket, rows):
    (shell.folder / "names.yaml").write_text("A: [Anna]\n")
    for arguments in (
        ("report", rows, "--html", f"{BOX}/report.html"),
        ("dedup", rows, "-o", f"{BOX}/dedup.csv", "--removed", f"{BOX}/removed.csv"),
        ("augment", rows, "-t", "uppercase=1", "-o", f"{BOX}/more.jsonl"),
        ("mix", f"{rows}=1", "--count", "2", "-o", f"{BOX}/mixed.csv", "--allow-shortfall"),
        (
            "fill",
            "--template",
            "{A} is here.",
            "--lexicon",
            "names.yaml",
            "--per-template",
            "1",
            "-o",
            f"{BOX}/filled.jsonl",
        ),
        ("datasets", "import", rows, "--name", "mine"),
    ):
        done = shell(*arguments)
        assert done.code in (0, 3), f"{arguments} {done.err}"
    names = {Path(name).name for name in bucket.find(BOX)}
    assert {"report.html", "dedup.csv", "more.jsonl", "mixed.csv", "filled.jsonl"} <= names


def test_a_write_that_is_killed_leaves_nothing_and_one_that_fails_leaves_what_was_there(bucket, tmp_path):
    program = """
import os, signal, sys, seedbed
def records():
    yield from (seedbed.Record({"text": "x" * 1000}) for _ in range(20_000))
    os.kill(os.getpid(), signal.SIGKILL)
seedbed.write(records(), sys.argv[1] + "/half.jsonl", columns=["text"])
"""
    done = subprocess.run(
        [sys.executable, "-c", program, BOX],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr
    assert bucket.find(BOX) == []
    bucket.pipe_file(f"{BOX}/whole.jsonl", b"before")

    def failing():
        yield seedbed.Record({"text": "one"})
        raise InputError("It fails.")

    with pytest.raises(InputError, match="It fails"):
        seedbed.write(failing(), f"{BOX}/whole.jsonl", columns=["text"], force=True)
    assert bucket.cat_file(f"{BOX}/whole.jsonl") == b"before"


@pytest.mark.skipif(KIND == "gs", reason="This server heeds no condition.")
def test_an_object_that_comes_meanwhile_is_not_overwritten(bucket, tmp_path):
    (tmp_path / "x").write_bytes(b"ours")
    bucket.pipe_file(f"{BOX}/x", b"theirs")
    with pytest.raises(InputError, match="exists"):
        storage.put(tmp_path / "x", f"{BOX}/x", new=True)
    assert bucket.cat_file(f"{BOX}/x") == b"theirs"


def test_what_is_not_there_is_said_before_anything_is_done(shell, bucket):
    recipe = shell.recipe(DOCUMENT)
    for arguments, said in (
        (("generate", recipe, "-o", f"{KIND}://nobodys/x.csv"), f"There is no bucket {KIND}://nobodys."),
        (("report", f"{KIND}://nobodys/x.csv"), f"There is no bucket {KIND}://nobodys."),
        (("report", f"{BOX}/none.csv"), f"There is no file {BOX}/none.csv."),
        (("convert", f"{BOX}/none.csv", "x.csv"), f"There is no file {BOX}/none.csv."),
        (("convert", "ftp://box/none.csv", "x.csv"), "ftp:// is no address"),
        (("report", f"{KIND}://AKIA:very-secret@box/x.csv"), "has a key or a password in it"),
    ):
        done = shell(*arguments)
        assert done.code == 2, done.err
        assert said in " ".join(done.err.replace("│", " ").split())
        assert "very-secret" not in done.err + done.out
        assert "Traceback" not in done.err


@pytest.mark.parametrize("said", HERE.trouble(""))
def test_a_storage_that_does_not_answer_or_has_no_key_is_said(bucket, address, monkeypatch, said):
    type(bucket).clear_instance_cache()
    with monkeypatch.context() as troubled:
        for name, value in HERE.trouble(address)[said].items():
            troubled.setenv(name, value)
        with pytest.raises(InputError, match=said) as raised:
            seedbed.read(f"{BOX}/rows.csv")
    assert SECRET not in raised.value.message + raised.value.hint


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


@pytest.mark.skipif(KIND != "s3", reason="The libraries of the others are there.")
def test_the_libraries_of_the_others_are_named_by_a_hint(shell):
    done = shell("report", "gs://box/x.csv")
    assert done.code == 2
    assert "gs://" in done.err
    assert "gcsfs" in done.err
    assert "adlfs" in shell("report", "az://box/x.csv").err


def test_addresses_are_paths_that_stay_addresses(tmp_path):
    there = path_of(f"{BOX}/deep/x.train.csv")
    assert isinstance(there, RemotePath)
    assert (str(there), there.suffix) == (f"{BOX}/deep/x.train.csv", ".csv")
    assert str(there.with_name("y.csv")) == str(there.parent / "y.csv") == f"{BOX}/deep/y.csv"
    assert path_of(Path(f"{BOX}/x.csv")) == path_of(f"{BOX}/x.csv") == within(tmp_path, f"{BOX}/x.csv")
    assert path_of(f"file://{tmp_path}/a%20b.csv") == tmp_path / "a b.csv"
    assert path_of("C:/x.csv") == Path("C:/x.csv")
    assert str(path_of(f"{BOX}/day=1/sig=x/y.csv")) == f"{BOX}/day=1/sig=x/y.csv"
    with pytest.raises(InputError, match="has a key or a password in it"):
        path_of("az://box/x.csv?sv=1&sig=secret")
    for wrong in ("s3://", "s3:///x.csv", f"{BOX}/a//b.csv", f"{BOX}/../b.csv"):
        with pytest.raises(InputError, match="no address of an object"):
            path_of(wrong)


def test_what_a_server_sends_is_written_to_this_machine():
    from seedbed.app.remote.server import Server

    with pytest.raises(InputError, match="is written to this machine"):
        Server.write(None, "replies", f"{BOX}/x.csv")  # said before the server is asked
