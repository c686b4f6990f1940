"""A named set of records, read when it is looked at."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from .errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .record import Record


class Dataset:
    """Records in an order, under a name.

    Args:
        name: what it is called.
        columns: the columns in the order they are written.
        source: the records as a list, or a function that gives a fresh iterator over them.
        figures: of the run that made it, under the names of `--json`; empty for others.
        size: how many records a function gives, if that is known.
    """

    def __init__(
        self,
        name: str,
        columns: Sequence[str],
        source: Sequence[Record] | Callable[[], Iterable[Record]],
        figures: dict[str, Any] | None = None,
        size: int | None = None,
    ) -> None:
        self.name = name
        self.columns = list(columns)
        self.figures = figures or {}
        self._source = source
        self._size = size

    def __iter__(self) -> Iterator[Record]:
        return iter(self._source() if callable(self._source) else self._source)

    def __len__(self) -> int:
        if self._size is not None:
            return self._size
        return sum(1 for _ in self) if callable(self._source) else len(self._source)

    def __repr__(self) -> str:
        return f"Dataset({self.name!r}, {len(self)} records, columns {', '.join(self.columns)})"

    def counts(self, column: str) -> dict[str, int]:
        """How many records hold each value of a column, the commonest first."""
        return dict(Counter(str(record.values.get(column, "")) for record in self).most_common())

    def to_pandas(self) -> Any:
        """The columns as a pandas data frame.

        Raises:
            MissingExtra: pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise MissingExtra("to_pandas", "pandas") from error
        rows = [[record.values.get(column) for column in self.columns] for record in self]
        return pd.DataFrame(rows, columns=self.columns)
