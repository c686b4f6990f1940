"""What the figures of a report mean, in sentences, and what to do about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .compare_findings import compared
from .finding import BELOW, RECIPE, REPORT, Action, Finding, between, percent
from .judged_findings import faithfulness, judged
from .label_findings import labels
from .people_findings import bias, privacy
from .useful_findings import answers_agree, usefulness_of_entities, usefulness_of_labels

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .finding import Level


_TWINS = Action("records", {"duplicates": "true"})


def findings(figures: Mapping[str, Any]) -> list[Finding]:
    """All that is to be said about the sections that are there, in their order."""
    said = (found for name, says in _SAYS.items() if figures.get(name) for found in says(figures[name], figures))
    return [found if found.actions or found.level == "good" else replace(found, actions=(BELOW,)) for found in said]


def _balance(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    del whole
    cells = found.get("cells")
    if cells and cells["missing"]:
        text = f"{cells['missing']:,} of {cells['wanted']:,} combinations that were asked for have no record."
        yield Finding("balance", "bad", text, "Continue the run, or lower what is asked.", (Action("run"), RECIPE))
    elif cells and cells["exact"] == cells["wanted"]:
        yield Finding("balance", "good", f"All {cells['wanted']:,} combinations hold exactly what was asked for.")
    elif cells:
        text = (
            f"{cells['wanted'] - cells['exact']:,} of {cells['wanted']:,} combinations hold more or fewer than asked."
        )
        yield Finding("balance", "note", text, "The page lists them.", (BELOW,))
    for name, axis in found["axes"].items():
        counts = [one["records"] for one in axis["values"].values()]
        if not cells and len(counts) > 1 and max(counts) > 3 * max(1, min(counts)):
            text = f"The largest value of `{name}` has {max(counts):,} records, the smallest {min(counts):,}."
            todo = "A classifier will favour the large one; add records for the small."
            yield Finding("balance", "note", text, todo, (*_smallest(name, axis["values"]), Action("augment"), RECIPE))


def _smallest(axis: str, values: Mapping[str, Any]) -> list[Action]:
    """The records of the smallest value, where the list is filtered by that column."""
    least = min(values, key=lambda value: values[value]["records"])
    return [Action("records", {axis: least})] if axis in ("label", "model") and least else []


def _duplicates(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    total, again = whole["records"], found["exact"] + found["near"]
    part = again / total if total else 0.0
    if found["empty"]:
        text = f"{found['empty']:,} of {total:,} records have no text: they are like no other."
        todo = "Leave them out (check `length`), or name the columns with the texts: --column"
        yield Finding("duplicates", "bad", text, todo, (REPORT, RECIPE))
    if not again:
        yield Finding("duplicates", "good", f"No record repeats another one, at a threshold of {found['threshold']}.")
    else:
        text = (
            f"{again:,} of {total:,} records ({percent(part)}) repeat another one with the same label: "
            f"{found['exact']:,} word for word, {found['near']:,} in nearly the same words."
        )
        level: Level = "bad" if part > 0.02 else "note"
        yield Finding("duplicates", level, text, "`seedbed dedup` leaves one of each.", (_TWINS, Action("dedup")))
    if found["cross_label"]:
        text = f"{found['cross_label']:,} of {total:,} records say what one with another label says: one is wrong."
        yield Finding("duplicates", "bad", text, "Decide which label is right: the page lists them.", (_TWINS, BELOW))
    against = found.get("reference")
    if against and (leaked := against["exact"] + against["near"]):
        text = f"{leaked:,} of {total:,} records ({percent(against['share'])}) are in the reference file, too."
        todo = (
            "A model trained on these and tested there looks better than it is: `seedbed dedup --against` drops them."
        )
        yield Finding("duplicates", "bad", text, todo, (Action("dedup", {"against": "reference"}),))
    elif against:
        yield Finding("duplicates", "good", "No record is in the reference file.")


def _diversity(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    del whole
    if found["openings"] and found["openings"][0]["share"] >= 0.1 and found["records"] >= 20:
        first = found["openings"][0]
        text = f"{percent(first['share'])} of the texts begin with “{first['opening']} …”."
        todo = "Give the generator more examples, styles or topics to begin from."
        yield Finding("diversity", "note", text, todo, (RECIPE,))
    real = found.get("real")
    if real and found["compression"] > 1.25 * real["compression"]:
        times = f"{found['compression']:.1f} times smaller, real ones {real['compression']:.1f} times"
        text = f"zlib makes these texts {times}: they repeat themselves more than people do."
        yield Finding("diversity", "note", text, "Raise the temperature, or vary what the prompts ask for.", (RECIPE,))
    elif not real and found["compression"] > 5:
        text = f"zlib makes the texts {found['compression']:.1f} times smaller; what people write, 2 to 3 times."
        yield Finding("diversity", "note", text, "Much is said again: see the repeated phrases.", (BELOW,))
    if real and not 0.5 < found["words"]["median"] / max(1, real["words"]["median"]) < 2:
        text = f"Half of the texts have {found['words']['median']:g} words or fewer, of the real ones half have "
        text += f"{real['words']['median']:g}."
        yield Finding("diversity", "note", text, "Ask for the length of real texts.", (RECIPE,))
    told_apart = found.get("two_sample") or {}
    if "auc" in told_apart:
        yield _told_apart(told_apart)
    elif told_apart:
        yield Finding("diversity", "note", told_apart["left_out"], told_apart["hint"])


def _told_apart(found: Mapping[str, Any]) -> Finding:
    text = (
        f"Of a synthetic and a real text a simple classifier tells which is which in {percent(found['auc'])} of cases "
        f"({between(found['auc_interval'])}); chance is 50 %."
    )
    if found["auc_interval"][0] <= 0.5 or found["auc"] < 0.6:
        return Finding("diversity", "good", text)
    words = ", ".join(f"“{one['words']}”" for one in found["words_synthetic"][:5])
    said = f"{text} It goes by words such as {words}."
    return Finding("diversity", "note", said, "The page has both lists of words.", (BELOW,))


def _usefulness(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    del whole
    if "labels" in found:
        yield from usefulness_of_labels(found["labels"])
    if "entities" in found:
        yield from usefulness_of_entities(found["entities"])
    if "answers" in found:
        yield answers_agree(found["answers"])


def _cost(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    del whole
    if found["cost"]:
        text = (
            f"The records cost ${found['cost']:,.4f} in all, ${found['per_accepted']:.6f} for each that was accepted."
        )
        yield Finding("cost", "good", text)


_SAYS = {
    "compare": compared,
    "balance": _balance,
    "duplicates": _duplicates,
    "diversity": _diversity,
    "labels": labels,
    "usefulness": _usefulness,
    "privacy": privacy,
    "bias": bias,
    "faithfulness": faithfulness,
    "judges": judged,
    "cost": _cost,
}
