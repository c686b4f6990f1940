from __future__ import annotations

import re

import pytest

from seedbed.core.errors import InputError
from seedbed.transforms.mentions.geography import CITIES, countries

from ..play import change, changed_by_seeds, marked, transform

PERU = {"values": ["Peru"]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("They live in Japan.", "They live in Peru."),
        ("Japan won.", "Peru won."),
        ("In Japan, it rains; Japan's rain", "In Peru, it rains; Peru's rain"),
        ("Japan’s rain (France)", "Peru’s rain (Peru)"),
        ("a Japan-based firm", "a Peru-based firm"),
        ("an Italy fan", "a Peru fan"),
        ("It left the United States.", "It left Peru."),
        ("The Netherlands has won", "Peru has won"),
        ("The U.S. said so to the UK.", "Peru said so to Peru."),
        ("troops of the US in Iraq", "troops of Peru in Peru"),
        ("the United States' army in Oman", "the United States' army in Peru"),
        ("the [United States](GPE) said", "[Peru](GPE) said"),
        ("[the United States](GPE) said", "[Peru](GPE) said"),
        ("[Japan](LOC)", "[Peru](LOC)"),
        ("[JAPAN](LOC) GET WIN", "[PERU](LOC) GET WIN"),
        ("[japan](loc) wins", "[peru](loc) wins"),
        ("Liz ([U.S.](LOC)) 22.00", "Liz ([Peru](LOC)) 22.00"),
        ("[Ann](PER) of [Chad](LOC), [Jordan](LOC)", "[Ann](PER) of [Peru](LOC), [Peru](LOC)"),
        ("the war in South Sudan and Côte d'Ivoire", "the war in Peru and Peru"),
        ("in Trinidad and Tobago 😀", "in Peru 😀"),
        # What stays:
        ("", ""),
        ("...", "..."),
        ("the Bank of China", "the Bank of China"),
        ("South China Sea, New Mexico", "South China Sea, New Mexico"),
        ("Air France, India Today", "Air France, India Today"),
        ("Japanese and Chinese food", "Japanese and Chinese food"),
        ("US troops, the US army", "US troops, the US army"),
        ("the Japan of today", "the Japan of today"),
        ("Jordan met Chad in Georgia", "Jordan met Chad in Georgia"),
        ("the turkey on china", "the turkey on china"),
        ("JAPAN WINS", "JAPAN WINS"),
        ("US$42m at x.com/Japan #Japan @Japan", "US$42m at x.com/Japan #Japan @Japan"),
        ("[Bank of Japan](ORG) in Japan", "[Bank of Japan](ORG) in Japan"),
        ("[Japan Airlines](LOC)", "[Japan Airlines](LOC)"),
        ("[Japan](LOC)ese", "[Japan](LOC)ese"),
        ("[Georgia](LOC)", "[Georgia](LOC)"),
        ("[the](LOC)", "[the](LOC)"),
        ("[US](LOC) troops", "[US](LOC) troops"),
        ("Peru", "Peru"),
        ("他在日本", "他在日本"),
    ],
)
def test_a_country_becomes_another_one(given: str, expected: str):
    assert changed_by_seeds("replace_countries", given, 3, **PERU) == {expected}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("in Japan.", "in the Netherlands."),
        ("in [Japan](LOC).", "in the [Netherlands](LOC)."),
        ("the [US](LOC) said", "the [Netherlands](LOC) said"),
        ("They beat Japan in Italy", "They beat the Netherlands in the Netherlands"),
        ("in Japan's north", "in Japan's north"),
        ("former Japan coach", "former Japan coach"),
        ("a Japan-based firm", "a Japan-based firm"),
        ("(Japan)", "(Japan)"),
    ],
)
def test_the_article_comes_where_it_is_right_and_stays_outside_a_span(given: str, expected: str):
    assert change("replace_countries", given, values=["the Netherlands"]) == expected


def test_an_article_is_neither_added_to_nor_missing_from_any_country():
    for text in changed_by_seeds("replace_countries", "It is in Japan.", 600):
        found = re.fullmatch(r"It is in (the )?(.*)\.", text)
        needs = re.match(r"United|Nether|Phil|Bahamas|Gambia|Mald|Comoros|.*(?:Republic|Islands)", found[2]) is not None
        assert bool(found[1]) == needs, text


@pytest.mark.parametrize(
    ("settings", "some", "none"),
    [
        ({"region": "Africa"}, {"Kenya", "Egypt"}, {"Peru", "Japan", "France"}),
        ({"income": "low"}, {"Mali", "Uganda"}, {"Kenya", "France", "Ethiopia", "Venezuela"}),
        ({"income": "high", "region": "Americas"}, {"Canada", "Costa Rica"}, {"Brazil", "France"}),
    ],
)
def test_countries_of_a_region_or_income(settings: dict[str, str], some: set[str], none: set[str]):
    found = {text.removeprefix("in ") for text in changed_by_seeds("replace_countries", "in Japan", 800, **settings)}
    assert some <= found
    assert not none & found


