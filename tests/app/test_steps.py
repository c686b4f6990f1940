"""Several steps in one recipe: records made of records, and columns added to them."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import re
import signal
import traceback
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import seedbed
from seedbed.app.workspace import Workspace
from seedbed.core.chat import request_hash
from seedbed.core.errors import InputError
from seedbed.core.stored import EVERY, Selection
from seedbed.providers.catalog import providers
from seedbed.providers.scripted import Scripted
from seedbed.recipe.document import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seedbed.core.chat import Completion, Request

TICKETS: dict[str, Any] = {
    "name": "tickets",
    "generator": {
        "kind": "classification",
        "instruction": "one ticket",
        "count": 12,
        "labels": ["billing", "shipping"],
        "ratios": {"label": {"billing": 2}},
    },
}
ANSWERS: dict[str, Any] = {
    "name": "answers",
    "add": {"kind": "prompt", "prompt": "Answer this {label} ticket: {text}"},
    "as": "answer",
}
OTHERS: dict[str, Any] = {
    "name": "others",
    "generator": {"kind": "rewrite", "task": "paraphrase", "per_input": 2, "similarity": [0, 1]},
}


class Writer(Scripted):
    """Writes a numbered text for every question, and keeps the questions; may be told what else to say, or to die."""

    asked: list[Request] = []
    dies_at = 0
    log = Path()

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._script = self._written

    @staticmethod
    def words(number: int) -> str:
        return " ".join(f"{'abcdefghij'[number * 7 % 10]}{number * (place + 1)}" for place in range(12))

    def say(self, question: str) -> str | None:
        return None

    async def complete(self, request: Request) -> Completion:
        self.asked.append(request)
        if len(self.asked) == self.dies_at:
            await asyncio.sleep(0.2)  # what was answered before is committed
            os.kill(os.getpid(), signal.SIGKILL)
        if self.log.name:
            with self.log.open("a") as log:
                log.write(f"{request.attempt} {request_hash(request.to_json())}\n")
        return await super().complete(request)

    def _written(self, request: Request) -> str:
        question = request.messages[-1]["content"]
        kind = "answer" if question.startswith("Answer") else "text"
        return self.say(question) or json.dumps({"text": f"{kind} {self.words(len(self.asked) + os.getpid())}"})


@pytest.fixture(autouse=True)
def writer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[type[Writer]]:
    """The provider `writer`, in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    class Mine(Writer):
        asked: list[Request] = []

    providers.register("writer")(Mine)
    yield Mine
    providers._known.pop("writer")


def recipe(*steps: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"name": "many", "model": "writer:m", "steps": list(steps), **fields}


def run(*steps: dict[str, Any], **fields: Any) -> seedbed.Dataset:
    return seedbed.generate(recipe(*steps, **fields), workspace="w")


def every(dataset: seedbed.Dataset, step: str = EVERY) -> list[seedbed.Record]:
    with Workspace("w") as place:
        return list(place.store.records(Selection(run=dataset.name, step=step)))


def test_a_step_makes_records_of_those_of_the_step_before() -> None:
    dataset = run(TICKETS, OTHERS)
    assert dataset.figures["state"] == "complete"
    assert dataset.figures["steps"] == [
        {"step": "tickets", "asked": 12, "accepted": 12},
        {"step": "others", "asked": 24, "accepted": 24},
    ]
    assert dataset.columns == ["source", "text", "label", "model"]
    assert len(dataset) == len(list(dataset)) == 24
    tickets = {record.id: record for record in every(dataset, "tickets")}
    assert Counter(record.label for record in tickets.values()) == {"billing": 8, "shipping": 4}
    for record in dataset:
        parent = tickets[record.origin["parents"][0]]
        assert (record["source"], record.label) == (parent.text, parent.label)
    assert Counter(record["source"] for record in dataset).most_common(1)[0][1] == 2
    assert len(every(dataset)) == 36


def test_a_step_adds_columns_and_its_prompt_shows_the_record(writer: type[Writer]) -> None:
    dataset = run(TICKETS, ANSWERS)
    assert dataset.columns == ["text", "label", "answer", "model"]
    assert "steps" not in dataset.figures
    questions = [request.messages[-1]["content"] for request in writer.asked]
    for record in dataset:
        assert record["answer"].startswith("answer ")
        assert any(question.startswith(f"Answer this {record.label} ticket: {record.text}") for question in questions)
        assert record.origin["steps"] == {"answers": "writer:m"}
    assert dataset.counts("label") == {"billing": 8, "shipping": 4}
    assert dataset.figures["calls"] == 24


