"""LangTest's configuration files (`tests: {robustness: {…}}`, `parameters`) as plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seedbed.augmentation.langtest import ours
from seedbed.core.errors import InputError
from seedbed.core.fields import FieldError

CATEGORIES = ("robustness", "bias")
"""Kinds of tests that change texts; the others measure."""

SHARE = 0.2
"""Of a test for which the file names none."""

RATE = "min_pass_rate"

MEANING = (
    "Of a LangTest file max_proportion is taken as what it says: that share of the input's records gets a changed copy."
)


def as_plan(document: Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
    """A plan's document that does what the file says; what differs from LangTest is added to `notes`.

    Raises:
        FieldError: the file is none of LangTest's, or nothing in it changes texts.
    """
    found = list(_tests(document.get("tests"), notes))
    if not found:
        raise FieldError(("tests",), "holds no test that changes texts", f"Those are in: {', '.join(CATEGORIES)}.")
    parameters = document.get("parameters") or {}
    if not isinstance(parameters, Mapping):
        raise FieldError(("parameters",), "must be a mapping, such as {type: proportional, style: new}")
    if parameters.get("type", "proportional") != "proportional":
        raise FieldError(("parameters", "type"), f"is {parameters['type']!r}", "Templates are filled by: seedbed fill")
    notes.insert(0, MEANING)
    others = [f"`{name}`" for name in document if name not in ("tests", "parameters", "seed", "columns")]
    if others:
        notes.append(f"What the LangTest file says under {', '.join(others)} is not about augmentation: left out.")
    kept = {name: document[name] for name in ("seed", "columns") if name in document}
    defaults = document["tests"].get("defaults")
    rate = defaults.get(RATE) if isinstance(defaults, Mapping) else None
    return {"transforms": found, "mode": parameters.get("style", "add"), RATE: rate, **kept}


def tested(document: Mapping[str, Any]) -> dict[str, Any]:
    """The file as it is meant for a test: of every record, where a test does not say of which share."""
    tests = document.get("tests")
    if not isinstance(tests, Mapping):
        return dict(document)
    return {
        **document,
        "tests": {name: _whole(several) if name in CATEGORIES else several for name, several in tests.items()},
    }


def _whole(several: Any) -> Any:
    if not isinstance(several, Mapping):
        return several
    every = {"max_proportion": 1.0}
    return {name: every | dict(own or {}) if isinstance(own, Mapping | None) else own for name, own in several.items()}


def _tests(tests: Any, notes: list[str]) -> list[dict[str, Any]]:
    if not isinstance(tests, Mapping):
        raise FieldError(("tests",), "must be a mapping of categories of tests, such as robustness")
    found = []
    for category, several in tests.items():
        if category == "defaults":
            continue
        if category not in CATEGORIES:
            notes.append(f"The tests of `{category}` measure and change no text: left out.")
            continue
        if not isinstance(several, Mapping):
            raise FieldError(("tests", str(category)), "must be a mapping of tests")
        for name, settings in several.items():
            if settings is not None and not isinstance(settings, Mapping):
                raise FieldError(("tests", str(category), str(name)), "must be a mapping of settings")
            found += _test(str(name), settings or {}, notes)
    return found


def _test(name: str, settings: Mapping[str, Any], notes: list[str]) -> list[dict[str, Any]]:
    """The transform of a test; none where there is no counterpart, which is noted."""
    lists = [key for key in settings if key.startswith("perturbations")]
    if len(lists) > 1:
        common = {key: value for key, value in settings.items() if key not in lists}
        return [one for key in lists for one in _test(name, {**common, key: settings[key]}, notes)]
    theirs = {key: value for key, value in settings.items() if key not in ("max_proportion", RATE)}
    theirs |= theirs.pop("parameters", None) or {}
    try:
        document = ours(name, theirs)
    except InputError as error:
        notes.append(f"`{name}` is left out: {error.message} {error.hint}".strip())
        return []
    share = settings.get("max_proportion", document.get("max_proportion"))
    if share is None:
        notes.append(f"`{name}` has no max_proportion: {SHARE} is taken.")
    return [{**document, "max_proportion": SHARE if share is None else share, RATE: settings.get(RATE)}]
