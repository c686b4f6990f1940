"""Questions with their sources: ragas' evaluation samples, and folders as the BEIR benchmark has them."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from seedbed.core.errors import InputError
from seedbed.core.record import Record

from .chat import ObjectFormat, Values
from .jsonl import JsonlFormat
from .rows import no_column, place_of, to_json, to_text, unfolded, values_of
from .streams import reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_RAGAS = {"user_input": "question", "reference": "answer", "reference_contexts": "contexts"}


@dataclass(frozen=True)
class RagasFormat(ObjectFormat):
    """`{"user_input", "reference", "reference_contexts"}`, a single-turn sample without what a system answered.

    Contexts are written as texts; other columns are not.
    """

    fields: ClassVar[tuple[str, ...]] = tuple(_RAGAS)

    def _values(self, found: Values, place: str) -> Values:
        if not isinstance(found.get("user_input"), str):
            raise InputError(f"{place}: `user_input` is no text.", "Only single-turn samples are read.")
        return {_RAGAS.get(name, name): value for name, value in found.items()}

    def _object(self, values: Values, place: str) -> Values:
        contexts = [context["text"] for context in _contexts(values, place)]
        return dict(zip(self.fields, (_question(values, place), values.get("answer"), contexts), strict=True))


@dataclass(frozen=True)
class BeirFormat:
    """A folder: `corpus.jsonl` with contexts, `queries.jsonl` with questions, `qrels/test.tsv` says which go together.

    Questions are `q1`, `q2` …; a context has its own id, or one made of its text, and is written once. It scores 1, or
    0 if it holds nothing of the question's evidence (an unanswerable one has none). All other columns stand in the
    `metadata` of the question. Writing keeps the contexts' ids in memory, reading the questions' contexts.

    Args:
        split: which file of `qrels` is written and read.
    """

    split: Literal["test", "dev", "train"] = "test"
    contents: ClassVar[tuple[str, ...]] = ("corpus.jsonl", "queries.jsonl", "qrels/*.tsv")

    def read(self, path: str) -> Iterator[Record]:
        """The questions that have contexts, with them, in the order of `queries.jsonl`.

        Raises:
            InputError: a file is missing or not of this format; names it and its line.
        """
        judged = _judged(f"{path}/qrels/{self.split}.tsv")
        wanted = {name for names in judged.values() for name in names}
        corpus = {name: _context(name, found) for name, found in _by_id(f"{path}/corpus.jsonl") if name in wanted}
        for query, found in _by_id(f"{path}/queries.jsonl"):
            if query in judged:
                contexts = [corpus[name] for name in judged[query] if name in corpus]
                yield Record({"question": found["text"], **_metadata(found), "contexts": contexts})

    def write(self, records: Iterable[Record], path: str, columns: Sequence[str]) -> int:
        """Makes the folder `path` and answers how many records there were.

        Raises:
            InputError: a record has no question or no contexts, or two contexts have one id.
        """
        count, known = 0, dict[str, bytes]()
        Path(path, "qrels").mkdir(parents=True)
        with (
            writing(f"{path}/corpus.jsonl") as corpus,
            writing(f"{path}/queries.jsonl") as queries,
            writing(f"{path}/qrels/{self.split}.tsv") as stream,
            TextIOWrapper(stream, encoding="utf-8", newline="") as text,
        ):
            qrels = csv.writer(text, delimiter="\t", lineterminator="\n")
            qrels.writerow(("query-id", "corpus-id", "score"))
            for count, record in enumerate(records, 1):
                values, place = values_of(record, columns), place_of(record, count)
                contexts = _required(values, place)
                queries.write(_query(f"q{count}", values, place))
                corpus.writelines(_new(contexts, known, place))
                qrels.writerows(_scores(f"q{count}", contexts, _evidence(values)))
        return count


def _question(values: Values, place: str) -> str:
    if values.get("question") is None:
        raise no_column("question", values, place)
    return to_text(values["question"])


def _contexts(values: Values, place: str) -> list[Values]:
    """The contexts with their ids; without any, what is quoted as evidence."""
    given = unfolded(values.get("contexts")) or [item["quote"] for item in _evidence(values) or () if item.get("quote")]
    found: dict[str, Values] = {}
    for context in given if isinstance(given, list | tuple) else [given]:
        whole = context if isinstance(context, dict) else {"text": context}
        if not isinstance(whole.get("text"), str):
            raise InputError(
                f"{place}: a context is neither a text nor an object with `text` and `id`.",
                "Write it as a text, or as an object with both.",
            )
        name = to_text(whole.get("id")) or _id_of(whole["text"])
        found[name] = {**whole, "id": name}
    return list(found.values())


def _evidence(values: Values) -> list[Values] | None:
    given = unfolded(values.get("evidence"))
    return [item for item in given if isinstance(item, dict)] if isinstance(given, list) else None


def _required(values: Values, place: str) -> list[Values]:
    contexts = _contexts(values, place)
    if not contexts:
        raise InputError(
            f"{place}: there are no contexts, without which BEIR does not read a question.",
            "Give the record contexts, or take another format, such as jsonl.",
        )
    return contexts


def _id_of(text: str) -> str:
    return "c" + hashlib.blake2b(text.encode(), digest_size=10).hexdigest()


def _query(name: str, values: Values, place: str) -> bytes:
    others = {column: value for column, value in values.items() if column not in ("question", "contexts")}
    return to_json({"_id": name, "text": _question(values, place), "metadata": others}) + b"\n"


def _new(contexts: Iterable[Values], known: dict[str, bytes], place: str) -> Iterator[bytes]:
    """The lines of the contexts that are not in the corpus yet."""
    for context in contexts:
        others = {key: value for key, value in context.items() if key not in ("id", "title", "text")}
        whole = {"_id": context["id"], "title": context.get("title", ""), "text": context["text"], "metadata": others}
        line = to_json(whole) + b"\n"
        digest = hashlib.blake2b(line, digest_size=10).digest()
        before = known.setdefault(context["id"], digest)
        if before != digest:
            raise InputError(
                f"{place}: another context has the id `{context['id']}` as well.", "Give each context an id of its own."
            )
        if before is digest:
            yield line


def _scores(query: str, contexts: list[Values], evidence: list[Values] | None) -> Iterator[tuple[str, str, int]]:
    held = [evidence is None or any(_holds(context, item) for item in evidence) for context in contexts]
    lost = bool(evidence) and not any(held)  # a quote that goes over the end of a context is still from one of them
    for context, score in zip(contexts, held, strict=True):
        yield query, context["id"], int(score or lost)


def _holds(context: Values, item: Values) -> bool:
    quote = item.get("quote")
    return item.get("document") == context["id"] or (
        isinstance(quote, str) and quote != "" and quote in context["text"]
    )


def _judged(path: str) -> dict[str, list[str]]:
    """Query → its contexts, in the order of the file."""
    judged: dict[str, list[str]] = defaultdict(list)
    with reading(path) as stream, TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
        rows = csv.reader(text, delimiter="\t")
        for row in islice(rows, 1, None):
            if len(row) != 3:
                raise InputError(
                    f"{path}, line {rows.line_num}: expected query-id, corpus-id and score.",
                    "Separate the three by tabs.",
                )
            judged[row[0]].append(row[1])
    return judged


def _by_id(path: str) -> Iterator[tuple[str, Values]]:
    for number, record in enumerate(JsonlFormat().read(path), 1):
        if not isinstance(record.values.get("_id"), str) or not isinstance(record.values.get("text"), str):
            raise InputError(
                f"{path}, record {number}: expected `_id` and `text`, both texts.", "Each line is an object with both."
            )
        yield record["_id"], record.values


def _metadata(found: Values) -> Values:
    given = found.get("metadata")
    return given if isinstance(given, dict) else {}


def _context(name: str, found: Values) -> Any:
    """As it was written: a text alone if the id says no more."""
    others = {"title": found["title"]} if found.get("title") else {}
    others |= _metadata(found)
    if not others and name == _id_of(found["text"]):
        return found["text"]
    return {"id": name, "text": found["text"], **others}
