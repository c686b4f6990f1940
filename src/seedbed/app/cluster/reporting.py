"""A report on Parquet files made by a cluster: counts that add up, duplicates by hashes, and samples drawn as on one
machine."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seedbed.augmentation.layers import main_columns
from seedbed.core.errors import InputError, MissingExtra
from seedbed.core.near.finder import Prepared, PreparedFinder
from seedbed.executors.blocks import at_desk
from seedbed.formats.parquet_parts import Kinds, Parts
from seedbed.reports.balance import against_equal_shares
from seedbed.reports.bias import bias
from seedbed.reports.diversity import LISTED, SAMPLE, Sizes, common_openings, described, repeated, sampled
from seedbed.reports.duplicates import Clusters, Repeats, Values, again_of, crossing, largest
from seedbed.reports.duplicates import described as described_repeats
from seedbed.reports.duplicates import shown as shown_repeats
from seedbed.reports.finding import Finding, left_out
from seedbed.reports.findings import findings
from seedbed.reports.meaning import semantic, vendi
from seedbed.reports.table import Table

from ..data.folders import anywhere, files_of
from ..reports.dedup import SEMANTIC, check_columns
from ..reports.finding import drawn, groups, vectors_of
from ..reports.measuring import NEEDS, Question, check_question
from ..reports.report import Report
from ..stages import Stage
from .deduplicating import kinds_of
from .passing import Following, Item
from .telling import PROMPT, Ask, Rows, Scattered, Shown, Sums, tell_rows, tell_sample

if TYPE_CHECKING:
    from seedbed.executors.blocks import Passes
    from seedbed.executors.ray import Cluster

    from ..stages import Watch

SECTIONS = ("balance", "duplicates", "diversity", "bias")
MEMBERS = 1000
"""So many records of a cluster are looked at for its examples."""


@dataclass(frozen=True, slots=True)
class Task:
    """Which files are reported on, what they are called, and what is asked."""

    given: str
    name: str
    question: Question


def report_by_blocks(cluster: Cluster, given: str, question: Question, watch: Watch) -> Report:
    """The report on Parquet files.

    Raises:
        InputError: they cannot be read, or a section cannot be made so.
    """
    check_question(question)
    for section in question.only:
        if section not in SECTIONS:
            raise InputError(
                f"The section `{section}` is not made by --executor ray, as it looks at all records together.",
                f"Made are {', '.join(SECTIONS)}; report on a sample of the records without --executor.",
            )
    name = given.rstrip("/").rpartition("/")[2]
    return at_desk(cluster, _carry_out, Task(anywhere(given), name, question), watch)


def _carry_out(passes: Passes, task: Task) -> Report:
    """At the desk."""
    question, found, follow = task.question, Parts.of(map(str, files_of(task.given))), Following(passes)
    kinds = kinds_of(follow, found, "Reading")
    if not kinds:
        raise InputError("There are no records to report on.")
    ask = _asked(question, kinds)
    heard = Heard(question, ask)
    for told in passes.over(tell_rows, map(Item, found.parts), ask):
        heard.take_in(told)
        passes.stage = Stage("Measuring", len(heard.keys), found.records)
    heard.settle()
    sample = _fetched(follow, found, ask, heard.wanted())
    return _report(task, Measured(heard, sample))


def _report(task: Task, measured: Measured) -> Report:
    question, heard = task.question, measured.heard
    figures: dict[str, Any] = {"input": task.name, "records": len(heard.keys)}
    lacking = list[Finding]()
    for section in filter(heard.asks, SECTIONS):
        try:
            own = getattr(measured, section)()
        except MissingExtra as error:
            lacking.append(left_out(section, f"This section is left out. {error.message}", f"{error.hint}."))
            continue
        if own:
            figures[section] = own
        elif section in question.only:
            lacking.append(left_out(section, f"There is nothing to measure: it needs {NEEDS[section]}."))
    if heard.labelled and not question.only:
        said = "This section is left out: it learns from all records together."
        lacking.append(left_out("labels", said, "Report on a sample of the records without --executor."))
    return Report(task.name, figures, [*findings(figures), *lacking])


def _asked(question: Question, kinds: Kinds) -> Ask:
    known = tuple(name for name in kinds if name != "spans" or kinds[name] != "spans")
    check_columns((*question.columns, *([question.label] if question.label else [])), known)
    return Ask(tuple(question.columns) or main_columns(known), question.label or "label", known)


def _fetched(follow: Following, found: Parts, ask: Ask, wanted: Collection[int]) -> dict[int, Shown]:
    items, places, at = list[Item](), sorted(wanted), 0
    for part in found.parts:
        start = at
        while at < len(places) and places[at] < part.first + part.rows:
            at += 1
        if at > start:
            items.append(Item(part, places[start:at]))
    told = follow.over("Fetching a sample", tell_sample, items, ask)
    return {one.place: one for several in told for one in several}


class Coded(Sequence[str]):
    """Values of all records, of which there are few different ones, at four bytes each."""

    def __init__(self) -> None:
        self.sizes: Counter[str] = Counter()
        self._codes, self._numbers, self._names = array("I"), dict[str, int](), list[str]()

    def add(self, value: str) -> None:
        """The value of one more record."""
        number = self._numbers.get(value)
        if number is None:
            number = self._numbers[value] = len(self._names)
            self._names.append(value)
        self._codes.append(number)
        self.sizes[value] += 1

    def __getitem__(self, place: int) -> str:  # type: ignore[override]
        return self._names[self._codes[place]]

    def __len__(self) -> int:
        return len(self._codes)

    def places(self, value: str, ranks: Sequence[int]) -> Iterator[int]:
        """Where the records with a value are that have these ranks among them, in ascending order."""
        number, waiting, met = self._numbers[value], iter(ranks), -1
        rank = next(waiting, None)
        for place, code in enumerate(self._codes):
            if rank is None:
                return
            met += code == number
            if code == number and met == rank:
                yield place
                rank = next(waiting, None)


@dataclass(slots=True)
class Heard:
    """What the desk keeps of all records: numbers for each, and counts."""

    question: Question
    ask: Ask
    keys: array[int] = field(default_factory=lambda: array("Q"))
    labels: Coded = field(default_factory=Coded)
    models: Coded = field(default_factory=Coded)
    prompts: Coded = field(default_factory=Coded)
    lengths: dict[str | None, Counter[int]] = field(default_factory=dict)
    vocabularies: dict[str | None, set[int]] = field(default_factory=dict)
    sums: Sums = field(init=False)
    repeats: Repeats = field(init=False)
    _clusters: Clusters[Prepared] = field(init=False)

    def __post_init__(self) -> None:
        self.sums = Sums(self.ask.candidates())
        self._clusters = Clusters(PreparedFinder(self.question.near))

    def asks(self, section: str) -> bool:
        """Whether a section is wanted."""
        return not self.question.only or section in self.question.only

    def take_in(self, told: Rows | Sums) -> None:
        """What a worker told of some records, or of a part."""
        if isinstance(told, Sums):
            self.sums.take_in(told)
            return
        twins, diverse = self.asks("duplicates"), self.asks("diversity")
        for (text, words), key, label in zip(told.texts(), told.keys, told.labels, strict=True):
            if text is not None and twins:
                self._clusters.add(len(self.keys), text, label)
            self.keys.append(key)
            self.labels.add(label)
            for name in (None, label) if diverse else ():
                self.lengths.setdefault(name, Counter())[len(words)] += 1
                self.vocabularies.setdefault(name, set()).update(words)
        for coded, values in ((self.models, told.models), (self.prompts, told.prompts)):
            for value in values:
                coded.add(value)

    def settle(self) -> None:
        """After the last record: which are too many."""
        clusters = list(self._clusters.members.values())
        found = [one for places in clusters for one in again_of(places, map(self._row, places))]
        self.repeats = Repeats(found, clusters, self.keys.count(0))

    def _row(self, place: int) -> tuple[str, int]:
        return self.labels[place], self.keys[place]

    @property
    def labelled(self) -> bool:
        """Whether any record has a label."""
        return any(self.labels.sizes)

    def wanted(self) -> set[int]:
        """The places of all records whose texts are looked at."""
        count, seed, places = len(self.keys), self.question.seed, set[int]()
        if self.asks("duplicates"):
            places.update(place for one in crossing(self.repeats.found) for place in (one.place, one.like))
            places.update(place for one in largest(self.repeats.clusters) for place in one[:MEMBERS])
        if self.asks("diversity"):
            places.update(self.sums.first[opening] for opening, _ in self.sums.openings.most_common(LISTED))
            places.update(sampled(count, SAMPLE, seed), sampled(count, SAMPLE * 5, 7))
            places.update(place for label in self.labels.sizes for place in self.of_label(label))
        return places | set(drawn(count, seed))

    def of_label(self, label: str) -> Iterator[int]:
        """The places of the sample of a label's records."""
        return self.labels.places(label, sampled(self.labels.sizes[label], SAMPLE, self.question.seed))


