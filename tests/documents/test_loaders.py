from __future__ import annotations

import os
import sys
from pathlib import Path

import docx
import pytest

from seedbed.core.errors import InputError, MissingExtra
from seedbed.documents.loaders import load
from seedbed.documents.source import Limits

from . import files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "sub/a.md", "sub/deep/c.text", ".hidden.txt", "sub/.git/x.txt"):
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Text of {name}.")
    return tmp_path


def names(*paths: str, folder: Path) -> list[str]:
    return [document.name for document in load(paths, folder).documents]


def test_files_folders_and_patterns_are_found_in_order_and_each_once(folder: Path) -> None:
    everything = ["docs/b.txt", "docs/sub/a.md", "docs/sub/deep/c.text"]
    assert names("docs", folder=folder) == everything
    assert names("docs/", "docs/b.txt", folder=folder) == everything
    assert names("docs/sub/a.md", "docs", folder=folder) == [everything[1], everything[0], everything[2]]
    assert names("docs/**/*.*t*", folder=folder) == [everything[0], everything[2]]
    assert names(".", folder=folder / "docs") == [name.removeprefix("docs/") for name in everything]
    assert names(str(folder / "docs" / "b.txt"), folder=Path("/")) == [str(folder / "docs" / "b.txt")]
    assert names("docs/.hidden.txt", folder=folder) == ["docs/.hidden.txt"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "a[1].txt").write_text("x")
    assert names("a[1].txt", folder=tmp_path) == ["a[1].txt"]


def test_every_kind_is_read_by_its_suffix(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("words")
    contents = {
        "a.txt": b"words",
        "b.MD": b"words",
        "c.html": b"<p>words",
        "d.pdf": files.pdf("words"),
        "e.docx": files.docx(made),
        "f.csv": b"text,id\nwords,1",
        "g.tsv": b"text\tid\nwords\t1",
        "h.jsonl": b'{"text": "words"}',
        "i.json": b'[{"text": "words"}]',
    }
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    loaded = load(["."], tmp_path)
    assert [document.name.split("#")[0] for document in loaded.documents] == list(contents)
    assert {document.text for document in loaded.documents} == {"words"}
    assert loaded.problems == []


def test_what_cannot_be_read_is_named_with_the_reason_and_the_rest_goes_on(tmp_path: Path) -> None:
    for name, data in {
        "bad.docx": b"x",
        "bad.pdf": b"x",
        "bytes.txt": bytes(range(256)) * 4,
        "empty.txt": b" \n",
        "fine.txt": b"fine",
        "image.png": b"x",
        "large.txt": b"x" * 101,
        "long.csv": b"text\nshort\n" + b"y" * 60,
    }.items():
        (tmp_path / name).write_bytes(data)
    loaded = load(["."], tmp_path, Limits(file_bytes=2000, text_characters=50))
    assert [document.name for document in loaded.documents] == ["fine.txt", "long.csv#1"]
    assert [problem.split(".png has")[0] for problem in loaded.problems] == [
        "bad.docx is broken or not a DOCX file. Open it in Word or another program and save it as DOCX again.",
        "bad.pdf is broken or not a PDF file. Open it in a PDF reader and save it again.",
        "bytes.txt is not a text in any known encoding. Save it as UTF-8.",
        "empty.txt is empty. Leave it out.",
        "image",
        "large.txt has more text than allowed (limit `text_characters`: 50). Split it, or raise the limit.",
        "long.csv#2 has more text than allowed (limit `text_characters`: 50). Split it, or raise the limit.",
    ]


def test_limits_on_the_size_and_the_number_of_files_are_named(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text("x" * (100 if name == "a.txt" else 10))
    assert load(["."], tmp_path, Limits(file_bytes=50)).problems == [
        "a.txt has 100 bytes (limit `file_bytes`: 50). Split it, or raise the limit."
    ]
    limited = load(["."], tmp_path, Limits(files=2))
    assert len(limited.documents) == 2
    assert limited.problems == ["c.txt and what follows are not read (limit `files`: 2)."]


def test_nothing_found_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path, words in {
        "no.txt": "no file or folder no.txt",
        "*.pdf": "No file matches",
        "empty": "no files in empty",
    }.items():
        with pytest.raises(InputError, match=words):
            load([path], tmp_path)
    with pytest.raises(InputError, match="empty list"):
        load([], tmp_path)


def test_nothing_read_is_an_error_that_says_the_first_reason(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"x")
    (tmp_path / "b.txt").write_bytes(b"")
    with pytest.raises(InputError, match=r"a\.pdf is broken") as failed:
        load(["a.pdf", "b.txt"], tmp_path)
    assert "1 more" in failed.value.hint


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(InputError, match="neither a file nor a folder"):
        load(["pipe.txt"], tmp_path)
    with pytest.raises(InputError, match="no files"):
        load(["."], tmp_path)


@pytest.mark.parametrize(
    ("name", "data", "library"),
    [
        ("a.pdf", b"x", "pypdf"),
        ("a.docx", b"x", "docx"),
        ("a.html", b"x", "lxml"),
        ("a.txt", b"\xff" * 9, "charset_normalizer"),
    ],
)
def test_a_missing_library_is_said_with_what_to_install(
    name: str, data: bytes, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    (tmp_path / name).write_bytes(data)
    (tmp_path / "fine.txt").write_text("fine")
    with pytest.raises(MissingExtra) as missing:
        load(["fine.txt", name], tmp_path)
    assert missing.value.hint == "Install it with: pip install 'seedbed[documents]'"


def test_importing_the_loaders_imports_no_heavy_library() -> None:
    import subprocess

    code = "import sys, seedbed.documents.loaders, seedbed.documents.chunks\n"
    check = "print([m for m in ('pypdf', 'docx', 'lxml', 'charset_normalizer', 'PIL') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code + check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_name_that_is_no_utf8_is_one_that_can_be_stored(tmp_path: Path) -> None:
    for name in (b"\xff.txt", b"\xfe.txt"):
        (tmp_path / os.fsdecode(name)).write_text("hello")
    loaded = load(["."], tmp_path)
    assert [document.name for document in loaded.documents] == ["\\xfe.txt", "\\xff.txt"]
