"""An environment of its own for each peer, outside of the repository."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PEERS = ("distilabel", "data_designer", "curator", "langtest")


class Environments:
    """The peers' environments below a folder, each made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def python(self, name: str) -> Path:
        """The Python of a peer's environment, in which is what `NAME.txt` pins and nothing else."""
        python, pins = self._folder / name / "bin" / "python", HERE / f"{name}.txt"
        made = self._folder / name / "pins.txt"
        if not made.exists() or made.read_text() != pins.read_text():
            print(f"making the environment of {name} …", flush=True)
            shutil.rmtree(self._folder / name, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", str(self._folder / name)], check=True)
            subprocess.run([str(python), "-m", "pip", "install", "-qq", "--no-deps", "-r", str(pins)], check=True)
            made.write_text(pins.read_text())
        return python

    def version(self, name: str, package: str) -> str:
        """The version of a package there."""
        code = f"import importlib.metadata as m, json; print(json.dumps(m.version({package!r})))"
        done = subprocess.run([str(self.python(name)), "-c", code], capture_output=True, text=True, check=True)
        return str(json.loads(done.stdout))

    @property
    def tokenizers(self) -> Path:
        """A folder with the tokenizer file that two peers would fetch; one of them has it in a package."""
        found = (
            self.python("curator").parents[1].glob("lib/python*/site-packages/litellm/litellm_core_utils/tokenizers")
        )
        return next(found)
