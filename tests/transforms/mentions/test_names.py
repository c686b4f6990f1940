from __future__ import annotations

import re
from itertools import pairwise

import pytest

from seedbed.core.dice import Dice
from seedbed.core.editing import Text
from seedbed.core.errors import InputError
from seedbed.core.spans import apply
from seedbed.transforms.mentions.people import of_locale

from ..play import change, changed_by_seeds, marked, transform

ANN = {"values": ["Ann Lee"]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("[John Smith](PER) left", "[Ann Lee](PER) left"),
        ("[Smith](PER)", "[Lee](PER)"),
        ("[John](PER) left [Rome](LOC)", "[Ann](PER) left [Rome](LOC)"),
        ("[J. Smith](PER)", "[A. Lee](PER)"),
        ("[JOHN SMITH](PER)", "[ANN LEE](PER)"),
        ("[john smith](PER)", "[ann lee](PER)"),
        ("[John Smith](PERSON)'s dog", "[Ann Lee](PERSON)'s dog"),
        ("[John Smith's](person) dog", "[Ann Lee's](person) dog"),
        ("[James’](NAME) dog", "[Ann’](NAME) dog"),
        ("[Mr. Smith](PER)", "[Mr. Lee](PER)"),
        ("Mr [Thomas](PER)", "Mr [Lee](PER)"),
        ("[Dr John Smith Jr.](PER)", "[Dr Ann Lee Jr.](PER)"),
        ("[Vincent van Gogh](PER)", "[Ann Lee](PER)"),
        ("[Mary-Jane O'Neill-Brown](PER)", "[Ann Lee](PER)"),
        ("[José García](PER) habla", "[Ann Lee](PER) habla"),
        ("[Юрий Гагарин](PER) летел", "[Ann Lee](PER) летел"),
        ("[习近平](PER)说", "[Ann Lee](PER)说"),
        ("an [Obama](PER) fan", "a [Lee](PER) fan"),
        ("([John](PER)), [Smith](PER).", "([Ann](PER)), [Lee](PER)."),
        ("[Paul\nSmith](PER)", "[Ann\nLee](PER)"),
        ("👩‍👧 [John](PER)🇫🇷", "👩‍👧 [Ann](PER)🇫🇷"),
        ("I met John Smith in Rome.", "I met Ann Lee in Rome."),
        ("Mary said so.", "Ann said so."),
        ("We saw Mary's dog.", "We saw Ann's dog."),
        ("a friend, Will Smith, left", "a friend, Ann Lee, left"),
        ("Sir Paul McCartney’s song", "Sir Ann Lee’s song"),
        ("Mark my words. Frank Grant lost.", "Mark my words. Ann Lee lost."),
        ("Will Smith said so. Will went. Will it rain?", "Ann Lee said so. Ann went. Will it rain?"),
        ("Dominic Brown won. Brown bears lost. Brown was glad.", "Ann Lee won. Brown bears lost. Lee was glad."),
        ("“Wilma Stone” won; I know Wilma, Stone's wife", "“Ann Lee” won; I know Ann, Lee's wife"),
        ("[Larry King](PER), [King](PER)", "[Ann Lee](PER), [Lee](PER)"),
        ("Tony Blair and Mr Blair said Blair won.", "Ann Lee and Mr Lee said Lee won."),
        # What stays:
        ("", ""),
        ("...", "..."),
        ("[Rome](LOC) and John Smith", "[Rome](LOC) and John Smith"),
        ("[John and Mary](PER)", "[John and Mary](PER)"),
        ("[R2D2](PER)", "[R2D2](PER)"),
        ("[John](PER)ny came", "[John](PER)ny came"),
        ("[Ann Lee](PER)", "[Ann Lee](PER)"),
        ("Will it rain in May?", "Will it rain in May?"),
        ("Mark my words.", "Mark my words."),
        ("Will Smith go? May Day", "Will Smith go? May Day"),
        ("[Pope](PER) and [God](PER), [Jesus Christ](PER)", "[Pope](PER) and [God](PER), [Jesus Christ](PER)"),
        ("the John Lewis store", "the John Lewis store"),
        ("Michael Street is in St. John Parish", "Michael Street is in St. John Parish"),
        ("Peter & Sons of Prince George", "Peter & Sons of Prince George"),
        ("MARY SAID SO", "MARY SAID SO"),
        ("mary said so", "mary said so"),
        ("mail mary@x.org and @Mary and #Mary", "mail mary@x.org and @Mary and #Mary"),
        ("Mary-Jane left", "Mary-Jane left"),
        ("in the town of Santa Maria", "in the town of Santa Maria"),
        ("他叫约翰", "他叫约翰"),
    ],
)
def test_a_name_becomes_another_one_of_its_shape(given: str, expected: str):
    assert changed_by_seeds("replace_names", given, 5, **ANN) == {expected}