def test_braces_in_a_record_are_no_variables(writer: type[Writer]) -> None:
    Path("rows.jsonl").write_text(json.dumps({"text": "I typed {label} and {count} and {text}."}) + "\n")
    rows = {"generator": {"kind": "rows", "inputs": str(Path("rows.jsonl").absolute())}}
    run(rows, {"add": {"kind": "template", "prompt": "Answer with care: {text}", "items": "text"}, "as": "answer"})
    assert "Answer with care: I typed {label} and {count} and {text}." in writer.asked[0].messages[-1]["content"]


def test_what_fails_in_a_later_step_is_made_again_and_every_cell_is_full(writer: type[Writer]) -> None:
    def say(self: Writer, question: str) -> str | None:
        refuses = question.startswith("Answer") and len(self.asked) % 3 != 0
        return "I'm sorry, but I can't help with that." if refuses else None

    writer.say = say  # type: ignore[method-assign]
    figures = run(TICKETS, ANSWERS).figures
    assert figures["state"] == "complete"
    assert all(cell["accepted"] == cell["wanted"] for cell in figures["cells"])
    assert figures["attempts"] == 12 + sum(figures["rejected"].values()) + figures["surplus"]


def test_checks_belong_to_their_step_and_say_which_it_was() -> None:
    checks = [{"kind": "regex", "column": "answer", "pattern": "7$"}]
    dataset = run(TICKETS, {**ANSWERS, "checks": checks})
    assert all(record["answer"].endswith("7") for record in dataset)
    assert dataset.figures["rejected"]["regex"] > 0
    with Workspace("w") as place:
        details = place.store._engine.connect().exec_driver_sql(
            "select distinct substr(detail, 1, 14) from records where state = 'rejected'"
        )
        assert details.scalars().all() == ["step answers: "]


def test_each_step_compares_its_own_records_also_by_meaning_and_with_files(writer: type[Writer]) -> None:
    ideas = iter(["The parcel is late.", "The parcel is late!!", "The late parcel is.", "Refund my lamp, please."])
    told: list[str] = []

    def say(self: Writer, question: str) -> str | None:
        if "Write an idea" in question:
            told.append(next(ideas))
            return json.dumps({"text": told[-1]})
        return json.dumps({"text": f"{told[0] if len(self.asked) % 2 else 'We want money'} {len(self.asked)}"})

    writer.say = say  # type: ignore[method-assign]
    Path("known.csv").write_text("text\nWe want money 6\n")
    step = {"name": "ideas", "generator": {"kind": "prompt", "prompt": "Write an idea", "count": 2}}
    checks = [{"kind": "near_duplicate", "against": [str(Path("known.csv").absolute())]}, "semantic_duplicate"]
    others = {**OTHERS, "generator": {**OTHERS["generator"], "per_input": 1}, "checks": checks[:1]}
    dataset = seedbed.generate(recipe({**step, "checks": checks}, others), workspace="w", concurrency=1)
    assert [record.text for record in every(dataset, "ideas")] == ["The parcel is late.", "Refund my lamp, please."]
    assert dataset.figures["duplicates"]["semantic"] == 1
    assert dataset.figures["duplicates"]["exact"] >= 1
    assert "We want money 6" not in {record.text for record in dataset}
    again = seedbed.generate(recipe({**step, "checks": checks}, others), workspace="w", concurrency=1)
    assert again.figures["calls"] == dataset.figures["calls"]


def test_a_failed_check_is_told_to_the_next_try_if_that_is_wished(writer: type[Writer]) -> None:
    add = {"kind": "structured", "instruction": "An order about {text}", "schema": {"city": "string"}}
    answers = iter(['{"city": "Wien"}', '{"city": "Graz"}'])
    writer.say = lambda self, question: next(answers) if "An order" in question else None  # type: ignore[method-assign]
    one = {**TICKETS, "generator": {**TICKETS["generator"], "count": 1}}
    checks = [{"kind": "regex", "column": "city", "pattern": "^G"}]
    dataset = run(one, {"name": "orders", "add": add, "checks": checks}, retry_with_feedback=True)
    assert [record["city"] for record in dataset] == ["Graz"]
    assert "Wien" in writer.asked[-1].messages[-1]["content"]
    assert len(writer.asked) == 3


