"""A tagger that learns entities from texts with spans."""

from __future__ import annotations

from random import Random

from seedbed.app.reports.crf import pieces, tag
from seedbed.core.record import Span

PEOPLE = ["Ann", "Bob", "Carl", "Dora", "Emil", "Frida", "Georg", "Hanna"]
CITIES = ["Paris", "Rome", "Oslo", "Bern", "Kyiv", "Lima", "Cairo", "Delhi"]


def sentence(person: str, city: str, filler: str) -> tuple[str, tuple[Span, ...]]:
    text = f"{filler} {person} lives in {city}, it seems."
    at, to = text.index(person), text.index(city)
    return text, (Span(at, at + len(person), "PER"), Span(to, to + len(city), "CITY"))


def test_names_it_has_never_met_are_found_by_what_stands_around_them():
    rng = Random(1)
    learned = [
        sentence(rng.choice(PEOPLE), rng.choice(CITIES), rng.choice(["Today", "Here", "Yes,"])) for _ in range(80)
    ]
    asked = [sentence("Ivo", "Riga", "Today"), sentence("Mary Jane", "Quito", "Here")]
    found = tag(learned, [text for text, _ in asked])
    assert found[0] == asked[0][1]
    assert found[1][-1] == asked[1][1][-1]
    assert found == tag(learned, [text for text, _ in asked])


def test_texts_without_entities_or_words_are_no_trouble():
    assert tag([("nothing here", ()), ("", ())], ["nothing at all", ""]) == [(), ()]


def test_of_scripts_without_spaces_each_character_is_a_piece():
    text = "我在Paris工作."
    assert [text[start:end] for start, end in pieces(text)] == ["我", "在", "Paris", "工", "作", "."]


def test_overlapping_spans_do_not_break_it():
    text = "New York Times reports"
    spans = (Span(0, 8, "CITY"), Span(0, 14, "ORG"), Span(4, 6, "CITY"))
    (found,) = tag([(text, spans)] * 30, [text])
    assert found == (Span(0, 14, "ORG"),)


def test_the_model_stays_in_memory_as_long_as_it_is_asked():
    """CRFsuite's tagger does not hold the bytes it was given; when they are gone the process dies."""
    learned, texts = (
        [sentence(person, "Rome", "Today") for person in PEOPLE],
        ["Today Ann lives in Rome, it seems."] * 50,
    )
    for size in range(30):
        used = [bytes(20_000 + 999 * size + place) for place in range(20)]
        assert len({*tag(learned, texts)}) == 1
        del used
