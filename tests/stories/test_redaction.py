"""`redact: true`: personal data and secrets reach no model of others, and come back whole."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import seedbed
from seedbed.checks.personal import _finder
from seedbed.core.chat import Completion, Request
from seedbed.providers.catalog import providers
from seedbed.providers.scripted import Scripted
from seedbed.testing.server import Settings, running_server

pytest.importorskip("presidio_analyzer")
pytest.importorskip("detect_secrets")

MAIL, OTHER, PHONE, IBAN = (
    "anna.meyer@firma.example",
    "ben@kunde.example",
    "+49 30 901820",
    "DE89 3704 0044 0532 0130 00",
)
KEY = "sk-ant-" + "api03-9xKq2LmZp7Rt5Vw8Yb1Nc4Df6Gh3Js0Ka"
VALUES = (MAIL, OTHER, PHONE, IBAN, KEY)
SENTENCE = f"Write to {MAIL}, call {PHONE}, pay to {IBAN}, use {KEY} and tell {OTHER}."
PLAIN = "The harbour lights were out and nobody knew why until the morning came"

ROWS = "".join(json.dumps({"text": f"{PLAIN} {i}. {SENTENCE}", "prompt": f"{i}: {SENTENCE}"}) + "\n" for i in range(6))
SEEDS = "".join(json.dumps({"instruction": f"Do the task {i}: {SENTENCE}", "output": "x"}) + "\n" for i in range(6))
DOCUMENT = "\n\n".join(f"# Part {i}\n\n{PLAIN} {i}. {SENTENCE} {PLAIN}." for i in range(6))
LABELS = {"good": f"as {MAIL} is", "bad": f"as {OTHER} is"}
EXAMPLES = [{"text": f"{SENTENCE} {word}", "label": label} for label in LABELS for word in ("One.", "Two.", "Three.")]

KINDS: dict[str, dict[str, Any]] = {
    "classification": {"instruction": SENTENCE, "count": 6, "labels": LABELS, "examples": EXAMPLES},
    "prompt": {"prompt": SENTENCE, "system": f"You are {MAIL}.", "count": 6, "axes": {"to": [OTHER, PHONE]}},
    "template": {"prompt": "Write about {what}.", "values": {"what": [SENTENCE, MAIL]}, "count": 6},
    "structured": {"instruction": SENTENCE, "schema": {"to": [MAIL, OTHER], "note": "string"}, "count": 6},
    "entities": {"labels": {"EMAIL": MAIL}, "values": {"EMAIL": [MAIL, OTHER]}, "count": 6},
    "self_instruct": {"seeds": "seeds.jsonl", "count": 6},
    "evol_instruct": {"seeds": "seeds.jsonl", "count": 6},
    "rag_qa": {"documents": "letter.md", "count": 6, "chunk_size": 400},
    "extraction": {"direction": "document_to_data", "documents": "letter.md", "schema": {"mail": "email"}},
    "dialogue": {"goal": SENTENCE, "count": 6, "mode": "turn_by_turn", "turns": 2},
    "rewrite": {"inputs": "rows.jsonl", "task": "paraphrase"},
    "adversarial": {"instruction": SENTENCE, "labels": LABELS, "count": 6, "tactics": {"ambiguous": 1}},
    "annotate": {"inputs": "rows.jsonl", "entities": {"EMAIL": MAIL}},
    "preference": {"inputs": "rows.jsonl"},
    "multilingual": {"generator": {"kind": "prompt", "prompt": SENTENCE, "count": 6}, "languages": ["en", "de"]},
}


WITH_SCHEMA = ("structured", "extraction", "annotate", "entities", "preference")
"""Kinds tried on a server that takes a JSON Schema."""


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    for name, text in (("rows.jsonl", ROWS), ("seeds.jsonl", SEEDS), ("letter.md", DOCUMENT)):
        (tmp_path / name).write_text(text, "utf-8")


def recipe(kind: str, url: str, *, local: bool | None = False, **fields: Any) -> dict[str, Any]:
    settings: dict[str, Any] = {"provider": "openai", "base_url": url, "concurrency": 4}
    if local is not None:
        settings["local"] = local
    return {
        "name": "r",
        "model": "there:m",
        "connections": {"there": settings | fields.pop("connection", {})},
        "generator": {"kind": kind, **KINDS[kind]},
        "redact": True,
        "budget": {"calls": 16},
        "stop_rules": {"fruitless": 20},
        **fields,
    }


def received(server: Any) -> str:
    """Everything that was sent, without JSON's escapes."""
    return json.dumps(server.requests(), ensure_ascii=False, default=str)


