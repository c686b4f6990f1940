"""A recipe written from real data: what is in it, how often, how long, with a few of its texts as examples."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import zip_longest
from os.path import relpath
from random import Random
from typing import TYPE_CHECKING

import yaml

from seedbed.core.errors import InputError, MissingExtra, nearest
from seedbed.core.record import flat_text
from seedbed.core.tokens import tokens
from seedbed.generators.cells import OWN_COLUMNS
from seedbed.generators.classification import Classification

from ..recipes import recipe_name, write_recipe
from .convert import Reading, columns_of
from .split import main_column

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from seedbed.core.record import Record

EXAMPLES = 8
LONGEST = 600
"""Characters of an example."""

FEW = 12
RARE = 0.05
"""A column with at most `FEW` values, each standing for so many of the rows at least on average, becomes an axis."""

MOST_LABELS = 500
LONGEST_LABEL = 200
"""Characters; a column with a longer value holds texts."""

_PLAIN = re.compile(r"(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z](?:[A-Za-z0-9_ -]*[A-Za-z0-9_])?", re.I)
_ESCAPED = re.compile(r"\\U([0-9A-F]{8})|\\.")  # emoji, which the library does not leave as they are
_PERSONAL = (
    (re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w"), "<EMAIL_ADDRESS>"),
    (re.compile(r"\+?\d(?:[ ()/.-]{0,2}\d){6,}"), "<NUMBER>"),
)

HEAD = """\
# A Seedbed recipe made from the {rows:,} rows of {file}. Look it through, then: seedbed preview {path}
name: {name}

# Who writes: `embedded` is a small local model that needs no key; others are connection:model, such as
# openai:gpt-4o-mini (key in OPENAI_API_KEY) or ollama:llama3.1:8b.
model: embedded

generator:
"""
LABELLED = """\
  kind: classification
  # Say in your own words what these texts are and who writes them: it matters more than anything else.
  instruction: one text of the kind shown in the examples
  count: {rows}  # as many as there are rows
  labels:  # the column `{label}`; write behind each what it means
{labels}"""
UNLABELLED = """\
  kind: prompt
  # Say in your own words what these texts are and who writes them: it matters more than anything else.
  prompt: Write one text of the kind shown in the examples.
  count: {rows}  # as many as there are rows
  # There is no column `label`; where another one holds labels, name it: seedbed init --like {file} --label COLUMN
"""
TAIL = """

