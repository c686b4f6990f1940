"""Hard examples: texts near the border of a label, and inputs that test a policy, each tagged with its tactic.

Pairs that differ in as few words as possible and yet in their label are contrast sets (Gardner et al.: Evaluating
Models' Local Decision Boundaries via Contrast Sets, 2020). Tactics against policies are the kinds known from red
teaming (Perez et al.: Red Teaming Language Models with Language Models, 2022; Greshake et al.: Not what you've signed
up for, 2023, for injection in content).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import model_validator

from seedbed.core.apportion import largest_remainder
from seedbed.core.attempt import Failure
from seedbed.core.part import Name, Share
from seedbed.core.quota import Axis, Cell, Quota, apportion
from seedbed.core.record import Record

from .asking import Asking
from .cells import Described, check_known
from .schemas import TEXT
from .steer import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from seedbed.core.attempt import Attempt, Context, Outcome

OF_LABELS = {
    "ambiguous": "ambiguous wording that could be read two ways, though the situation settles it",
    "sarcastic_praise": "praise in its words and a complaint in its meaning",
    "polite_complaint": "a serious complaint in perfectly polite words",
    "mixed_signals": "signals of several labels in one text, of which one outweighs the others",
    "boundary_pair": "two texts at the border of two labels, nearly the same and yet on different sides",
}
OF_POLICIES = {
    "direct": "the forbidden thing is asked for straight out",
    "role_play": "it is asked for as part of a game, a story or a role that the system is to play",
    "injection_in_content": "the order is hidden in a text, mail or web page that the system is only to work on",
    "obfuscation": "it is disguised by spelling, encoding, euphemisms or by splitting it up",
    "multi_turn": "several messages of a user, written as a transcript, that lead there step by step, each harmless",
    "language_switch": "it changes into another language where it matters",
}
PAIR = "boundary_pair"
TACTIC, LABEL = "tactic", "label"
BETWEEN = " | "


class Adversarial(Asking):
    """Hard texts for a set of `labels`, or inputs that test a `policy` (rule → description).

    `tactics` are weights: ambiguous, sarcastic_praise, polite_complaint, mixed_signals, boundary_pair for labels;
    direct, role_play, injection_in_content, obfuscation, multi_turn, language_switch for a policy. The column `label`
    is the right label, or the rule that is tested; `expected` is what a good system does: that label, or the behaviour
    the model describes. The two texts of a boundary pair are accepted together or not at all.
    """

    kind: ClassVar[str] = "adversarial"
    reserved: ClassVar[frozenset[str]] = frozenset({"text", LABEL, TACTIC, "expected"})
    labels: Described | None = None
    policy: Described | None = None
    tactics: dict[Name, Share] = {}

    @model_validator(mode="after")
    def _one_family(self) -> Self:
        if (self.labels is None) == (self.policy is None):
            raise ValueError("labels: give either `labels` or a `policy`")
        check_known("tactics", "tactic", self.tactics, self._family)
        if self.tactics and not any(self.tactics.values()):
            raise ValueError("tactics: all weights are zero")
        if PAIR in self._weights and len(self.labels or ()) < 2:
            raise ValueError("tactics: a boundary_pair needs two labels")
        if list(self._weights) == [PAIR] and self.count % 2:
            raise ValueError("count: boundary pairs alone make an even number of texts")
        return self

    @property
    def _family(self) -> dict[str, str]:
        return OF_LABELS if self.labels else OF_POLICIES

    @property
    def _weights(self) -> dict[str, float]:
        """Tactic → weight, those without one left out."""
        return {name: weight for name, weight in (self.tactics or dict.fromkeys(self._family, 1.0)).items() if weight}

    def own_values(self) -> dict[str, list[str]]:
        """See `Celled.own_values`."""
        return {TACTIC: list(self._weights), LABEL: [*self._names, *self._pairs]}

    def own_axes(self) -> list[Axis]:
        """See `Celled.own_axes`: a pair's label is its two labels."""
        plain = self.weights(LABEL, self._names)
        within = dict.fromkeys(self._weights, plain)
        if PAIR in within:
            within[PAIR] = self.weights(LABEL, self._pairs)
        return [Axis.of(TACTIC, self.weights(TACTIC, self._weights)), Axis(LABEL, within, TACTIC)]

    def own_weights(self) -> Mapping[str, Mapping[str, float]]:
        """See `Celled.own_weights`."""
        return {TACTIC: self._weights}

    def groups(self, axis: str) -> list[list[str]]:
        """See `Celled.groups`: pairs are weighed among themselves."""
        return [self._names, self._pairs] if axis == LABEL else super().groups(axis)

    def cells(self, count: int, axes: Sequence[Axis]) -> Quota:
        """See `Generator.cells`: pairs come two by two, so their number is even."""
        if PAIR not in self._weights:
            return apportion(count, axes)
        tactic, label, *rest = axes
        shares = dict(
            zip(tactic.choices[None], largest_remainder(count, list(tactic.choices[None].values())), strict=True)
        )
        pairs = shares[PAIR] // 2 if len(shares) > 1 else count // 2
        paired = apportion(pairs, [Axis.of(TACTIC, {PAIR: tactic.choices[None][PAIR]}), label, *rest])
        plain = {name: weight for name, weight in tactic.choices[None].items() if name != PAIR}
        others = apportion(count - 2 * pairs, [Axis.of(TACTIC, plain), label, *rest]).cells if plain else []
        doubled = [Cell(cell.values, 2 * cell.wanted, cell.key, unit=2) for cell in paired.cells]
        return Quota(paired.axes, [*others, *doubled], paired.deviation)

    def columns(self) -> list[str]:
        """See `Generator.columns`."""
        return ["text", LABEL, TACTIC, "expected", *self.axes]

    def cell_values(self, record: Record) -> Mapping[str, Any]:
        """See `Generator.cell_values`: a text of a pair belongs to the pair's cell."""
        return {**record.values, LABEL: record.origin.get("pair", record.values.get(LABEL))}

    def asked(self, cell: dict[str, str]) -> dict[str, str]:
        """See `Celled.asked`."""
        return {axis: value for axis, value in super().asked(cell).items() if axis not in (TACTIC, LABEL)}

    def fields(self) -> Mapping[str, Any]:
        """See `Asking.fields`."""
        return {"text": TEXT, "expected": TEXT} if self.policy else {"text": TEXT}

    def item_fields(self, attempt: Attempt) -> Mapping[str, Any]:
        """See `Asking.item_fields`."""
        pair = self._pair(attempt)
        return {LABEL: {"enum": pair}, **self.fields()} if pair else self.fields()

    def shape(self, attempt: Attempt) -> str:
        """See `Asking.shape`."""
        return (
            '{"text": "…", "expected": "what a good system does with it, in a few words"}'
            if self.policy
            else super().shape(attempt)
        )

    def variables(self, attempt: Attempt) -> dict[str, Any]:
        """See `Asking.variables`."""
        label = attempt.cell.get(LABEL, "")
        tested = {label: (self.policy or {}).get(label, "")} if self.policy else {}
        return {
            "labels": listed(self.labels),
            "policy": listed(tested),
            "tactic": self._family[attempt.cell[TACTIC]],
            "pair": self._pair(attempt),
            "label": "" if self.policy else label,
        }

    def own_variables(self) -> tuple[str, ...]:
        """See `Asking.own_variables`."""
        return ("labels", "policy")

    def arranged(self, items: list[dict[str, Any] | None], attempt: Attempt) -> list[dict[str, Any] | None]:
        """See `Asking.arranged`: the texts of a pair by their labels."""
        pair = self._pair(attempt)
        by_label = {str(item.get(LABEL)): item for item in items if item}
        return [by_label.get(label) for label in pair] if pair else items

    def record(self, item: dict[str, Any], slot: int, context: Context) -> Outcome:
        """See `Asking.record`."""
        attempt = context.attempt
        text, pair = item.get("text"), self._pair(attempt)
        if not isinstance(text, str) or not text.strip():
            return Failure("unparseable", "an item has no text")
        label = pair[slot] if pair else attempt.cell.get(LABEL, "")
        expected = str(item.get("expected") or "").strip() if self.policy else label
        if not expected:
            return Failure("unparseable", "an item does not say what is expected")
        values = {"text": text.strip(), LABEL: label, TACTIC: attempt.cell[TACTIC], "expected": expected}
        record = Record({**values, **self.asked(attempt.cell)})
        if pair:
            record.origin |= {"pair": attempt.cell[LABEL], "group": attempt.id}
        return record

    @property
    def _names(self) -> list[str]:
        return list(self.labels or self.policy or ())

    @property
    def _pairs(self) -> list[str]:
        """Neighbours in the order of the recipe: labels on a scale are alike where they touch."""
        if PAIR not in self._weights:
            return []
        return [BETWEEN.join(pair) for pair in pairwise(self.labels or ())]

    def _pair(self, attempt: Attempt) -> list[str]:
        return attempt.cell[LABEL].split(BETWEEN) if attempt.cell[TACTIC] == PAIR else []