@pytest.mark.parametrize("kind", KINDS)
def test_a_hosted_model_is_sent_no_personal_data(shell: Any, kind: str) -> None:
    with running_server(Settings()) as server:
        connection = {"json_schema": kind in WITH_SCHEMA}
        asked = recipe(kind, server.url, connection=connection, retry_with_feedback=True, checks=["label_agreement"])
        if kind != "classification":
            asked["checks"] = [{"kind": "judge", "rubric": SENTENCE}]
        ended = shell("generate", shell.recipe(asked), "-o", "out.jsonl", "--json")
        sent = received(server)
    assert ended.code in (0, 3), ended.err
    assert not [value for value in VALUES if value in sent]
    assert "[EMAIL_1]" in sent
    assert ended.json["redacted"]["email"] > 0


def test_neither_do_raw_completions_send_any(shell: Any) -> None:
    with running_server(Settings()) as server:
        asked = recipe("classification", server.url, connection={"raw_completions": True, "prefers_raw": True})
        ended = shell("generate", shell.recipe(asked), "-o", "out.jsonl", "--json")
        sent = received(server)
    assert ended.code == 0, ended.err
    assert '"path": "/completions"' in sent
    assert not [value for value in VALUES if value in sent]


@pytest.mark.parametrize("kind", ["classification", "rag_qa"])
def test_a_local_model_is_sent_all_of_it(shell: Any, kind: str) -> None:
    with running_server(Settings()) as server:
        ended = shell("generate", shell.recipe(recipe(kind, server.url, local=None)), "-o", "out.jsonl", "--json")
        sent = received(server)
    assert all(value in sent for value in VALUES)
    assert "[EMAIL_" not in sent
    assert ended.json["redacted"] == {}


def test_what_comes_back_is_restored_and_the_run_says_what_was_masked(shell: Any) -> None:
    answers = tuple(f"Number {i} says that {words} may write to [EMAIL_1]." for i, words in enumerate(PLAIN.split()))
    with running_server(Settings(answers=answers)) as server:
        asked = recipe("prompt", server.url, connection={"json_schema": False}, near_duplicate="off")
        asked["generator"] = {"kind": "prompt", "prompt": f"Who writes to {MAIL}, or calls {PHONE}?", "count": 5}
        ended = shell("generate", shell.recipe(asked), "-o", "out.csv", "--with-origin")
        figures = shell("runs", "show", "r-1", "--json").json
    assert ended.code == 0, ended.err
    assert all(f"write to {MAIL}." in row["text"] for row in shell.rows("out.csv"))
    assert figures["redacted"] == {"email": figures["calls"], "phone": figures["calls"]}
    assert f"Masked before sending: email {figures['calls']}, phone {figures['calls']}." in ended.err
    with sqlite3.connect(shell.folder / ".seedbed" / "seedbed.db") as database:
        stored = b"".join(row[0] for row in database.execute("SELECT question FROM calls"))
    assert b"[EMAIL_1]" in stored
    assert MAIL.encode() not in stored


def test_the_preview_shows_what_would_be_sent(shell: Any) -> None:
    with running_server(Settings()) as server:
        name = shell.recipe(recipe("classification", server.url))
        shown = shell("preview", name, "-n", "1")
        (attempt,) = shell("preview", name, "-n", "1", "--json").json["attempts"]
    assert shown.code == 0, shown.err
    assert not [value for value in VALUES if value in shown.out.partition("Record:")[0]]
    assert "Prompt (masked: email 2, iban 1, phone 1, secret 1):" in shown.out
    (call,) = attempt["calls"]
    assert call["redacted"] == {"email": 2, "iban": 1, "phone": 1, "secret": 1}


def test_a_run_that_is_stopped_and_goes_on_counts_all_of_it(shell: Any) -> None:
    with running_server(Settings()) as server:
        first = shell("generate", shell.recipe(recipe("classification", server.url, budget={"calls": 2})), "--json")
        second = shell("generate", shell.recipe(recipe("classification", server.url)), "--json")
        again = shell("generate", shell.recipe(recipe("classification", server.url)), "--json")
        stats = server.stats()
    assert (first.code, second.code) == (3, 0)
    assert first.json["redacted"] == {"email": 4, "iban": 2, "phone": 2, "secret": 2}
    calls = second.json["calls"]
    assert calls == stats["requests"]
    assert second.json["redacted"] == {"email": 2 * calls, "iban": calls, "phone": calls, "secret": calls}
    assert again.json["redacted"] == second.json["redacted"]


def test_a_hosted_fallback_of_a_local_model_is_sent_nothing_personal(shell: Any) -> None:
    with running_server(Settings(error_share=1.0)) as near, running_server(Settings()) as far:
        asked = recipe("classification", far.url, model="near:m", fallback="there:m", budget={"minutes": 1})
        asked["connections"]["near"] = {"provider": "openai", "base_url": near.url, "retries": 0, "concurrency": 1}
        ended = shell("generate", shell.recipe(asked), "--json")
        sent = received(far)
    assert ended.code == 0, ended.err
    assert "[EMAIL_1]" in sent
    assert not [value for value in VALUES if value in sent]


