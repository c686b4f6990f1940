"""What models reply, with all they put around it, and what must come of it."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seedbed.core.parsing import Unparseable, parse_reply

calm = settings(deadline=None)

HELLO = "Hello, your ticket is booked."
"""What every reply of the table means."""

WRAPPED = [
    HELLO,
    f"\n\n  {HELLO}  \n",
    f'"{HELLO}"',
    f"'{HELLO}'",
    f"“{HELLO}”",
    f"„{HELLO}“",
    f"«{HELLO}»",
    f"`{HELLO}`",
    f"**{HELLO}**",
    f"OUTPUT: {HELLO}",
    f"Output:\n{HELLO}",
    f'OUTPUT: "{HELLO}"',
    f"**Output:** {HELLO}",
    f"### Answer: {HELLO}",
    f"Final answer: {HELLO}",
    f"```\n{HELLO}\n```",
    f"OUTPUT:\n```\n{HELLO}\n```",
    f"OUTPUT: {HELLO}\nOUTPUT: Something else is here.",
    f'"{HELLO}"\n"Something else."',
    f"1. {HELLO}\n2. And something else.\n\nLet me know if you want more.",
    f'Here is a reply:\n\n"{HELLO}"\n\nLet me know if you want another!',
    f'"OUTPUT: {HELLO}"',
    f"Reply 1: {HELLO}\nReply 2: And something else.",
    f"**1.** {HELLO}\n**2.** And something else.",
    f'Text: "{HELLO}"\nLabel: polite',
    f"OUTPUT：{HELLO}",
    f"```text\n{HELLO}\n```",
    f"```\n{HELLO}",
    f"<think>polite means …</think>\n\n{HELLO}",
    f"<think>\nfirst line\nsecond\n</think>{HELLO}",
    f"<THINK>hm</THINK> {HELLO}",
    f"<think>İzmir, İstanbul, ẞ</think>{HELLO}",
    f"<reasoning>because</reasoning> {HELLO}",
    f"polite means …\n</think>\n{HELLO}",
    f"<think>one</think><think>two</think>{HELLO}",
    f"{HELLO}\n<think>was that polite enough?",
    f"Sure! Here is a polite reply:\n\n{HELLO}",
    f"Sure, here's one:\n{HELLO}",
    f"Here is the text:\n{HELLO}",
    f"Certainly! Here is one:\n\n```\n{HELLO}\n```\n\nLet me know if you need more.",
    f'Here you go:\n```json\n{{"text": "{HELLO}"}}\n```',
    f'{{"text": "{HELLO}"}}',
    f'{{"text": "  {HELLO} "}}',
    f'{{\n  "text": "{HELLO}",\n}}',
    f'{{"text": "{HELLO}",}}',
    f"{{'text': '{HELLO}'}}",
    f'{{"text": "{HELLO}" /* polite */}}',
    f'{{\n  // polite\n  "text": "{HELLO}"\n}}',
    f'{{text: "{HELLO}"}}',
    f'{{"Text": "{HELLO}"}}',
    f'{{"TEXT": "{HELLO}"}}',
    f'{{"reply": "{HELLO}"}}',
    f'{{"text": "{HELLO}", "label": "polite", "score": 5}}',
    f'{{"label": null, "text": "{HELLO}"}}',
    f'```json\n{{"text": "{HELLO}"}}\n```',
    f'```\n{{"text": "{HELLO}",}}\n```',
    f'<think>{{"text": "no"}}</think>{{"text": "{HELLO}"}}',
    f'Here is the JSON: {{"text": "{HELLO}"}}',
    f'{{"text": "{HELLO}"}}\n\nI hope this helps!',
    f'[{{"text": "{HELLO}"}}, {{"text": "Another one of them."}}]',
    f'{{"texts": [{{"text": "{HELLO}"}}, {{"text": "Another one of them."}}]}}',
    f'{{"replies": ["{HELLO}", "Another one of them."]}}',
    f'["{HELLO}", "Another one of them."]',
    f"1. {HELLO}\n2. Another one of them.",
    f"1) {HELLO}\n\n2) Another one of them.\n",
    f"- {HELLO}\n- Another one of them.",
    f'1. "{HELLO}"\n2. "Another one of them."',
    f"Here are two replies:\n1. {HELLO}\n2. Another one of them.",
    f'{{"text": "{HELLO}"}}\n{{"text": "Another one of them."}}',
    f'{{"text": "{HELLO}"}} {{"text": "Another one of them."}}',
]


@pytest.mark.parametrize("reply", WRAPPED)
def test_wrappings_are_taken_off(reply: str) -> None:
    assert parse_reply(reply, ["text"]) == [{"text": HELLO}]


PLAIN = [
    "Your order ships on Monday.\n\nLet me know if you need anything else.",
    "Dear all,\n\n- one thing\n- another thing\n\nYours, Ann",
    "Normal text.\nLabel: what is on it?",
    "It's the passengers' choice, isn't it?",
    "'Tis the season, and we're closed.",
    "The lads' night out was the best thing this year, and that's that'",
    '"Yes" is what she said, and then "no"',
    'He said "no refunds" and left.',
    'The 32" screen is gone.',
    "Don't you 'sorry' me.",
    "I waited 2 hours. 3 buses passed. 1. is a bad number.",
    "1. April is no joke: the train was cancelled.",
    "- is not a review",
    "Sure, I can move your seat.",
    "Okay, done!",
    "Here you are.",
    "The answer: 42 minutes of waiting.",
    "Please write {name} as it stands in your passport.",
    "Use [brackets] if you must.",
    "a < b and c > d",
    "My result was **better** than **yours**",
    "Great service and a great price",
    "👍",
    "谢谢您的耐心等待。",
    "Es tut mir leid: der Zug ist weg.",
    "First line\nsecond line",
    "No 1. quality\n2. rate food, this place is",
]


@pytest.mark.parametrize("text", PLAIN)
def test_a_text_without_wrappings_stays_as_it_is(text: str) -> None:
    assert parse_reply(text, ["text"]) == [{"text": text}]


@pytest.mark.parametrize(
    "text",
    [
        "Here is what happened: the train left ten minutes early.",
        "Here's the thing: I never got my parcel.",
        "Okay, two things: the lamp is broken and the box was open.",
        "Great, thanks a lot: now it does not even start.",
        "Great news everyone:\nWe are open on Sundays again.",
        "Okay people:\nThis train will not move today.",
    ],
)
def test_a_sentence_with_a_colon_is_no_chatter(text: str) -> None:
    assert parse_reply(text, ["text"]) == [{"text": text}]


@pytest.mark.parametrize(
    "text",
    [
        'Your "text" shows {name} where my name should be.',
        'I typed {"text"} and nothing happened.',
        'The field "text" was empty {again}!',
    ],
)
def test_a_sentence_with_braces_and_quotes_is_no_json(text: str) -> None:
    assert parse_reply(text, ["text"]) == [{"text": text}]


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "   \n",
        "<think>polite means",
        "<think>done</think>",
        "```\n```",
        '""',
        "{}",
        "[]",
        "[1, 2]",
        '{"text": ""}',
        "Here is a JSON object that includes the customer service agent's response:",
        '{"text": "  "}',
        '{"text": null}',
        '{"text": 5}',
        '{"text": ["a"]}',
        '{"text": {"text": "a"}}',
        '{"one": "a b c", "other": "d e f"}',
        "{",
        "{{{{",
        "[" * 500,
        '{"text',
        '{"text": "Hello, your tick',
        '{"text": "Hello, your [tick',
        '```json\n{"text": "Hello, your tick\n```',
        '```json\n{"text": "Hello, your tick',
        '{"text": "Hello", "reasoning": "becau',
        'Here is the JSON: {"text": "Hello, your tick',
    ],
)
def test_what_is_empty_broken_or_cut_is_no_record(reply: str) -> None:
    with pytest.raises(Unparseable, match="reply is"):
        parse_reply(reply, ["text"])


@pytest.mark.parametrize(
    "reply",
    [
        '{"text": "Use ``` to open and ``` to close, then go o',
        '{"text": "The tag </think> was shown to the custom',
        '{"text": "OUTPUT: was written on the scre',
        '{"topic": "air", "about": {"stops": 1}, "text": "The fligh',
        '{"topic": "air", "stops": [1, 2], "text": "The fligh',
        "{'text': 'Hello, your [ticket] is boo",
        "{'text': 'Hello, your {ticket} is boo",
        "{text: Hello, your [ticket] is boo",
        '{"topic": "air", "about": {"stops": 1}',
        '{"topic": "air", "stops": [1, 2]',
        '{"tags": ["polite and warm", "long"]',
        '{"tags": ["polite and warm", "long"], "about": {"stops": 1}',
        '{"label": "polite"}\n{"text": "Hello, your tick',
    ],
)
def test_cut_json_is_never_taken_for_something_else(reply: str) -> None:
    with pytest.raises(Unparseable):
        parse_reply(reply, ["text"])


nasty = st.lists(
    st.sampled_from([
        *("word", "two words", " ", " ", "\n", "\t", '"', "'", "\\", "{", "}", "[", "]", ":", ",", "//", "/*", "#"),
        *("`", "```", "```json", "<think>", "</think>", "OUTPUT:", "text", '"text": ', "1. ", "- ", "**", "Sure:"),
        *("é", "…", "中文", "👍🏽", "“", "”"),
    ]),
    min_size=1,
    max_size=12,
).map("".join)  # fmt: skip
texts = nasty.filter(lambda text: bool(text.strip()))
values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | nasty,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
    max_leaves=4,
)


@st.composite
def objects(draw: st.DrawFn) -> tuple[str, str]:
    """A JSON object with a text and other keys before and after it, as JSON, and the text."""
    text = draw(texts)
    others = st.dictionaries(st.sampled_from(["label", "topic", "reasoning", "steps"]), values, max_size=2)
    before, after = draw(others), draw(others)
    document = {**before, "text": text, **{key: value for key, value in after.items() if key not in before}}
    return json.dumps(document, indent=draw(st.sampled_from([None, 2])), ensure_ascii=draw(st.booleans())), text.strip()


@calm
@given(objects(), st.sampled_from([["text"], ["text", "reasoning"]]))
def test_a_whole_json_object_gives_its_text_whatever_is_in_it(written: tuple[str, str], fields: list[str]) -> None:
    reply, text = written
    found = parse_reply(reply, fields)
    assert [item["text"] for item in found] == [text]
    assert set(found[0]) <= set(fields)


@settings(deadline=None, max_examples=250)
@given(objects(), st.sampled_from([["text"], ["text", "reasoning"]]), st.data())
def test_the_beginning_of_a_json_object_gives_nothing_or_the_whole_text(
    written: tuple[str, str], fields: list[str], data: st.DataObject
) -> None:
    reply, text = written
    cut = reply[: data.draw(st.integers(1, len(reply) - 1))]
    try:
        found = parse_reply(cut, fields)
    except Unparseable:
        return
    assert [item["text"] for item in found] == [text]


@calm
@given(st.sampled_from(["```json\n", "Here is the JSON:\n", "<think>hm</think>\n", ""]), st.data())
def test_the_beginning_of_a_wrapped_object_gives_nothing_or_the_whole_text(before: str, data: st.DataObject) -> None:
    text = "It's the passengers' choice [or so], “isn't it”? {Yes} no."
    reply = before + json.dumps({"text": text, "reasoning": "It is [polite]."})
    cut = reply[: data.draw(st.integers(len(before) + 1, len(reply) - 1))]
    try:
        found = parse_reply(cut, ["text", "reasoning"])
    except Unparseable:
        return
    assert [item["text"] for item in found] == [text]


@calm
@given(st.text() | nasty, st.booleans(), st.integers(1, 3))
@example("[" * 3000 + "]" * 3000, False, 1)
@example('{"a":' * 3000 + "1" + "}" * 3000, True, 1)
def test_any_reply_gives_texts_or_is_unparseable(reply: str, literal: bool, n: int) -> None:
    try:
        found = parse_reply(reply, ["text", "reasoning"], n, literal=literal)
    except Unparseable:
        return
    assert 1 <= len(found) <= n
    for item in found:
        assert item["text"]
        assert all(isinstance(value, str) for value in item.values())
        assert set(item) <= {"text", "reasoning"}


words = st.sampled_from(
    ["it's", "I", "don't", "the", "boys'", "said", '"no"', '32"', "5 o'clock", "train,", "late.", "really?", "(yes)"]
)


@calm
@given(st.lists(words, min_size=1, max_size=12).map(" ".join))
def test_apostrophes_and_inner_quotes_survive_in_json_and_in_quotes(text: str) -> None:
    assert parse_reply(json.dumps({"text": text}), ["text"]) == [{"text": text}]
    assert parse_reply(f"She: {text} So.", ["text"]) == [{"text": f"She: {text} So."}]
    assert parse_reply(f"“I: {text}!”", ["text"]) == [{"text": f"I: {text}!"}]


def test_single_quoted_json_keeps_an_apostrophe_or_is_refused() -> None:
    for reply in ("{'text': 'It\\'s late.'}", "{'text': \"It's late.\"}", "{\"text\": 'It\\'s late.'}"):
        assert parse_reply(reply, ["text"]) == [{"text": "It's late."}]
    with suppress(Unparseable):
        assert parse_reply("{'text': 'It's late.'}", ["text"]) == [{"text": "It's late."}]


def test_all_items_asked_for_are_read_and_no_more() -> None:
    replies = [
        "1. The first of them\n2. The second of them\n3. The third of them",
        '[{"text": "The first of them"}, {"text": "The second of them"}, {"text": "The third of them"}]',
        '["The first of them", "The second of them", "The third of them"]',
        '{"items": [{"text": "The first of them"}, {"TEXT": "The second of them"}, {"text": "The third of them"}]}',
    ]
    for reply in replies:
        assert parse_reply(reply, ["text"], 2) == [{"text": "The first of them"}, {"text": "The second of them"}]
        assert len(parse_reply(reply, ["text"], 5)) == 3


def test_a_list_of_single_words_is_one_text() -> None:
    assert parse_reply("1. milk\n2. eggs", ["text"]) == [{"text": "1. milk\n2. eggs"}]


@pytest.mark.parametrize(
    "reply",
    [
        "REASONING: It thanks the customer.\nOUTPUT: Hello there.",
        "Reasoning: It thanks\nthe customer.\n\nOutput:\nHello there.",
        "**Reasoning:** It thanks the customer.\n**Output:** “Hello there.”",
        '{"reasoning": "It thanks the customer.", "text": "Hello there."}',
        '{"Text": "Hello there.", "Reasoning": "It thanks the customer."}',
    ],
)
def test_reasoning_is_kept_apart_from_the_text(reply: str) -> None:
    [found] = parse_reply(reply, ["text", "reasoning"])
    assert found["text"] == "Hello there."
    assert found["reasoning"].startswith("It thanks")
    assert "OUTPUT" not in found["reasoning"].upper()


@pytest.mark.parametrize(
    "reply", ['{"reasoning": "It thanks.", "text": "Hello."}', '{"TEXT": "Hello.", "reasoning": "It thanks."}']
)
def test_strictly_only_json_with_all_fields_is_an_answer(reply: str) -> None:
    assert parse_reply(reply, ["text", "reasoning"], strict=True) == [{"text": "Hello.", "reasoning": "It thanks."}]


@pytest.mark.parametrize(
    "reply",
    [
        "Hello.",
        "REASONING: It thanks.\nOUTPUT: Hello.",
        '{"text": "Hello."}',
        '{"text": "Hello.", "reasoning": null}',
        '["Hello.", "It thanks."]',
        '{"text": "Hello.", "reasoning": "It th',
    ],
)
def test_strictly_anything_else_is_none(reply: str) -> None:
    with pytest.raises(Unparseable):
        parse_reply(reply, ["text", "reasoning"], strict=True)


def test_a_missing_reasoning_costs_no_text() -> None:
    assert parse_reply("Hello there.", ["text", "reasoning"]) == [{"text": "Hello there."}]
    assert parse_reply('{"text": "Hello there."}', ["text", "reasoning"]) == [{"text": "Hello there."}]


LITERAL = [
    '{"name": "Ada", "age": 36}',
    '{\n  "name": "Ada",\n  "tags": ["a", "b"]\n}',
    "[1, 2, 3]",
    '["one", "two"]',
    "1. First, boil the water.\n2. Then, add the tea.",
    "- milk\n- eggs",
    "SELECT * FROM users WHERE name = '{name}';",
    "[link](https://example.org) and more",
    "{broken json, and that is the point",
    "# Title\n\n1. one\n2. two",
    '{"user": "Ada", "posts": [{"text": "Hello"}]}',
    '{"id": 5, "text": "Hello", "user": "Ada"}',
    "To list files:\n```sh\nls -l\n```\nThat is all.",
]


@pytest.mark.parametrize("text", LITERAL)
def test_a_literal_text_may_look_like_anything(text: str) -> None:
    assert parse_reply(text, ["text"], literal=True) == [{"text": text}]


@pytest.mark.parametrize(
    "reply",
    [
        HELLO,
        f'"{HELLO}"',
        f"OUTPUT: {HELLO}",
        f"```\n{HELLO}\n```",
        f"<think>hm</think>{HELLO}",
        f"Here is the text:\n{HELLO}",
        f'{{"text": "{HELLO}"}}',
        f'```json\n{{"text": "{HELLO}"}}\n```',
    ],
)
def test_wrappings_of_a_literal_text_are_taken_off(reply: str) -> None:
    assert parse_reply(reply, ["text"], literal=True) == [{"text": HELLO}]


def test_a_cut_object_that_was_to_hold_a_literal_text_is_no_record() -> None:
    with pytest.raises(Unparseable):
        parse_reply('{"text": "Hello, your tick', ["text"], literal=True)


LOOPS = {
    "empty lines": "Reasoning: it is polite" + "\n" * 3000 + "so",
    "spaces": "Reasoning: it is polite\n" + " " * 3000 + "so",
    "open thoughts": "<think>" * 3000,
    "braces": "{" * 3000,
    "fences": "`" * 3000,
    "backslashes": '{"text": "' + "\\" * 3000,
}


def test_a_model_that_loops_does_not_hold_up_everybody_else() -> None:
    """Linear work takes milliseconds; the limit is there to end what would take minutes."""
    script = (
        "import json, sys\n"
        "from seedbed.core.parsing import Unparseable, parse_reply\n"
        "for reply in json.load(sys.stdin).values():\n"
        "    try:\n"
        "        parse_reply(reply, ['text', 'reasoning'])\n"
        "    except Unparseable:\n"
        "        pass\n"
    )
    subprocess.run([sys.executable, "-c", script], input=json.dumps(LOOPS), text=True, timeout=6, check=True)


def test_a_document_asked_for_as_text_is_the_text_whatever_its_keys() -> None:
    reply = '{"text": "fine", "sentiment": "pos"}'
    assert parse_reply(reply, ["text"], literal=True) == [{"text": reply}]


def test_the_second_line_of_an_entry_belongs_to_it() -> None:
    reply = "1. One thing is here\nand goes on\n2. Another is there\nand ends"
    assert parse_reply(reply, ["text"], 2) == [
        {"text": "One thing is here\nand goes on"},
        {"text": "Another is there\nand ends"},
    ]
