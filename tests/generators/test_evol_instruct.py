"""Evol-Instruct: steps and their order, what eliminates one, what is kept, where it came from."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import seedbed
from seedbed.app.workspace import Workspace
from seedbed.core.attempt import Attempt, Context, Failure, Previous, Recent, Rejected, Sampling
from seedbed.core.chat import Capabilities, Completion
from seedbed.core.record import Record
from seedbed.core.run import REPAIRED
from seedbed.core.stored import Selection
from seedbed.generators.elimination import flaw_of_answer, flaw_of_instruction
from seedbed.generators.evol_instruct import METHODS, EvolInstruct
from seedbed.providers.catalog import providers
from seedbed.providers.scripted import Scripted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from seedbed.core.attempt import Outcome
    from seedbed.core.chat import Request

SEED = Record({"instruction": "Name three rivers.", "input": "Only in Asia.", "output": "…"}, id="seeds.jsonl#1")
ANSWER = "The Mekong, the Indus and the Lena."


def attempt(**fields: Any) -> Attempt:
    fields = {"cell": {}, "inputs": (SEED,), "sampling": Sampling(0.8), **fields}
    return Attempt("run", 3, 0, fields.pop("seed", 7), "2026-01-31T10:20:30+00:00", 0, model="local:m", **fields)


def evolver(**settings: Any) -> EvolInstruct:
    return EvolInstruct(**{"count": 4, "seeds": "seeds.jsonl", **settings})


def kind_of(request: Request) -> str:
    """Which of the three questions is asked."""
    text = request.messages[-1]["content"]
    return "step" if "The instruction:" in text else "equal" if "Compare two instructions" in text else "answer"


class Model:
    """Steps are numbered instructions; `equal` and `answer` are what is said to the other questions."""

    def __init__(self, equal: str = '{"equal": "no"}', answer: str = ANSWER, step: str = "") -> None:
        self.replies = {"equal": equal, "answer": answer, "step": step}
        self.steps = 0
        self.scripted = Scripted.answering(self.reply)

    def reply(self, request: Request) -> str:
        kind = kind_of(request)
        if kind == "step":
            self.steps += 1
            return self.replies["step"] or json.dumps({"instruction": f"Name {self.steps + 3} long rivers."})
        return self.replies[kind]

    @property
    def asked(self) -> list[str]:
        return [kind_of(request) for request in self.scripted.requests]


def evolve(
    generator: EvolInstruct, model: Model | Callable[[Request], Any] | None = None, frozen: Attempt | None = None
) -> tuple[Sequence[Outcome], Model]:
    model = model or Model()
    if not isinstance(model, Model):
        script, model = model, Model()
        model.scripted = Scripted.answering(script)
    return asyncio.run(generator.generate(Context(frozen or attempt(), model.scripted.complete))), model


def test_the_last_instruction_of_a_chain_is_kept_with_its_answer() -> None:
    [record], model = evolve(evolver(), frozen=attempt(cell={"operation": "reasoning"}))
    assert isinstance(record, Record)
    assert record.values == {
        "instruction": "Name 6 long rivers.",
        "output": ANSWER,
        "depth": 3,
        "operation": "reasoning",
    }
    assert model.asked == ["step", "equal"] * 3 + ["answer"]
    assert model.scripted.requests[-1].messages == ({"role": "user", "content": "Name 6 long rivers."},)


def test_every_step_works_on_the_instruction_before_it() -> None:
    _, model = evolve(evolver())
    steps = [r.messages[-1]["content"] for r in model.scripted.requests if kind_of(r) == "step"]
    assert "The instruction:\nName three rivers.\nOnly in Asia.\n" in steps[0]
    assert "The instruction:\nName 4 long rivers.\n" in steps[1]
    assert "The instruction:\nName 5 long rivers.\n" in steps[2]


def test_the_lineage_begins_with_the_seed_and_names_every_step() -> None:
    [record], _ = evolve(evolver(depth=2), frozen=attempt(cell={"operation": "deepen"}))
    assert isinstance(record, Record)
    first, second, third = record.origin["lineage"]
    assert first == {"depth": 0, "operation": "seed", "instruction": "Name three rivers.\nOnly in Asia."}
    assert (second["depth"], second["instruction"]) == (1, "Name 4 long rivers.")
    assert second["operation"] in METHODS
    assert third == {"depth": 2, "operation": "deepen", "instruction": "Name 5 long rivers."}


def test_keep_all_makes_a_record_of_every_depth() -> None:
    outcomes, model = evolve(evolver(keep="all"), frozen=attempt(n=3))
    assert [outcome.values["depth"] for outcome in outcomes if isinstance(outcome, Record)] == [1, 2, 3]
    assert [len(outcome.origin["lineage"]) for outcome in outcomes if isinstance(outcome, Record)] == [2, 3, 4]
    assert model.asked == ["step", "equal", "answer"] * 3
    assert evolver(keep="all").per_call() == 3


def test_a_chain_goes_no_deeper_than_there_are_slots_for() -> None:
    outcomes, _ = evolve(evolver(keep="all"), frozen=attempt(n=2))
    assert len(outcomes) == 2


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (Model(equal='{"equal": "yes"}'), "no_gain"),
        (Model(step='{"instruction": "name three rivers, only in Asia"}'), "no_gain"),
        (Model(answer="I am sorry, but rivers have no names."), "unanswerable"),
        (Model(answer=" … !?"), "empty_answer"),
        (Model(answer="It is this, and that."), "empty_answer"),
        (Model(step='{"instruction": "#Rewritten Prompt#: Name four rivers."}'), "copied_prompt"),
        (Model(step='{"instruction": "Answer the given prompt in four lines."}'), "copied_prompt"),
    ],
)
def test_an_eliminated_step_is_rejected_with_its_reason(model: Model, reason: str) -> None:
    [outcome], _ = evolve(evolver(depth=1), model)
    assert isinstance(outcome, Rejected)
    assert outcome.reason == reason
    assert outcome.detail
    assert outcome.record.values["depth"] == 1
    assert [step["depth"] for step in outcome.record.origin["lineage"]] == [0, 1]


def test_the_same_words_are_no_gain_without_asking() -> None:
    _, model = evolve(evolver(depth=1), Model(step='{"instruction": "Name three rivers. Only in Asia!"}'))
    assert model.asked == ["step"]


def test_an_elimination_ends_the_chain_and_keeps_what_was_reached() -> None:
    numbers = iter(["no", "yes"])

    def reply(request: Request) -> str:
        kind = kind_of(request)
        return next(numbers) if kind == "equal" else model.reply(request)

    model = Model()
    outcomes, asked = evolve(evolver(keep="all"), reply, attempt(n=3))
    assert [type(outcome) for outcome in outcomes] == [Record, Rejected]
    assert asked.asked == ["step", "equal", "answer", "step", "equal"]


def test_with_keep_final_an_early_elimination_is_the_attempts_only_outcome() -> None:
    outcomes, model = evolve(evolver(), Model(equal="Yes."))
    assert [type(outcome) for outcome in outcomes] == [Rejected]
    assert model.asked == ["step", "equal"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("Sorry, I cannot say. " + "word " * 75, "unanswerable"),
        ("Sorry, I cannot say. " + "word " * 76, None),
        ("They were sorrowful.", None),
        ("No.", None),
        ("42", None),
        ("", "empty_answer"),
        ("对不起", None),
    ],
)
def test_what_an_answer_shows(answer: str, reason: str | None) -> None:
    flaw = flaw_of_answer(answer)
    assert (flaw.reason if flaw else None) == reason


def test_words_that_the_instruction_before_had_are_not_copied() -> None:
    assert flaw_of_instruction("Shorten the given prompt.", "Shorten the given prompt to ten words.") is None
    assert flaw_of_instruction("Shorten it.", "Shorten the GIVEN PROMPT to ten words.") is not None
    assert flaw_of_instruction("Write.", "Write instructions for a new prompt cutter.") is None


@pytest.mark.parametrize(
    "said", ['{"equal": "no"}', "No.", "**no**", "<think>yes?</think>no", '```json\n{"equal": "No"}\n```']
)
def test_a_comparison_may_be_said_in_many_ways(said: str) -> None:
    [outcome], _ = evolve(evolver(depth=1), Model(equal=said))
    assert isinstance(outcome, Record)


def test_a_reply_that_cannot_be_used_is_asked_for_once_more() -> None:
    spoiled = iter(["I would rather not.", "perhaps", Completion("Half an ans", "length")])
    seen: set[str] = set()
    model = Model()

    def reply(request: Request) -> Any:
        if kind_of(request) not in seen:
            seen.add(kind_of(request))
            return next(spoiled)
        return model.reply(request)

    [record], asked = evolve(evolver(depth=1), reply)
    assert isinstance(record, Record)
    assert record.origin[REPAIRED] is True
    assert asked.asked == ["step", "step", "equal", "equal", "answer", "answer"]
    temperatures = [request.temperature for request in asked.scripted.requests]
    assert temperatures == [0.8, 1.0, 0.0, 0.3, 0.8, 1.0], "another question, or the answer would be the same"


def test_what_fails_twice_is_a_failure() -> None:
    for model in (Model(step="no JSON"), Model(equal="perhaps"), Model(step='{"instruction": "…"}')):
        [outcome], _ = evolve(evolver(depth=1), model)
        assert isinstance(outcome, Failure)
        assert outcome.reason == "unparseable"


def test_a_refusal_of_the_provider_is_not_asked_again() -> None:
    [outcome], model = evolve(evolver(depth=1), lambda request: Completion("", "content_filter"))
    assert isinstance(outcome, Failure)
    assert outcome.reason == "refusal"
    assert len(model.asked) == 1


def test_without_answers_there_is_no_output() -> None:
    generator = evolver(answers=False, depth=2)
    [record], model = evolve(generator)
    assert isinstance(record, Record)
    assert list(record.values) == ["instruction", "depth", "operation"] == generator.columns()
    assert "answer" not in model.asked


def test_the_last_operation_is_an_exact_share_and_those_before_it_are_drawn_by_weight() -> None:
    generator = evolver(count=10, operations={"deepen": 3, "breadth": 1, "reasoning": 1, "constraints": 0})
    quota = generator.cells(10, generator.quota_axes())
    assert {cell.values: cell.wanted for cell in quota.cells} == {("deepen",): 6, ("breadth",): 2, ("reasoning",): 2}
    drawn: Counter[str] = Counter()
    for seed in range(300):
        [record], _ = evolve(generator, frozen=attempt(seed=seed, cell={"operation": "breadth"}))
        assert isinstance(record, Record)
        operations = [step["operation"] for step in record.origin["lineage"][1:]]
        assert operations[-1] == "breadth"
        drawn.update(operations[:-1])
    assert set(drawn) == {"deepen", "breadth", "reasoning"}
    assert 0.5 < drawn["deepen"] / drawn.total() < 0.7


def test_with_keep_all_the_operation_is_no_axis() -> None:
    generator = evolver(keep="all", operations=["deepen", "breadth"])
    assert generator.quota_axes() == []
    outcomes = [evolve(generator, frozen=attempt(seed=seed, n=3))[0] for seed in range(20)]
    found = Counter(one.values["operation"] for records in outcomes for one in records if isinstance(one, Record))
    assert set(found) == {"deepen", "breadth"}


@pytest.mark.parametrize("operation", METHODS)
def test_every_operation_asks_in_its_own_words(operation: str) -> None:
    _, model = evolve(evolver(depth=1), frozen=attempt(cell={"operation": operation}))
    text = model.scripted.requests[0].messages[-1]["content"]
    assert METHODS[operation].partition("{")[0] in text
    assert "{data}" not in text
    assert "operation" not in text


def test_axes_and_what_to_differ_from_are_told() -> None:
    frozen = attempt(
        cell={"operation": "deepen", "tone": "dry"},
        recent=(Recent("1", "Name six lakes."),),
        previous=Previous({"instruction": "Name a lake.", "depth": 2}, "too short"),
    )
    [record], model = evolve(evolver(depth=2, axes={"tone": ["dry", "warm"]}), frozen=frozen)
    assert isinstance(record, Record)
    assert record.values["tone"] == "dry"
    first, last = (r.messages[-1]["content"] for r in model.scripted.requests if kind_of(r) == "step")
    assert "- tone: dry" in first
    assert "- tone: dry" in last
    assert "Name six lakes." not in first
    assert "Name six lakes." in last
    assert "too short" in last


def test_the_prompt_may_be_the_users_own() -> None:
    generator = evolver(
        depth=1, prompt="{operation}! {method} The instruction:\n{given}", system="You are {instruction}."
    )
    _, model = evolve(generator, frozen=attempt(cell={"operation": "constraints"}))
    system, user = model.scripted.requests[0].messages
    assert user["content"].startswith("constraints! add one more constraint")
    assert user["content"].endswith("Name three rivers.\nOnly in Asia.")
    assert system["content"] == "You are ."


def test_a_stored_attempt_asks_all_its_questions_again() -> None:
    frozen = attempt(capabilities=Capabilities(json_schema=True, seed=True), cell={"operation": "complicate_input"})
    first, again = (evolve(evolver(), frozen=replace(frozen))[1].scripted.requests for _ in range(2))
    assert [request.to_json() for request in first] == [request.to_json() for request in again]
    seeds = [request.seed for request in first]
    assert len(set(seeds)) == len(seeds), "steps draw apart"
    assert [request.schema is not None for request in first] == [True, True] * 3 + [False]


def test_a_run_stopped_in_the_middle_of_a_chain_pays_no_step_twice(tmp_path: Path) -> None:
    model = Model()
    providers._known["evolving"] = lambda *_: model.scripted  # type: ignore[assignment]
    (tmp_path / "seeds.jsonl").write_text('{"instruction": "Name three rivers."}\n', "utf-8")
    recipe: dict[str, Any] = {
        "name": "evolved",
        "model": "evolving:m",
        "generator": {"kind": "evol_instruct", "count": 2, "seeds": str(tmp_path / "seeds.jsonl")},
        "near_duplicate": "off",
    }
    try:
        stopped = seedbed.generate(recipe | {"budget": {"calls": 4}}, workspace=tmp_path / "w", concurrency=1)
        assert stopped.figures["state"] == "budget"
        assert stopped.figures["attempts"] == 0
        dataset = seedbed.generate(recipe, workspace=tmp_path / "w", concurrency=1)
    finally:
        providers._known.pop("evolving")
    assert dataset.figures["state"] == "complete"
    assert len(model.asked) == dataset.figures["calls"] == 2 * 7
    with Workspace(tmp_path / "w") as place:
        [record, *_] = place.store.records(Selection(run="evolved-1"))
    assert [step["depth"] for step in record.origin["lineage"]] == [0, 1, 2, 3]
    assert record.origin["parents"]
