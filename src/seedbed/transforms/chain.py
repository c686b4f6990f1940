"""Several transforms, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, PlainSerializer, model_validator

from seedbed.core.editing import Text
from seedbed.core.fields import FieldError, dotted
from seedbed.core.parts import part_document, part_of
from seedbed.core.spans import Edit, Refused, apply, changes, composed
from seedbed.core.transform import Edits, Transform

from .catalog import transforms as known

if TYPE_CHECKING:
    from seedbed.core.dice import Dice
    from seedbed.core.transform import Editor, Mentions


def _step(value: Any) -> Transform:
    """A step from its document or name."""
    if isinstance(value, Transform):
        step = value
    else:
        try:
            step = part_of(known, value, ())
        except FieldError as error:
            where = dotted(error.path)
            raise ValueError(f"{where + ': ' if where else ''}{error.problem}. {error.hint}".strip()) from error
    if step.kind == MultiplePerturbations.kind:
        raise ValueError("kind: a chain cannot be inside a chain; write its steps into this one")
    return step


Step = Annotated[Transform, BeforeValidator(_step), PlainSerializer(part_document)]


class MultiplePerturbations(Transform):
    """Several transforms, one after the other: `transforms: [uppercase, {kind: add_typo, prob: 0.2}]`.

    A step that can change nothing of what the ones before it made of a text is passed over. What the chain says of
    `labels` and `inside` holds for the steps that say nothing themselves.
    """

    kind: ClassVar[str] = "multiple_perturbations"
    looks: ClassVar[bool] = True
    transforms: tuple[Step, ...]

    @model_validator(mode="after")
    def _is_chain(self) -> Self:
        if len(self.transforms) < 2:
            raise ValueError("transforms: needs two steps or more")
        return self

    def turns(self) -> bool:
        """See `Transform.turns`."""
        return any(step.turns() for step in self.transforms)

    def _held(self, step: Transform) -> Transform:
        """A step with the chain's policies where it has none of its own."""
        own = {"labels": {**self.labels, **step.labels}, "inside": step.inside or self.inside}
        return step.model_copy(update=own)

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        editors = [self._held(step).editor(mentions if step.looks else {}) for step in self.transforms]

        def edit(text: Text, dice: Dice) -> Edits:
            whole, spans, made = text.text, tuple(text.spans), list[Edit]()
            for one in editors:
                edits = one(text if not made else Text(whole, spans), dice)
                if not edits:
                    continue
                try:
                    own = changes(whole, spans, edits)
                    both = composed(text.text, made, own) if made else own
                    done = apply(text.text, text.spans, both)
                except Refused:
                    continue
                whole, spans, made = done.text, done.spans, both
            return made if whole != text.text else ()

        return edit
