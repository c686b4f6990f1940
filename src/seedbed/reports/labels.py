"""Label noise: which labels are likely to be wrong, by a classifier and by a second labelling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from .agreement import agreement
from .doubted import doubted
from .out_of_fold import folds_for
from .table import share, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .doubted import Doubt, Doubted, Part
    from .table import Table

SHOWN = 100
"""So many suspicious records are shown, and so many pairs of labels."""

UNSAID = 0.75
"""What counts as the confidence of a second labelling that tells none: between knowing and guessing one of two."""


@dataclass(frozen=True, slots=True)
class Second:
    """What somebody called `name` labelled the records, without knowing their labels; "" where there is no answer.

    `sure` is how sure they say they are, from 0 to 1, and `wanted` how many records they were to label. `facts` are
    what is known of the asking.
    """

    name: str
    labels: Sequence[str]
    sure: Sequence[float | None]
    wanted: int
    facts: Mapping[str, Any] = field(default_factory=dict)


class Suspect(NamedTuple):
    """A record whose label is doubted: the one that fits better, how sure that is (0 to 1), and who says what."""

    place: int
    suggested: str
    score: float
    reason: str


def labels(table: Table, second: Second | None = None, seed: int = 7) -> dict[str, Any] | None:
    """Figures about wrong labels; None where there are not two labels to tell apart.

    `noise` are those of a classifier that has learned from the other records (confident learning, see `confident`), of
    a sample if there are many. `agreement` are those of a second labelling. `suspects` are the records to look at
    first.

    Args:
        table: what is measured.
        second: what somebody else labelled the records.
        seed: of the sample and of what the classifier learns from.

    Raises:
        MissingExtra: scikit-learn is not installed.
    """
    if len({*table.labels} - {""}) < 2:
        return None
    found = doubted(table, seed, whole=False)
    suspected = suspects(table, found, second)
    return {
        "noise": noise(found),
        **({"agreement": agreed(table, second)} if second else {}),
        "suspected": len(suspected),
        "suspects": [shown(table, one) for one in suspected[:SHOWN]],
    }


def noise(found: Doubted) -> dict[str, Any]:
    """How many labels are wrong, in all, of each label, and which stand for which, as confident learning estimates."""
    examined = found.examined
    figures: dict[str, Any] = {
        "records": examined,
        "sample": examined < found.records,
        "too_few": found.too_few,
        "fewest": found.fewest,
        **({"too_many": True} if found.too_many else {}),
    }
    if not examined:
        return figures
    joint = sum(part.joint for part in found.parts)
    assert not isinstance(joint, int)
    right = sum(int((part.shares.argmax(axis=1) == part.given).sum()) for part in found.parts)
    records = joint.sum(axis=1).tolist()
    return {
        **figures,
        "folds": folds_for(examined // len(found.parts)),
        "classifier": {"agrees": share(right, examined), "commonest": share(max(records), examined)},
        "wrong": round(found.wrong),
        "share": share(found.wrong, examined),
        "by_label": {
            label: {"records": round(records[at]), **_wrong(records[at] - joint[at, at], records[at])}
            for at, label in enumerate(found.labels)
        },
        "pairs": _pairs(found.labels, joint.tolist()),
    }


def _wrong(wrong: float, records: float) -> dict[str, Any]:
    return {"wrong": round(wrong), "share": share(wrong, records)}


def _pairs(names: Sequence[str], joint: Sequence[Sequence[float]]) -> list[dict[str, Any]]:
    """Which label stands where another one is right, the commonest first."""
    found = [
        (round(count), names[row], names[column])
        for row, counts in enumerate(joint)
        for column, count in enumerate(counts)
        if row != column and round(count)
    ]
    ranked = sorted(found, key=lambda one: (-one[0], one[1:]))[:SHOWN]
    return [{"label": label, "suggested": suggested, "wrong": count} for count, label, suggested in ranked]


def agreed(table: Table, second: Second) -> dict[str, Any]:
    """The figures of `agreement` for those records that have a label and an answer."""
    both = [(given, said) for given, said in zip(table.labels, second.labels, strict=True) if given and said]
    figures = agreement([given for given, _ in both], [said for _, said in both]) if both else {"records": 0}
    return {"model": second.name, **figures, "unanswered": second.wanted - len(both), **second.facts}


def suspects(table: Table, found: Doubted, second: Second | None = None, part: float | None = None) -> list[Suspect]:
    """The records to look at, the most suspicious first.

    They are as many as the classifier estimates to be wrong, if it finds another label likelier, and all that the
    second labelling gives another label; or a `part` of all that were looked at. Where both have an opinion, the score
    is the mean of how sure they are of the label that is suggested; who prefers the given one is as sure of the
    opposite.
    """
    ranked = sorted(_all(table, found, second), key=lambda one: (-one.suspect.score, one.suspect.place))
    if part is not None:
        return [one.suspect for one in ranked[: round(part * len(ranked))]]
    doubts = sorted((one.doubt for one in ranked if one.doubt), key=lambda one: (-one.score, one.place))
    wrong = {one.place for one in doubts[: round(found.wrong)] if one.score > 0.5}
    return [one.suspect for one in ranked if one.suspect.place in wrong or one.contradicted]


class _Opinion(NamedTuple):
    """What is thought of a record: by all, by the classifier, and whether the second labelling gives another label."""

    suspect: Suspect
    doubt: Doubt | None
    contradicted: bool


def _all(table: Table, found: Doubted, second: Second | None) -> Iterator[_Opinion]:
    met: set[int] = set()
    for part in found.parts:
        met.update(part.places if second else ())
        for doubt in part.doubts():
            yield _opinion(table, doubt.place, second, doubt, part)
    if second:
        for place, said in enumerate(second.labels):
            if said not in ("", table.labels[place]) and table.labels[place] and place not in met:
                yield _opinion(table, place, second, None, None)


def _opinion(table: Table, place: int, second: Second | None, doubt: Doubt | None, part: Part | None) -> _Opinion:
    given = table.labels[place]
    said = second.labels[place] if second else ""
    scores = {doubt.other: doubt.score} if doubt else {}
    reasons = [f"classifier: {doubt.other} {doubt.score:.2f}"] if doubt else []
    if second and said:
        told = second.sure[place]
        sure = UNSAID if told is None else told
        scores = {label: (score + (sure if label == said else 1 - sure)) / 2 for label, score in scores.items()}
        if said != given:
            own = part.score(doubt.row, said) if part and doubt else None
            scores[said] = sure if own is None else (own + sure) / 2
        reasons.append(f"{second.name}: {said}" + ("" if told is None else f" {told:.2f}"))
    best = max(scores, key=lambda label: scores[label])
    return _Opinion(
        Suspect(place, best, round(scores[best], 4), "; ".join(reasons)), doubt, bool(said) and said != given
    )


def shown(table: Table, one: Suspect) -> dict[str, Any]:
    """A suspicious record as an example."""
    return {
        "record": table.names[one.place],
        "text": shortened(table.texts[one.place]),
        "label": table.labels[one.place],
        "suggested": one.suggested,
        "score": one.score,
        "reason": one.reason,
    }


def changes(pairs: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """How often which label became which, the commonest first."""
    return [
        {"label": before, "suggested": after, "records": count}
        for (before, after), count in sorted(Counter(pairs).items(), key=lambda item: (-item[1], item[0]))
    ]
