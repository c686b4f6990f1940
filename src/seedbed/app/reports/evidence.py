"""Questions, answers and their evidence as they are measured, and the documents they are about."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, RunFailed, SeedbedError
from seedbed.core.part import Source as Documents
from seedbed.core.record import flat_text
from seedbed.core.run import STOPPED
from seedbed.formats.rows import unfolded
from seedbed.generators.rag_qa import RagQa
from seedbed.reports.faithfulness import Answer, Place, faithfulness

from ..data.checked import Exam, check_all
from ..data.convert import columns_of
from ..drive import run_to_end
from ..history import recipe_of
from ..inputs import chunks_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seedbed.core.record import Record

    from ..drive import Drive
    from ..existing import Source
    from ..workspace import Workspace

CHUNK = 1200
CHECK = "grounded"
Chunks = dict[str, list[tuple[int, int]]]


@dataclass(slots=True)
class Library:
    """The documents that records are about: their chunks by document, the kinds of questions asked for, and whether
    the generator has let a judge look at every answer."""

    chunks: Chunks = field(default_factory=dict)
    kinds: Sequence[str] = ()
    judged: bool = False
    verdicts: Sequence[bool | None] = ()
    judge: str = ""


def library_of(place: Workspace, name: str, documents: Sequence[str] = ()) -> Library:
    """What is known of the documents of a run, or those of these files.

    Raises:
        InputError: the files cannot be read.
    """
    if documents:
        return Library(_chunks(Documents("documents", tuple(documents), "documents", chunk_size=CHUNK), Path.cwd()))
    if not place.exists or Path(name).exists():
        return Library()
    run = place.store.run(name) or next(iter(place.store.runs(dataset=name)), None)
    if run is None:
        return Library()
    found = Library()
    with suppress(SeedbedError):  # a plugin or the documents may be gone meanwhile
        generator = recipe_of(place, run.id)[1].generator
        if isinstance(generator, RagQa):
            found.kinds = [kind for kind, weight in generator.kinds.items() if weight]
            found.judged = bool(generator.judge)
        for source in generator.sources():
            if source.kind == "documents":
                found.chunks |= _chunks(source, Path(run.folder or "."))
    return found


def let_judge(library: Library, place: Workspace, source: Source, model: str, drive: Drive = run_to_end) -> None:
    """Lets a model say of every answer whether it rests on its evidence.

    Raises:
        InputError: the model cannot be asked, or there are no answers.
        RunFailed: it did not answer; what it did answer is kept.
        KeyboardInterrupt: the run was interrupted; its answers are kept.
    """
    columns = columns_of(source())
    if not about_documents(dict.fromkeys(columns)):
        hint = "It needs the columns `question`, `answer`, and `evidence` or `contexts`."
        raise InputError("The records are no questions about documents, so no answer can be judged.", hint)
    exam = Exam({"checks": [{"kind": CHECK, "mode": "score"}], "model": model}, columns=("question",))
    found = check_all(place, exam, source(), columns, drive)
    if found.result.state in STOPPED:
        raise KeyboardInterrupt
    if not found.ended:
        raise RunFailed(found.result.message or f"The judge was {found.result.state}.", found.result.hint)
    marks = (found.marks.get(number) for number in range(len(found.passed)))
    said = [mark.findings.get(CHECK) if mark else None for mark in marks]
    library.verdicts = [bool(one) if isinstance(one, int | float) else None for one in said]
    library.judge = model


def _chunks(source: Documents, folder: Path) -> Chunks:
    found: Chunks = {}
    for chunk in chunks_of(source, folder, []):
        place = (int(chunk.values["start"]), int(chunk.values["end"]))
        found.setdefault(str(chunk.values["document"]), []).append(place)
    return found


def measured_answers(rows: Sequence[Record], library: Library) -> dict[str, Any] | None:
    """The figures of faithfulness; None where the records are no questions with evidence or contexts."""
    if not rows or not about_documents(rows[0].values):
        return None
    said = [_verdict(record) for record in rows]
    judge = "the check grounded" if any(one is not None for one in said) else ""
    if library.verdicts:
        said, judge = list(library.verdicts), library.judge
    elif not judge and library.judged:
        said, judge = [True] * len(rows), "the generator's judge, which lets no other answer pass"
    answers = [_answer(record, place, said[place]) for place, record in enumerate(rows)]
    named = {place.document for answer in answers for place in answer.evidence}
    return faithfulness(answers, _as_named(library.chunks, named), library.kinds, judge)


def _as_named(chunks: Chunks, named: set[str]) -> Chunks:
    """The chunks by the names that the evidence has for its documents: these may have been read from another folder."""
    known = dict[str, str]()
    for name in chunks.keys() - named:
        own = Path(name).parts
        ends = [one for one in named - chunks.keys() if Path(one).parts[-len(own) :] == own[-len(Path(one).parts) :]]
        if len(ends) == 1:
            known[name] = ends[0]
    kept = {name: other for name, other in known.items() if list(known.values()).count(other) == 1}
    return {kept.get(name, name): found for name, found in chunks.items()}


def about_documents(values: Mapping[str, Any]) -> bool:
    """Whether a record is a question with evidence or contexts."""
    return "question" in values and ("evidence" in values or "contexts" in values)


def _verdict(record: Record) -> bool | None:
    origin = record.origin or unfolded(record.values.get("origin")) or {}
    score = origin.get("checks", {}).get(CHECK) if isinstance(origin, dict) else None
    return bool(score) if isinstance(score, int | float) else None


def _answer(record: Record, place: int, grounded: bool | None) -> Answer:
    values = record.values
    evidence = [one for one in _list(values.get("evidence")) if isinstance(one, dict)]
    contexts = _list(values.get("contexts"))
    texts = [" ".join(flat_text(one).split()) for one in contexts]
    quotes = [str(one.get("quote") or "") for one in evidence]
    lost = [quote for quote in quotes if quote and texts and not any(" ".join(quote.split()) in one for one in texts)]
    return Answer(
        record.id or str(values.get("id") or f"record {place + 1}"),
        flat_text(values.get("question")),
        flat_text(values.get("answer")),
        str(values.get("kind") or ""),
        grounded,
        [found for one in evidence if (found := _place(one))],
        lost,
    )


def _place(one: Mapping[str, Any]) -> Place | None:
    start, end = one.get("start"), one.get("end")
    return Place(str(one.get("document")), start, end) if isinstance(start, int) and isinstance(end, int) else None


def _list(value: Any) -> list[Any]:
    found = unfolded(value)
    return found if isinstance(found, list) else [] if found in (None, "") else [found]
