"""Vectors of texts without any service: WordLlama, whose model comes in its package.

It is a table of 256 numbers for each of 32,000 tokens, distilled from the token embeddings of large models (Miller,
WordLlama, MIT licence); a text is the mean of its tokens. So it knows words and nothing of their order.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seedbed.core.vectors import Vector

ASIDE = 64
"""More texts than this are embedded in another thread."""


class Offline:
    """The `Embedder` port by WordLlama, in this process; some ten thousand short texts a second."""

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """See `Embedder.embed`; no model is asked over a network.

        Raises:
            MissingExtra: the library is not installed.
        """
        if len(texts) > ASIDE:
            return await asyncio.to_thread(_embed, texts)
        return _embed(texts)


def require() -> None:
    """Says so at once where the library is missing.

    Raises:
        MissingExtra: it is not installed.
    """
    if find_spec("wordllama") is None:
        raise MissingExtra("Comparing texts by meaning", "semantic")


def _embed(texts: Sequence[str]) -> list[Vector]:
    model = _model()
    # One by one: WordLlama's own batches are padded to their longest text, 64 kilobytes for each of its tokens.
    encoded = model.tokenizer.encode_batch(list(texts), add_special_tokens=False)
    return [_mean(model.embedding, each.ids) for each in encoded]


def _mean(table: Any, ids: Sequence[int]) -> Vector:
    import numpy as np

    if not ids:
        return b""
    mean = table[ids].mean(axis=0)
    length = float(np.linalg.norm(mean))
    return bytes((mean / length).astype("<f2").tobytes()) if length else b""


@cache
def _model() -> Any:
    require()
    with _own_logging():
        import wordllama
    folder = Path(wordllama.__file__).parent
    model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
    model.tokenizer.no_padding()
    return model


@contextmanager
def _own_logging() -> Iterator[None]:
    """WordLlama sets up logging for the whole process when it is imported."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    try:
        yield
    finally:
        root.setLevel(level)
        root.handlers[:] = handlers