def test_steps_have_their_own_models_and_sampling(writer: type[Writer]) -> None:
    steps = (
        {**TICKETS, "model": "writer:small", "temperature": 0.2},
        {**ANSWERS, "model": {"writer:large": 1}, "temperature": 0.4, "max_tokens": 77},
        OTHERS,
    )
    dataset = run(*steps, temperature=0.6)
    found = Counter((request.model, request.temperature) for request in writer.asked)
    assert found == {("small", 0.2): 12, ("large", 0.4): 12, ("m", 0.6): 24}
    assert {request.max_tokens for request in writer.asked if request.model == "large"} == {77}
    assert {record["model"] for record in dataset} == {"writer:m"}
    assert {record.origin["steps"]["answers"] for record in every(dataset, "tickets")} == {"writer:large"}
    assert set(dataset.figures["models"]) == {"writer:small", "writer:large", "writer:m"}


def test_rows_of_a_file_get_columns_and_keep_their_spans() -> None:
    text = "Ada lives in Wien."
    row = {"text": text, "who": "Ada", "spans": [{"start": 0, "end": 3, "label": "PERSON"}]}
    Path("rows.jsonl").write_text(json.dumps(row) + "\n")
    rows = {"generator": {"kind": "rows", "inputs": str(Path("rows.jsonl").absolute()), "keep": ["who"]}}
    dataset = run(rows, ANSWERS | {"add": {"kind": "prompt", "prompt": "Answer {who}"}})
    (record,) = dataset
    assert dataset.columns == ["text", "who", "answer", "model"]
    assert [text[span.start : span.end] for span in record.spans] == ["Ada"]
    assert dataset.figures["calls"] == 1


def test_annotation_is_a_step_like_any_other(writer: type[Writer]) -> None:
    def say(self: Writer, question: str) -> str | None:
        found = re.search(r"(?:text|answer) \w+", question.rpartition("PLACE")[2])
        return json.dumps({"entities": [{"text": found[0], "label": "PLACE"}], "confidence": 0.5}) if found else None

    writer.say = lambda self, question: say(self, question) if "PLACE" in question else None  # type: ignore[method-assign]
    add = {"kind": "annotate", "column": "answer", "entities": ["PLACE"]}
    dataset = run(TICKETS, ANSWERS, {"name": "places", "add": add})
    assert dataset.columns == ["text", "label", "answer", "spans", "confidence", "model"]
    for record in dataset:
        (span,) = record.spans
        assert span.field == "answer"
        assert re.fullmatch(r"answer \w+", record["answer"][span.start : span.end])


def test_questions_are_asked_about_documents_that_a_step_wrote(writer: type[Writer]) -> None:
    def say(self: Writer, question: str) -> str | None:
        number = len(self.asked)
        if "Write an article" in question:
            return json.dumps({"text": f"The bridge number {number} was built in {1900 + number}. " * 3})
        built = re.search(r"The bridge number \d+ was built in \d+\.", question)
        assert built, question
        words = {"question": f"When was bridge {number} built, and {self.words(number)}?", "answer": built[0]}
        if '"grounded"' in question:
            return json.dumps({"reason": "It says so.", "score": 5, "grounded": True})
        return json.dumps({**words, "quotes": [built[0]], "evidence": [built[0]]})

    writer.say = say  # type: ignore[method-assign]
    articles = {"name": "articles", "generator": {"kind": "prompt", "prompt": "Write an article.", "count": 4}}
    checks = [{"kind": "near_duplicate", "threshold": 0.99}]
    questions = {"generator": {"kind": "rag_qa", "documents": "articles", "count": 8, "kinds": {"simple": 1}}}
    dataset = run({**articles, "checks": checks}, questions, near_duplicate="off")
    assert dataset.figures["state"] == "complete", dataset.figures
    texts = {record.id: record.text for record in every(dataset, "articles")}
    for record in dataset:
        for quote in record["evidence"]:
            assert texts[quote["document"]][quote["start"] : quote["end"]] == quote["quote"]


