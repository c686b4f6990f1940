"""What of a dataset of a server nobody declined: the server counts all records, its files hold these."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def kept(shown: Mapping[str, Any]) -> int:
    """How many records there are of a dataset that the server shows."""
    return int(shown["records"]) - int(shown["declined"])


def kept_of(shown: Mapping[str, Any], declined: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """`dataset`, `records`, `columns` and `counts` of one, without its declined records."""
    counts = {column: Counter(shown["counts"][column]) for column in shown["columns"] if column in shown["counts"]}
    for item in declined:
        for column, counter in counts.items():
            counter[str(item["values"].get(column, ""))] -= 1
    return {
        "dataset": shown["name"],
        "records": kept(shown),
        "columns": shown["columns"],
        "counts": {column: dict((+counter).most_common()) for column, counter in counts.items()},
    }
