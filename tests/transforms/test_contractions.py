"""Contractions made and taken apart."""

from __future__ import annotations

import pytest

from .play import change, changed_by_seeds


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("It isn't far.", "It is not far."),
        ("I won't, I can't, I shan't go.", "I will not, I cannot, I shall not go."),
        ("WE DON'T", "WE DO NOT"),
        ("I'm here and I've seen that you're late", "I am here and I have seen that you are late"),
        ("I'M HERE", "I AM HERE"),
        ("They’re here, it’s late", "They are here, it is late"),
        ("Don't go.", "Do not go."),
        ("Paris isn't far from Rome.", "Paris is not far from Rome."),
        ("[Paris](LOC) isn't far.", "[Paris](LOC) is not far."),
        ("[He](PER)'s the man", "[He](PER) is the man"),
        ("they['re](X) here", "they['re](X) here"),
        ("[Ann](PER)'s dog is [Bob](PER)'s", "[Ann](PER)'s dog is [Bob](PER)'s"),
        ("[It's a Wonderful Life](MISC) isn't new", "[It's a Wonderful Life](MISC) is not new"),
        ("It's been said that he's got it", "It has been said that he has got it"),
        ("It's never really been said", "It has never really been said"),
        ("He's done it, she's gone, it's broken", "He's done it, she's gone, it's broken"),
        ("It's a dog, that's why", "It is a dog, that is why"),
        ("There's a man who's in there", "There is a man who is in there"),
        ("Let's go", "Let us go"),
        ("What's the matter?", "What is the matter?"),
        ("What's he done? Where's she gone?", "What's he done? Where's she gone?"),
        ("Isn't he nice? Don't you know?", "Isn't he nice? Don't you know?"),
        ("He is nice, isn't he?", "He is nice, isn't he?"),
        ("Why don't people care? Isn't Paris nice?", "Why don't people care? Isn't Paris nice?"),
        ("Doesn't the man know?", "Doesn't the man know?"),
        ("What film don't you like?", "What film don't you like?"),
        ("I'd like it and you'd better go", "I would like it and you had better go"),
        ("He'd gone before she'd arrived", "He had gone before she had arrived"),
        ("He'd cut it. I'd a dog.", "He'd cut it. I'd a dog."),
        ("We'll see, that'll do", "We will see, that will do"),
        ("rock'n'roll at five o'clock, ma'am, y'all", "rock'n'roll at five o'clock, ma'am, y'all"),
        ("he ca n't , it 's", "he ca n't , it 's"),
        ("she couldn't've known", "she couldn't've known"),
        ("the 1990's, the boys' ain't", "the 1990's, the boys' ain't"),
        ("@it's #it's a/it's", "@it's #it's a/it's"),
        ("it's 👨‍👩‍👧 n’est-ce pas", "it's 👨‍👩‍👧 n’est-ce pas"),
        ("", ""),
        ("'", "'"),
    ],
)
def test_contractions_become_full_words_where_that_is_sure(given: str, expected: str):
    assert change("expand_contraction", given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("It is not far.", "It isn't far."),
        ("I will not, I cannot, I can not go.", "I won't, I can't, I can't go."),
        ("Will not do. Do not go.", "Won't do. Don't go."),
        ("WE DO NOT CARE", "WE DON'T CARE"),
        ("I am Ann and they are late", "I'm Ann and they are late"),
        ("Yes, I am. I know what it is.", "Yes, I am. I know what it is."),
        ("You know who they are and what it is about.", "You know who they are and what it is about."),
        ("He is what he is. All you are is late.", "He's what he is. All you are is late."),
        ("It is late, they are in Rome.", "It's late, they're in Rome."),
        ("It is so. It is so late.", "It is so. It's so late."),
        ("Paris is here.", "Paris is here."),
        ("[Paris](LOC) is not here.", "[Paris](LOC) isn't here."),
        ("[He](PER) is late", "[He](PER) is late"),
        ("[It is late](MISC), it is late", "[It is late](MISC), it's late"),
        ("it [is not](X) so", "it [is not](X) so"),
        ("all of you are late, doing it is fun", "all of you are late, doing it is fun"),
        ("Ann and I have been there", "Ann and I have been there"),
        ("I have been there, I have a dog", "I've been there, I have a dog"),
        ("He has gone, he has broken ribs", "He's gone, he has broken ribs"),
        ("Let us begin. They let us begin. Let us know.", "Let's begin. They let us begin. Let us know."),
        ("What is the time? What is it?", "What's the time? What is it?"),
        ("We would like it. You will see.", "We'd like it. You'll see."),
        ("As I would a child, he will.", "As I would a child, he will."),
        ("it is not only late but is NOT here", "it is not only late but is NOT here"),
        ("I AM late", "I AM late"),
        ("I’m here. It is late.", "I’m here. It’s late."),
        ("the will not to lose", "the will not to lose"),
        ("four times what it is this year", "four times what it is this year"),
        ("is  not, is, not", "is  not, is, not"),
        ("the non-it is here", "the non-it is here"),
        ("It is «so»", "It is «so»"),
        ("Это is not 日本 👨‍👩‍👧", "Это isn't 日本 👨‍👩‍👧"),
        ("", ""),
    ],
)
def test_full_words_become_contractions_where_people_would_write_them(given: str, expected: str):
    assert change("add_contraction", given) == expected


def test_a_share_of_the_places_is_changed_and_always_one():
    for prob, count in ((0.01, 1), (0.5, 2), (1, 4)):
        assert change("expand_contraction", "I'm, I'm, I'm, I'm", prob=prob).count("I am") == count
        assert change("add_contraction", "I do not, I do not, I do not, I do not", prob=prob).count("don't") == count


def test_within_a_span_contractions_change_only_if_allowed():
    assert changed_by_seeds("expand_contraction", "[it's so](X)", 3) == {"[it's so](X)"}
    assert changed_by_seeds("expand_contraction", "[it's so](X)", 3, inside="allow") == {"[it is so](X)"}
    assert changed_by_seeds("add_contraction", "[it is late](X)", 3, inside="allow") == {"[it's late](X)"}


@pytest.mark.parametrize(
    "text", ["It is late.", "We do not know.", "I'm sure they won't.", "She'd gone because he's old."]
)
def test_there_and_back_is_the_same_text(text: str):
    longer = change("expand_contraction", text)
    assert change("add_contraction", longer) == change("add_contraction", text)
    assert change("expand_contraction", change("add_contraction", text)) == longer
