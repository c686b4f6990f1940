"""Abbreviations and slang."""

from __future__ import annotations

import pytest

from .play import change, changed_by_seeds


@pytest.mark.parametrize(
    ("given", "outcomes"),
    [
        ("Come as soon as possible.", {"Come ASAP.", "Come asap."}),
        ("As soon as possible!", {"ASAP!", "Asap!"}),
        ("For your information, he left.", {"FYI, he left.", "Fyi, he left."}),
        ("Is it for your information?", {"Is it for your information?"}),
        ("Two people", {"Two ppl", "Two peeps"}),
        ("the People magazine", {"the People magazine"}),
        ("Please go", {"Pls go", "Plz go"}),
        ("PLEASE GO", {"PLS GO", "PLZ GO"}),
        ("hard to please", {"hard to please"}),
        ("Doctor Smith, the doctor", {"Dr. Smith, the doctor"}),
        ("Doctor [Smith](PER)", {"Dr. [Smith](PER)"}),
        ("[Doctor Smith](PER)", {"[Doctor Smith](PER)"}),
        ("Professor, please", {"Professor, pls", "Professor, plz"}),
        ("on Baker Street.", {"on Baker St."}),
        ("the street, Street View", {"the street, Street View"}),
        ("on 12 January 1999", {"on 12 Jan. 1999"}),
        ("January 12", {"Jan. 12"}),
        ("in January", {"in January"}),
        ("they march 12 miles", {"they march 12 miles"}),
        ("On Friday.", {"On Fri."}),
        ("Black Friday, the Sunday Times", {"Black Friday, the Sunday Times"}),
        ("approximately 5 kilometers", {"approx. 5 km"}),
        ("many kilometers, the 5th minute", {"many kilometers, the 5th minute"}),
        ("a television", {"a TV"}),
        ("an advertisement", {"an ad", "an advert"}),
        ("but I don’t know", {"but idk"}),
        ("you and I", {"u & I"}),
        ("And you?", {"And u?"}),
        ("the people's choice", {"the people's choice"}),
        ("people-watching", {"people-watching"}),
        ("#people @you you@you.com www.people.com", {"#people @you you@you.com www.people.com"}),
        ("[pe](X)ople", {"[pe](X)ople"}),
        ("お願い please 👨‍👩‍👧", {"お願い pls 👨‍👩‍👧", "お願い plz 👨‍👩‍👧"}),
        ("", {""}),
    ],
)
def test_phrases_become_abbreviations(given: str, outcomes: set[str]):
    assert changed_by_seeds("add_abbreviation", given, 20, prob=1) == outcomes


@pytest.mark.parametrize(
    ("given", "outcomes"),
    [
        ("We are going to see it", {"We are gonna see it"}),
        ("It's not going to help", {"It's not gonna help"}),
        ("Are you going to be there?", {"Are you gonna be there?"}),
        ("going to Paris, he is going to the shop", {"going to Paris, he is going to the shop"}),
        ("He's going to [Paris](LOC)", {"He's going to [Paris](LOC)"}),
        ("he went on going to see her", {"he went on going to see her"}),
        ("is going to plan, is going to work", {"is going to plan, is going to work"}),
        ("I want to go", {"I wanna go"}),
        ("He wants to go, I want to", {"He wants to go, I want to"}),
        ("I've got to go", {"I've gotta go"}),
        ("I got to know him", {"I got to know him"}),
        ("Let me see. They let me see.", {"Lemme see. They let me see."}),
        ("I don't know why", {"I dunno why"}),
        ("people who don't know", {"people who don't know"}),
        ("Yes, I said yes to it", {"Yep, I said yes to it", "Yeah, I said yes to it"}),
        ("No, no man is", {"Nope, no man is", "Nah, no man is"}),
        ("a good friend", {"a good mate"}),
        ("Friends of the Earth", {"Mates of the Earth"}),
        ("child abuse of a child", {"child abuse of a kid"}),
        ("the man", {"the bloke", "the chap"}),
        ("man and [the man](X)", {"man and [the man](X)"}),
        ("He stole a stolen car", {"He nicked a nicked motor"}),
        ("an excellent idea", {"an ace idea", "a brill idea", "a top-notch idea"}),
        ("I'm tired", {"I'm knackered"}),
        ("I'm tired of it, he exhausted all", {"I'm tired of it, he exhausted all"}),
        ("It's late, isn't it?", {"It's late, innit?"}),
        ("Isn’t he so?", {"Ain’t he so?"}),
        ("Thank you for it. I thank you.", {"Cheers for it. I thank you.", "Ta for it. I thank you."}),
        ("a man-made car-park", {"a man-made car-park"}),
        ("the Money Programme", {"the Money Programme"}),
        ("#money https://x.de/money", {"#money https://x.de/money"}),
        ("деньги money 👨‍👩‍👧", {"деньги dosh 👨‍👩‍👧"}),
        ("", {""}),
    ],
)
def test_words_become_slang(given: str, outcomes: set[str]):
    assert changed_by_seeds("add_slangs", given, 20, prob=1) == outcomes


def test_a_share_of_the_places_is_changed_and_always_one():
    for prob, count in ((0.01, 1), (0.5, 2), (1, 4)):
        assert change("add_abbreviation", "about, about, about, about", prob=prob).count("abt") == count
        assert change("add_slangs", "money, money, money, money", prob=prob).count("dosh") == count


def test_within_spans_words_change_only_if_allowed():
    assert change("add_slangs", "[money](X)", inside="allow") == "[dosh](X)"
    assert change("add_abbreviation", "[on 12 March](X) 12", inside="allow") == "[on 12 Mar.](X) 12"
