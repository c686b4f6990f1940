"""Records as they are asked for and answered."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Self

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from seedbed.app.data.split import MAIN
from seedbed.app.review.amending import Wish
from seedbed.core.record import Span, flat_text
from seedbed.core.review.entry import Conflict, Decision, Sort, Wanted, Work

from .desk import etag
from .problems import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seedbed.core.review.entry import Entry


def _plain(text: str) -> str:
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
        raise ValueError("must not hold line breaks or control characters")
    return text


def _named(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return _plain(text.strip())


Line = Annotated[str, Field(max_length=500), AfterValidator(_plain)]
"""A short text on one line, possibly empty."""

Name = Annotated[str, Field(max_length=100), AfterValidator(_named)]
"""A short text on one line that is not empty."""

Note = Annotated[str, Field(max_length=10_000)]
Place = Annotated[int, Field(ge=0, le=2**31)]
Ids = Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=1000)]
Dataset = Annotated[str, Field(max_length=300, description="The name of a dataset.")]


SpanLabel = Annotated[str, Field(max_length=100, description="The label of a span that the records have.")]
Duplicates = Annotated[bool, Field(description="Those that `POST /duplicates` found to say nearly what others say.")]

Overlapping = Annotated[bool, Field(description="Those with spans that overlap: one inside another, or crossing it.")]


class Strict(BaseModel):
    """What is sent: fields that are not known are refused."""

    model_config = ConfigDict(extra="forbid")


class SpanShape(Strict):
    """A labelled stretch: code points `start` to `end` (exclusive) of `field`."""

    start: Place
    end: Place
    label: Name
    field: Annotated[str, Field(max_length=300)] = "text"

    def span(self) -> Span:
        """The span itself."""
        return Span(self.start, self.end, self.label, self.field)


class Item(BaseModel):
    """A record with all that people made of it; `twins` is one number for all records of a group that says nearly the
    same, and 0 where none is known to."""

    id: str
    dataset: str
    values: dict[str, Any]
    text: str
    label: str
    spans: list[SpanShape]
    tags: list[str]
    decision: Decision
    reason: str
    note: str
    work: Work
    person: str
    source: str
    model: str
    suggested: str
    doubt: float
    twins: int
    version: int
    changed: str
    by: str

    @classmethod
    def fields(cls, entry: Entry) -> dict[str, Any]:
        """The fields of an entry's item, as plain data."""
        record = entry.record
        own = ("dataset", "source", "model", "twins", "version", "changed", "by")
        return {
            "id": record.id,
            **entry.state(),
            **{name: getattr(entry, name) for name in own},
            "spans": [SpanShape.model_construct(**span._asdict()) for span in record.spans],
            "text": text_of(record.values),
            "label": record.label,
        }

    @classmethod
    def of(cls, entry: Entry) -> Item:
        """The item of an entry."""
        return Item.model_construct(**cls.fields(entry))


class Amended(Item):
    """A record as it stands after a change, and the spans that could not be kept."""

    dropped: list[SpanShape]


class Page(BaseModel):
    """Some records; `next` is the cursor of those after them, `waiting` says how many are still being taken in."""

    items: list[Item]
    next: str | None
    waiting: int = 0


class Where(Strict):
    """Which records: those that are all of this."""

    decision: Decision | None = None
    label: Annotated[str, Field(max_length=2000)] | None = None
    model: Annotated[str, Field(max_length=500)] | None = None
    source: Annotated[str, Field(max_length=100)] | None = None
    tag: Annotated[str, Field(max_length=500)] | None = None
    span: SpanLabel | None = None
    reason: Annotated[str, Field(max_length=2000)] | None = None
    person: Annotated[str, Field(max_length=500)] | None = None
    work: Work | None = None
    doubted: bool = False
    duplicates: Duplicates = False
    overlapping: Overlapping = False
    q: Annotated[str, Field(max_length=1000, description="Words; the last may be the beginning of one.")] = ""

    def wanted(self, sort: Sort = "first", *, tasks: bool = False) -> Wanted:
        """The same for the store."""
        names = ("decision", "label", "model", "source", "tag", "span", "reason", "person", "work")
        given: dict[str, Any] = {name: getattr(self, name) for name in (*names, "doubted", "duplicates", "overlapping")}
        return Wanted("", **given, words=self.q, sort=sort, handed_over=tasks)


WHERE = tuple(Where.model_fields)


class Patch(Strict):
    """What a record is to be; what is left out stays. `spans` and `tags` are all of them."""

    decision: Decision | None = None
    reason: Line | None = None
    note: Note | None = None
    label: Line | None = None
    values: dict[str, Any] | None = None
    spans: Annotated[list[SpanShape], Field(max_length=10_000)] | None = None
    tags: Annotated[list[Name], Field(max_length=100)] | None = None
    person: Line | None = None
    work: Work | None = None

    @model_validator(mode="after")
    def _keepable(self) -> Self:
        try:
            orjson.dumps(self.values)
        except TypeError as error:
            raise ValueError("values must be whole characters, and numbers of 64 bits") from error
        return self

    def wish(self) -> Wish:
        """The same for the review."""
        plain = self.model_dump(exclude={"spans", "tags"})
        spans = None if self.spans is None else tuple(one.span() for one in self.spans)
        return Wish(**plain, spans=spans, tags=None if self.tags is None else tuple(self.tags))


class BulkChange(Strict):
    """What records are to be; what is left out stays."""

    decision: Decision | None = None
    reason: Line | None = None
    note: Note | None = None
    label: Line | None = None
    add_tags: Annotated[list[Name], Field(max_length=100)] = []
    remove_tags: Annotated[list[Line], Field(max_length=100)] = []
    person: Line | None = None
    work: Work | None = None

    def wish(self) -> Wish:
        """The same for the review."""
        plain = self.model_dump(exclude={"add_tags", "remove_tags"})
        return Wish(**plain, add_tags=tuple(self.add_tags), remove_tags=tuple(self.remove_tags))


class Chosen(Strict):
    """Records of a dataset: named, or those that are all of `where`; one of the two."""

    dataset: Dataset
    ids: Ids | None = None
    where: Where | None = None

    @model_validator(mode="after")
    def _either(self) -> Self:
        if (self.ids is None) == (self.where is None):
            raise ValueError("say either `ids` or `where`")
        return self


class Changed(BaseModel):
    """How many records a change has changed."""

    changed: int


def text_of(values: dict[str, Any]) -> str:
    """What a record says: its main column, else its longest text."""
    for name in MAIN:
        if name in values:
            return flat_text(values[name])
    return max((value for value in values.values() if isinstance(value, str)), key=len, default="")


@contextmanager
def meeting(mine: Any = None) -> Iterator[None]:
    """Where somebody else may have been quicker: says what both want.

    Raises:
        Refused: 412, with the record as it stands (`theirs`) and what was sent (`mine`).
    """
    try:
        yield
    except Conflict as conflict:
        theirs = Item.of(conflict.entry).model_dump(mode="json")
        more = {"mine": mine, "theirs": theirs}
        headers = {"ETag": etag(conflict.entry.version)}
        raise Refused(412, conflict.message, conflict.hint, more, **headers) from conflict
