"""A language model that labels texts, to be tested or to be compared: asked in a run like any other, durable and within
a budget."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.dice import stable_hash
from seedbed.core.errors import InputError, RunFailed
from seedbed.core.record import Record
from seedbed.core.run import STOPPED
from seedbed.core.stored import Selection
from seedbed.formats.files import write_file
from seedbed.formats.jsonl import JsonlFormat
from seedbed.recipe.document import Recipe

from ..connections import resolve
from ..options import Options
from ..recipe_file import RecipeFile
from .subjects import FORMS, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seedbed.augmentation.cases import Answer
    from seedbed.core.stored import StoredRun

    from ..drive import Drive
    from ..workspace import Workspace
    from .subjects import Kind, Subject

TESTING = "robustness"
"""What the runs that test a model are called, and the folder of their texts in the workspace."""


class AskingRecipe(RecipeFile):
    """The recipe that asks a model, whose fields come from several options."""

    @classmethod
    def of(cls, model: str, kind: Kind, means: Means) -> AskingRecipe:
        """The recipe for a model and its labels.

        Raises:
            InputError: a path goes through something that holds no fields, or there are no labels.
        """
        what = "labels" if kind.task == "classification" else "entities"
        # A refusal among the texts is a text like any other.
        checks = [{"kind": "refusal", "mode": "score"}]
        document = {"name": means.name, "generator": {"kind": "annotate", "inputs": [means.name]}, "checks": checks}
        made = cls(json.dumps(document), "the recipe that asks the model", Path.cwd())
        made.change("model", model, means.option)
        if kind.labels:
            made.change(f"generator.{what}", list(kind.labels), "--label")
        for path, value in means.sets.items():
            made.change(path, value, f"--set {path}")
        if what not in made.document["generator"]:
            raise InputError(
                "The model must know which labels there are.", "Name them: --label positive --label negative"
            )
        return made

    def recipe_for(self, name: str, inputs: str) -> Recipe:
        """The recipe under a name, for the texts of a file."""
        generator = {**self.document["generator"], "inputs": [inputs]}
        return Recipe.of({**self.document, "name": name, "generator": generator})


@dataclass(slots=True)
class Means:
    """What asking a language model takes; `sets` are fields of the recipe that does, by their dotted paths. `name`
    is what its runs are called, `option` where the model was named."""

    place: Workspace
    drive: Drive
    sets: Mapping[str, Any] = field(default_factory=dict)
    new: bool = False
    name: str = TESTING
    option: str = "--model"
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Asked:
    """A language model. What it said of a text before, asked in the same way, is not asked again.

    `new` asks everything afresh, and so does whoever comes after. `figures` say what was asked, and at which cost;
    `sure` how sure the model says it is of what it said of a text, where it does.
    """

    place: Workspace
    asking: AskingRecipe
    drive: Drive
    new: bool = False
    name: str = TESTING
    figures: dict[str, Any] = field(default_factory=dict)
    sure: dict[str, float] = field(default_factory=dict)

    def __call__(self, texts: Sequence[str]) -> dict[str, Answer]:
        """See `subjects.Subject`; what is asked goes through the store, so that no answer is paid for twice.

        Raises:
            InputError: the model, its connection or a field of the recipe cannot be used.
            RunFailed: it does not answer.
            KeyboardInterrupt: the run was interrupted; its answers are kept.
        """
        with self.asking.located():
            name = self._name()
            known = self._known(name)
            missing = [text for text in texts if text not in known]
            self.figures |= {"texts": len(missing), "known": len(texts) - len(missing)}
            if missing:
                self._ask(name, missing, known)
                known = self._known(name)
        return {text: known[text] for text in texts if text in known}

    def _ask(self, name: str, texts: Sequence[str], known: Mapping[str, Answer]) -> None:
        """Asks in the run that was not finished, if it lacks just these texts, else in a new one."""
        folder = self.place.folder / self.name
        run = self._unfinished(name, set(texts), known)
        inputs = run.recipe["generator"]["inputs"][0] if run else f"{stable_hash(*texts):016x}.jsonl"
        if run is None:
            self.place.subfolder(self.name)
            write_file((Record({"text": text}) for text in texts), folder / inputs, ["text"], force=True)
        result = self.drive(self.place, self.asking.recipe_for(name, inputs), Options(folder, new=run is None))
        self.figures |= {"run": result.run, "calls": result.figures["calls"], "cost": result.figures.get("cost")}
        if result.state == "failed":
            raise RunFailed(result.message, result.hint)
        if result.state in STOPPED:
            raise KeyboardInterrupt
        if result.state != "complete":
            self.figures["message"] = result.message or "The model gave no usable answer to some texts."

    def _name(self) -> str:
        """The name of the runs: one for each way of asking, with a number that `new` raises.

        Raises:
            InputError: the recipe cannot be used.
        """
        recipe = self.asking.recipe_for(self.name, self.name)
        resolve(self.place, recipe)  # says what is wrong before anything is written
        way = json.dumps(recipe.fingerprint(), sort_keys=True)
        name = f"{self.name}-{stable_hash(way):016x}"
        runs = self.place.store.runs() if self.place.exists else []
        numbers = [int(found[1]) for run in runs if (found := re.fullmatch(rf"{name}-(\d+)", run.name))]
        return f"{name}-{max(numbers, default=0) + (self.new or not numbers)}"

    def _known(self, name: str) -> dict[str, Answer]:
        """What was answered under a name, the latest answer of each text."""
        runs = self.place.store.runs(name=name) if self.place.exists else []
        records = (record for run in reversed(runs) for record in self.place.store.records(Selection(run=run.id)))
        answers: dict[str, Answer] = {}
        for record in records:
            answers[record.text] = record.label if "label" in record.values else record.spans
            if record.values.get("confidence") is not None:
                self.sure[record.text] = record.values["confidence"]
        return answers

    def _unfinished(self, name: str, texts: set[str], known: Mapping[str, Answer]) -> StoredRun | None:
        runs = self.place.store.runs(name=name) if self.place.exists else []
        if not runs or runs[0].state == "complete":
            return None
        asked = set(_texts(Path(runs[0].folder) / runs[0].recipe["generator"]["inputs"][0]))
        return runs[0] if asked - known.keys() == texts else None


def asked_or_called(model: Any, kind: Kind, labels: Sequence[str], means: Means) -> Subject:
    """The model that answers; `labels` are those of the data, for a language model that is told no others.

    Raises:
        InputError: there is no such model, or it lacks something it needs.
    """
    subject = subject_of(model, kind, means.option)
    if subject is None:
        kind = replace(kind, labels=kind.labels or tuple(labels))
        asking = AskingRecipe.of(model, kind, means)
        return Asked(means.place, asking, means.drive, means.new, means.name, means.figures)
    if means.sets:
        raise InputError("--set changes how a language model is asked, and this model is none.", FORMS)
    return subject


def _texts(path: Path) -> Iterator[str]:
    if path.is_file():
        yield from (record.text for record in JsonlFormat().read(str(path)))
