"""A tagger that finds entities: a conditional random field over the words of a text."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from seedbed.core.errors import MissingExtra
from seedbed.core.record import Span
from seedbed.core.tokens import UNSPACED
from seedbed.formats.conll import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seedbed.reports.entities import Text

_RANGES = "".join(f"{chr(first)}-{chr(last)}" for first, last in UNSPACED)
_PIECE = re.compile(f"[{_RANGES}]|[^{_RANGES}]+")
Bounds = list[tuple[int, int]]


def tag(learned: Sequence[Text], asked: Sequence[str]) -> list[tuple[Span, ...]]:
    """The entities of some texts, found by what was learned from others; see `Tagger`.

    A linear-chain conditional random field (Lafferty, McCallum and Pereira, 2001) by CRFsuite, with the features of its
    tutorial: a word, its ends and its shape, and the same of the words beside it; L-BFGS with both penalties at 0.1,
    fifty rounds. It is the same on every run.

    Args:
        learned: texts with their spans; a span within a word counts for the whole word, of two that overlap the longer.
        asked: texts to find spans in.

    Raises:
        MissingExtra: python-crfsuite is not installed.
    """
    require()
    import pycrfsuite

    trainer = pycrfsuite.Trainer(
        "lbfgs", {"c1": 0.1, "c2": 0.1, "max_iterations": 50, "feature.possible_transitions": True}, verbose=False
    )
    for text, spans in learned:
        bounds = pieces(text)
        if bounds:
            trainer.append(_features(text, bounds), _tags(bounds, spans))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        trainer.train(str(path))
        model = path.read_bytes()
    tagger = pycrfsuite.Tagger()
    with tagger.open_inmemory(model):  # it holds no reference to these bytes: they must outlive it
        return [tuple(_spans(own, tagger.tag(_features(text, own)))) for text in asked for own in [pieces(text)]]


def require() -> None:
    """Says so at once where the library is missing.

    Raises:
        MissingExtra: it is not installed.
    """
    if find_spec("pycrfsuite") is None:
        raise MissingExtra("Measuring usefulness for entities", "proof")


def pieces(text: str) -> Bounds:
    """Where the words and punctuation marks begin and end; of scripts without spaces each character is one."""
    return [
        (start + found.start(), start + found.end())
        for start, end in tokens(text)
        for found in _PIECE.finditer(text[start:end])
    ]


def _features(text: str, bounds: Bounds) -> list[list[str]]:
    words = [text[start:end] for start, end in bounds]
    own = [_of_word(word) for word in words]
    near = [[features[0], *features[3:]] for features in own]
    return [
        [
            *features,
            *(f"-1:{one}" for one in (near[at - 1] if at else ["begin"])),
            *(f"+1:{one}" for one in (near[at + 1] if at + 1 < len(near) else ["end"])),
        ]
        for at, features in enumerate(own)
    ]


def _of_word(word: str) -> list[str]:
    shape = re.sub(r"(.)\1+", r"\1", "".join("A" if c.isupper() else "0" if c.isdigit() else "a" for c in word))
    return [f"word={word.casefold()}", f"end={word[-3:].casefold()}", f"begin={word[:3].casefold()}", f"shape={shape}"]


def _tags(bounds: Bounds, spans: Iterable[Span]) -> list[str]:
    """IOB2."""
    tags = ["O"] * len(bounds)
    for span in sorted(spans, key=lambda one: (one.start - one.end, one.start)):
        places = [at for at, (start, end) in enumerate(bounds) if start < span.end and end > span.start]
        if all(tags[at] == "O" for at in places):
            for at in places:
                tags[at] = f"I-{span.label}" if at > places[0] else f"B-{span.label}"
    return tags


def _spans(bounds: Bounds, tags: Iterable[str]) -> Iterator[Span]:
    """The spans that tags mean; an I after another label begins one, as in conlleval."""
    open_span: Span | None = None
    for (start, end), tag in zip(bounds, tags, strict=True):
        label = tag[2:]
        if open_span and tag[0] == "I" and label == open_span.label:
            open_span = Span(open_span.start, end, label)
            continue
        if open_span:
            yield open_span
        open_span = Span(start, end, label) if label else None
    if open_span:
        yield open_span
