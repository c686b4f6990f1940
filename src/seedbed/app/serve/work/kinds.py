"""The kinds of jobs there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .dividing import dedup, split
from .making import augment, fill
from .measuring import report, suspects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .working import Working

Work = Callable[["Working"], dict[str, Any]]
"""Does a job and answers its result."""

KINDS: Mapping[str, Work] = {
    "augment": augment,
    "fill": fill,
    "report": report,
    "suspects": suspects,
    "dedup": dedup,
    "split": split,
}