def test_a_country_that_is_of_that_kind_already_stays():
    assert change("replace_countries", "in Kenya", region="Africa") == "in Kenya"
    assert change("replace_countries", "in Japan", income="high") == "in Japan"


def test_a_country_is_not_replaced_by_another_name_of_its_own():
    found = changed_by_seeds("replace_countries", "in Britain", 800)
    assert not any("United Kingdom" in text or "Britain" in text for text in found)


def test_no_country_of_a_region_and_income_is_told():
    with pytest.raises(InputError, match="region and income"):
        transform("replace_countries", region="Europe", income="low").editor({})


def test_the_same_country_becomes_the_same_and_others_differ():
    for text in changed_by_seeds("replace_countries", "[Japan](LOC) , [Italy](LOC) , [Japan](LOC)"):
        first, second, third = re.findall(r"\[(.*?)\]", text)
        assert first == third != second


def test_every_country_is_known_once_with_region_and_most_with_income():
    known = set(countries().values())
    assert len(known) == 194
    assert {one.name for one in known if one.income is None} == {"Ethiopia", "Venezuela"}
    assert all("," not in one.name for one in known)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("They live in Paris.", "They live in Lima."),
        ("Paris won.", "Lima won."),
        ("In Rio de Janeiro, it rained.", "In Lima, it rained."),
        ("a London-based firm, New York's mayor", "a Lima-based firm, Lima's mayor"),
        ("an Athens street", "a Lima street"),
        ("[Paris](LOC), [Texas](LOC)", "[Lima](LOC), [Lima](LOC)"),
        ("[LONDON](GPE) 1996", "[LIMA](GPE) 1996"),
        ("[Murrayfield](LOC) crowd", "[Lima](LOC) crowd"),
        ("[東京](LOC)で", "[Lima](LOC)で"),
        ("(Paris)", "(Lima)"),
        ("Paris’s streets 😀", "Lima’s streets 😀"),
        ("“Paris”, he said", "“Lima”, he said"),
        # What stays:
        ("", ""),
        ("Paris, Texas", "Paris, Texas"),
        ("Paris Hilton at London Heathrow", "Paris Hilton at London Heathrow"),
        ("Whitney Houston, the University of London", "Whitney Houston, the University of London"),
        ("paris in lower case", "paris in lower case"),
        ("PARIS IN CAPITALS", "PARIS IN CAPITALS"),
        ("x.org/Paris and #Paris", "x.org/Paris and #Paris"),
        ("the [Pacific Ocean](LOC) and the [Bronx](LOC)", "the [Pacific Ocean](LOC) and the [Bronx](LOC)"),
        ("[Japan](LOC), [Europe](LOC), [North Africa](LOC)", "[Japan](LOC), [Europe](LOC), [North Africa](LOC)"),
        ("[Paris Club](ORG) in Paris", "[Paris Club](ORG) in Paris"),
        ("[Paris](LOC)ian", "[Paris](LOC)ian"),
        ("[Paris Golf Club](LOC), [Baker Street](LOC)", "[Paris Golf Club](LOC), [Baker Street](LOC)"),
        ("[221](LOC)", "[221](LOC)"),
        ("Lima", "Lima"),
    ],
)
def test_a_city_becomes_another_one(given: str, expected: str):
    assert changed_by_seeds("replace_locations", given, 3, values=["Lima"]) == {expected}


def test_cities_of_our_own_list():
    found = {text.removeprefix("in ") for text in changed_by_seeds("replace_locations", "in Paris", 500)}
    assert found < set(CITIES)
    assert len(found) > 100


def test_cities_of_a_locale_are_always_the_same():
    first = changed_by_seeds("replace_locations", "in Paris", 20, locale="de_DE")
    assert len(first) > 10
    assert first == changed_by_seeds("replace_locations", "in Paris", 20, locale="de_DE")


def test_an_unknown_locale_is_told():
    with pytest.raises(InputError, match="xx_XX"):
        transform("replace_locations", locale="xx_XX").editor({})


def test_a_share_of_the_places():
    found = changed_by_seeds("replace_locations", "[Rome](LOC) or [Oslo](LOC)", prob=0.5, values=["Lima"])
    assert found == {"[Lima](LOC) or [Oslo](LOC)", "[Rome](LOC) or [Lima](LOC)"}


def test_a_protected_place_keeps_its_article():
    given = "the [US](GPE) said"
    assert change("replace_countries", given, labels={"GPE": "protect"}, **PERU) == given
    assert marked(given)[0] == "the US said"