checks:
  - {{kind: length, min_words: {low}, max_words: {high}}}  # as all rows but the shortest and longest 1 %
{against}seed: 7
output: {name}-new.csv
"""
NO_EXAMPLES = f"# no examples: all texts are longer than {LONGEST} characters"
AGAINST = "  # - {{kind: near_duplicate, against: [{file}]}}  # nothing that nearly is one of the rows\n"

Mask = Callable[[str], str]


@dataclass(slots=True)
class _Seen:
    """What is in the rows; `counts` are of the columns with few values, `types` of `type` within `category`."""

    text: str
    label: str | None
    counts: dict[str, Counter[str]]
    types: dict[str, dict[str, None]] = field(default_factory=dict)
    rows: int = 0
    lengths: Counter[int] = field(default_factory=Counter)
    examples: dict[str, list[Record]] = field(default_factory=dict)
    fitting: Counter[str] = field(default_factory=Counter)

    def add(self, record: Record, rng: Random) -> None:
        """The next row."""
        self.rows += 1
        for column, counts in list(self.counts.items()):
            value = _value(record, column)
            if value:
                counts[value] += 1
            if len(counts) > (MOST_LABELS if column == self.label else FEW) or len(value) > LONGEST_LABEL:
                del self.counts[column]
        types = self.types.setdefault(_value(record, "category"), {})
        if len(types) <= FEW and (kind := _value(record, "type")):
            types[kind] = None
        text = _value(record, self.text)
        if text:
            self.lengths[len(tokens(text))] += 1
        if 0 < len(text) <= LONGEST:
            self._sample(record, rng)

    def _sample(self, record: Record, rng: Random) -> None:
        """Each row of a label is equally likely to be kept."""
        label = _value(record, self.label) if self.label else ""
        self.fitting[label] += 1
        kept = self.examples.setdefault(label, [])
        if len(kept) < EXAMPLES:
            kept.append(record)
        elif (place := rng.randrange(self.fitting[label])) < EXAMPLES:
            kept[place] = record


def write_like(path: Path, real: Path, *, text: str | None, label: str | None, force: bool) -> int:
    """Writes a commented recipe for more of what the file `real` holds; answers how many rows that has.

    Args:
        path: of the recipe.
        real: the data.
        text: the column of the texts; found by its name or its length if not given.
        label: the column of the labels; `label` if not given. Without one the recipe is for a plain prompt.
        force: overwrite a recipe that is there.

    Raises:
        InputError: the data cannot be read or lack a column, or the recipe exists or cannot be written.
    """
    seen = _look(real, text, label)
    mask, note = _mask()
    axes = _axes(seen, mask) if seen.label else {}
    body = _labelled(seen, axes) if seen.label else UNLABELLED.format(rows=seen.rows, file=real)
    examples = list(_examples(seen, axes, mask))
    head = f"examples:  # real ones, for you to look through: {note}"
    body += "\n".join([f"  {head if examples else NO_EXAMPLES}", *examples])
    about = {"rows": seen.rows, "file": real, "path": path, "name": recipe_name(path)}
    low, high = (max(1, _percentile(seen.lengths, share)) for share in (0.01, 0.99))
    near = AGAINST.format(file=_scalar(relpath(real, path.parent))) if seen.text == "text" else ""
    write_recipe(
        path, HEAD.format(**about) + body + TAIL.format(**about, low=low, high=high, against=near), force=force
    )
    return seen.rows


def _look(real: Path, text: str | None, label: str | None) -> _Seen:
    source = Reading(real).source()
    columns = columns_of(source())
    for flag, column in (("--text", text), ("--label", label)):
        if column and column not in columns:
            raise InputError(f"{flag} {column}: there is no such column in {real}.", nearest(column, columns))
    label = label or ("label" if "label" in columns else None)
    text = text or main_column([name for name in columns if name != label], source())
    counted = [name for name in columns if name.strip() and name != text and (name == label or name not in OWN_COLUMNS)]
    seen, rng = _Seen(text, label, {name: Counter() for name in counted}), Random(7)
    for record in source():
        seen.add(record, rng)
    if not seen.lengths:
        raise InputError(f"{real} has no texts in its column `{text}`.", "Name another one: --text COLUMN")
    if label and not seen.counts.get(label):
        why = "" if label in seen.counts else f" (over {MOST_LABELS}, or over {LONGEST_LABEL} characters)"
        raise InputError(f"The column `{label}` of {real} holds no labels{why}.", "Name another one: --label COLUMN")
    return seen


def _axes(seen: _Seen, mask: Mask) -> dict[str, Counter[str]]:
    """Further columns with few values, as long as there are no more cells than rows."""
    axes: dict[str, Counter[str]] = {}
    cells = len(seen.counts[seen.label or ""])
    for column, counts in seen.counts.items():
        taken = column == seen.label or column in Classification.reserved - {"category"}
        few = 1 < len(counts) <= min(FEW, RARE * seen.rows) and cells * len(counts) <= seen.rows
        if few and not taken and all(mask(value) == value for value in counts):
            axes[column] = counts
            cells *= len(counts)
    return axes


def _labelled(seen: _Seen, axes: dict[str, Counter[str]]) -> str:
    counts = seen.counts[seen.label or ""]
    labels = "\n".join(f"    {_scalar(name)}:" for name, _ in counts.most_common())
    lines = [LABELLED.format(rows=seen.rows, label=" ".join((seen.label or "").split()), labels=labels)]
    if "category" in axes:
        lines.append("  categories:  # each with its types, if it has any")
        lines += [f"    {_scalar(name)}: {_flow(seen.types[name], FEW)}" for name in axes["category"]]
    further = [name for name in axes if name != "category"]
    if further:
        lines.append("  axes:  # further columns with few values; every combination is a cell")
        lines += [f"    {_scalar(name)}: {_flow(axes[name])}" for name in further]
    lines.append("  ratios:  # weights: as often as among the rows")
    for name, values in {"label": counts, **axes}.items():
        lines.append(f"    {_scalar(name)}:")
        lines += [f"      {_scalar(one)}: {n}  # {n / values.total():.1%}" for one, n in values.most_common()]
    return "\n".join([*lines, ""])


def _examples(seen: _Seen, axes: dict[str, Counter[str]], mask: Mask) -> Iterator[str]:
    """A text of each label in turn, the commonest first."""
    columns = [*axes, *(["type"] if "category" in axes else [])]
    labels = [label for label, _ in seen.fitting.most_common() if label or not seen.label]
    turns = [record for turn in zip_longest(*(seen.examples[label] for label in labels)) for record in turn if record]
    for record in list({_value(record, seen.text): record for record in turns}.values())[:EXAMPLES]:
        text = _scalar(mask(_value(record, seen.text)), quoted=True)
        if seen.label is None:
            yield f"    - {text}"
            continue
        named = {"label": _value(record, seen.label), **{name: _value(record, name) for name in columns}}
        fields = ", ".join(f"{_scalar(name)}: {_scalar(value)}" for name, value in named.items() if value)
        yield f"    - {{{fields},\n       text: {text}}}"


def _percentile(counts: Counter[int], share: float) -> int:
    """The smallest length that at least this share of the texts does not exceed."""
    due, so_far = share * counts.total(), 0
    for length in sorted(counts):
        so_far += counts[length]
        if so_far >= due:
            return length
    return 0


def _value(record: Record, column: str) -> str:
    return flat_text(record.values.get(column)).strip()


def _scalar(text: str, *, quoted: bool = False) -> str:
    """A text as YAML, on one line."""
    if _PLAIN.fullmatch(text) and not quoted:
        return text
    escaped = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10**9).rstrip("\n")
    return _ESCAPED.sub(lambda one: chr(int(one[1], 16)) if one[1] else one[0], escaped)


def _flow(names: Collection[str], most: int = MOST_LABELS) -> str:
    return f"[{', '.join(map(_scalar, names)) if len(names) <= most else ''}]"


def _mask() -> tuple[Mask, str]:
    """What masks personal data, and what to know about it."""
    try:
        from seedbed.checks.privacy import masked

        masked("Is it there?")
    except (ImportError, MissingExtra):
        return _mask_plainly, "only e-mail addresses and long numbers are masked; with seedbed[privacy] more are"
    return lambda text: masked(text)[0], "personal data are masked, names of people are not"


def _mask_plainly(text: str) -> str:
    for pattern, word in _PERSONAL:
        text = pattern.sub(word, text)
    return text
