"""Whether answers rest on documents, and how much of the documents is asked about."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from seedbed.core.statistics.intervals import wilson

from .table import share, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

UNANSWERABLE = "unanswerable"
SHOWN = 10
DOCUMENTS = 200
"""So many documents are listed, those with the least evidence; the figures count all."""


class Place(NamedTuple):
    """A stretch of a document, in code points, its end exclusive."""

    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A question and its answer as they are measured.

    `grounded` says whether a judge found that the answer rests on its evidence, None where none was asked. `evidence`
    are the places it quotes, `lost` the quotes that do not stand in the contexts.
    """

    name: str
    question: str
    answer: str
    kind: str = ""
    grounded: bool | None = None
    evidence: Sequence[Place] = ()
    lost: Sequence[str] = ()


def faithfulness(
    answers: Sequence[Answer],
    chunks: Mapping[str, Sequence[tuple[int, int]]],
    wanted: Sequence[str] = (),
    judged_by: str = "",
) -> dict[str, Any]:
    """Share of grounded answers, evidence coverage of the documents, kinds of questions.

    What is to have no answer (kind `unanswerable`) is counted among the kinds alone. Faithfulness as the share of
    answers a model finds supported by their source goes back to Es et al., RAGAS: Automated Evaluation of Retrieval
    Augmented Generation, 2023; here an answer is one statement. A chunk is covered if any evidence touches it.

    Args:
        answers: the records.
        chunks: of each document its chunks, as (start, end); none if the documents are not known.
        wanted: the kinds of questions that were asked for, if known.
        judged_by: who said what is grounded.
    """
    asked = [one for one in answers if one.kind != UNANSWERABLE]
    kinds = Counter(one.kind for one in answers if one.kind)
    bearing = sum(bool(one.evidence) for one in asked)
    lost = [one for one in asked if one.lost]
    return {
        "records": len(answers),
        "answerable": len(asked),
        **_grounded(asked, judged_by),
        "evidence": {
            "records": bearing,
            "share": share(bearing, len(asked)),
            "quotes": sum(len(one.evidence) for one in asked),
            "lost": sum(len(one.lost) for one in asked),
            "examples": [{"record": one.name, "quote": shortened(one.lost[0])} for one in lost[:SHOWN]],
        },
        **({"coverage": coverage(chunks, (place for one in asked for place in one.evidence))} if chunks else {}),
        "kinds": dict(kinds.most_common()),
        **({"missing_kinds": [kind for kind in wanted if not kinds[kind]]} if wanted else {}),
    }


def _grounded(asked: Sequence[Answer], judged_by: str) -> dict[str, Any]:
    judged = [one for one in asked if one.grounded is not None]
    if not judged:
        return {}
    by_kind = {
        kind: _share([one for one in judged if one.kind == kind]) for kind in dict.fromkeys(one.kind for one in judged)
    }
    not_so = [one for one in judged if not one.grounded]
    return {
        "grounded": {
            **_share(judged),
            "judged_by": judged_by,
            **({"by_kind": by_kind} if any(by_kind) else {}),
            "examples": [
                {"record": one.name, "question": shortened(one.question), "answer": shortened(one.answer)}
                for one in not_so[:SHOWN]
            ],
        }
    }


def _share(judged: Sequence[Answer]) -> dict[str, Any]:
    hits = sum(bool(one.grounded) for one in judged)
    low, high = wilson(hits, len(judged))
    return {
        "judged": len(judged),
        "grounded": hits,
        "share": share(hits, len(judged)),
        "interval": [round(low, 4), round(high, 4)],
    }


def coverage(chunks: Mapping[str, Sequence[tuple[int, int]]], evidence: Iterable[Place]) -> dict[str, Any]:
    """How much of each document some evidence touches: of its chunks, and of their characters.

    Args:
        chunks: of each document its chunks, as (start, end).
        evidence: places; those of other documents are named under `unknown` and count for nothing.
    """
    touched: dict[str, list[tuple[int, int]]] = {name: [] for name in chunks}
    unknown = set[str]()
    for place in evidence:
        if place.document in touched:
            touched[place.document].append((place.start, place.end))
        else:
            unknown.add(place.document)
    by_document = {name: _document(joined(own), joined(touched[name]), own) for name, own in chunks.items()}
    least = sorted(by_document, key=lambda name: (by_document[name]["share"], name))
    whole = {
        key: sum(one[key] for one in by_document.values()) for key in ("chunks", "covered", "characters", "quoted")
    }
    return {
        "documents": len(chunks),
        **whole,
        "share": share(whole["covered"], whole["chunks"]),
        "characters_share": share(whole["quoted"], whole["characters"]),
        "untouched": sum(not one["covered"] for one in by_document.values()),
        "unknown": sorted(unknown)[:DOCUMENTS],
        "by_document": {name: by_document[name] for name in least[:DOCUMENTS]},
    }


def _document(
    whole: Sequence[tuple[int, int]], touched: Sequence[tuple[int, int]], chunks: Sequence[tuple[int, int]]
) -> dict[str, Any]:
    covered = sum(_overlap(chunk, touched) > 0 for chunk in chunks)
    characters = sum(end - start for start, end in whole)
    quoted = sum(_overlap(stretch, touched) for stretch in whole)
    return {
        "chunks": len(chunks),
        "covered": covered,
        "share": share(covered, len(chunks)),
        "characters": characters,
        "quoted": quoted,
        "characters_share": share(quoted, characters),
    }


def _overlap(stretch: tuple[int, int], others: Sequence[tuple[int, int]]) -> int:
    """How many characters of a stretch lie in others, which are in order and apart from each other."""
    total = 0
    for start, end in others[bisect_left(others, stretch[0], key=lambda one: one[1]) :]:
        if start >= stretch[1]:
            break
        total += min(end, stretch[1]) - max(start, stretch[0])
    return total


def joined(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same characters as stretches in order that do not overlap."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif end > start:
            found.append((start, end))
    return found
