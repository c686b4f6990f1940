"""Labelled texts that a classifier can tell apart, some with a wrong label that is known."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

TOPICS = {
    "weather": "rain sun cloud storm wind snow fog sky thunder forecast",
    "sport": "goal match team coach league referee stadium penalty score season",
    "food": "soup bread cheese oven recipe salt dinner kitchen flavour butter",
    "music": "guitar song concert drummer melody album choir piano rhythm singer",
}
COMMON = "the a of and with about today very some there again people said never always when we they it is"


@dataclass
class Noisy:
    """Texts, the labels they are given, the right ones, and the places where these differ."""

    texts: list[str]
    given: list[str]
    right: list[str]
    wrong: set[int]


def noisy(count: int, share: float = 0.08, seed: int = 1) -> Noisy:
    """So many different texts about four topics; the labels of a share of them are another topic's."""
    rng = Random(seed)
    right = [[*TOPICS][at % len(TOPICS)] for at in range(count)]
    texts = [_text(label, rng) for label in right]
    wrong = set(rng.sample(range(count), round(share * count)))
    given = [
        rng.choice([one for one in TOPICS if one != label]) if at in wrong else label for at, label in enumerate(right)
    ]
    return Noisy(texts, given, right, wrong)


def _text(label: str, rng: Random) -> str:
    words = rng.choices(COMMON.split(), k=12) + rng.choices(TOPICS[label].split(), k=3)
    words += rng.choices(TOPICS[rng.choice([*TOPICS])].split(), k=1)
    rng.shuffle(words)
    return " ".join(words)
