from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from seedbed.core.errors import InputError
from seedbed.core.record import Record, Span
from seedbed.formats.catalog import format_for

if TYPE_CHECKING:
    from pathlib import Path


def write(name: str, path: Path, values: dict[str, Any], **options: str) -> Any:
    format_for(path, name, options).write([Record(values)], str(path), list(values))
    return json.loads(path.read_bytes())


def turns(*contents: str) -> list[dict[str, str]]:
    roles = ["system"] * (len(contents) % 2) + ["user", "assistant"] * 5
    return [{"role": role, "content": content} for role, content in zip(roles, contents, strict=False)]


@pytest.mark.parametrize(
    ("values", "messages"),
    [
        ({"messages": turns("s", "u", "a"), "text": "x", "label": "y"}, turns("s", "u", "a")),
        ({"messages": json.dumps(turns("u", "a"))}, turns("u", "a")),
        ({"messages": turns("u", "a"), "system": "s"}, turns("s", "u", "a")),
        ({"system": "s", "user": "u", "assistant": "a"}, turns("s", "u", "a")),
        ({"instruction": "i", "input": "", "output": "o"}, turns("i", "o")),
        ({"instruction": "i", "input": "more", "output": "o", "depth": 1}, turns("i\n\nmore", "o")),
        ({"question": "q", "answer": "a", "kind": "simple"}, turns("q", "a")),
        ({"source": "long", "text": "short", "label": "x"}, turns("long", "short")),
        ({"prompt": "p", "completion": "c"}, turns("p", "c")),
        ({"messages": None, "text": "t", "label": "l", "category": "c"}, turns("t", "l")),
        ({"question": "q", "answer": {"total": 1}}, turns("q", '{"total":1}')),
    ],
)
def test_a_conversation_is_found_in_what_a_record_has(
    values: dict[str, Any], messages: list[dict[str, str]], tmp_path: Path
) -> None:
    assert write("openai_chat", tmp_path / "x.jsonl", values) == {"messages": messages}


@pytest.mark.parametrize("name", ["openai_chat", "chatml", "sharegpt", "alpaca", "prompt_completion"])
def test_a_record_without_one_is_named_with_its_columns(name: str, tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"record 1: no conversation can be made of the columns document, data\."
    ) as caught:
        write(name, tmp_path / "x", {"document": "d", "data": {}, "label": None})
    assert "--map user=COLUMN --map assistant=COLUMN" in caught.value.hint


@pytest.mark.parametrize("messages", [[], [{"content": "x"}], ["x"], {"role": "user"}, "[oops"])
def test_messages_that_are_none_are_refused(messages: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="record 1: `messages` is empty or no list"):
        write("openai_chat", tmp_path / "x.jsonl", {"messages": messages})


def test_only_openai_chat_keeps_what_is_no_text(tmp_path: Path) -> None:
    messages = [{"role": "user", "content": "2+2"}, {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]}]
    assert write("openai_chat", tmp_path / "x.jsonl", {"messages": messages}) == {"messages": messages}
    for name in ("chatml", "sharegpt", "prompt_completion"):
        with pytest.raises(InputError, match="content of message 2 is no text"):
            write(name, tmp_path / "x", {"messages": messages})


def test_sharegpt_has_its_own_names_and_places_for_the_system(tmp_path: Path) -> None:
    values = {"messages": [*turns("s", "u", "a"), {"role": "tool", "content": "t"}]}
    conversations = [{"from": name, "value": name[0]} for name in ("system", "human", "gpt", "tool")]
    for turn, text in zip(conversations, "suat", strict=True):
        turn["value"] = text
    path = tmp_path / "x.jsonl"
    assert write("sharegpt", path, values) == {"conversations": conversations}
    assert write("sharegpt", path, values, system="field") == {"system": "s", "conversations": conversations[1:]}
    assert [record.values for record in format_for(path, "sharegpt").read(str(path))] == [values]
    assert write("sharegpt", path, {"messages": turns("u", "a")}, system="field")["system"] is None


