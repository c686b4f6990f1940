"""The index against the definition, spelled out: every pair compared, edits counted on words, limits in decimals."""

import random
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_FLOOR, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from seedbed.core.near import index as near_index
from seedbed.core.near.index import UNKNOWN, Bounds, NearIndex, Vocabulary

THRESHOLDS = [0.501, 0.6, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0]
ORDERS: dict[str, Callable[[list[str]], list[str]]] = {
    "as written": list,
    "shorter first": lambda texts: sorted(texts, key=len),
    "longer first": lambda texts: sorted(texts, key=len, reverse=True),
}


def allowed(threshold: float, longer: int) -> int:
    return int(((1 - Decimal(str(threshold))) * longer).to_integral_value(ROUND_FLOOR))


def edits(one: Sequence[str], other: Sequence[str]) -> int:
    """Levenshtein's distance, from the textbook."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        corner, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (left != right))
    return row[-1]


def near(one: list[str], other: list[str], threshold: float) -> bool:
    limit = allowed(threshold, max(len(one), len(other)))
    return bool(one and other) and Levenshtein.distance(one, other, score_cutoff=limit) <= limit


def assert_exact(texts: list[str], threshold: float) -> None:
    """Asks for each text before adding it: what is found is what the definition says, each once."""
    index = NearIndex(threshold)
    words = [text.split() for text in texts]
    for number, text in enumerate(texts):
        encoded = index.encode(text)
        found = list(index.find(encoded))
        expected = [earlier for earlier in range(number) if near(words[number], words[earlier], threshold)]
        assert sorted(found) == expected
        assert index.first(encoded) == (found[0] if found else None)
        index.add(encoded, number)


@st.composite
def families(draw: st.DrawFn, most: int = 45) -> list[str]:
    """Texts over few words: some of any length, and some that are others with a few words changed."""
    word = st.sampled_from(draw(st.sampled_from(["ab", "abcd", "abcdefghijklmnopqrstuvwxyz"])))
    texts = draw(st.lists(st.lists(word, max_size=most), min_size=1, max_size=4))
    for _ in range(draw(st.integers(0, 12))):
        text = list(draw(st.sampled_from(texts)))
        for _ in range(draw(st.integers(0, 6))):
            at = draw(st.integers(0, len(text)))
            text[at : at + draw(st.integers(0, 1))] = draw(st.lists(word, max_size=1))
        texts.append(text)
    return [" ".join(text) for text in texts]


def templates(seed: int, number: int) -> list[str]:
    """Texts of a few frames of 8 to 44 words, with two to five slots filled from short lists."""
    rng = random.Random(seed)
    fillers = [[" ".join(rng.choices("klmnopqrst", k=rng.randint(1, 2))) for _ in range(size)] for size in (2, 6, 25)]
    frames = []
    for _ in range(3):
        frame = rng.choices("abcdefghij", k=rng.randint(8, 44))
        for at in rng.sample(range(len(frame)), rng.randint(2, 5)):
            frame[at] = str(rng.randrange(3))
        frames.append(frame)
    chosen = (rng.choice(frames) for _ in range(number))
    return [" ".join(rng.choice(fillers[int(w)]) if w.isdigit() else w for w in frame) for frame in chosen]


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_the_distance_that_tests_rely_on_is_the_textbooks(one: list[str], other: list[str]) -> None:
    assert Levenshtein.distance(one, other) == edits(one, other)


@pytest.mark.parametrize("threshold", THRESHOLDS)
@given(texts=families(), order=st.sampled_from(sorted(ORDERS)))
def test_finds_what_the_definition_says(threshold: float, order: str, texts: list[str]) -> None:
    assert_exact(ORDERS[order](texts), threshold)


@pytest.mark.parametrize("threshold", [0.6, 0.8, 0.9])
@given(texts=families())
def test_stays_exact_where_crowds_form_early_and_texts_count_as_long(threshold: float, texts: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near_index, "CROWD", 2)
        patch.setattr(near_index, "WINDOWED", 12)
        assert_exact(texts, threshold)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("threshold", [0.6, 0.8, 0.9])
@pytest.mark.parametrize("seed", range(2))
def test_finds_what_the_definition_says_among_templates(seed: int, threshold: float, order: str) -> None:
    assert_exact(ORDERS[order](templates(seed, 250)), threshold)


def long_texts() -> Iterator[list[str]]:
    rng = random.Random(5)
    words = [f"w{number}" for number in range(300)]
    for length in (120, 128, 129, 140, 300, 700):
        text = rng.choices(words, k=length)
        yield text
        for changes in (length // 12, length // 10, length // 9):
            for kind in range(3):  # changed, removed, added
                other = text.copy()
                for at in rng.sample(range(length - changes), changes):
                    other[at : at + (kind < 2)] = [] if kind == 1 else [rng.choice(words)]
                yield other


@pytest.mark.parametrize("order", ORDERS)
def test_finds_what_the_definition_says_among_long_texts(order: str) -> None:
    assert_exact(ORDERS[order]([" ".join(text) for text in long_texts()]), 0.9)


def survivor(text: list[str], threshold: float, kept: int) -> list[str]:
    """A partner as long as can be, with an edit inside each segment of the text but the one kept."""
    bounds = Bounds(threshold)
    pieces, longest = bounds.pieces(len(text)), bounds.longest(len(text))
    width = len(text) // pieces
    partner = list(text)
    for number, segment in enumerate(segment for segment in reversed(range(pieces)) if segment != kept):
        at = segment * width + 1
        partner[at : at + (number >= longest - len(text))] = [f"new{segment}"]
    return partner


@pytest.mark.parametrize("windowed", [8, 128])
@pytest.mark.parametrize("threshold", [0.8, 0.9])
def test_whichever_one_segment_survives_it_is_found(
    threshold: float, windowed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near_index, "WINDOWED", windowed)
    for length in (*range(10, 48), 72, 140):
        text = [f"w{number}" for number in range(length)]
        for kept in range(Bounds(threshold).pieces(length)):
            partner = survivor(text, threshold, kept)
            assert near(text, partner, threshold)
            assert_exact([" ".join(text), " ".join(partner)], threshold)
            assert_exact([" ".join(partner), " ".join(text)], threshold)


@pytest.mark.parametrize("added", [0, 1])
def test_in_a_crowd_a_text_is_found_by_the_words_it_kept(added: int) -> None:
    """Three segments of six words: the first is everybody's, the others are changed, by words never met before."""
    start = [f"start{number}" for number in range(6)]
    texts = [[*start, *(f"own{text}x{number}" for number in range(14))] for text in range(100)]
    changed = [text.copy() for text in texts]
    for number, text in enumerate(changed):
        text[9] = f"new{number}"
        text[15 : 16 - added] = [f"newer{number}"]
    index, reverse = NearIndex(0.9), NearIndex(0.9)
    for number in range(100):
        index.add(index.encode(" ".join(texts[number])), number)
        reverse.encode(" ".join(texts[number]))
        reverse.add(reverse.encode(" ".join(changed[number])), number)
    for number in range(100):
        assert list(index.find(index.encode(" ".join(changed[number])))) == [number]
        assert list(reverse.find(reverse.encode(" ".join(texts[number])))) == [number]


