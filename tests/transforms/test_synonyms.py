"""Words for others of the same or the opposite meaning."""

from __future__ import annotations

import pytest

from seedbed.core.errors import InputError

from .play import change, changed_by_seeds, transform


@pytest.mark.parametrize(
    ("given", "outcomes"),
    [
        ("a movie", {"a film"}),
        ("Two films", {"Two movies"}),
        ("a movie star", {"a movie star"}),
        ("He bought it.", {"He purchased it."}),
        ("She began early", {"She started early"}),
        ("it started", {"it started"}),
        ("they were chosen", {"they were selected", "they were picked"}),
        ("the chance to permit it", {"the chance to permit it"}),
        ("It occurred to me, it occurred", {"It occurred to me, it happened"}),
        ("they want to try to go, of course", {"they want to try to go, of course"}),
        ("An enormous car", {"A huge car", "An immense car"}),
        ("a huge car", {"an enormous car", "an immense car"}),
        ("Quickly!", {"Rapidly!", "Swiftly!"}),
        ("SUDDENLY", {"ABRUPTLY"}),
        ("not exactly, exactly", {"not exactly, precisely"}),
        ("Despite it", {"In spite of it"}),
        ("in spite of it", {"despite it"}),
        ("such as this", {"like this"}),
        ("as soon as possible", {"as quickly as possible"}),
        ("by mistake", {"by accident"}),
        ("quite a lot of it", {"quite a lot of it"}),
        ("confusing the issue", {"confusing the issue"}),
        ("the Film Institute, Huge Corp", {"the Film Institute, Huge Corp"}),
        ("[The movie](MISC) is a movie", {"[The movie](MISC) is a film"}),
        ("a [huge](X) car", {"a [huge](X) car"}),
        ("[Ann](PER)'s movie", {"[Ann](PER)'s film"}),
        ("movie-goers, a movie's end", {"movie-goers, a movie's end"}),
        ("#movie @movie movie.com/movie", {"#movie @movie movie.com/movie"}),
        ("один movie 👨‍👩‍👧", {"один film 👨‍👩‍👧"}),
        ("nothing here", {"nothing here"}),
        ("", {""}),
    ],
)
def test_words_become_synonyms_in_the_same_form(given: str, outcomes: set[str]):
    assert changed_by_seeds("synonym_swap", given, 30, prob=1) == outcomes


@pytest.mark.parametrize(
    ("given", "outcomes"),
    [
        ("a good film", {"a bad film"}),
        ("Better and best", {"Worse and worst"}),
        ("an easy exam", {"a difficult exam"}),
        ("A difficult exam", {"An easy exam"}),
        ("prices increased", {"prices decreased"}),
        ("it is increasing", {"it is decreasing"}),
        ("he sold it, she buys it", {"he bought it, she sells it"}),
        ("they won", {"they lost"}),
        ("he forgot, he has forgotten", {"he remembered, he has remembered"}),
        ("the failures", {"the successes"}),
        ("their enemies won", {"their enemies lost"}),
        ("always", {"never"}),
        ("NEVER", {"ALWAYS"}),
        ("more than five", {"less than five"}),
        ("before and after, before all", {"before and after, before all"}),
        ("before the game, after it, long before", {"after the game, before it, long before"}),
        ("look after it, he failed us", {"look after it, he failed us"}),
        ("the fair took so long, you better go", {"the fair took so long, you better go"}),
        ("as soon as possible", {"as soon as possible"}),
        ("in the end, the end", {"in the end, the beginning"}),
        ("New York is new", {"New York is old"}),
        ("the Good Friday deal", {"the Good Friday deal"}),
        ("it will better it", {"it will better it"}),
        ("to start a fire, a start", {"to start a fire, a start"}),
        ("[good](X), bad", {"[good](X), good"}),
        ("well-good, good.", {"well-good, bad."}),
        ("http://good.com #good", {"http://good.com #good"}),
        ("«good» 良い 👨‍👩‍👧", {"«bad» 良い 👨‍👩‍👧"}),
        ("nothing here", {"nothing here"}),
        ("", {""}),
    ],
)
def test_words_become_their_opposites_in_the_same_form(given: str, outcomes: set[str]):
    assert changed_by_seeds("antonym_swap", given, 10) == outcomes


def test_only_a_swap_to_the_opposite_turns_what_a_text_says():
    assert transform("antonym_swap").flips
    assert not transform("synonym_swap").flips


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("adjective", "the huge movie was bought suddenly"),
        ("noun", "the gigantic film was bought suddenly"),
        ("verb", "the gigantic movie was purchased suddenly"),
        ("adverb", "the gigantic movie was bought abruptly"),
    ],
)
def test_one_part_of_speech_is_changed_if_it_is_asked_for(part: str, expected: str):
    assert change("synonym_swap", "the gigantic movie was bought suddenly", part_of_speech=part, prob=1) == expected


def test_the_users_words_go_first_and_wherever_they_stand():
    words = {"Movie": ["flick"], "stock market": ["bourse"], "it’s": ["it is"]}
    given = "A Movie on the Stock Market, it's huge, by Movie Inc, non-movie"
    expected = "A Flick on the Bourse, it is huge, by Flick Inc, non-movie"
    assert change("synonym_swap", given, words=words, lexicon="none", prob=1) == expected
    assert changed_by_seeds("synonym_swap", "a movie, suddenly", 9, words=words, prob=1) == {"a flick, abruptly"}


def test_the_users_words_take_their_article_along():
    assert change("antonym_swap", "a car", words={"car": ["automobile"]}, lexicon="none") == "an automobile"


def test_a_word_that_stands_for_itself_changes_nothing():
    assert change("synonym_swap", "a car", words={"car": ["Car"]}, lexicon="none") == "a car"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"lexicon": "none"}, "words"),
        ({"words": {"well-known": ["famous"]}}, "well-known"),
        ({"words": {"car": []}}, "words"),
        ({"words": {"": ["car"]}}, "words"),
        ({"part_of_speech": "pronoun"}, "part_of_speech"),
    ],
)
def test_words_that_could_never_be_found_are_refused(settings: dict[str, object], said: str):
    with pytest.raises(InputError, match=said):
        transform("synonym_swap", **settings)


def test_there_are_hundreds_of_words_and_none_stands_for_itself():
    for kind, count in (("synonym_swap", 1000), ("antonym_swap", 500)):
        table = transform(kind).table()
        assert len(table) > count
        assert all(word not in news and len(set(news)) == len(news) for word, news in table.items())
