"""Every example recipe runs to its end, with a model that answers as a good one would."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from tests.contracts.generator_cases import CASES, prompt_of, words, written

import seedbed
from seedbed.app.recipe_file import RecipeFile
from seedbed.generators.catalog import generators
from seedbed.providers.catalog import providers
from seedbed.providers.scripted import Scripted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seedbed.core.chat import Request

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))


def named(request: Request) -> Any:
    """A sentence with the names it is to hold."""
    given = re.findall(r"(PERSON|CITY) ((?:“[^”]*”(?:, )?)+)", prompt_of(request))
    entities = [{"text": name, "label": label} for label, names in given for name in re.findall("“([^”]*)”", names)]
    return {"text": f"{words(8)} {' and '.join(one['text'] for one in entities)}.", "entities": entities}


def letter(request: Request) -> Any:
    data = re.search(r"form such a document has:\n(\{.*?\n\})", prompt_of(request), re.S)
    return f"We have {'; '.join(json.loads(data[1]).values())}. {words()}" if data else {"item": words(4)}


def asked_of_library(request: Request) -> Any:
    if "grounded" in prompt_of(request):
        return {"grounded": True, "reason": "It says so."}
    texts = re.split(r"\n\nText(?: \d)?:\n", "\n\n" + prompt_of(request).partition("\n\nWith")[0])[1:]
    quotes = [text.strip().splitlines()[-1] for text in texts]
    return {"question": words(), "answer": words(5), "quotes": quotes}


OWN = {
    "entities": named,
    "extraction": letter,
    "rag_qa": asked_of_library,
    "multilingual": lambda request: {"text": LANGUAGES[prompt_of(request).partition("text in ")[2][:6]] + words(3)},
}
LANGUAGES = {
    "Englis": "The heating in our room has not been working since last night, could you please send somebody? ",
    "German": "Die Heizung in unserem Zimmer funktioniert seit gestern Abend nicht, schicken Sie bitte jemanden? ",
    "French": "Le chauffage de notre chambre ne marche plus depuis hier soir, envoyez-nous quelqu'un je vous prie ? ",
}
FOLLOWS_SCHEMAS = ("None", "annotate", "structured")
"""For these any answer of the right form will do; a recipe of several steps has no kind."""


class Apt(Scripted):
    """Answers as the recipe's kind asks for."""

    kind = ""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        if self.kind not in FOLLOWS_SCHEMAS:
            self._script = self._apt

    def _apt(self, request: Request) -> str:
        return written((OWN.get(self.kind) or CASES[self.kind].answer)(request))


@pytest.fixture(autouse=True)
def apt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    providers.register("apt")(Apt)
    yield
    providers._known.pop("apt")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_runs_to_its_end_and_leaves_its_file(path: Path) -> None:
    file = RecipeFile.read(path)
    Apt.kind = str(file.document.get("generator", {}).get("kind"))
    checks = [check for check in file.document.get("checks", []) if check["kind"] != "label_agreement"]
    dataset = seedbed.generate(path, model="apt:m", checks=checks, workspace="w")
    assert dataset.figures["state"] == "complete", dataset.figures
    assert len(list(seedbed.read(file.document["output"]))) == len(dataset) > 0


def test_there_is_an_example_for_every_kind() -> None:
    documents = [yaml.safe_load(path.read_text("utf-8")) for path in EXAMPLES]
    parts = [step.get("generator") or step["add"] for one in documents for step in one.get("steps", [one])]
    assert {part["kind"] for part in parts} | {"rows"} == set(generators.names()), "docs/steps.md has one with rows"
