"""Lists of JSON read item by item: what is read is what a parser of the whole would read, in little memory."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seedbed.core.errors import InputError
from seedbed.formats.catalog import format_for
from seedbed.formats.json_items import JsonItems

if TYPE_CHECKING:
    from pathlib import Path

SIGNS = st.text(st.sampled_from(list('[]{},:"\\a\n é👩\u2028')), max_size=6)
SCALARS = st.one_of(SIGNS, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False))
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SIGNS, inner, max_size=3))
NESTED: Any = {"deep": "]"}
for _ in range(30):
    NESTED = [{"more": NESTED, '"]': "}"}, "["]


class Trickle(io.BytesIO):
    """A stream that never gives more than a few bytes at once."""

    def __init__(self, data: bytes, most: int) -> None:
        super().__init__(data)
        self._most = most

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(self._most, size) if size and size > 0 else self._most)


def items(data: bytes, most: int) -> list[Any]:
    return [json.loads(item) for item in JsonItems(Trickle(data, most), "x.json")]


@settings(deadline=None, max_examples=100)
@given(
    values=st.lists(VALUES, max_size=4),
    others=st.dictionaries(SIGNS, VALUES, max_size=2),
    key=st.sampled_from([None, "records", "data"]),
    indent=st.sampled_from([None, 2, "\t"]),
    plain=st.booleans(),
    most=st.integers(1, 40),
)
@example(values=[NESTED], others={}, key=None, indent=None, plain=True, most=1)
@example(values=["\\", '\\"', "\\" * 9], others={'"]': '"'}, key="data", indent=2, plain=True, most=1)
def test_wherever_reading_stops_the_items_are_those_of_the_whole(
    values: list[Any], others: dict[str, Any], key: str | None, indent: int | str | None, plain: bool, most: int
) -> None:
    whole = values if key is None else {**others, key: values, "end": others}
    data = json.dumps(whole, indent=indent, ensure_ascii=plain).encode()
    assert items(data, most) == values


@settings(deadline=None, max_examples=100)
@given(
    values=st.lists(VALUES, max_size=3),
    at=st.integers(0, 200),
    sign=st.sampled_from([b"", *map(bytes, zip(b'"\\[]{},:1'))]),
)
def test_what_is_damaged_is_read_as_the_whole_would_be_or_refused(values: list[Any], at: int, sign: bytes) -> None:
    data = json.dumps(values).encode()
    data = data[: at % len(data)] + sign + data[at % len(data) + 1 :]
    try:
        expected = json.loads(data)
    except ValueError:
        expected = None
    try:
        found = items(data, 7)
    except (InputError, ValueError):
        assert not isinstance(expected, list)
    else:
        assert found == expected


ROW = {"text": "word " * 100, "label": "a", "meta": {"n": [1, {"x": "]"}]}}
TASK = {"data": ROW, "predictions": []}
TALK = {"messages": [{"role": "user", "content": "word " * 100}]}


@pytest.mark.parametrize(
    ("name", "row", "before", "after"),
    [
        ("json", ROW, b"[", b"]"),
        ("json", ROW, b'{"version": 1, "records": [', b'], "more": {}}'),
        ("label_studio", TASK, b"[", b"]"),
        ("openai_chat", TALK, b"[", b"]"),
    ],
)
@pytest.mark.parametrize("suffix", [".json", ".json.gz"])
def test_reading_streams(name: str, row: Any, before: bytes, after: bytes, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"x{suffix}"
    data = before + b",\n".join([json.dumps(row).encode()] * 5_000) + after
    path.write_bytes(gzip.compress(data, 1) if suffix.endswith(".gz") else data)
    del data
    tracemalloc.start()
    try:
        assert sum(1 for _ in format_for(path, name).read(str(path))) == 5_000
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[\n{"a": 1},\n\n{"a":\n oops}]', "record 2, line 5: not valid JSON near '{\"a\":\\n oops}'"),
        ('[{"a": 1},]', "record 2, line 1: not valid JSON"),
        ('[{"a": 1} {"a": 2}]', "record 1, line 1: not valid JSON"),
        ('[{"a": 1}\n', "line 2: not valid JSON: a comma or ] is missing"),
        ('[{"a": 1}\n] more', "line 2: not valid JSON: more follows its end"),
        ('{"records": [{"a": 1}]', "not valid JSON: a comma or } is missing"),
        ('{"a": oops, "records": []}', "line 1: not valid JSON near"),
        ('{"a": [oops], "records": []}', "line 1: not valid JSON near"),
        ("{records: []}", "a key in quotes is missing"),
        ('{"records": [], "more" 1}', "a key has no end or no value"),
        ('{"records": [{"a": 1}], "data": [{"a": 2}]}', "holds two lists, `records` and `data`"),
        ('{"a": 1}\n{"a": 2}\n', "holds no list of records"),
        ('{"a": [1, 2]}', "holds no list of records"),
        ("12", "holds no list of records"),
        ("\ufeff", "is empty"),
    ],
)
def test_what_is_no_list_is_told_with_its_place(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        list(format_for(path).read(str(path)))
    assert message in caught.value.message
    assert "x.json" in caught.value.message
    assert "no list" not in message or ".jsonl" in caught.value.hint
