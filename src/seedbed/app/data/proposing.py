"""Templates that a model proposes: asked for a few times, each looked at before it is one."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.augmentation.proposals import Family, families, folded, shares
from seedbed.core.errors import InputError

from .. import templates as saved
from ..loop import run_blocking
from .asking import AT_ONCE, ROUNDS, questions
from .slot_files import document_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seedbed.augmentation.slots import SlotTemplate

    from ..workspace import Workspace
    from .asking import Questions


@dataclass(slots=True)
class Proposed:
    """What a model proposed: the templates that will do, and the others with what is wrong with them."""

    templates: list[SlotTemplate] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    calls: int = 0

    def as_dict(self) -> dict[str, Any]:
        """As in `--json`."""
        return {
            "templates": [{"template": one.text, **one.columns} for one in self.templates],
            "refused": [{"template": text, "why": why} for text, why in self.refused],
            "calls": self.calls,
        }


def propose(
    workspace: Workspace, templates: Sequence[SlotTemplate], n: int, model: str, say: Callable[[str], None]
) -> Proposed:
    """Up to `n` further templates with the slots and columns of given ones.

    Raises:
        InputError: no template has slots, or there is no such model.
        ProviderError: the model does not answer.
    """
    if n < 1:
        raise InputError("At least one template must be asked for.", "For example: --propose 5")
    found = families(templates)

    async def work() -> Proposed:
        made = Proposed()
        known = {folded(one) for one in templates}
        async with questions(workspace, model, say) as asked:
            for family, share in zip(found, shares(found, n), strict=True):
                await _grow(family, share, known, asked, made)
            made.calls = asked.calls
        return made

    return run_blocking(work())


def check_name(workspace: Workspace, name: str, given: Sequence[str]) -> None:
    """Whether templates may be saved under a name: it is nobody's, or of one of those that were given.

    Raises:
        InputError: they may not.
    """
    saved.check_name(workspace, name, force=_is_given(name, given))


def keep(workspace: Workspace, name: str, templates: Sequence[SlotTemplate], given: Sequence[str]) -> None:
    """Saves templates; as the next version of one of those that were given.

    Raises:
        InputError: as `check_name`.
    """
    file = saved.TemplateFile("{}", "the templates", Path.cwd())
    file.document = document_of(templates)
    saved.add(workspace, name, file, force=_is_given(name, given))


def _is_given(name: str, given: Sequence[str]) -> bool:
    return name in [one.partition("@")[0] for one in given]


async def _grow(family: Family, share: int, known: set[str], asked: Questions, made: Proposed) -> None:
    """Asks for what a family still lacks, a few times."""
    own: list[SlotTemplate] = []
    refused: list[tuple[str, str]] = []
    rounds = ROUNDS * -(-share // AT_ONCE)
    while len(own) < share and rounds:
        rounds -= 1
        count = min(AT_ONCE, share - len(own))
        for text in await asked.items(family.prompt(count, own, refused), "templates", count):
            judged = family.judged(text, known)
            if isinstance(judged, str):
                refused.append((text, judged))
            elif len(own) < share:
                own.append(judged)
                known.add(folded(judged))
    made.templates += own
    made.refused += refused