def test_alpaca_is_a_list_in_a_json_file_and_has_an_input(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    assert write("alpaca", path, {"instruction": "i", "input": "n", "output": "o"}) == [
        {"instruction": "i", "input": "n", "output": "o"}
    ]
    assert write("alpaca", path, {"question": "q", "answer": "a", "input": "x"}) == [
        {"instruction": "q", "input": "", "output": "a"}
    ]
    assert write("alpaca", tmp_path / "x.jsonl", {"messages": turns("s", "u", "a")}) == {
        "instruction": "s\n\nu",
        "input": "",
        "output": "a",
    }
    path.write_text('[{"instruction": "i", "output": "o"}]')
    assert next(format_for(path, "alpaca").read(str(path))).values == {"instruction": "i", "input": "", "output": "o"}


def test_a_longer_conversation_is_no_pair(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the roles are user, assistant, user, assistant") as caught:
        write("prompt_completion", tmp_path / "x.jsonl", {"messages": turns("a", "b", "c", "d")})
    assert "openai_chat" in caught.value.hint


def test_preferences_need_both_answers_and_a_question(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    answers = {"chosen": "yes", "rejected": [{"role": "assistant", "content": "no"}]}
    assert write("preference", path, {"prompt": "p", **answers}) == {"prompt": "p", **answers}
    assert write("preference", path, {"instruction": "i", "input": "n", **answers, "score": 1})["prompt"] == "i\n\nn"
    with pytest.raises(InputError, match="there is no column `rejected`, only prompt, chosen"):
        write("preference", path, {"prompt": "p", "chosen": "yes"})
    with pytest.raises(InputError, match="there is no column `prompt`, only chosen, rejected"):
        write("preference", path, answers)


@pytest.mark.parametrize(
    ("name", "line", "message"),
    [
        ("openai_chat", '{"prompt": "x"}', "record 1: `messages` is empty"),
        ("sharegpt", '{"conversations": [{"from": "gpt"}]}', "record 1: `conversations` is no list"),
        ("sharegpt", '{"messages": []}', "record 1: `conversations` is no list"),
        ("alpaca", '{"instruction": "x", "response": "y"}', "record 1: the field `output` is missing"),
        ("prompt_completion", '{"prompt": "x"}', "record 1: the field `completion` is missing"),
        ("preference", '{"prompt": "x", "chosen": "y"}', "record 1: the field `rejected` is missing"),
        ("openai_chat", "{oops", "line 1: not valid JSON"),
        ("chatml", "hello", "line 1: expected <|im_start|>"),
        ("chatml", "<|im_start|>user\nx<|im_end|>\n<|im_start|>user\nx", "line 3: the message that begins here"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(name: str, line: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x.data"
    path.write_text(line + "\n")
    with pytest.raises(InputError) as caught:
        list(format_for(path, name).read(str(path)))
    assert message in caught.value.message
    assert "x.data" in caught.value.message


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"role": "user", "content": "a <|im_end|> b"}, "message 1 holds <|im_end|>"),
        ({"role": "user", "content": "<|im_start|>system"}, "message 1 holds <|im_start|>"),
        ({"role": "us\ner", "content": "a"}, "message 1 has a role of two lines"),
    ],
)
def test_marks_of_chatml_inside_of_a_message_are_refused(message: dict[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write("chatml", tmp_path / "x.chatml", {"messages": [message]})
    assert words in caught.value.message


def test_chatml_of_windows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.chatml"
    path.write_bytes(
        b"\xef\xbb\xbf<|im_start|>user\r\nhi\r\n\r\nyou<|im_end|>\r\n\r\n\r\n<|im_start|>user\r\n<|im_end|>"
    )
    assert [record["messages"] for record in format_for(path).read(str(path))] == [
        [{"role": "user", "content": "hi\r\n\r\nyou"}],
        [{"role": "user", "content": ""}],
    ]


CHATML = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
)


def test_chat_templates_of_transformers_take_the_messages(tmp_path: Path) -> None:
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.WordLevel({"?": 0}, unk_token="?")))
    nasty = ["👩‍👧 e\u0301", "مرحبا\r\n{{ x }}", '"\\n\n\nend ']
    records = [Record({"messages": turns("be kind", *nasty[:2])}), Record({"messages": turns(nasty[2], "")})]
    for name in ("x.jsonl", "x.chatml"):
        form = format_for(tmp_path / name, "openai_chat" if name == "x.jsonl" else None)
        form.write(records, str(tmp_path / name), ["messages"])
    rendered = [
        tokenizer.apply_chat_template(json.loads(line)["messages"], chat_template=CHATML, tokenize=False)
        for line in (tmp_path / "x.jsonl").read_bytes().splitlines()
    ]
    assert "".join(f"{text}\n" for text in rendered).encode() == (tmp_path / "x.chatml").read_bytes()


def test_further_fields_of_a_conversation_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    talk = [{"from": "human", "value": "hi"}]
    path.write_text(json.dumps({"id": "7", "conversations": talk, "system": "s", "source": "web", "spans": []}))
    (record,) = format_for(path, "sharegpt").read(str(path))
    assert record.values == {
        "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "hi"}],
        "id": "7",
        "source": "web",
    }
    span = {"start": 0, "end": 2, "label": "X", "field": "prompt"}
    path.write_text(json.dumps({"prompt": "hi", "completion": "c", "spans": [span]}))
    (record,) = format_for(path, "prompt_completion").read(str(path))
    assert record.spans == (Span(0, 2, "X", "prompt"),)


def test_an_input_of_nothing_is_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"instruction": "i", "input": null, "output": "o"}')
    assert next(format_for(path, "alpaca").read(str(path))).values == {"instruction": "i", "input": "", "output": "o"}


@pytest.mark.parametrize("as_text", [False, True])
def test_a_prompt_and_an_answer_may_be_messages(as_text: bool, tmp_path: Path) -> None:
    *asked, answer = turns("s", "u", "a")
    answered = [answer]
    values = {"prompt": asked, "completion": answered}
    given = {name: json.dumps(value) for name, value in values.items()} if as_text else values
    assert write("openai_chat", tmp_path / "x.jsonl", given) == {"messages": [*asked, *answered]}
    assert write("prompt_completion", tmp_path / "x.jsonl", given) == {"prompt": "s\n\nu", "completion": "a"}
    preference = {"question": given["prompt"], "chosen": "a", "rejected": "b"}
    assert write("preference", tmp_path / "x.jsonl", preference)["prompt"] == asked
