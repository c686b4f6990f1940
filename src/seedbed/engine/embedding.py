"""Who turns texts into vectors: a model of this process, or one that is asked as all others are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedbed.core.chat import Request
from seedbed.core.vectors import from_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from seedbed.core.attempt import Ask, Context
    from seedbed.core.ports import Embedder
    from seedbed.core.vectors import Meaning, Vector


class Asked:
    """The `Embedder` port by a model of a connection: one question for each text.

    Args:
        ask: puts the questions; limits, retries, budget and memory are behind it.
        model: the user's name of the model, `connection:model`.
        attempt: what the calls are known by towards the provider.
    """

    def __init__(self, ask: Ask, model: str, attempt: str) -> None:
        self._ask = ask
        self._model = model
        self._attempt = attempt

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """See `Embedder.embed`."""
        answers = [await self._ask(Request.to_embed(self._model, text, self._attempt)) for text in texts]
        return [from_text(answer.text) for answer in answers]


class Embeddings:
    """All embedding models of a run.

    Args:
        own: those of this process, by name; all others are asked.
    """

    def __init__(self, own: Mapping[str, Embedder]) -> None:
        self._own = own

    async def fill(self, meanings: Iterable[Meaning], context: Context) -> None:
        """Gets the vectors that are lacking, in the name of the attempt.

        Raises:
            ProviderError: a model did not answer.
            BudgetSpent: it may not be asked any more.
        """
        for meaning in meanings:
            if meaning.lacking:
                embedder = self._own.get(meaning.model) or Asked(context.ask, meaning.model, context.attempt.id)
                [meaning.vector] = await embedder.embed([meaning.text])
