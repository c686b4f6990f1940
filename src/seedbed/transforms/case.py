"""Capital and small letters. Letters whose other case is more than one letter (ß, ŉ) stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from seedbed.core.spans import Recast
from seedbed.core.transform import Edits, Transform

if TYPE_CHECKING:
    from collections.abc import Callable

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Mentions


class _Case(Transform):
    """The whole text in another case, but for spans that are protected."""

    def recast(self, text: str) -> str:
        """The text in the other case, letter by letter."""
        raise NotImplementedError

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions

        def edit(text: Text, dice: Dice) -> Edits:
            del dice
            whole = kept(self, text, self.recast(text.text))
            return Recast(whole) if whole != text.text else ()

        return edit


class Uppercase(_Case):
    """ALL LETTERS AS CAPITALS."""

    kind: ClassVar[str] = "uppercase"

    def recast(self, text: str) -> str:
        """See `_Case.recast`."""
        return letterwise(text, str.upper)


class Lowercase(_Case):
    """all letters as small ones."""

    kind: ClassVar[str] = "lowercase"

    def recast(self, text: str) -> str:
        """See `_Case.recast`."""
        return letterwise(text, str.lower)


def letterwise(text: str, change: Callable[[str], str]) -> str:
    """A change of letters that keeps their number."""
    whole = change(text)
    if len(whole) == len(text):
        return whole
    return "".join(new if len(new := change(letter)) == 1 else letter for letter in text)


def kept(transform: Transform, text: Text, whole: str) -> str:
    """A recast text with what a policy forbids to change as it was."""
    if not text.spans or ((transform.inside or transform.default) == "allow" and not transform.labels):
        return whole
    letters = list(text.text)
    for at in range(len(letters)):
        if transform.free(text, at, at + 1):
            letters[at] = whole[at]
    return "".join(letters)
