"""What the figures of usefulness mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .finding import RECIPE, SPOT_CHECK, Action, Finding, between, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .finding import Level

BASELINE = "tfidf"
"""The sentences are about this classifier, which is always there."""
NAMED = 8


def usefulness_of_labels(found: Mapping[str, Any]) -> Iterator[Finding]:
    """What classifiers learned from the records."""
    own, majority, learned = found["classifiers"][BASELINE], found["majority"], _sizes(found)
    one = own["synthetic"]
    tested = f"the {found['tested_on']['records']:,} real test records"
    said = [f"A classifier trained on {learned['synthetic']} is right in {_share(one, 'accuracy')} of {tested}"]
    if "real" in own:
        said.append(f"trained on {learned['real']} in {_share(own['real'], 'accuracy')}")
    if "real_as_many" in own:
        said.append(f"on as many real ones as of these in {percent(own['real_as_many']['accuracy'])}")
    said.append(f"always “{majority['label']}” would be right in {percent(majority['accuracy'])}")
    text = f"{'; '.join(said)}.{_by_meaning(found['classifiers'].get('embedding'))}"
    if _no_better(one, majority, len(own["by_label"])):
        todo = "That is no better than knowing nothing: hold texts and labels against real ones."
        yield _finding("bad", text, todo, SPOT_CHECK)
    else:
        yield _finding("note" if _worse(own) else "good", text)
    yield from _both(own, "accuracy")
    yield from _labels_apart(found)
    yield from _in_test(found["in_test"])
    yield from _weakest(own["by_label"])
    yield from _rising(own, "accuracy", "the classifier")


def usefulness_of_entities(found: Mapping[str, Any]) -> Iterator[Finding]:
    """What a tagger learned from the records."""
    learned = _sizes(found)
    text = (
        f"A tagger trained on {learned['synthetic']} finds the {found['tested_on']['entities']:,} entities of "
        f"{found['tested_on']['records']:,} real test records with an F1 of {_share(found['synthetic'], 'f1')}"
    )
    if "real" in found:
        text += f"; trained on {learned['real']}, of {_share(found['real'], 'f1')}"
    level: Level = "bad" if not found["synthetic"]["f1"] else "note" if _worse(found) else "good"
    yield _finding(level, f"{text}.")
    yield from _both(found, "f1")
    yield from _labels_apart(found)
    yield from _weakest(found["by_label"])
    yield from _rising(found, "f1", "the tagger")


def answers_agree(found: Mapping[str, Any]) -> Finding:
    """How far the answers agree."""
    if not found["records"]:
        text = "No record is paired with a real one: they have neither ids nor texts in common."
        return _finding("bad", text, "Give both files the same column `id`.", Action("import"))
    text = (
        f"Of {found['records']:,} records that both files have {_share(found['all'], 'exact')} of the fields are the "
        f"same; the F1 of their words is {_share(found['all'], 'f1')}."
    )
    left = found["only_real"]
    return _finding("note", text, f"{left:,} real records have no counterpart." if left else "")


def _finding(level: Level, text: str, todo: str = "", *actions: Action) -> Finding:
    return Finding("usefulness", level, text, todo, actions)


def _share(figures: Mapping[str, Any], name: str) -> str:
    return f"{percent(figures[name])} ({between(figures[f'{name}_interval'])})"


def _points(interval: Sequence[float]) -> str:
    return f"{100 * interval[0]:+.1f} to {100 * interval[1]:+.1f}"


def _sizes(found: Mapping[str, Any]) -> dict[str, str]:
    """What was learned from, in words."""
    said = {}
    for name, one in found["learned_from"].items():
        drawn = f"{one['records']:,} of " if one["records"] < one["of"] else ""
        which = "these {} records" if name == "synthetic" else "{} real ones"
        said[name] = drawn + which.format(f"{one['of']:,}")
    return said


def _by_meaning(own: Mapping[str, Any] | None) -> str:
    """The same by the other classifier, if it is there."""
    if own is None:
        return ""
    names = {"synthetic": "", "real": " trained on the real ones", "real_as_many": " on as many of them"}
    said = [f"{percent(own[name]['accuracy'])}{words}" for name, words in names.items() if name in own]
    return f" With word vectors instead of words: {', '.join(said)}."


def _worse(own: Mapping[str, Any]) -> bool:
    """Whether less is learned than from the real records, beyond what the test set leaves open."""
    return "synthetic_minus_real" in own and own["synthetic_minus_real"]["macro_f1_interval"][1] < 0


def _no_better(one: Mapping[str, Any], majority: Mapping[str, Any], labels: int) -> bool:
    """Whether the test set leaves it open that nothing was learned: not more is right than by the commonest label, and
    macro-F1 is not above that of guessing, which is one in as many as there are labels at most."""
    lowest = {name: one[f"{name}_interval"][0] for name in ("accuracy", "macro_f1")}
    return bool(lowest["accuracy"] <= majority["accuracy"] and lowest["macro_f1"] <= 1 / labels)


def _both(own: Mapping[str, Any], name: str) -> Iterator[Finding]:
    if "both_minus_real" not in own:
        return
    low, high = interval = own["both_minus_real"][f"{name}_interval"]
    text = f"Real records and these together: {percent(own['both'][name])}, "
    points = f"({_points(interval)} points)"
    if low > 0:
        yield _finding("good", f"{text}more than real ones alone {points}.")
    elif high < 0:
        todo = "Here they do harm: train on the real ones alone, or mend these first."
        yield _finding("bad", f"{text}less than real ones alone {points}.", todo, SPOT_CHECK)
    else:
        yield _finding("note", f"{text}which the test set cannot tell from real ones alone {points}.")


def _labels_apart(found: Mapping[str, Any]) -> Iterator[Finding]:
    lacking, more = found["labels_only_real"], found["labels_only_synthetic"]
    if lacking:
        text = f"No record here has the label {_named(lacking)}, which the test set has: none of these can be right."
        todo = "Add records with it, or bring the names of labels into line."
        yield _finding("bad", text, todo, RECIPE)
    if more:
        text = f"The test set has no record with the label {_named(more)}: nothing is known of its records here."
        yield _finding("note", text)


def _named(labels: Sequence[str]) -> str:
    more = f" and {len(labels) - NAMED} more" if len(labels) > NAMED else ""
    return ", ".join(f"“{label}”" for label in labels[:NAMED]) + more


def _in_test(counts: Mapping[str, int]) -> Iterator[Finding]:
    for name, count in counts.items():
        if count:
            whose = "these" if name == "synthetic" else "the real records to learn from"
            text = f"{count:,} of {whose} are in the test set word for word, so the figures flatter."
            where = {"against": "real"} if name == "synthetic" else {"against": "real", "dataset": "real_train"}
            yield _finding("bad", text, "`seedbed dedup --against` leaves them out.", Action("dedup", where))


def _weakest(labels: Mapping[str, Any]) -> Iterator[Finding]:
    """The label that loses most against real records, if that is beyond what the test set leaves open."""
    gaps = {
        label: one["real"]["f1"] - one["synthetic"]["f1"]
        for label, one in labels.items()
        if "real" in one and one["synthetic"]["f1_interval"][1] < one["real"]["f1_interval"][0]
    }
    if gaps:
        label = max(gaps, key=lambda one: gaps[one])
        one = labels[label]
        text = (
            f"Farthest from real records is “{label}”: an F1 of {_share(one['synthetic'], 'f1')}, from real ones "
            f"{_share(one['real'], 'f1')}."
        )
        yield _finding("note", text, "Look at the records of this label first.", Action("records", {"label": label}))


def _rising(own: Mapping[str, Any], name: str, who: str) -> Iterator[Finding]:
    if "last_step" not in own:
        return
    before, last = own["curve"][-2:]
    low, high = interval = own["last_step"][f"{name}_interval"]
    step = f"From {before['records']:,} to {last['records']:,} records"
    if low > 0:
        text = f"{step} {who} still gains ({_points(interval)} points): more of the kind are likely to help."
    elif high < 0:
        text = f"{step} {who} loses ({_points(interval)} points): the later records teach something wrong."
    else:
        text = f"{step} {who} gains nothing that the test set could tell ({_points(interval)} points)."
    yield _finding("note", text)
