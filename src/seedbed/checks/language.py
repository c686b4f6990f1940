"""Is the text in the language it should be in?"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from seedbed.core.attempt import PASSED, Verdict
from seedbed.core.errors import MissingExtra
from seedbed.core.part import shaped

from .text import TextCheck

if TYPE_CHECKING:
    from seedbed.core.attempt import Context
    from seedbed.core.part import Task
    from seedbed.core.record import Record

Code = Annotated[str, shaped("[a-z]{2}", "must be a code of two letters, such as en")]


class Language(TextCheck):
    """The text's language, recognised among 97 by py3langid, must be one of `languages` (ISO 639-1 codes).

    Without `column` all columns the model writes are looked at. Texts shorter than `min_chars` are let pass: nobody
    can tell.
    """

    kind: ClassVar[str] = "language"
    languages: Annotated[tuple[Code, ...], Field(min_length=1)]
    min_chars: int = 20

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        for text in self.texts(record, task):
            found = _identifier().classify(text)[0] if len(text) >= self.min_chars else None
            if found and found not in self.languages:
                return self.fail(f"looks like {found}")
        return PASSED


@lru_cache(maxsize=1)
def _identifier() -> Any:
    try:
        import py3langid
    except ImportError as error:
        raise MissingExtra("The language check", "language") from error
    return py3langid
