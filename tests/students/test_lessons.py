"""What each kind of data teaches: question and answer of a chat, by the columns."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed import InputError, Record, Span
from seedbed.students.lessons import Choice, Lesson, lesson_of
from seedbed.students.survey import MOST_LABELS, Survey
from seedbed.students.teachers import UNKNOWN, teachers, terms

ANY = Choice()


def learned(*records: Record, choice: Choice = ANY) -> Lesson:
    survey = Survey()
    for record in records:
        survey.add(record)
    return lesson_of(survey, choice)


def said(record: Record, *others: Record, choice: Choice = ANY) -> tuple[str, list[tuple[str, str]]]:
    """The kind of lesson, and what is said in the chat of the first record."""
    lesson = learned(record, *others, choice=choice)
    chat = lesson.chat(record, "record 1")
    assert chat is not None
    return lesson.kind, [(one["role"], one["content"]) for one in chat.messages]


CASES: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "labels": (
        {"text": "Where is my parcel?", "label": "question", "model": "m", "reasoning": "It asks."},
        "labels",
        "Classify the text. Answer with one of these labels and nothing else: question.\n\nWhere is my parcel?",
        "question",
    ),
    "several labels": (
        {"text": "Bad and late", "label": ["late", "broken"]},
        "labels",
        "Classify the text. Answer with a JSON list of those of these labels that apply: broken, late.\n\nBad and late",
        '["broken","late"]',
    ),
    "questions about contexts": (
        {
            "question": "Who?",
            "answer": "Ann.",
            "kind": "simple",
            "contexts": ["Ann did.", {"id": "b", "text": "Twice."}],
        },
        "questions",
        "Answer the question from the text.\n\nAnn did.\n\nTwice.\n\nWho?",
        "Ann.",
    ),
    "questions alone": ({"question": "2 + 2?", "answer": "4"}, "pairs", "2 + 2?", "4"),
    "instructions": (
        {"instruction": "Sort these.", "input": "b a", "output": "a b"},
        "pairs",
        "Sort these.\n\nb a",
        "a b",
    ),
    "extraction": (
        {"document": "Ann, 31.", "data": {"name": "Ann", "age": 31}},
        "fields",
        "Extract these fields from the document as one JSON object: name, age.\n\nAnn, 31.",
        '{"name":"Ann","age":31}',
    ),
    "extraction in a table": (
        {"document": "Ann, 31.", "data": '{"name": "Ann"}'},
        "fields",
        "Extract these fields from the document as one JSON object: name.\n\nAnn, 31.",
        '{"name":"Ann"}',
    ),
    "summaries": (
        {"text": "A long story.", "summary": "A story."},
        "pairs",
        "Summarise the text.\n\nA long story.",
        "A story.",
    ),
    "rewriting": ({"source": "Hi there, all.", "text": "Hello."}, "pairs", "Hi there, all.", "Hello."),
    "prompts": ({"prompt": "Go on: one, two", "completion": "three"}, "pairs", "Go on: one, two", "three"),
}


@pytest.mark.parametrize("name", CASES)
def test_columns_say_what_is_asked_and_what_is_answered(name: str) -> None:
    values, kind, asked, answer = CASES[name]
    assert said(Record(values)) == (kind, [("user", asked), ("assistant", answer)])


def test_entities_are_listed_with_their_exact_texts() -> None:
    record = Record({"text": "Ann Lee of Rome"}, (Span(11, 15, "LOC"), Span(0, 3, "FIRST"), Span(0, 7, "PER")))
    kind, messages = said(record)
    assert kind == "entities"
    assert "The labels are: FIRST, LOC, PER.\n\nAnn Lee of Rome" in messages[0][1]
    assert json.loads(messages[1][1]) == [
        {"text": "Ann Lee", "label": "PER"},
        {"text": "Ann", "label": "FIRST"},
        {"text": "Rome", "label": "LOC"},
    ]
    assert said(Record({"text": "nobody"}), record)[1][1] == ("assistant", "[]")


def test_conversations_go_up_to_the_last_answer() -> None:
    turns = [("user", "Hi"), ("assistant", "Hello"), ("user", "Bye")]
    messages = [{"role": role, "content": text, "extra": 1} for role, text in turns]
    assert said(Record({"messages": messages})) == ("dialogues", turns[:2])
    assert said(Record({"messages": json.dumps(messages), "system": "Be kind."}))[1] == [
        ("system", "Be kind."),
        *turns[:2],
    ]
    instructed = said(Record({"messages": messages}), choice=Choice("Be brief."))[1]
    assert instructed == [("system", "Be brief."), *turns[:2]]
    alone = Record({"messages": messages[:1]})
    assert learned(alone).chat(alone, "record 1") is None


def test_preferences_have_the_worse_answer_beside_the_better() -> None:
    texts = Record({"prompt": "Say it.", "chosen": "Yes.", "rejected": "No.", "margin": 0.5})
    lesson = learned(texts)
    assert lesson.preference
    chat = lesson.chat(texts, "record 1")
    assert chat is not None
    assert (chat.messages[0]["content"], chat.messages[1]["content"], chat.rejected) == ("Say it.", "Yes.", "No.")
    whole = [{"role": "user", "content": "Say it."}, {"role": "assistant", "content": "Yes."}]
    other = Record({"prompt": [whole[0]], "chosen": whole, "rejected": [{"role": "assistant", "content": "No."}]})
    assert learned(other).chat(other, "record 1") == chat


def test_an_instruction_of_ones_own_names_the_labels_where_it_likes() -> None:
    record = Record({"text": "Hi", "label": "b"})
    choice = Choice("One of {labels}:")
    assert said(record, Record({"text": "Ho", "label": "a"}), choice=choice)[1][0] == ("user", "One of a, b:\n\nHi")
    pair = Record({"prompt": "one", "completion": "two"})
    assert said(pair, choice=Choice("Go on."))[1][0] == ("user", "Go on.\n\none")


def test_columns_can_be_chosen() -> None:
    rows = [
        Record({"utterance": f"say {i}", "intent": "ab"[i % 2], "note": f"a note {i}", "slots": {"n": i}})
        for i in range(12)
    ]
    asked = {answer: said(*rows, choice=Choice("", "utterance", answer)) for answer in ("intent", "note", "slots")}
    assert asked["intent"][0] == "labels"
    assert asked["note"] == ("pairs", [("user", "say 0"), ("assistant", "a note 0")])
    assert asked["slots"][1][1] == ("assistant", '{"n":0}')
    spans = Record({"body": "Ann"}, (Span(0, 3, "PER", "body"),))
    assert said(spans, choice=Choice("", "body", "spans"))[1][1] == ("assistant", '[{"text":"Ann","label":"PER"}]')


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (Choice(asked="text"), "--input and --output go together"),
        (Choice(asked="txt", answer="label"), "--input txt: there is no column `txt`"),
        (Choice(asked="text", answer="lable"), "--output lable: there is no column `lable`"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(choice: Choice, message: str) -> None:
    with pytest.raises(InputError, match=message):
        learned(Record({"text": "Hi", "label": "a"}), choice=choice)


@pytest.mark.parametrize(
    "rows",
    [
        [{"text": "alone"}],
        [{"order": "ORD-1", "total": 3}],
        [{"text": "mixed", "source": "a.csv"}],
        [{"text": f"text {i}", "label": f"label {i}"} for i in range(MOST_LABELS + 1)],
        [{"text": "long", "label": "l" * 201}],
    ],
)
def test_columns_that_teach_nothing_known_are_named(rows: list[dict[str, Any]]) -> None:
    with pytest.raises(InputError, match=f"of the columns {', '.join(rows[0])}") as error:
        learned(*map(Record, rows))
    assert error.value.hint == "Say what is asked and what is answered: --input COLUMN --output COLUMN"


def test_a_dataset_that_was_mixed_is_one_of_labels() -> None:
    assert learned(Record({"text": "mixed", "label": "a", "source": "a.csv"})).kind == "labels"


def test_spans_beside_labels_are_not_used_and_that_is_said() -> None:
    lesson = learned(Record({"text": "Ann", "label": "a"}, (Span(0, 3, "PER"),)))
    assert lesson.kind == "labels"
    assert "--input text --output spans" in lesson.words


def test_what_lacks_question_or_answer_teaches_nothing() -> None:
    lesson = learned(Record({"text": "Hi", "label": "a"}))
    for values in ({"text": "Hi"}, {"text": " ", "label": "a"}, {"text": "Hi", "label": ""}):
        assert lesson.chat(Record(values), "record 1") is None


def test_messages_of_others_than_the_two_are_refused() -> None:
    record = Record({"messages": [{"role": "user", "content": "2+2"}, {"role": "tool", "content": "4"}]})
    with pytest.raises(InputError, match="record 7: a message has the role `tool`"):
        learned(record).chat(record, "record 7")


@settings(deadline=None)
@given(st.text(min_size=1).filter(str.strip), st.data())
def test_entities_come_back_out_of_the_answer(text: str, data: st.DataObject) -> None:
    places = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text)), st.sampled_from("AB"))
    spans = {
        (min(a, b - 1), max(b, a + 1), label) for a, b, label in data.draw(st.lists(places, min_size=1, max_size=6))
    }
    record = Record({"text": text}, tuple(Span(*span) for span in spans))
    chat = learned(record).chat(record, "record 1")
    assert chat is not None
    assert chat.messages[0]["content"].endswith(f"\n\n{text}")
    found = [(one["text"], one["label"]) for one in json.loads(chat.messages[1]["content"])]
    assert sorted(found) == sorted((text[start:end], label) for start, end, label in spans)


def test_what_is_known_of_teachers_is_told() -> None:
    known = {"qwen": "Apache-2.0"}
    assert terms("embedded:qwen", known).startswith("Apache-2.0")
    assert "OpenAI" in terms("openai:gpt-4o-mini", known)
    assert "Anthropic" in terms("claude-sonnet-4-5", known)
    assert "Llama" in terms("local:meta-llama-3.1-8b", known)
    assert terms("mine:secret", known) == UNKNOWN
    assert [one["model"] for one in teachers({"b": 1, "a": 1, "c": 2}, {})] == ["c", "a", "b"]
    assert teachers({f"phone {i}": 1 for i in range(50)}, {}) == []
