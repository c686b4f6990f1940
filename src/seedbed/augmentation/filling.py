"""Records from sentences with slots: as many different ones as are wanted, with the spans of what was filled in."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from seedbed.core.dice import Dice, stable_hash
from seedbed.core.errors import InputError
from seedbed.core.record import Record, Span

from .combinations import Combinations, Group
from .slots import Slot, SlotTemplate, cased

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence

FRUITLESS = 10_000
"""Combinations in a row whose text is there already before a template is given up: they need not end in any time."""

TAG = "filled"


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of a template: how many records were wanted and made, how many combinations of its values there are.

    `lack` says in words why there are fewer than were wanted.
    """

    template: SlotTemplate
    requested: int
    made: int
    combinations: int
    lack: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As in `--json`."""
        figures = {"requested": self.requested, "made": self.made, "combinations": self.combinations}
        return {"template": self.template.text, "place": self.template.place, **figures, "lack": self.lack or None}


def under(slot: str, label: str, known: Container[str]) -> str:
    """What the values of a slot are under: its whole name if that is known, else its label."""
    return slot if slot in known else label


def needed(templates: Iterable[SlotTemplate], known: Collection[str], hint: str) -> list[str]:
    """What the values of all slots are under, each once.

    Args:
        templates: the templates.
        known: the names there are values for.
        hint: where values come from.

    Raises:
        InputError: names the first slot that has none, and the nearest name that has.
    """
    found: dict[str, None] = {}
    for template in templates:
        for slot, label in template.slots.items():
            name = under(slot, label, known)
            if name not in known:
                message = f"{template.place}: there are no values for the slot `{{{slot}}}`."
                raise InputError(message, " ".join([*_near(label, known), hint]))
            found[name] = None
    return list(found)


def _near(label: str, known: Collection[str]) -> list[str]:
    """The nearest known name, also where names are as short as PER and PRE, and all of them."""
    names = sorted(known)
    close = get_close_matches(label.casefold(), [name.casefold() for name in names], n=1, cutoff=0.5)
    near = [name for name in names if [name.casefold()] == close][:1]
    return [*(f"Did you mean `{name}`?" for name in near), *([f"Known: {', '.join(names[:20])}."] if names else [])]


class Filler:
    """Fills templates, one after the other; no text comes twice, and values go on where the template before ended.

    Args:
        values: label → its values; what is drawn depends on which there are, not on their order.
        plain: labels whose values become no spans.
        seed: decides what is drawn.
    """

    def __init__(self, values: Mapping[str, Collection[str]], plain: Collection[str] = (), seed: int = 0) -> None:
        self._values = values
        self._plain = frozenset(plain)
        self._seed = seed
        self._seen: set[int] = set()
        self._used: dict[str, int] = {}
        self._pools: dict[tuple[str, tuple[tuple[str, ...], ...]], list[str]] = {}
        self.tallies: list[Tally] = []

    def fill(self, template: SlotTemplate, wanted: int) -> Iterator[Record]:
        """Up to so many records, and then one more of the `tallies`."""
        names = self._names(template)
        pools = {label: self._pool(label, template) for label in names}
        sizes = [Group(len(pools[label]), len(slots), self._used.get(label, 0)) for label, slots in names.items()]
        combinations = Combinations(sizes, stable_hash("fill", self._seed, template.text))
        made = idle = number = 0
        while number < combinations.count and made < wanted and idle < FRUITLESS:
            chosen = self._chosen(combinations[number], names, pools)
            number += 1
            record = self._record(template, chosen)
            idle = 0 if record else idle + 1
            if record:
                made += 1
                yield record
        for label in names:
            self._used[label] = self._used.get(label, 0) + number
        lack = ""
        if made < wanted:
            why = _few(names, pools) or _ran_out(made, number, combinations.count)
            lack = f"{made:,} of {wanted:,}: {why}"
        self.tallies.append(Tally(template, wanted, made, combinations.count, lack))

    def _names(self, template: SlotTemplate) -> dict[str, list[str]]:
        """The slots by what their values are under."""
        names: dict[str, list[str]] = {}
        for name, label in template.slots.items():
            names.setdefault(under(name, label, self._values), []).append(name)
        return names

    def _pool(self, label: str, template: SlotTemplate) -> list[str]:
        """The values of a label in an order by chance; those that read the same in this template count once."""
        slots = (one for one in template.pieces if isinstance(one, Slot))
        forms = tuple(sorted({one.cases for one in slots if under(one.name, one.label, self._values) == label}))
        if (label, forms) not in self._pools:
            values = self._shuffled(label)
            self._pools[label, forms] = list(
                {tuple(cased(one, form) for form in forms): one for one in values}.values()
            )
        return self._pools[label, forms]

    def _shuffled(self, label: str) -> list[str]:
        values, dice = sorted(set(self._values[label])), Dice(stable_hash("values", self._seed, label))
        for place in range(len(values) - 1, 0, -1):
            other = dice.below(place + 1)
            values[place], values[other] = values[other], values[place]
        return values

    def _chosen(
        self, found: list[list[int]], names: Mapping[str, Sequence[str]], pools: Mapping[str, Sequence[str]]
    ) -> dict[str, str]:
        pairs = zip(names.items(), found, strict=True)
        return {
            name: pools[label][at] for (label, slots), places in pairs for name, at in zip(slots, places, strict=True)
        }

    def _record(self, template: SlotTemplate, chosen: Mapping[str, str]) -> Record | None:
        """The record, unless its text is there already."""
        text, spans = self._filled(template, chosen)
        number = stable_hash(text)
        if number in self._seen:
            return None
        self._seen.add(number)
        filled = {name: chosen[name] for name in template.slots}
        origin = {"template": template.text, "values": filled, "seed": self._seed}
        values = {"text": text, **template.columns}
        return Record(values, tuple(spans), f"{TAG}-{number:016x}", tags=(TAG,), origin=origin)

    def _filled(self, template: SlotTemplate, chosen: Mapping[str, str]) -> tuple[str, list[Span]]:
        text, spans, stopped = "", [], False
        for piece in template.pieces:
            if isinstance(piece, str):
                # "… in the U.S." has one full stop, not two.
                doubled = stopped and piece.startswith(".") and not piece.startswith("..")
                text += piece[doubled:]
                stopped = stopped and not piece
                continue
            value = cased(chosen[piece.name], piece.cases)
            text += piece.before(chosen[piece.name])
            label = under(piece.name, piece.label, self._values)
            if label not in self._plain:
                spans.append(Span(len(text), len(text) + len(value), label))
            text += value
            stopped = value.endswith(".")
        return text, spans


def _few(names: Mapping[str, Sequence[str]], pools: Mapping[str, Sequence[str]]) -> str:
    """Why a template has no combinations to speak of, if it has none."""
    if not names:
        return "it has no slots"
    for label, slots in names.items():
        if len(pools[label]) < len(slots):
            are = f"{'is' if len(pools[label]) == 1 else 'are'} {len(pools[label])}"
            return f"{', '.join(f'{{{slot}}}' for slot in slots)} need {len(slots)} different values, and there {are}"
    return ""


def _ran_out(made: int, tried: int, count: int) -> str:
    if made == count:
        return f"only {count:,} combination{'s exist' if count != 1 else ' exists'}"
    those = "the others" if tried == count else f"the last {FRUITLESS:,} that were tried"
    return f"of {count:,} combinations {those} give texts that are there already"