def test_a_step_may_grow_from_the_records_of_another(writer: type[Writer]) -> None:
    def say(self: Writer, question: str) -> str:
        made = {"instruction": f"Explain {self.words(len(self.asked))}", "input": "", "output": "Because."}
        return json.dumps({**made, "is_classification": False, "text": made["instruction"]})

    writer.say = say  # type: ignore[method-assign]
    seeds = {"kind": "template", "prompt": 'Write one as {"instruction": "…", "output": "…"}', "count": 6}
    grown = {"kind": "self_instruct", "seeds": "seeds", "count": 4}
    dataset = run({"name": "seeds", "generator": seeds}, {"name": "grown", "generator": grown})
    assert dataset.figures["state"] == "complete", dataset.figures
    seeds_known = {record["instruction"] for record in every(dataset, "seeds")}
    shown = "\n".join(request.messages[-1]["content"] for request in writer.asked[6:])
    assert any(instruction in shown for instruction in seeds_known)


def test_how_many_an_earlier_step_makes_follows_from_the_later_one() -> None:
    tickets = {**TICKETS, "generator": {**TICKETS["generator"], "count": None}}
    others = {**OTHERS, "generator": {**OTHERS["generator"], "count": 9, "inputs": "tickets"}}
    dataset = run(tickets, others)
    assert [step["asked"] for step in dataset.figures["steps"]] == [5, 9]
    assert len(list(dataset)) == 9


def test_identifiers_count_within_their_step() -> None:
    items = '[{"id": "T01", "text": "…"}]'
    tickets = {"name": "tickets", "generator": {"kind": "template", "prompt": f"Write {items}", "count": 5}}
    orders = {"kind": "template", "prompt": 'Write {"id": "O1", "text": "…"}', "count": 3}
    dataset = run(tickets, {"name": "orders", "generator": orders})
    assert [record["id"] for record in every(dataset, "tickets")] == [f"T{n:02d}" for n in range(1, 6)]
    assert [record["id"] for record in dataset] == ["O1", "O2", "O3"]


def killed_at(number: int, writer: type[Writer], *steps: dict[str, Any]) -> int:
    """Runs in a child process that is killed at its call of that number; answers how it ended."""
    child = os.fork()
    if child == 0:
        try:
            writer.dies_at = number
            seedbed.generate(recipe(*steps), workspace="w", concurrency=1)
        except BaseException:  # noqa: BLE001 - a child of a test must not go on with the other tests
            traceback.print_exc()
        os._exit(1)
    return os.waitpid(child, 0)[1]


@pytest.mark.parametrize("kills", [(2, 9), (20, 15), (30,)])
def test_a_killed_run_goes_on_in_the_step_it_was_in_and_pays_nothing_twice(
    kills: tuple[int, ...], writer: type[Writer], tmp_path: Path
) -> None:
    writer.log = tmp_path / "log.txt"
    steps = (TICKETS, {**ANSWERS, "model": "writer:large"}, OTHERS)
    for number in kills:
        assert killed_at(number, writer, *steps) == signal.SIGKILL
    dataset = seedbed.generate(recipe(*steps), workspace="w", concurrency=1)
    assert [step["accepted"] for step in dataset.figures["steps"]] == [12, 24]
    calls = Counter(writer.log.read_text().splitlines())
    assert calls.most_common(1)[0][1] == 1, "an answered call was made again"
    assert len({record.id for record in every(dataset)}) == 36


def test_a_budget_ends_a_run_in_the_middle_and_a_larger_one_goes_on() -> None:
    dataset = run(TICKETS, ANSWERS, OTHERS, budget={"calls": 30})
    assert dataset.figures["state"] == "budget"
    before = dataset.figures["accepted"]
    dataset = run(TICKETS, ANSWERS, OTHERS, budget={"calls": 3000})
    assert dataset.figures["state"] == "complete"
    assert before < dataset.figures["accepted"] == 36
    assert dataset.figures["calls"] == 48


def test_the_document_makes_an_equal_recipe() -> None:
    made = Recipe.of(recipe(TICKETS, ANSWERS, OTHERS))
    assert Recipe.of(json.loads(json.dumps(made.document()))).document() == made.document()
    assert made.document()["steps"][1]["add"] == ANSWERS["add"]
    assert made.fingerprint() == Recipe.of(made.document()).fingerprint()


def test_the_records_of_one_step_can_be_exported(tmp_path: Path) -> None:
    from seedbed.app.history import export_records
    from seedbed.app.output import Output

    dataset = run(TICKETS, ANSWERS, OTHERS)
    with Workspace("w") as place:
        output = Output(tmp_path / "tickets.csv")
        assert export_records(place, dataset.name, ["step=tickets", "label=shipping"], output) == 4
        assert export_records(place, dataset.name, [], Output(tmp_path / "all.csv")) == 24
        with pytest.raises(InputError, match="step=ticket: no step of that name makes records"):
            export_records(place, dataset.name, ["step=ticket"], Output(tmp_path / "no.csv"))
    with (tmp_path / "tickets.csv").open() as file:
        assert next(csv.reader(file)) == ["text", "label", "answer", "model"]


