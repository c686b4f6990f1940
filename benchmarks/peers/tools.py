"""Who is compared, and how each is started."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from .environment import Environments
from .work import write_recipe, write_task

HERE = Path(__file__).parent
SEEDBED = (sys.executable, "-c", "from seedbed.cli.main import run; run()")
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TELEMETRY_ENABLED": "false",
    "NEMO_TELEMETRY_ENABLED": "false",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "CURATOR_DISABLE_RICH_DISPLAY": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
"""What keeps the peers from the network, which is not measured here, and from drawing on a terminal."""


DESIGNER = r"[1-9]\d* failed|failed=[1-9]|dropped|🛑"


@dataclass(frozen=True)
class Tool:
    """A tool: its name here, what it is called, its package, what is imported of it; `missing` finds in its output the
    sentence that says that something is missing.
    """

    name: str
    title: str
    package: str
    module: str
    missing: str
    buffer: int = 1000
    script: str = ""

    def command(self, environments: Environments, folder: Path) -> list[str]:
        """What is run in `folder`."""
        if self.name == "seedbed":
            return [*SEEDBED, "generate", "recipe.yaml", "-o", "out.jsonl"]
        return [*self.python(environments, folder), str(HERE / f"run_{self.script or self.name}.py")]

    def python(self, environments: Environments, folder: Path) -> list[str]:
        """Its Python, with a home of its own."""
        if self.name == "seedbed":
            return [sys.executable]
        said = {**QUIET, "HOME": str(folder), "TIKTOKEN_CACHE_DIR": str(environments.tokenizers)}
        return ["env", *(f"{name}={value}" for name, value in said.items()), str(environments.python(self.environment))]

    @property
    def environment(self) -> str:
        """The name of its environment."""
        return self.script or self.name

    def prepare(self, folder: Path, url: str, count: int, concurrency: int) -> str:
        """Writes what it reads; the value is for its standard input."""
        if self.name == "seedbed":
            write_recipe(folder, url, count, concurrency)
            return ""
        return json.dumps(write_task(folder, url, count, concurrency, self.buffer))

    def told(self, said: str) -> str:
        """The last line of its output that says how much is missing, or nothing."""
        lines = [line.strip() for line in said.splitlines() if re.search(self.missing, line)]
        return re.sub(r"\x1b\[[0-9;]*m", "", lines[-1])[:200] if lines else ""


TOOLS = {
    tool.name: tool
    for tool in (
        Tool("seedbed", "Seedbed", "seedbed", "seedbed", r"missing|short"),
        Tool("distilabel", "distilabel", "distilabel", "distilabel.pipeline", r"sending empty|Nones|failed"),
        Tool("data_designer", "Data Designer", "data-designer", "data_designer.interface", DESIGNER),
        Tool("curator", "Curator", "bespokelabs-curator", "bespokelabs.curator", r"requests failed|ValueError"),
        Tool(
            "data_designer_100",
            "Data Designer, `buffer_size=100`",
            "data-designer",
            "data_designer.interface",
            DESIGNER,
            buffer=100,
            script="data_designer",
        ),
    )
}
