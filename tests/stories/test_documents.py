"""README and docs run as written: bash and python blocks in order, yaml blocks as recipes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ready import ready_command
from seedbed.recipe.document import Recipe

ROOT = Path(__file__).parents[2]
DOCUMENTS = ["README.md", "CONTRIBUTING.md", *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.S | re.M)
RUN = {"bash": ["bash", "-euc"], "python": ["seedbed", "-c"]}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_block_runs(name, tmp_path):
    path = f"{ready_command().parent}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    for language, text in BLOCK.findall((ROOT / name).read_text("utf-8")):
        if language in RUN:
            done = subprocess.run(
                [*RUN[language], text],
                cwd=tmp_path,
                env=os.environ | {"PATH": path},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
        elif language == "yaml":
            Recipe.of(yaml.safe_load(text))
        else:
            assert language == "text", f"{name}: a block in {language} that nobody runs"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name):
    for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text("utf-8")):
        assert "://" in target or ((ROOT / name).parent / target).exists(), target


def test_the_example_recipes_are_valid():
    for path in (*(ROOT / "examples").glob("*.yaml"), *(ROOT / "benchmarks" / "recipes").glob("*.yaml")):
        Recipe.of(yaml.safe_load(path.read_text("utf-8")))
