"""Preference pairs: candidates that may differ, votes in both orders, winners, ties."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import seedbed
from seedbed.core.attempt import Attempt, Context, Failure, Previous, Rejected, Sampling
from seedbed.core.chat import Capabilities, Completion
from seedbed.core.record import Record
from seedbed.core.run import REPAIRED
from seedbed.generators.preference import Preference
from seedbed.generators.tournament import Decision, Vote, decide
from seedbed.providers.catalog import providers
from seedbed.providers.scripted import Scripted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from seedbed.core.attempt import Outcome
    from seedbed.core.chat import Request

PROMPT = "Why is the sea salty?"
LETTERS = "ABCDEFGH"
GOOD: Mapping[str, int] = {"A": 9, "B": 4, "C": 7, "D": 2, "E": 5, "F": 6, "G": 3, "H": 1}


def attempt(**fields: Any) -> Attempt:
    inputs = (Record({"prompt": PROMPT, "topic": "nature"}, id="prompts.jsonl#1"),)
    fields = {"cell": {}, "inputs": inputs, "sampling": Sampling(0.9, stop=("\n\n",)), **fields}
    return Attempt("run", 3, 0, fields.pop("seed", 7), "2026-01-31T10:20:30+00:00", 0, model="local:m", **fields)


def pairs(**settings: Any) -> Preference:
    return Preference(**{"inputs": "prompts.jsonl", **settings})


def compared(request: Request) -> list[str]:
    """The answers a question compares, in their order; none if it asks for an answer."""
    return re.findall(r"_answer>\n(.*)\n</", request.messages[-1]["content"])


class Model:
    """Its answers are the letters in turn; a vote gives each its mark, or what `vote` says of the two."""

    def __init__(self, vote: Callable[[str, str], Any] | None = None, answers: str = LETTERS) -> None:
        self.answers = iter(answers)
        self.vote = vote or (lambda first, second: (GOOD[first], GOOD[second]))
        self.scripted = Scripted.answering(self.reply)

    def reply(self, request: Request) -> Any:
        answers = compared(request)
        if not answers:
            return next(self.answers)
        said = self.vote(*answers)
        marks = {"reason": "it is clearer", "first": said[0], "second": said[1]} if isinstance(said, tuple) else said
        return json.dumps(marks) if isinstance(marks, dict) else marks

    @property
    def written(self) -> list[Request]:
        return [request for request in self.scripted.requests if not compared(request)]

    @property
    def votes(self) -> list[Request]:
        return [request for request in self.scripted.requests if compared(request)]


def prefer(generator: Preference, model: Model | None = None, frozen: Attempt | None = None) -> tuple[Outcome, Model]:
    model = model or Model()
    [outcome] = asyncio.run(generator.generate(Context(frozen or attempt(), model.scripted.complete)))
    return outcome, model


def test_the_better_answer_is_chosen_with_its_margin() -> None:
    record, model = prefer(pairs(keep=["topic"]))
    assert isinstance(record, Record)
    assert record.values == {"prompt": PROMPT, "chosen": "A", "rejected": "B", "margin": 0.5556, "topic": "nature"}
    assert record.origin["votes"] == [
        {"first": 0, "second": 1, "first_mark": 9, "second_mark": 4, "reason": "it is clearer"},
        {"first": 1, "second": 0, "first_mark": 4, "second_mark": 9, "reason": "it is clearer"},
    ]
    assert [compared(request) for request in model.votes] == [["A", "B"], ["B", "A"]]


def test_the_prompt_is_put_as_it_is() -> None:
    _, model = prefer(pairs())
    assert [request.messages for request in model.written] == [({"role": "user", "content": PROMPT},)] * 2


def test_what_is_said_beside_it_the_judge_hears_too() -> None:
    _, model = prefer(pairs(instruction="You are terse."))
    assert model.written[0].messages[0] == {"role": "system", "content": "You are terse."}
    assert "You are terse." in model.votes[0].messages[-1]["content"]


def test_axes_examples_and_an_earlier_answer_are_told() -> None:
    generator = pairs(axes={"tone": ["dry"]}, examples=["Because of rocks."])
    previous = Previous({"chosen": "It is.", "margin": 1.0}, "too short")
    record, model = prefer(generator, frozen=attempt(cell={"tone": "dry"}, previous=previous))
    text = model.written[0].messages[-1]["content"]
    assert text.startswith(PROMPT)
    assert all(part in text for part in ("- tone: dry", "Because of rocks.", "too short", "It is."))
    assert isinstance(record, Record)
    assert record.values["tone"] == "dry"
    assert generator.columns() == [*record.values]


def test_candidates_are_asked_for_with_different_requests() -> None:
    _, model = prefer(pairs(candidates=3), frozen=attempt(capabilities=Capabilities(seed=True)))
    assert [request.temperature for request in model.written] == [0.9, 0.65, 0.4]
    assert len({request.seed for request in model.scripted.requests}) == len(model.scripted.requests)


def test_temperatures_may_be_given_and_go_round() -> None:
    _, model = prefer(pairs(candidates=4, temperatures=[0.2, 1.1]))
    assert [request.temperature for request in model.written] == [0.2, 1.1, 0.2, 1.1]


@pytest.mark.parametrize("own", [0.0, 0.3, None, 2.0])
def test_no_temperature_is_out_of_range(own: float | None) -> None:
    _, model = prefer(pairs(), frozen=attempt(sampling=Sampling(own)))
    warmer, colder = (request.temperature for request in model.written)
    assert warmer is not None
    assert colder is not None
    assert 0 <= colder < warmer <= max(own if own is not None else 1.0, 0.5)


def test_votes_are_asked_of_the_judge_by_its_rubric() -> None:
    judge = {"model": "other:wise", "rubric": "It is polite.", "scale": 5}
    outcome, model = prefer(pairs(judge=judge), Model(lambda first, second: (5, 1) if first == "A" else (1, 5)))
    assert isinstance(outcome, Record)
    assert outcome.values["margin"] == 1.0
    for vote in model.votes:
        assert vote.model == "other:wise"
        assert (vote.temperature, vote.stop) == (0.0, ())
        assert vote.schema is not None
        assert "It is polite." in vote.messages[-1]["content"]
        assert "from 1 (poor) to 5" in vote.messages[-1]["content"]
    assert pairs(judge=judge).more_models() == ["other:wise"]
    assert pairs().more_models() == []


def test_votes_that_disagree_are_a_tie() -> None:
    outcome, model = prefer(pairs(), Model(lambda first, second: (8, 3)))
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "tie"
    assert outcome.record.values["margin"] == 0.0
    assert len(outcome.record.origin["votes"]) == len(model.votes) == 2


def test_a_vote_for_neither_is_a_tie() -> None:
    outcome, _ = prefer(pairs(), Model(lambda first, second: (8, 8) if first == "A" else (3, 8)))
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "tie"


def test_in_one_order_the_order_is_drawn() -> None:
    orders = set()
    for seed in range(20):
        _, model = prefer(pairs(both_orders=False), frozen=attempt(seed=seed))
        [vote] = model.votes
        orders.add(tuple(compared(vote)))
    assert orders == {("A", "B"), ("B", "A")}


def test_a_small_margin_is_rejected() -> None:
    outcome, _ = prefer(pairs(min_margin=0.6))
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "small_margin"
    assert isinstance(prefer(pairs(min_margin=0.5))[0], Record)


def test_the_best_and_the_worst_of_many_are_kept() -> None:
    record, model = prefer(pairs(candidates=8))
    assert isinstance(record, Record)
    assert (record.values["chosen"], record.values["rejected"]) == ("A", "H")
    assert len(model.votes) == 8 * 7


def test_equal_candidates_are_no_pair() -> None:
    outcome, model = prefer(pairs(), Model(answers="AA"))
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "same_candidates"
    assert not model.votes


def test_of_equal_ones_among_many_one_is_compared() -> None:
    record, model = prefer(pairs(candidates=3), Model(answers="BAB"))
    assert isinstance(record, Record)
    assert (record.values["chosen"], record.values["rejected"]) == ("A", "B")
    assert len(model.votes) == 2


def test_a_candidate_that_does_not_come_is_left_out_if_others_do() -> None:
    cut = Completion("Half an ans", "length")

    def answers(*replies: Any) -> Model:
        model = Model()
        model.answers = iter(replies)
        return model

    record, _ = prefer(pairs(candidates=3), answers("A", cut, cut, "B"))
    assert isinstance(record, Record)
    assert record.origin[REPAIRED] is True
    outcome, model = prefer(pairs(), answers("A", cut, cut))
    assert isinstance(outcome, Failure)
    assert outcome.reason == "truncated"
    assert not model.votes


@pytest.mark.parametrize(
    "spoiled", ["A is better.", '{"first": 3}', {"first": 0, "second": 5}, {"first": 11, "second": 5}, {"first": True}]
)
def test_a_vote_that_cannot_be_read_is_asked_for_once_more(spoiled: Any) -> None:
    said = [spoiled]
    model = Model(lambda first, second: said.pop() if said else (GOOD[first], GOOD[second]))
    record, _ = prefer(pairs(), model)
    assert isinstance(record, Record)
    assert record.origin[REPAIRED] is True
    assert len(model.votes) == 3
    failed, model = prefer(pairs(), Model(lambda first, second: spoiled))
    assert isinstance(failed, Failure)
    assert failed.reason == "unparseable"
    assert len(model.votes) == 2


def test_marks_in_quotes_and_fences_are_read() -> None:
    model = Model(lambda first, second: f'```json\n{{"first": "{GOOD[first]}", "second": {GOOD[second]}.0}}\n```')
    record, _ = prefer(pairs(), model)
    assert isinstance(record, Record)
    assert record.values["margin"] == 0.5556
    assert record.origin[REPAIRED] is True


def both(first: int, second: int, first_mark: float, second_mark: float) -> list[Vote]:
    return [Vote(first, second, first_mark, second_mark), Vote(second, first, second_mark, first_mark)]


def test_wins_count_before_marks() -> None:
    # 1 has the highest marks, but against 0 it loses.
    votes = [*both(0, 1, 6, 5), *both(0, 2, 6, 5), *both(1, 2, 10, 1)]
    assert decide(votes, 3) == Decision(best=0, worst=2, lead=1)


def test_the_rejected_one_was_beaten_by_the_chosen_one_itself() -> None:
    # 2 is the worst, but its comparison with 0 is a tie.
    votes = [
        *both(0, 1, 8, 5),
        *both(0, 2, 4, 4),
        *both(1, 2, 5, 1),
        *both(0, 3, 9, 6),
        *both(1, 3, 4, 4),
        *both(2, 3, 2, 3),
    ]
    assert decide(votes, 4) == Decision(best=0, worst=3, lead=3)


def test_marks_decide_between_equal_wins() -> None:
    circle = [*both(0, 1, 9, 5), *both(1, 2, 6, 5), *both(2, 0, 6, 5)]
    assert decide(circle, 3) == Decision(best=0, worst=1, lead=4)
    even = [*both(0, 1, 6, 5), *both(1, 2, 6, 5), *both(2, 0, 6, 5)]
    assert decide(even, 3) is None


def test_rows_with_the_same_prompt_are_one() -> None:
    rows = [Record({"prompt": text}, id=f"#{i}") for i, text in enumerate(("Why?", "How?", " Why? "))]
    generator = pairs()
    assert generator.target({"inputs": rows}) == 2
    pool = generator.pool({"inputs": rows})
    assert pool is not None
    drawn = [pool.draw({}, 1, 0) for _ in range(3)]
    assert [one.inputs[0].id if one else None for one in drawn] == ["#0", "#1", None]


def test_one_pair_for_a_prompt_or_several_that_differ() -> None:
    assert pairs().identity() == ("prompt",)
    assert pairs(per_input=2).identity() == pairs(count=9).identity() == ("prompt", "chosen", "rejected")


def test_a_stored_attempt_asks_all_its_questions_again() -> None:
    frozen = attempt(capabilities=Capabilities(json_schema=True, seed=True))
    first, again = (prefer(pairs(), frozen=replace(frozen))[1].scripted.requests for _ in range(2))
    assert [request.to_json() for request in first] == [request.to_json() for request in again]


def test_a_run_stopped_between_votes_pays_nothing_twice(tmp_path: Path) -> None:
    model = Model(answers="ABCD")
    providers._known["preferring"] = lambda *_: model.scripted  # type: ignore[assignment]
    (tmp_path / "prompts.jsonl").write_text('{"prompt": "Why?"}\n{"prompt": "How long does it take?"}\n', "utf-8")
    recipe: dict[str, Any] = {
        "name": "pairs",
        "model": "preferring:m",
        "generator": {"kind": "preference", "inputs": str(tmp_path / "prompts.jsonl")},
    }
    try:
        stopped = seedbed.generate(recipe | {"budget": {"calls": 3}}, workspace=tmp_path / "w", concurrency=1)
        assert stopped.figures["state"] == "budget"
        assert stopped.figures["attempts"] == 0
        dataset = seedbed.generate(recipe, workspace=tmp_path / "w", concurrency=1)
    finally:
        providers._known.pop("preferring")
    assert dataset.figures["state"] == "complete"
    assert len(model.scripted.requests) == dataset.figures["calls"] == 2 * 4
    assert [record.values["rejected"] for record in dataset] == ["B", "D"]