@pytest.mark.parametrize(
    ("part", "given", "expected"),
    [
        ("first", "[John Smith](PER), [Smith](PER)", "[Ann Smith](PER), [Smith](PER)"),
        ("first", "[J. R. Smith](PER)", "[A. A. Smith](PER)"),
        ("first", "[Smith](PER)", "[Smith](PER)"),
        ("last", "[John Smith](PER), [John](PER)", "[John Lee](PER), [John](PER)"),
        ("last", "[Dr. Smith](PER)", "[Dr. Lee](PER)"),
        ("last", "[محمد علي](PER)", "[محمد علي](PER)"),
    ],
)
def test_only_a_part_of_names_is_replaced(part: str, given: str, expected: str):
    assert change("replace_names", given, part=part, **ANN) == expected


def test_single_names_are_first_or_last_names_as_asked():
    assert change("replace_names", "[John Smith](PER)", values=["Kim"]) == "[Kim Smith](PER)"
    assert change("replace_names", "[John Smith](PER)", values=["Kim"], part="last") == "[John Kim](PER)"


def test_the_same_person_keeps_one_name_over_the_texts_of_a_record():
    edit = transform("replace_names").editor({})
    for seed in range(20):
        dice, out = Dice(seed), []
        for given in (
            "[Smith](PER) left",
            "[John Smith](PER) and [J. Smith](PER), [John](PER)",
            "Smith left Mary Jones",
        ):
            text, spans = marked(given)
            out.append(apply(text, spans, edit(Text(text, spans), dice)).text)
        last = out[0].split(" ")[0]
        full, initial, first = re.fullmatch(r"(.*) and (.*), (.*)", out[1]).groups()
        assert full == f"{first} {last}"
        assert initial == f"{first[0]}. {last}"
        assert out[2].startswith(f"{last} left ")
        assert last not in out[2][len(last) :]
        assert "Smith" not in "".join(out)


@pytest.mark.parametrize(
    "given",
    [
        "John Lewis left the John Lewis store.",
        "Mary Smith went down Smith Street.",
        "Mary said that Mary-Jane left.",
        "Vincent van Gogh won. Gogh lost.",
    ],
)
def test_a_name_that_stands_where_it_is_none_stays_everywhere(given: str):
    assert changed_by_seeds("replace_names", given, 5, **ANN) == {given}


def test_what_stayed_in_one_text_of_a_record_stays_in_the_next_ones():
    edit, dice = transform("replace_names", **ANN).editor({}), Dice(1)
    done = []
    for given in ("What did Gauthier sing?", "I heard Dominick Gauthier and Mary sing.", "Dominick, then Mary."):
        text = Text(given)
        done.append(apply(given, (), edit(text, dice)).text)
    assert done == ["What did Gauthier sing?", "I heard Dominick Gauthier and Ann sing.", "Dominick, then Ann."]


def test_a_last_name_that_is_also_a_first_one_is_known_from_the_full_name():
    for text in changed_by_seeds("replace_names", "[Thomas Frank](PER), [Frank](PER)", 20):
        assert re.fullmatch(r"\[\w+ (\w+)\]\(PER\), \[\1\]\(PER\)", text)