def test_a_hosted_judge_of_a_local_writer_is_sent_nothing_personal(shell: Any) -> None:
    with running_server(Settings(answers=(SENTENCE,))) as near, running_server(Settings()) as far:
        asked = recipe("prompt", far.url, model="near:m", stop_rules={"fruitless": 5})
        near_by = {"provider": "openai", "base_url": near.url, "json_schema": False, "concurrency": 1}
        asked["connections"]["near"] = near_by
        asked["checks"] = [{"kind": "judge", "rubric": "qa", "model": "there:m"}]
        shell("generate", shell.recipe(asked), "--json")
        written, judged = received(near), received(far)
    assert all(value in written for value in (MAIL, OTHER, PHONE))
    assert "[EMAIL_1]" in judged
    assert not [value for value in VALUES if value in judged]


def test_without_the_extra_it_is_one_sentence_before_any_call(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "presidio_analyzer.predefined_recognizers", None)
    _finder.cache_clear()
    with running_server(Settings()) as server:
        ended = shell("generate", shell.recipe(recipe("classification", server.url)))
        assert server.stats()["requests"] == 0
    _finder.cache_clear()
    assert ended.code == 2
    assert "recipe.yaml, line" in ended.err
    assert "redact: looking for personal data needs the optional part `privacy`, which is not installed." in ended.err
    assert "pip install 'seedbed[privacy]'" in ended.err


OFF = """
import sys, seedbed
generator = seedbed.Prompt(prompt="Write one sentence to anna@firma.example.", count=3)
fields = {"redact": True} if "redact" in sys.argv else {}
dataset = seedbed.generate(generator, model="scripted", workspace="w", **fields)
print(dataset.figures.get("redacted"), "seedbed.checks.sensitive" in sys.modules, "presidio_analyzer" in sys.modules)
"""


@pytest.mark.parametrize(("argument", "said"), [("", "None False False"), ("redact", "{} False False")])
def test_where_nothing_is_to_be_masked_nothing_is_loaded(tmp_path: Path, argument: str, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OFF, argument], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == said


class Reader(Scripted):
    """Stands for a hosted model that works with what it gets to see; `answer` is a function of the last message."""

    answer: Callable[[str], Any] = staticmethod(lambda prompt: prompt)

    async def complete(self, request: Request) -> Completion:
        prompt = request.messages[-1]["content"]
        assert not [value for value in VALUES if value in request.to_json().decode()]
        return Completion(json.dumps(type(self).answer(prompt), ensure_ascii=False), model=request.model)


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes records of a kind with a model that answers so."""
    monkeypatch.chdir(tmp_path)
    providers.register("reader")(Reader)

    def run(kind: str, answer: Callable[[str], Any], **settings: Any) -> seedbed.Dataset:
        monkeypatch.setattr(Reader, "answer", staticmethod(answer))
        generator = {"kind": kind, **KINDS[kind], **settings}
        document = {"name": "r", "model": "reader:m", "generator": generator, "budget": {"calls": 60}}
        document |= {"redact": True, "near_duplicate": "off"}
        return seedbed.generate(document, workspace=tmp_path / "w")

    yield run
    providers._known.pop("reader")


def test_quotes_of_documents_are_exact(read: Any) -> None:
    questions = iter(range(1000))

    def answer(prompt: str) -> Any:
        quotes = re.findall(r"Write to \[EMAIL_\d\], call .*? and tell \[EMAIL_\d\]\.", prompt)
        text = f"Who is told, in case {next(questions)} of {PLAIN.split()[next(questions) % 9]}?"
        return {"question": text, "answer": "[EMAIL_1]", "quotes": quotes[:1]}

    dataset = read("rag_qa", answer, kinds={"simple": 1}, judge=False)
    assert len(dataset) == 6
    for record in dataset:
        assert record["answer"] == MAIL
        for evidence in record["evidence"]:
            assert evidence["quote"] == SENTENCE
            assert DOCUMENT[evidence["start"] : evidence["end"]] == SENTENCE


def test_spans_lie_where_the_values_are(read: Any) -> None:
    def answer(prompt: str) -> Any:
        return {"entities": [{"text": "[EMAIL_1]", "label": "EMAIL"}], "confidence": 1}

    dataset = read("annotate", answer)
    assert len(dataset) == 6
    for record in dataset:
        (span,) = record.spans
        assert record["text"][span.start : span.end] == MAIL


def test_extracted_values_are_those_of_the_document(read: Any) -> None:
    dataset = read("extraction", lambda prompt: {"mail": "[EMAIL_1]"})
    assert [record["data"] for record in dataset] == [{"mail": MAIL}] * len(dataset)
    assert not [record for record in dataset if "unstated" in record.tags]


def test_rewritten_texts_hold_the_values_of_their_source(read: Any) -> None:
    def answer(prompt: str) -> Any:
        source = re.search(r"The text:\n(.*)", prompt)
        assert source
        return {"text": f"In other words and at some length: {source[1][40:]}"}

    dataset = read("rewrite", answer, similarity=[0, 1])
    assert len(dataset) == 6
    assert all(value in record["text"] for record in dataset for value in VALUES)
