from __future__ import annotations

import re

import pytest

from seedbed.augmentation.langtest import NAMES, ours
from seedbed.core.errors import InputError
from seedbed.core.parts import part_of
from seedbed.transforms.catalog import _MODULES, transforms

# As LangTest 2.7 lists them: `Robustness.available_tests()` and `Bias.available_tests()`, without those for images.
ROBUSTNESS = re.findall(
    r"\w+",
    "uppercase lowercase titlecase add_punctuation strip_punctuation strip_all_punctuation add_typo swap_entities "
    "american_to_british british_to_american add_context add_contraction dyslexia_word_swap number_to_word "
    "add_ocr_typo add_abbreviation add_speech_to_text_typo add_slangs multiple_perturbations adjective_synonym_swap "
    "adjective_antonym_swap randomize_age add_new_lines add_tabs randomize_options",
)
BIAS = re.findall(
    r"\w+",
    "replace_to_male_pronouns replace_to_female_pronouns replace_to_neutral_pronouns replace_to_high_income_country "
    "replace_to_low_income_country replace_to_upper_middle_income_country replace_to_lower_middle_income_country "
    "replace_to_white_firstnames replace_to_black_firstnames replace_to_hispanic_firstnames "
    "replace_to_asian_firstnames replace_to_white_lastnames replace_to_black_lastnames "
    "replace_to_hispanic_lastnames replace_to_asian_lastnames replace_to_native_american_lastnames "
    "replace_to_inter_racial_lastnames replace_to_muslim_names replace_to_hindu_names replace_to_christian_names "
    "replace_to_sikh_names replace_to_jain_names replace_to_parsi_names replace_to_buddhist_names",
)
STEPS = {"perturbations1": ["uppercase", "lowercase"]}


@pytest.mark.parametrize("name", [*ROBUSTNESS, *BIAS])
def test_every_name_of_langtest_is_mapped_or_explained(name: str):
    assert name in NAMES
    kinds = {kind for kinds in _MODULES.values() for kind in kinds.split()}
    try:
        found = ours(name, STEPS if name == "multiple_perturbations" else {})["kind"] in kinds
    except InputError as error:
        found = name in error.message and bool(error.hint)
    assert found


@pytest.mark.parametrize("name", NAMES)
def test_what_it_is_mapped_to_is_a_transform_with_such_fields(name: str):
    settings = STEPS if name == "multiple_perturbations" else {"prob": 0.5, "count": 2}
    try:
        document = ours(name, settings)
    except InputError:
        return
    assert part_of(transforms, document, ("transforms", 0)).kind == document["kind"]


@pytest.mark.parametrize(
    ("name", "settings", "expected"),
    [
        ("uppercase", {"min_pass_rate": 0.7}, {"kind": "uppercase"}),
        ("uppercase", {"prob": 0.4}, {"kind": "uppercase", "prob": 0.4}),
        (
            "add_typo",
            {"prob": 0.4, "parameters": {"count": 3}},
            {"kind": "add_typo", "max_proportion": 0.4, "copies": 3},
        ),
        ("add_punctuation", {"whitelist": ["!"]}, {"kind": "add_punctuation", "whitelist": ["!"]}),
        (
            "add_context",
            {"parameters": {"starting_context": ["Hi"], "ending_context": ["Bye"], "strategy": "start"}},
            {"kind": "add_context", "starting_context": ["Hi"], "ending_context": ["Bye"], "strategy": "start"},
        ),
        ("randomize_age", {"random_amount": 3}, {"kind": "randomize_age", "max_change": 3}),
        ("add_tabs", {"max_tabs": 2}, {"kind": "add_tabs", "max_tabs": 2}),
        (
            "add_new_lines",
            {"max_lines": 2, "max_proportion": 0.1},
            {"kind": "add_new_lines", "max_lines": 2, "max_proportion": 0.1},
        ),
        (
            "swap_entities",
            {"parameters": {"terminology": {"LOC": ["Lima"]}, "labels": [["LOC"]]}},
            {"kind": "swap_entities", "values": {"LOC": ["Lima"]}},
        ),
        ("adjective_synonym_swap", {}, {"kind": "synonym_swap", "part_of_speech": "adjective"}),
        ("replace_to_low_income_country", {}, {"kind": "replace_countries", "income": "low"}),
        ("replace_to_upper_middle_income_country", {}, {"kind": "replace_countries", "income": "upper_middle"}),
        ("replace_to_hispanic_lastnames", {}, {"kind": "replace_names", "locale": "es_MX", "part": "last"}),
        ("replace_to_male_pronouns", {"prob": 0.5}, {"kind": "replace_to_male_pronouns", "max_proportion": 0.5}),
        (
            "multiple_perturbations",
            {"prob": 0.5, "perturbations1": ["uppercase", {"randomize_age": {"parameters": {"random_amount": 2}}}]},
            {
                "kind": "multiple_perturbations",
                "transforms": ["uppercase", {"kind": "randomize_age", "max_change": 2}],
                "max_proportion": 0.5,
            },
        ),
    ],
)
def test_parameters_become_fields(name: str, settings: dict[str, object], expected: dict[str, object]):
    assert ours(name, settings) == expected


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("no_such_test", {}, "no_such_test"),
        ("uppercas", {}, "uppercas"),
        ("uppercase", {"accent_map": {}}, "accent_map"),
        ("american_to_british", {"parameters": {"accent_map": {"a": "b"}}}, "accent_map"),
        ("add_typo", {"max_lines": 3}, "max_lines"),
        ("multiple_perturbations", {}, "one list"),
        ("multiple_perturbations", {"perturbations1": ["uppercase"], "perturbations2": ["lowercase"]}, "one list"),
        ("multiple_perturbations", {"perturbations": ["replace_to_jain_names", "uppercase"]}, "jain"),
        ("replace_to_hindu_names", {}, "religion"),
        ("replace_to_white_firstnames", {}, "ethnic"),
        ("randomize_options", {}, "columns"),
        ("swap_cohyponyms", {}, "WordNet"),
    ],
)
def test_what_has_no_counterpart_is_told_with_what_to_use(name: str, settings: dict[str, object], message: str):
    with pytest.raises(InputError, match=message) as caught:
        ours(name, settings)
    assert caught.value.hint


def test_settings_are_left_as_they_were():
    settings = {"parameters": {"random_amount": 3}, "perturbations": ["uppercase", "lowercase"]}
    ours("multiple_perturbations", {"perturbations": settings["perturbations"]})
    ours("randomize_age", {"parameters": settings["parameters"]})
    assert settings == {"parameters": {"random_amount": 3}, "perturbations": ["uppercase", "lowercase"]}
