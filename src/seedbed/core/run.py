"""One execution of a recipe: its state and its accounts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .quota import Quota

RunState = Literal["running", "complete", "shortfall", "budget", "failed", "interrupted", "paused", "cancelled"]

WISHES: dict[str, RunState] = {"pause": "paused", "cancel": "cancelled"}
"""What another process may wish of a run that is driven → how the run ends then."""

STOPPED: tuple[RunState, ...] = ("interrupted", *WISHES.values())
"""How a run ends that somebody stopped."""

UNENDED: tuple[RunState, ...] = ("running", "interrupted")
"""States of a run that goes on by itself, if a service drives it."""

DUPLICATES = {
    "exact_duplicate": "exact",
    "near_duplicate": "near",
    "cross_label_duplicate": "cross_label",
    "semantic_duplicate": "semantic",
}
"""Reject reasons that mean "we have this already", and their names in the figures."""


REPAIRED = "repaired"
"""The reason of an accepted slot whose reply had to be mended."""


@dataclass(slots=True)
class ModelAccount:
    """What one model did in a run. `cost` is in US dollars; `priced` is false when no price is known."""

    calls: int = 0
    attempts: int = 0
    accepted: int = 0
    duplicates: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    priced: bool = True


@dataclass(slots=True)
class CellAccount:
    """One cell's side of the accounts."""

    values: dict[str, str]
    wanted: int
    accepted: int = 0
    stopped: str = ""


@dataclass(slots=True)
class Accounts:
    """Where every slot went: attempts = accepted + Σ rejected + Σ failed + surplus, at any moment.

    `repaired` are those of the accepted whose reply had to be mended (wrapped, broken or cut JSON).
    `deviation` is how far a cell's target is at most from its exact share; None where whole numbers hold every cell
    within one (up to two axes). `stepwise`: the first axis of the cells is the step. `redacted` counts by kind the
    values that were masked in questions, each once in every question that was sent; None where nothing is masked.
    """

    cells: list[CellAccount]
    accepted: int = 0
    surplus: int = 0
    repaired: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    by_label: Counter[str] = field(default_factory=Counter)
    attempts_by_label: Counter[str] = field(default_factory=Counter)
    models: dict[str, ModelAccount] = field(default_factory=dict)
    seconds: float = 0.0
    deviation: float | None = None
    stepwise: bool = False
    redacted: Counter[str] | None = None

    @staticmethod
    def of(quota: Quota) -> Accounts:
        """Empty accounts for a target."""
        cells = [CellAccount(quota.as_dict(cell), cell.wanted) for cell in quota.cells]
        deviation = round(quota.deviation, 3) if len(quota.axes) - quota.stepwise > 2 else None
        return Accounts(cells, deviation=deviation, stepwise=quota.stepwise)

    @staticmethod
    def like(figures: Mapping[str, Any]) -> Accounts:
        """Empty accounts for the target that these figures (of `as_dict`) are about."""
        cells = [CellAccount(one["cell"], one["wanted"], stopped=one.get("stopped", "")) for one in figures["cells"]]
        redacted = Counter[str]() if "redacted" in figures else None
        stepwise = "steps" in figures
        return Accounts(cells, deviation=figures.get("deviation"), stepwise=stepwise, redacted=redacted)

    @property
    def asked(self) -> int:
        return sum(cell.wanted for cell in self.cells)

    @property
    def attempts(self) -> int:
        return self.accepted + self.surplus + self.rejected.total() + self.failed.total()

    def model(self, name: str) -> ModelAccount:
        account = self.models.get(name)
        if account is None:
            account = self.models[name] = ModelAccount()
        return account

    def slot(self, cell: int, model: str, state: str, reason: str, count: int = 1) -> None:
        """Books `count` slots that ended in `state` for `reason`."""
        label = self.cells[cell].values.get("label", "")
        account = self.model(model)
        account.attempts += count
        self.attempts_by_label[label] += count
        if state == "accepted":
            self.accepted += count
            self.cells[cell].accepted += count
            account.accepted += count
            self.repaired += count if reason == REPAIRED else 0
        elif state == "rejected":
            self.rejected[reason] += count
            if reason in DUPLICATES:
                self.by_label[label] += count
                account.duplicates += count
        elif state == "failed":
            self.failed[reason] += count
        else:
            self.surplus += count

    def call(
        self,
        model: str,
        usage: tuple[int, int],
        cost: float | None,
        tries: int,
        redacted: Mapping[str, int] | None = None,
    ) -> None:
        """Books one call: `usage` is (input, output) tokens, `cost` None when no price is known."""
        account = self.model(model)
        account.calls += tries
        account.input_tokens += usage[0]
        account.output_tokens += usage[1]
        account.cost += cost or 0.0
        account.priced = account.priced and cost is not None
        if redacted:
            self.redacted = self.redacted or Counter()
            self.redacted.update(redacted)

    def steps(self) -> list[dict[str, Any]]:
        """How many records of each step were asked for and accepted; the last step's are the dataset."""
        found: dict[str, dict[str, Any]] = {}
        for cell in self.cells:
            name = next(iter(cell.values.values()))
            step = found.setdefault(name, {"step": name, "asked": 0, "accepted": 0})
            step["asked"] += cell.wanted
            step["accepted"] += cell.accepted
        return list(found.values())

    def as_dict(self) -> dict[str, Any]:
        """The figures under the names of `--json`."""
        models = self.models.values()
        return {
            "asked": self.asked,
            "accepted": self.accepted,
            "attempts": self.attempts,
            "surplus": self.surplus,
            "repaired": self.repaired,
            "rejected": _plain(self.rejected),
            "failed": _plain(self.failed),
            "calls": sum(model.calls for model in models),
            "tokens": {
                "input": sum(model.input_tokens for model in models),
                "output": sum(model.output_tokens for model in models),
            },
            "cost": round(sum(model.cost for model in models), 6) if all(m.priced for m in models) else None,
            "seconds": round(self.seconds, 3),
            **({"steps": self.steps()} if self.stepwise else {}),
            "models": {name: _model_figures(account) for name, account in sorted(self.models.items())},
            "cells": [
                {"cell": cell.values, "wanted": cell.wanted, "accepted": cell.accepted}
                | ({"stopped": cell.stopped} if cell.stopped else {})
                for cell in self.cells
            ],
            **({} if self.deviation is None else {"deviation": self.deviation}),
            **({} if self.redacted is None else {"redacted": _plain(self.redacted)}),
            "duplicates": {short: self.rejected[reason] for reason, short in DUPLICATES.items()}
            | {
                "by_label": _plain({k: v for k, v in self.by_label.items() if k}),
                "by_model": {name: account.duplicates for name, account in sorted(self.models.items())},
                "rates": self._duplicate_rates(),
            },
        }

    def _duplicate_rates(self) -> dict[str, dict[str, float]]:
        """Duplicates among all attempts of a label, and of a model."""
        labels = {k: _share(self.by_label[k], n) for k, n in sorted(self.attempts_by_label.items()) if k and n}
        models = {k: _share(account.duplicates, account.attempts) for k, account in sorted(self.models.items())}
        return {"by_label": labels, "by_model": models}


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _plain(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: counts[name] for name in sorted(counts) if counts[name]}


def _model_figures(account: ModelAccount) -> dict[str, Any]:
    return {
        "calls": account.calls,
        "attempts": account.attempts,
        "accepted": account.accepted,
        "duplicates": account.duplicates,
        "tokens": {"input": account.input_tokens, "output": account.output_tokens},
        "cost": round(account.cost, 6) if account.priced else None,
    }
