"""LangTest's tests (version 2.7) as transforms of ours: which one each of them is, and why some are none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from seedbed.core.errors import InputError, nearest
from seedbed.transforms.word_lists import word_set

_WORDWISE = word_set("langtest", "of words")
"""Tests whose `prob` is the share of words or places, which our kinds of the same name have too."""
_TEXTWISE = word_set("langtest", "of texts")
"""Tests whose `prob` becomes the share of records."""
_SAME: dict[str, dict[str, Any]] = {name: {"kind": name} for name in sorted(_WORDWISE | _TEXTWISE)}
_OTHERS: dict[str, dict[str, Any]] = {
    "adjective_synonym_swap": {"kind": "synonym_swap", "part_of_speech": "adjective"},
    "adjective_antonym_swap": {"kind": "antonym_swap", "part_of_speech": "adjective"},
    "replace_to_hispanic_firstnames": {"kind": "replace_names", "locale": "es_MX", "part": "first"},
    "replace_to_hispanic_lastnames": {"kind": "replace_names", "locale": "es_MX", "part": "last"},
    **{
        f"replace_to_{income}_income_country": {"kind": "replace_countries", "income": income}
        for income in ("high", "low", "upper_middle", "lower_middle")
    },
}
_OURS = _SAME | _OTHERS
_WHITELIST = {"whitelist": "whitelist"}
_PARAMETERS: dict[str, dict[str, str]] = {
    "add_punctuation": _WHITELIST,
    "strip_punctuation": _WHITELIST,
    "strip_all_punctuation": _WHITELIST,
    "add_context": {name: name for name in ("starting_context", "ending_context", "strategy")},
    "add_new_lines": {"max_lines": "max_lines"},
    "add_tabs": {"max_tabs": "max_tabs"},
    "randomize_age": {"random_amount": "max_change"},
    "swap_entities": {"terminology": "values"},
}
"""Field by parameter, beside `prob` and `count`."""
_NAMES_HINT = "Use replace_names with a `locale` of Faker, or with `values: […]`, your own list."
_PEOPLE = "No list of such names has a clean licence, and {} is no language or country that names could be taken from."


def _explained() -> Iterator[tuple[str, tuple[str, str]]]:
    """Tests that have no counterpart: why, and what to use instead."""
    for group in ("white", "black", "asian", "native_american", "inter_racial"):
        for part in ("firstnames", "lastnames"):
            yield f"replace_to_{group}_{part}", (_PEOPLE.format("an ethnic group"), _NAMES_HINT)
    for religion in ("hindu", "muslim", "sikh", "jain", "parsi", "christian", "buddhist", "jewish"):
        yield f"replace_to_{religion}_names", (_PEOPLE.format("a religion"), _NAMES_HINT)
    for drugs in ("drug_generic_to_brand", "drug_brand_to_generic"):
        yield drugs, ("There is no list of drugs.", "Use swap_entities with `values: {DRUG: […]}`.")
    similar = "Use synonym_swap, or swap_entities with `values`."
    yield "swap_cohyponyms", ("It needs a WordNet, and its words seldom fit the sentence.", similar)
    yield "randomize_options", ("It shuffles the options of questions, which are columns here.", "Shuffle the columns.")
    yield "paraphrase", ("It asks a model.", "Use a recipe with the generator rewrite.")


_REASONS = dict(_explained())
NAMES: tuple[str, ...] = (*_OURS, *_REASONS)
"""All the names of LangTest that are mapped or explained."""
_IGNORED = ("min_pass_rate", "labels")
_KEPT = ("max_proportion", "copies")


def ours(name: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The document of the transform that does what a test of LangTest does.

    Its `count` of variations becomes `copies`; `prob` becomes `prob`, or the share of records (`max_proportion`) where
    LangTest draws whole texts; thresholds of the test are left out. Of `multiple_perturbations` one list is taken.

    Args:
        name: LangTest's name of it.
        settings: what LangTest's configuration says of it, with its `parameters` inside or beside.

    Raises:
        InputError: it has no counterpart, or a parameter has none.
    """
    if name not in _OURS:
        if name in _REASONS:
            reason, hint = _REASONS[name]
            raise InputError(f"LangTest's `{name}` has no counterpart. {reason}", hint)
        raise InputError(f"LangTest has no test `{name}` that changes texts.", nearest(name, list(NAMES)))
    given = {**settings, **(settings.get("parameters") or {})}
    given.pop("parameters", None)
    document, fields = dict(_OURS[name]), _PARAMETERS.get(name, {})
    if name == "multiple_perturbations":
        document["transforms"] = _steps(given)
    for key, value in given.items():
        if key == "prob":
            document["prob" if name in _WORDWISE or name in _OTHERS else "max_proportion"] = value
        elif key == "count":
            document["copies"] = value
        elif key in _KEPT or key in fields:
            document[fields.get(key, key)] = value
        elif key not in _IGNORED:
            known = ", ".join(f"`{one}`" for one in ("prob", "count", *fields))
            raise InputError(f"`{key}` of LangTest's `{name}` has no counterpart.", f"It may have: {known}.")
    return document


def _steps(given: dict[str, Any]) -> list[Any]:
    """The steps of `perturbations1: [uppercase, {add_context: {parameters: …}}]`, which is taken out of what is given.

    Raises:
        InputError: there is not just one such list.
    """
    lists = [given.pop(key) for key in list(given) if key.startswith("perturbations")]
    if len(lists) != 1 or not isinstance(lists[0], list):
        hint = "Write one transform of the kind multiple_perturbations for each: transforms: [uppercase, add_typo]"
        raise InputError("`multiple_perturbations` needs one list of perturbations.", hint)
    steps = []
    for step in lists[0]:
        [(name, settings)] = step.items() if isinstance(step, Mapping) and len(step) == 1 else [(str(step), {})]
        document = ours(name, settings or {})
        steps.append(document["kind"] if len(document) == 1 else document)
    return steps
