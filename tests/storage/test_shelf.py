"""What is put away on a shelf, in memory or in a file, comes back as it was."""

import tempfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.checks.duplicates import Uniqueness
from seedbed.core.errors import StoreFailed
from seedbed.core.near.shelf import Integers, Memory, Shelf, Texts
from seedbed.core.record import Record
from seedbed.storage.shelf import FileShelf

SHELVES = pytest.mark.parametrize("shelf", [Memory, lambda: FileShelf(0), lambda: FileShelf(40), FileShelf])
WORDS = st.lists(st.sampled_from(["ten", "green", "red", "blue", "on", "under", "the", "hill"]), max_size=24)


@SHELVES
@given(given=st.lists(st.binary(max_size=30)), read=st.integers(0, 60))
def test_bytes_come_back_from_any_place(shelf: Callable[[], Shelf], given: list[bytes], read: int) -> None:
    made = shelf()
    places = [made.append(data) for data in given]
    assert [made.read(at, len(data)) for at, data in zip(places, given, strict=True)] == given
    assert all(made.read(at, read) == b"".join(given)[at : at + read] for at in places)


@SHELVES
@given(given=st.lists(st.text(st.characters())))
def test_texts_of_any_characters_come_back(shelf: Callable[[], Shelf], given: list[str]) -> None:
    texts = Texts(shelf())
    for number, text in enumerate(given):
        texts.append(text)
        assert texts[number] == text
    assert [texts[number] for number in range(len(texts))] == given


@SHELVES
@given(given=st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_integers_come_back(shelf: Callable[[], Shelf], given: list[int]) -> None:
    integers = Integers(shelf())
    for value in given:
        integers.append(value)
    assert [integers[number] for number in range(len(integers))] == given


@given(st.lists(st.tuples(WORDS, st.sampled_from(["", "good", "bad"]))))
def test_uniqueness_says_the_same_whether_texts_are_in_memory_or_in_a_file(given: list[tuple[list[str], str]]) -> None:
    kinds = [Uniqueness(0.8), Uniqueness(0.8, shelf=lambda: FileShelf(20))]
    for number, (words, label) in enumerate(given):
        record = Record({"text": " ".join(words), "label": label}, id=f"run:{number}.0")
        in_memory, in_a_file = (one.peek(record, one.features(record)) for one in kinds)
        assert in_memory == in_a_file
        if in_memory.passed:
            for one in kinds:
                one.remember(record, one.features(record))


def test_a_folder_that_cannot_be_written_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/dev/null")
    with pytest.raises(StoreFailed, match="cannot be written to /dev/null") as caught:
        FileShelf(0).append(b"some")
    assert "TMPDIR" in caught.value.hint
