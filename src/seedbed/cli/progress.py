"""A run as it goes: one calm block on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from rich.console import Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from .console import counted, plain_console

if TYPE_CHECKING:
    from typing import Self

    from seedbed.core.run import Accounts
    from seedbed.core.stored import StoredRun
    from seedbed.engine.generate import Generation

LINE_SECONDS = 5.0
"""How often a plain line is written."""


class Progress:
    """Shows a run on stderr while the context lasts; `quiet` shows nothing."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = plain_console()
        self._quiet = quiet
        self._live: Live | None = None
        self._began = time.monotonic()
        self._line_at = self._began
        self._start = 0
        self._said = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()

    def started(self, run: StoredRun, generation: Generation) -> None:
        """The run is being driven now."""
        accounts = generation.desk.accounts
        self._start = accounts.accepted
        self._began = time.monotonic()
        if self._quiet:
            return
        had = f", {accounts.accepted:,} of them there already" if accounts.accepted else ""
        self.say(f"Run {run.id}: {counted(accounts.asked, 'record')} wanted{had}.")
        if self._console.is_terminal:
            self._live = Live(self._block(generation), console=self._console, refresh_per_second=4, transient=True)
            self._live.start()

    def say(self, text: str) -> None:
        """A message, above the block if there is one."""
        if self._live:
            self._live.console.print(text)
        else:
            print(text, file=sys.stderr, flush=True)  # noqa: T201 - this is the console

    def watch(self, generation: Generation) -> None:
        """Shows where the run is."""
        if self._quiet:
            return
        if self._live:
            self._live.update(self._block(generation))
            return
        now = time.monotonic()
        accounts = generation.desk.accounts
        if now - self._line_at >= LINE_SECONDS and accounts.attempts != self._said:
            self._line_at, self._said = now, accounts.attempts
            self.say(self._line(accounts))

    def _line(self, accounts: Accounts) -> str:
        parts = [f"{accounts.accepted:,} of {accounts.asked:,} accepted", self._rate(accounts)]
        rejected = accounts.rejected.total() + accounts.failed.total()
        if rejected:
            parts.append(f"{rejected:,} rejected or failed ({_reasons(accounts)})")
        cost = accounts.as_dict()["cost"]
        if cost:
            parts.append(f"${cost:,.4f}")
        return " · ".join(part for part in parts if part)

    def _rate(self, accounts: Accounts) -> str:
        seconds = time.monotonic() - self._began
        made = accounts.accepted - self._start
        if seconds < 1 or not made:
            return ""
        per_second = made / seconds
        left = (accounts.asked - accounts.accepted) / per_second
        rate = f"{per_second:,.1f}/s" if per_second >= 1 else f"{per_second * 60:,.1f}/min"
        return f"{rate} · {_duration(left)} left" if left >= 1 else rate

    def _block(self, generation: Generation) -> Group:
        accounts = generation.desk.accounts
        bar = Table.grid(padding=(0, 1))
        bar.add_row(
            ProgressBar(total=max(1, accounts.asked), completed=accounts.accepted, width=36),
            Text(f"{accounts.accepted:,} of {accounts.asked:,}", style="bold"),
            Text(self._rate(accounts), style="dim"),
        )
        lines: list[Text | Table] = [bar]
        notes = [_money(accounts), _reasons(accounts)]
        lines.append(Text("  ".join(note for note in notes if note) or " ", style="dim"))
        cells = [cell for cell in accounts.cells if cell.accepted < cell.wanted]
        emptiest = sorted(cells, key=lambda cell: cell.accepted / cell.wanted)[:3] if len(accounts.cells) > 1 else []
        for cell in emptiest:
            name = " · ".join(cell.values.values())
            lines.append(Text(f"  {cell.accepted:>5,} of {cell.wanted:<5,} {name}", style="dim"))
        if not generation.stopping:
            lines += [Text(f"{what} Ctrl-C keeps everything.", style="yellow") for what in generation.waiting]
        else:
            lines.append(Text("Taking in what is in flight … press Ctrl-C again to stop now.", style="yellow"))
        return Group(*lines)


def _money(accounts: Accounts) -> str:
    calls = sum(model.calls for model in accounts.models.values())
    cost = sum(model.cost for model in accounts.models.values())
    return f"{counted(calls, 'call')}" + (f", ${cost:,.4f}" if cost else "")


def _reasons(accounts: Accounts) -> str:
    counts = (accounts.rejected + accounts.failed).most_common(4)
    return ", ".join(f"{reason} {count:,}" for reason, count in counts)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
