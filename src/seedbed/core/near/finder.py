"""Whether a text is there already: word for word, nearly, or under another label."""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar
from unicodedata import normalize

from seedbed.core.tokens import tokens

from .index import NearIndex
from .table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

T = TypeVar("T")
Kind = Literal["exact", "near"]


class Known(NamedTuple):
    """An earlier text that one is like: its key, how it is like it, and whether it has another label."""

    key: int
    kind: Kind
    crosses: bool


class AnyFinder(ABC, Generic[T]):
    """Texts so far, each with a label, asked whether the next one is like one of them.

    Exact is equality of `same`, near a distance of tokens as in `NearIndex`. Of several that a text is like, an equal
    one comes before a near one, and of those one with its own label.

    Args:
        threshold: of near duplicates; None to look for equal texts alone.
        apart: texts with different labels are not compared.
    """

    def __init__(self, threshold: float | None = 0.9, *, apart: bool = False) -> None:
        self._index = NearIndex(threshold, words=self._words) if threshold is not None else None
        self._apart = apart
        self._equal = Table(60)  # hash of a text, and of a text with a label where there are several → number
        self._keys = array("Q")
        self._label_of = array("I")
        self._labels: dict[str, int] = {}

    @abstractmethod
    def _plain(self, text: T) -> Hashable:
        """What is compared for equality."""

    @abstractmethod
    def _words(self, plain: Any) -> Sequence[Hashable]:
        """What a distance counts."""

    def find(self, text: T, label: str = "") -> Known | None:
        """The earlier text that this one is like."""
        own = self._labels.get(label, -1)
        plain = self._plain(text)
        equal = self._same(plain, label, own)
        if equal is not None:
            return equal
        crossing: Known | None = None
        for number in self._near(plain):
            if self._label_of[number] == own:
                return Known(self._keys[number], "near", False)
            if crossing is None and not self._apart:
                crossing = Known(self._keys[number], "near", True)
        return crossing

    def add(self, text: T, label: str, key: int) -> None:
        """Remembers a text under a key, a number that is not negative."""
        plain = self._plain(text)
        number = self._known(plain, label, key)
        if self._index is not None:
            self._index.add(self._index.encode(plain), number)

    def repeat(self, text: T, label: str, key: int) -> None:
        """Remembers that a text is another way of saying what the one with that key says: equal ones are that, too."""
        self._known(self._plain(text), label, key)

    def _known(self, plain: Hashable, label: str, key: int) -> int:
        """Takes down who has a text and label; its number."""
        number = len(self._keys)
        self._keys.append(key)
        self._label_of.append(self._labels.setdefault(label, len(self._labels)))
        if self._equal.setdefault(hash(plain), number) != number:
            self._equal.setdefault(hash((plain, label)), number)
        return number

    def _same(self, plain: Hashable, label: str, own: int) -> Known | None:
        first = self._equal.get(hash(plain))
        if first < 0:
            return None
        if self._label_of[first] == own:
            return Known(self._keys[first], "exact", False)
        with_label = self._equal.get(hash((plain, label)))
        if with_label >= 0:
            return Known(self._keys[with_label], "exact", False)
        return None if self._apart else Known(self._keys[first], "exact", True)

    def _near(self, plain: Any) -> Iterator[int]:
        return self._index.find(self._index.glance(plain)) if self._index is not None else iter(())


class Finder(AnyFinder[str]):
    __doc__ = AnyFinder.__doc__

    def _plain(self, text: str) -> str:
        return same(text)

    def _words(self, plain: str) -> Sequence[str]:
        return tokens(plain)


class Prepared(NamedTuple):
    """A text in the eyes of others: the hash of what it is compared by for equality, and those of its words."""

    key: int
    words: Sequence[int] = ()

    def __hash__(self) -> int:
        return self.key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Prepared) and self.key == other.key

    @classmethod
    def of(cls, text: str, hash_of: Callable[[str], int]) -> Prepared:
        """A text whose words are hashed by a function that is the same in all processes."""
        plain = same(text)
        return cls(hash_of(plain), array("Q", map(hash_of, tokens(plain))))


class PreparedFinder(AnyFinder[Prepared]):
    """A `Finder` that is shown no text: others, perhaps in other processes, prepare them."""

    def _plain(self, text: Prepared) -> Prepared:
        return text

    def _words(self, plain: Prepared) -> Sequence[int]:
        return plain.words


def same(text: str) -> str:
    """A text as it is compared for equality: Unicode in one form (NFC), white space run together."""
    return " ".join((text if text.isascii() else normalize("NFC", text)).split())
