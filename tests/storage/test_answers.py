"""What a model answered in a run can be read again, also what was asked before the first attempt."""

from __future__ import annotations

from seedbed.core.attempt import BEFORE, Answered, Attempt, Finished
from seedbed.core.chat import Completion, Request, request_hash
from seedbed.core.ports import SlotRow
from seedbed.core.stored import Store, StoredRun
from seedbed.core.vectors import as_text, from_text, packed

VECTOR = packed([0.3, -0.1, 2.0])


def embedded(run: StoredRun, number: int, text: str, occurrence: int = 0, model: str = "local:v") -> Answered:
    question = Request.to_embed(model, text, "").to_json()
    attempt = Attempt(run.id, number, 0, 0, "", 0, {}, "local:w")
    answer = Completion(as_text(VECTOR)) if occurrence >= 0 else None
    return Answered(attempt, question, request_hash(question), occurrence, model, answer, 0.0, 1, 3, 0)


def written(store: Store, *calls: tuple[int, str]) -> StoredRun:
    run = store.create_run(StoredRun("", "r", "running", {}, {}, "", ["text"], 0))
    with store.claim(run.id) as epoch:
        journal = store.journal(run, epoch)
        for number, text in calls:
            journal.call(embedded(run, number, text))
        journal.call(embedded(run, 7, "lost", -1))
        journal.call(embedded(run, 7, "of another", model="local:other"))
        journal.close()
    return run


def test_all_answers_of_a_model_come_by_their_questions_page_by_page(store: Store) -> None:
    texts = [f"text {number}" for number in range(25)]
    run = written(store, *enumerate(texts))
    written(store, (0, "of another run"))
    hashes = [request_hash(Request.to_embed("local:v", text, "").to_json()) for text in texts]
    for page in (1, 7, 25, 1000):
        found = list(store.answers(run.id, "local:v", page))
        assert [name for name, _ in found] == hashes
        assert {from_text(answer.text) for _, answer in found} == {VECTOR}
    assert list(store.answers(run.id, "local:none")) == []
    assert list(store.answers("no-such-run", "local:v")) == []


def test_what_was_asked_before_the_first_attempt_is_no_attempt(store: Store) -> None:
    run = written(store, (BEFORE, "known"), (BEFORE, "also known"), (3, "own"))
    assert [opened.number for opened in store.open_attempts(run.id)] == [3, 7]
    assert store.last_attempt(run.id) == 7
    assert len(list(store.answers(run.id, "local:v"))) == 3
    only = written(store, (BEFORE, "known"))
    with store.claim(only.id) as epoch:
        journal = store.journal(only, epoch)
        end = SlotRow(0, "failed", "http", "", "[]", "local:w", None)
        journal.slots(Finished(Attempt(only.id, 7, 0, 0, "", 0, {}, "local:w")), [end])
        journal.close()
    assert store.open_attempts(only.id) == []
