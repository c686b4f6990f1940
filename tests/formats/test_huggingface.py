from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from seedbed.core.errors import InputError, MissingExtra
from seedbed.core.record import Record, Span
from seedbed.formats.huggingface import HuggingFaceFormat

if TYPE_CHECKING:
    from pathlib import Path


def column(folder: Path, *values: Any) -> tuple[str, list[Any]]:
    """The column's type as `datasets` has it, and what is read back."""
    from datasets import load_from_disk

    path = str(folder / f"set{len(list(folder.iterdir()))}")
    HuggingFaceFormat().write([Record({"x": value}) for value in values], path, ["x"])
    return str(load_from_disk(path).features["x"]), [record["x"] for record in HuggingFaceFormat().read(path)]


def test_datasets_loads_nested_columns_as_they_are(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from datasets import load_from_disk

    messages = [{"role": "user", "content": "e\u0301 👩‍👧\r\n"}, {"role": "assistant", "content": ""}]
    record = Record({"text": "Ann", "messages": messages, "n": 1}, (Span(0, 3, "PER"),))
    path = str(tmp_path / "set")
    assert HuggingFaceFormat().write([record], path, ["text", "messages", "n", "spans"]) == 1
    span = {"start": 0, "end": 3, "label": "PER"}
    assert load_from_disk(path)[0] == {"text": "Ann", "messages": messages, "n": 1, "spans": [span]}
    (back,) = HuggingFaceFormat().read(path)
    assert (back.values, back.spans) == (record.values, record.spans)
    assert capfd.readouterr() == ("", "")


def test_a_column_takes_the_type_that_holds_all_its_values(tmp_path: Path) -> None:
    text = "Value('string')"
    assert column(tmp_path, 1, None, 2.5) == ("Value('float64')", [1.0, None, 2.5])
    assert column(tmp_path, None, None) == (text, [None, None])
    assert column(tmp_path, "a", 1, ["é"], {"k": 1}, None) == (text, ["a", "1", '["é"]', '{"k":1}', None])
    assert column(tmp_path, 2**70) == (text, [str(2**70)])
    assert column(tmp_path, [1, "a"]) == (text, ['[1,"a"]'])
    assert column(tmp_path, {"a": 1}, {"b": "x"})[1] == [{"a": 1, "b": None}, {"a": None, "b": "x"}]
    assert column(tmp_path, *[None] * 6_000, ["a"]) == (f"List({text})", [*[None] * 6_000, ["a"]])
    assert column(tmp_path, *range(6_000), "last") == (text, [*map(str, range(6_000)), "last"])


def test_no_rows_can_be_loaded_as_well(tmp_path: Path) -> None:
    from datasets import load_from_disk

    assert HuggingFaceFormat().write([], str(tmp_path / "set"), ["text", "label"]) == 0
    assert load_from_disk(str(tmp_path / "set")).column_names == ["text", "label"]


def test_class_labels_are_read_by_their_names(tmp_path: Path) -> None:
    from datasets import ClassLabel, Dataset, DatasetDict, Features, Value

    features = Features({"text": Value("string"), "label": ClassLabel(names=["neg", "pos"])})
    made = Dataset.from_dict({"text": ["a", "b", "c"], "label": [1, 0, -1]}, features=features)
    DatasetDict({"train": made, "test": made}).save_to_disk(str(tmp_path / "both"))
    DatasetDict({"train": made}).save_to_disk(str(tmp_path / "one"))
    assert len(list(HuggingFaceFormat().read(str(tmp_path / "one")))) == 3
    assert [record.label for record in HuggingFaceFormat().read(str(tmp_path / "both/train"))] == ["pos", "neg", "None"]
    with pytest.raises(InputError, match="holds several splits: train, test") as caught:
        list(HuggingFaceFormat().read(str(tmp_path / "both")))
    assert caught.value.hint.endswith("both/train")


def test_what_is_no_such_folder_is_refused_and_no_address_is_asked(tmp_path: Path) -> None:
    for path in (str(tmp_path / "none"), "hf://datasets/somebody/something", "https://somebody/set"):
        with pytest.raises(InputError, match=r"There is no folder|is no address"):
            list(HuggingFaceFormat().read(path))
    with pytest.raises(InputError, match="cannot be read as a dataset folder"):
        list(HuggingFaceFormat().read(str(tmp_path)))
    HuggingFaceFormat().write([Record({"x": 1})], str(tmp_path / "set"), ["x"])
    (tmp_path / "set" / "state.json").write_text("{}")
    with pytest.raises(InputError, match="cannot be read as a dataset folder"):
        list(HuggingFaceFormat().read(str(tmp_path / "set")))
    HuggingFaceFormat().write([Record({"x": 1})], str(tmp_path / "other"), ["x"])
    next((tmp_path / "other").glob("*.arrow")).write_bytes(b"no")
    with pytest.raises(InputError, match="cannot be read as a dataset folder"):
        list(HuggingFaceFormat().read(str(tmp_path / "other")))


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(MissingExtra, match="`huggingface`"):
        HuggingFaceFormat()


def test_class_labels_inside_of_lists_and_objects_are_read_by_their_names(tmp_path: Path) -> None:
    from datasets import ClassLabel, Dataset, Features, Sequence

    tag, path = ClassLabel(names=["O", "B-P"]), str(tmp_path / "set")
    features = Features({"tags": Sequence(tag), "turns": [{"act": tag}], "one": {"tag": tag}})
    rows = {"tags": [[1, 0], []], "turns": [[{"act": 1}], None], "one": [{"tag": 0}, {"tag": None}]}
    Dataset.from_dict(rows, features=features).save_to_disk(path)
    assert [record.values for record in HuggingFaceFormat().read(path)] == [
        {"tags": ["B-P", "O"], "turns": [{"act": "B-P"}], "one": {"tag": "O"}},
        {"tags": [], "turns": None, "one": {"tag": None}},
    ]


def test_a_value_that_arrow_has_no_form_for_is_refused_in_one_sentence(tmp_path: Path) -> None:
    value: Any = 1
    for _ in range(100):
        value = {"a": value}
    with pytest.raises(InputError, match="cannot be written as Arrow: Max recursion depth"):
        HuggingFaceFormat().write([Record({"x": value})], str(tmp_path / "set"), ["x"])


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a")
    with pytest.raises(InputError, match=r"x\.csv is no folder"):
        list(HuggingFaceFormat().read(str(tmp_path / "x.csv")))