@dataclass(frozen=True, slots=True)
class Measured:
    """The sections, of what was heard and of the records of the sample."""

    heard: Heard
    sample: Mapping[int, Shown]

    def _table(self) -> Table:
        """The records by their places, as far as they are known."""
        size, sample = len(self.heard.keys), self.sample
        texts = Scattered({place: one.text for place, one in sample.items()}, size)
        names = Scattered({place: one.name for place, one in sample.items()}, size)
        return Table(names, texts, self.heard.labels, [], [])

    def balance(self) -> dict[str, Any] | None:
        """See `reports.balance`."""
        axes = self.heard.sums.candidates.axes(len(self.heard.keys))
        counts = {"label": self.heard.labels.sizes, **axes} if self.heard.labelled else axes
        return against_equal_shares(counts) if counts else None

    def duplicates(self) -> dict[str, Any]:
        """See `reports.duplicates`."""
        heard, table = self.heard, self._table()
        by = {"label": heard.labels, "model": heard.models, PROMPT: heard.prompts}
        values = {name: Values(one.__getitem__, one.sizes) for name, one in by.items() if any(one.sizes)}
        shortly = heard.repeats._replace(clusters=_cut(heard.repeats.clusters))
        found = {
            "threshold": heard.question.near,
            **described_repeats(heard.repeats, values, len(table)),
            **shown_repeats(table, shortly),
        }
        for shown, places in zip(found["clusters"], largest(heard.repeats.clusters), strict=True):
            shown["records"] = len(places)
        places = drawn(len(table), heard.question.seed)
        vectors = vectors_of([table.texts[place] for place in places])
        return found if vectors is None else {**found, "semantic": semantic(table, places, vectors, SEMANTIC)}

    def diversity(self) -> dict[str, Any]:
        """See `reports.diversity`; each block is compressed by itself."""
        heard, count, seed, sums = self.heard, len(self.heard.keys), self.heard.question.seed, self.heard.sums
        figures = {
            **self._described(None, sampled(count, SAMPLE, seed)),
            "openings": common_openings(sums.openings, count, lambda one: self.sample[sums.first[one]].text),
            "repeated": repeated([self.sample[place].text for place in sampled(count, SAMPLE * 5, 7)]),
        }
        if heard.labelled:
            figures["by_label"] = {label: self._described(label, heard.of_label(label)) for label in heard.labels.sizes}
        vectors = vectors_of([self.sample[place].text for place in drawn(count, seed)])
        return figures if vectors is None else {**figures, "vendi": vendi(vectors)}

    def _described(self, label: str | None, places: Iterable[int]) -> dict[str, Any]:
        heard = self.heard
        texts, packed = [self.sample[place].text for place in places], heard.sums.sizes.get(label, Sizes())
        return described(heard.lengths[label], len(heard.vocabularies[label]), texts, packed.ratio())

    def bias(self) -> dict[str, Any]:
        """See `reports.bias`."""
        return bias(*groups(self._table(), self.heard.question.seed))


def _cut(clusters: Sequence[Sequence[int]]) -> list[Sequence[int]]:
    """The largest ones, with the records whose texts are known."""
    return [one[:MEMBERS] for one in largest(clusters)]
