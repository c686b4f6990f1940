"""Long work on data as it goes: one line that is renewed on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from seedbed.app.stages import counted

from .console import plain_console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

    from seedbed.app.existing import Source
    from seedbed.app.stages import Stage
    from seedbed.core.record import Record

LINE_SECONDS = 10.0
"""How often a plain line is written."""


class Stages:
    """Shows on stderr how far the work is while the context lasts; `quiet` shows nothing."""

    def __init__(self, *, quiet: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = plain_console()
        self._quiet = quiet
        self._clock = clock
        self._line_at = clock()
        self._stage: Stage | None = None
        self._live: Live | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.pause()

    def pause(self) -> None:
        """Takes the line away until the next word of a stage, as something else is shown meanwhile."""
        if self._live:
            self._live.stop()
            self._live = None

    def say(self, text: str) -> None:
        """A message, above the line if there is one."""
        if self._live:
            self._live.console.print(text)
        else:
            print(text, file=sys.stderr, flush=True)  # noqa: T201 - this is the console

    def watch(self, stage: Stage) -> None:
        """Shows where the work is; see `app.stages.Watch`."""
        self._stage = stage
        if self._quiet or self._live:
            return
        if self._console.is_terminal:
            self._live = Live(
                get_renderable=self._line,
                console=self._console,
                refresh_per_second=4,
                transient=True,
                redirect_stdout=False,  # results go there
            )
            self._live.start(refresh=True)
        elif self._clock() - self._line_at >= LINE_SECONDS:
            self._line_at = self._clock()
            self.say(_words(stage))

    def _line(self) -> Table:
        line = Table.grid(padding=(0, 1))
        if self._stage and self._stage.total:
            bar = ProgressBar(total=self._stage.total, completed=self._stage.done, width=36)
            line.add_row(bar, Text(_words(self._stage)))
        elif self._stage:
            line.add_row(Text(_words(self._stage)))
        return line


def followed(source: Source, stages: Stages) -> Iterator[Record]:
    """The records of a source, read as somebody looks on."""
    return counted(source(), stages.watch, "Reading")


def _words(stage: Stage) -> str:
    if stage.total is None:
        return f"{stage.name}: {stage.done:,} {stage.items} …"
    return f"{stage.name}: {stage.done:,} of {stage.total:,} {stage.items}"
