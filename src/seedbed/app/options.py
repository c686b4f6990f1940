"""How a recipe is to be run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seedbed.core.stored import StoredRun
    from seedbed.engine.generate import Generation

    from .models import Lend
    from .output import Output

LOCAL = "local"
"""The executor that works in this process."""


def _silent(_: str) -> None:
    return


@dataclass(slots=True)
class Options:
    """How to run a recipe.

    `folder` is where the recipe's own input files are looked for. `new` starts afresh though there is an unfinished
    run, `resume` continues a given one with this recipe. `plugins` are those the recipe's parts come from: the run
    remembers them. `on_start` hears of the run once it is driven, `watch` about twice a second, `say` what a person
    should know meanwhile (a download). `served` marks a run as the service's, which goes on with it by itself; `lend`
    gives it connections that other runs of the service use, too. `executor` is where the attempts are worked on: here
    (`local`), or on a cluster (`ray`, `ray://HOST:PORT`) by so many `workers`.
    """

    folder: Path = field(default_factory=Path.cwd)
    output: Output | None = None
    new: bool = False
    resume: str | None = None
    concurrency: int | None = None
    plugins: Sequence[str] = ()
    served: bool = False
    lend: Lend | None = None
    say: Callable[[str], None] = _silent
    watch: Callable[[Generation], None] | None = None
    on_start: Callable[[StoredRun, Generation], None] | None = None
    executor: str = LOCAL
    workers: int | None = None

    def lasting_plugins(self) -> list[str]:
        """The plugins as they can be found from any folder."""
        return [str(Path(name).absolute()) if name.endswith(".py") else name for name in self.plugins]
