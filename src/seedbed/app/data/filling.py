"""Sentences with slots, filled: which templates, which values, and the records they make."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.augmentation.filling import Filler, needed
from seedbed.augmentation.proposals import values_prompt
from seedbed.core.dice import stable_hash
from seedbed.core.errors import InputError, RunFailed, nearest
from seedbed.core.record import Record

from ..loop import run_blocking
from ..stages import Watch, counted, unwatched
from .asking import AT_ONCE, ROUNDS, questions, unsaid
from .lexicon import FAKED, WELL_KNOWN, Entry, Lexicon, clean, faked, faker, listed_in, mentions, well_known

if TYPE_CHECKING:
    from seedbed.augmentation.slots import SlotTemplate

    from ..existing import Source
    from ..output import Output
    from ..workspace import Workspace

ASKED = 50
"""Values that a model is asked for where nobody says how many."""

WHERE = (
    "Values come from entities in data (--from), from a --lexicon, and for common names such as PER, LOC and ORG from "
    "Faker (--faker en_US)."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted.

    `data` are sources whose entities are values, the `lexicon` wins over them; `faker` is the locale in which Faker
    fills well-known names that are in neither. What is `plain` becomes no span.
    """

    templates: Sequence[SlotTemplate]
    per_template: int
    data: Sequence[Source] = ()
    lexicon: Lexicon = field(default_factory=Lexicon)
    faker: str | None = None
    plain: Sequence[str] = ()
    seed: int = 0


@dataclass(slots=True)
class Filling:
    """Templates with values at hand; `asked` are the values that a model gave. Templates may be added."""

    templates: list[SlotTemplate]
    per_template: int
    filler: Filler
    asked: Mapping[str, Sequence[str]]
    watch: Watch = unwatched

    @property
    def columns(self) -> list[str]:
        """The columns of its records."""
        own = (name for template in self.templates for name in template.columns)
        return list(dict.fromkeys(["text", "spans", *own]))

    def records(self) -> Iterator[Record]:
        """The records; the figures are whole after the last one.

        Raises:
            InputError: there is not a single one.
        """
        empty = True
        made = (record for template in self.templates for record in self.filler.fill(template, self.per_template))
        for record in counted(made, self.watch, "Filling", self.per_template * len(self.templates)):
            empty = False
            yield record
        if empty:
            first = self.filler.tallies[0]
            raise InputError(f"{first.template.place}: nothing can be filled in: {first.lack}.", WHERE)

    def figures(self) -> dict[str, Any]:
        """As in `--json`."""
        tallies = self.filler.tallies
        totals = {"requested": sum(one.requested for one in tallies), "made": sum(one.made for one in tallies)}
        found = {**totals, "templates": [one.as_dict() for one in tallies]}
        return {**found, "asked": {name: list(values) for name, values in self.asked.items()}}


def prepare(workspace: Workspace, wish: Wish, say: Callable[[str], None] = unsaid, watch: Watch = unwatched) -> Filling:
    """Gathers the values of all slots; models are asked for theirs.

    Raises:
        InputError: a slot has no values, or what is to give them cannot be used.
        RunFailed: a model gave none.
    """
    if wish.per_template < 1:
        raise InputError("At least one record must be made of each template.", "For example: --per-template 10")
    found = _entities(wish, watch)
    common = {label for one in wish.templates for label in one.slots.values() if label.casefold() in WELL_KNOWN}
    known = {*found, *wish.lexicon.entries, *(common if wish.faker else ())}
    names = needed(wish.templates, known, WHERE)
    for name in wish.plain:
        if name not in names:
            raise InputError(f"--plain {name}: no template has the slot `{{{name}}}`.", nearest(name, names))
    wanted = {name: wish.lexicon.entries[name] for name in names if name in wish.lexicon.entries}
    asked = {name: entry for name, entry in wanted.items() if entry.model is not None}
    values: dict[str, Sequence[str]] = {name: found[name] for name in names if name in found and name not in wanted}
    values |= {name: _given(name, entry, wish) for name, entry in wanted.items() if name not in asked}
    values |= {name: well_known(name, wish.faker or "", wish.seed) for name in names if name not in {*values, *asked}}
    answers = run_blocking(_answers(workspace, asked, wish, say)) if asked else {}
    plain = {*wish.plain, *(name for name, entry in wanted.items() if entry.plain)}
    filler = Filler({**values, **answers}, plain, wish.seed)
    return Filling(list(wish.templates), wish.per_template, filler, answers, watch)


def check_output(output: Output, inputs: Sequence[Path]) -> None:
    """Whether the file can be written, before anything else is done.

    Raises:
        InputError: it cannot, or it is one of those that are read.
    """
    for path in inputs:
        if path.exists() and output.path.exists() and path.samefile(output.path):
            raise InputError(f"{path} is a file that is read; it would be lost.", "Write to another file.")
    output.check()


def _entities(wish: Wish, watch: Watch) -> dict[str, list[str]]:
    given = (record for source in wish.data for record in source())
    found = mentions(counted(given, watch, "Reading entities") if wish.data else ())
    if wish.data and not found:
        hint = "They stand in a column `spans`, or in a format for entities such as .conll."
        raise InputError("The data of --from have no entities.", hint)
    return found


def _given(name: str, entry: Entry, wish: Wish) -> Sequence[str]:
    """The values of an entry that nobody has to be asked for."""
    if entry.values is not None:
        return entry.values
    with wish.lexicon.at(name):
        if entry.file is not None:
            return listed_in(entry.file, wish.lexicon.folder)
        assert entry.faker is not None
        return faked(faker(entry.faker, entry.locale), entry.count or FAKED, stable_hash(wish.seed, name))


async def _answers(
    workspace: Workspace, asked: Mapping[str, Entry], wish: Wish, say: Callable[[str], None]
) -> dict[str, list[str]]:
    found = {}
    for name, entry in asked.items():
        with wish.lexicon.at(name):
            found[name] = await _listed(workspace, name, entry, wish.templates, say)
    return found


async def _listed(
    workspace: Workspace, name: str, entry: Entry, templates: Sequence[SlotTemplate], say: Callable[[str], None]
) -> list[str]:
    """The values that a model lists, asked for a few times.

    Raises:
        RunFailed: there is none among its answers.
    """
    assert entry.model is not None
    found: dict[str, str] = {}
    wanted = entry.count or ASKED
    rounds = ROUNDS * -(-wanted // AT_ONCE)
    async with questions(workspace, entry.model, say) as door:
        while len(found) < wanted and door.calls < rounds:
            n = min(AT_ONCE, wanted - len(found))
            prompt = values_prompt(entry.instruction, name, n, list(found.values()), templates)
            for text in await door.items(prompt, "values", n):
                value = clean(text).rstrip(";,")
                value = value.removesuffix(".") if value.count(".") == 1 else value
                if value and len(found) < wanted:
                    found.setdefault(value.casefold(), value)
    if not found:
        message = f"lexicon.{name}: {entry.model} listed nothing that can be filled in."
        raise RunFailed(message, "Say more clearly what to list in its `instruction`, or name another model.")
    if len(found) < wanted:
        say(f"{name}: {entry.model} listed {len(found):,} of {wanted:,} values.")
    return list(found.values())
