"""Mentions spread over texts so that unlike labels meet, in a time that does not grow with the number of texts."""

from __future__ import annotations

from collections import Counter

Left = dict[str, int]
"""Label → mentions that have no text yet."""


def spread(texts: int, left: Left) -> Counter[tuple[str, ...]]:
    """How many texts name which labels: the first half two each, the others one, always those that are most left.

    Which these are repeats itself after some turns, until a label comes near to another one: the turns until then are
    counted, not taken. What comes out is what taking them one by one gives.

    Args:
        texts: how many texts there are.
        left: one and a half mentions for each of them, rounded down.
    """
    left, found = dict(left), Counter[tuple[str, ...]]()
    for size, all_of_them in ((2, texts // 2), (1, texts - texts // 2)):
        number = all_of_them
        while number:
            before, taken = dict(left), _turns(left, size, number)
            found.update(taken)
            number -= taken.total()
            again = min(_repeats(before, left, taken.total()), number // taken.total())
            if again > 0:
                left = {label: count - again * (before[label] - count) for label, count in left.items()}
                found.update({labels: again * count for labels, count in taken.items()})
                number -= again * taken.total()
    return found


def _turns(left: Left, size: int, most: int) -> Counter[tuple[str, ...]]:
    """Takes `size` labels for each of some texts: for as many as there are labels that are nearly level."""
    level = sorted(left.values(), reverse=True)[:size][-1]
    alike = sum(count >= level - 1 for count in left.values())
    ahead = size == 2 and max(left.values()) > level + 1  # one that is taken every time
    taken = Counter[tuple[str, ...]]()
    for _ in range(min(most, max(1, alike - ahead))):
        chosen = sorted((label for label in left if left[label]), key=lambda label: -left[label])[:size]
        chosen *= size // len(chosen)
        for label in chosen:
            left[label] -= 1
        taken[tuple(chosen)] += 1
    return taken


def _repeats(before: Left, after: Left, turns: int) -> int:
    """How often as many turns do the same again for certain: while labels that fall at unlike speed are far apart."""
    falling = [
        (before[label], before[label] - after[label]) for label in sorted(before, key=lambda label: -before[label])
    ]
    gaps = [
        (high - low - 2 * turns - 1) // abs(fast - slow)
        for (high, fast), (low, slow) in zip(falling, [*falling[1:], (0, 0)], strict=True)
        if fast != slow
    ]
    return min(gaps) - 1