def test_ten_tokens_allow_one_edit_and_nine_none() -> None:
    index = NearIndex(0.9)
    index.add(index.encode("one two three four five six seven eight nine ten"), 10)
    index.add(index.encode("a b c d e f g h i"), 9)
    assert index.first(index.encode("ONE two three four, five six seven eight nine — TEN!")) == 10
    assert index.first(index.encode("one two three four five six seven eight nine eleven")) == 10
    assert index.first(index.encode("one two three four five six seven eight nine")) == 10
    assert index.first(index.encode("one two three four five six seven eight twelve eleven")) is None
    assert index.first(index.encode("a b c d e f g h j")) is None
    assert index.first(index.encode("a b c d e f g h i j")) == 9


@pytest.mark.parametrize("threshold", [0.7, 0.8, 0.9, 0.55, 2 / 3, 0.999, 1])
def test_limits_are_reckoned_in_decimals(threshold: float) -> None:
    bounds = Bounds(threshold)
    for length in range(1, 2000):
        assert bounds.edits(length) == allowed(threshold, length)
        longest = bounds.longest(length)
        assert longest - length <= bounds.edits(longest)
        assert longest + 1 - length > bounds.edits(longest + 1)


@pytest.mark.parametrize("nothing", ["", " ", "👍👍🏽", "?!… —", "❤️"])
def test_a_text_without_tokens_matches_nothing(nothing: str) -> None:
    index = NearIndex()
    for number, text in enumerate([nothing, "word", nothing]):
        assert index.first(index.encode(text)) is None
        index.add(index.encode(text), number)
    assert list(index.find(index.encode(nothing))) == []
    assert len(index) == 3


def test_every_text_added_is_found_under_its_key() -> None:
    index = NearIndex()
    encoded = index.encode("the same again")
    for key in (7, 0, 7, 2**40):
        index.add(encoded, key)
    assert sorted(index.find(encoded)) == [0, 7, 7, 2**40]


def test_a_crowd_of_equal_texts_is_asked_lazily() -> None:
    index = NearIndex()
    encoded = index.encode("a b c d e f g h i j k l m n")
    for key in range(1000):
        index.add(encoded, key)
    assert index.first(encoded) == 0
    assert sorted(index.find(encoded)) == list(range(1000))


@pytest.mark.parametrize("threshold", [0.5, 0.0, -1, 1.0001, float("nan"), float("inf")])
def test_a_threshold_out_of_range_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match=r"above 0\.5"):
        NearIndex(threshold)


def test_a_negative_key_is_refused_and_changes_nothing() -> None:
    index = NearIndex()
    with pytest.raises(OverflowError):
        index.add(index.encode("word"), -1)
    assert len(index) == 0
    assert index.first(index.encode("word")) is None


def test_when_characters_run_out_late_tokens_share_them() -> None:
    vocabulary = Vocabulary.fromkeys(map(str, range(0x10FFFE)), "")
    assert vocabulary["last of its own"] == "\U0010fffe"
    shared = [vocabulary["shared"], vocabulary["shared too"], vocabulary["shared"]]
    assert shared[0] == shared[2] != shared[1]
    assert UNKNOWN not in shared
    assert min(shared) > "\uffff", "frequent tokens, the early ones, share with nobody"


@given(st.lists(st.text("ab c", max_size=30), max_size=12), st.text("abx c", max_size=30))
def test_a_glance_finds_what_a_full_look_finds_and_remembers_no_token(texts: list[str], asked: str) -> None:
    index = NearIndex(0.7)
    for key, text in enumerate(texts):
        index.add(index.encode(text), key)
    glanced = set(index.find(index.glance(asked)))
    assert index.glance("never seen before") == UNKNOWN * 3
    assert glanced == set(index.find(index.encode(asked)))