def one(**fields: Any) -> dict[str, Any]:
    return {"generator": {"kind": "prompt", "prompt": "Write.", "count": 2}, **fields}


WRONG: list[tuple[dict[str, Any], str]] = [
    (recipe(), "steps: must be a list of steps"),
    (recipe(one(), generator={"kind": "prompt"}), "generator: does not go with `steps`"),
    (recipe(one(), checks=["pii"]), "checks: belong to a step where there are `steps`"),
    (recipe({"name": "a"}), "steps[0]: has no `generator` and no `add`"),
    (recipe(one(add={"kind": "prompt"})), "steps[0]: has both a `generator` and an `add`"),
    (recipe(ANSWERS), "steps[0].add: there is no step before it"),
    (
        recipe(one(), {**ANSWERS, "add": {"kind": "prompt", "prompt": "{colour}"}}),
        "steps[1].add: its texts name no column of the records",
    ),
    (recipe({"generatr": {"kind": "prompt"}}), "steps[0].generatr: there is no such field"),
    (
        recipe(TICKETS, {**ANSWERS, "add": {"kind": "prompt", "prompt": "{label}: {txt}"}}),
        "steps[1].add.prompt: there is no column `txt`",
    ),
    (recipe(TICKETS, {**ANSWERS, "as": {}}), "steps[1].add: the records have a column `text` already"),
    (recipe(TICKETS, {**ANSWERS, "as": {"txt": "a"}}), "steps[1].as.txt: there is no column `txt`"),
    (recipe(TICKETS, {"add": {"kind": "rag_qa"}}), "steps[1].add.kind: `rag_qa` makes records of its own"),
    (recipe(TICKETS, {"add": {"kind": "rwrite"}}), "steps[1].add.kind: there is no generator `rwrite`"),
    (recipe(TICKETS, {"add": {"kind": "rewrite", "task": "style"}}), "steps[1].add.style: is missing"),
    (recipe(TICKETS, {"add": {"kind": "rewrite", "column": "txt"}}), "steps[1].add.column: there is no column `txt`"),
    (recipe(TICKETS, OTHERS | {"name": "tickets"}), "steps[1].name: there is a step `tickets` already"),
    (
        recipe(TICKETS, {"generator": {**OTHERS["generator"], "inputs": "others"}, "name": "others"}),
        "`others` is no step before this one",
    ),
    (
        recipe(TICKETS, {"generator": {**OTHERS["generator"], "inputs": ["tickets", "a.csv"]}}),
        "`tickets` is a step and must stand alone",
    ),
    (recipe(TICKETS, {"generator": {**OTHERS["generator"], "keep": ["labl"]}}), "steps[1].generator.keep: there is no"),
    (recipe(TICKETS, {**ANSWERS, "checks": [{"kind": "length", "column": "txt"}]}), "steps[1].checks[0].column"),
    (
        recipe(TICKETS, {**ANSWERS, "checks": [{"kind": "near_duplicate", "column": "answer"}]}),
        "steps[1].checks[0]: `near_duplicate` compares records, which are compared before columns are added",
    ),
    (recipe({**TICKETS, "kount": 3}), "steps[0].kount: there is no such field"),
    (recipe({**TICKETS, "temperature": 9}), "steps[0].temperature: must be a number from 0 to 2"),
    (recipe(one(as_="b"), one()), "steps[0].as_: there is no such field"),
    (
        recipe(TICKETS, {"add": {**ANSWERS["add"], "axes": {"tone": ["a", "b"]}}, "as": "answer"}),
        "steps[1].add: `tone` is an axis",
    ),
    (recipe({"generator": {"kind": "prompt", "prompt": "Write."}}), "steps[0].generator.count: is missing"),
    (
        recipe({"generator": {**TICKETS["generator"], "axes": {"step": ["1", "2"]}}}, OTHERS),
        "a column `step` does not go with several steps",
    ),
]


@pytest.mark.parametrize(("document", "words"), WRONG, ids=[words[:50] for _, words in WRONG])
def test_wrong_steps_are_one_sentence_with_the_place(document: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        Recipe.of(document)
    assert words in caught.value.message
    assert "\n" not in caught.value.message + caught.value.hint