def test_two_first_names_with_one_initial_become_two():
    for text in changed_by_seeds("replace_names", "[Samuel Simon Bell](PER)", 20):
        first, second, _ = re.findall(r"\w+(?=[ \]])", text)
        assert first != second


def test_different_people_get_different_names():
    given = " ".join(f"[{name}](PER)" for name in ("Ann Bell", "Bo Carr", "Cid Dorn", "Eve Ford"))
    for text in changed_by_seeds("replace_names", given, 30):
        names = re.findall(r"\[(\w+) (\w+)\]", text)
        assert len({first for first, _ in names}) == len({last for _, last in names}) == 4


@pytest.mark.parametrize(
    ("gender", "given", "expected"),
    [
        ("male", "[Mary Smith](PER)", "male"),
        ("female", "[John Smith](PER)", "female"),
        ("same", "[John Smith](PER)", "male"),
        ("same", "[Mary Smith](PER)", "female"),
        ("same", "[Mrs. Zqx Smith](PER)", "female"),
        ("any", "[Mr. Zqx Smith](PER)", "male"),
    ],
)
def test_gender(gender: str, given: str, expected: str):
    names = of_locale("en_US", True)
    other = "male" if expected == "female" else "female"
    for text in changed_by_seeds("replace_names", given, 40, gender=gender):
        first = re.findall(r"(\w+) \w+\]", text)[0]
        assert first in names.first[expected]
        assert first in names.first[expected] or first not in names.first[other]


@pytest.mark.parametrize(
    ("locale", "pattern"),
    [
        ("de_DE", r"[A-ZÄÖÜ][\w'’.-]+( [\w'’-]+)+"),
        ("hi_IN", r"[\u0900-\u097f’ ]+"),
        ("ja_JP", r"[A-Z][a-z]+ [A-Z][a-z]+"),
        ("zh_CN", r"[A-Z][a-z]+ [A-Z][a-z]+"),
        ("ar_AA", r"[\u0600-\u06ff ]+"),
    ],
)
def test_names_of_a_locale(locale: str, pattern: str):
    for text in changed_by_seeds("replace_names", "[John Smith](PER)", 20, locale=locale):
        assert re.fullmatch(rf"\[{pattern}\]\(PER\)", text), text


def test_chinese_names_stay_in_chinese_letters():
    for text in changed_by_seeds("replace_names", "[习近平](PER)说", 20, locale="zh_CN"):
        assert re.fullmatch(r"\[[\u4e00-\u9fff]{2,4}\]\(PER\)说", text)


def test_other_labels_can_be_said_to_be_people():
    given = "[John](ACTOR) saw [Mary](PER)"
    assert change("replace_names", given, entities=["ACTOR"], **ANN) == "[Ann](ACTOR) saw [Mary](PER)"


def test_a_share_of_the_mentions():
    given = "[John Smith](PER) saw [Mary Jones](PER)"
    found = changed_by_seeds("replace_names", given, prob=0.5, **ANN)
    assert found == {"[Ann Lee](PER) saw [Mary Jones](PER)", "[John Smith](PER) saw [Ann Lee](PER)"}


def test_a_share_of_the_mentions_takes_others_of_the_same_names_along():
    given = "[John Smith](PER), [Mary Jones](PER), [Smith](PER), [Mary](PER)"
    found = changed_by_seeds("replace_names", given, prob=0.25, **ANN)
    one = "[Ann Lee](PER), [Mary Jones](PER), [Lee](PER), [Mary](PER)"
    assert found == {one, "[John Smith](PER), [Ann Lee](PER), [Smith](PER), [Ann](PER)"}


def test_a_protected_person_stays():
    assert change("replace_names", "[John](PER)", inside="protect") == "[John](PER)"


@pytest.mark.parametrize("locale", ["xx_XX", "pl_PL"])
def test_a_locale_without_names_is_told(locale: str):
    with pytest.raises(InputError, match=locale):
        transform("replace_names", locale=locale).editor({})


def test_names_are_drawn_from_a_whole_list():
    found = sorted(changed_by_seeds("replace_names", "[Smith](PER)", 300))
    assert len(found) > 200
    assert all(one != two for one, two in pairwise(found))
