"""Lines of the log: one shape for all processes of a server.

A line names routes, people, runs and jobs; never what was asked, sent or made. Of an error it says its kind and where
it was raised, not its words, which may quote a text or a key.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from types import TracebackType

    from ..settings import LogSettings

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""The id of the request that is worked on."""

_log = logging.getLogger(__name__)


def set_up(settings: LogSettings, process: str) -> None:
    """Writes lines to stderr as it is set; where nothing is, Python's own way stays."""
    if not settings.chosen:
        return
    line = logging.StreamHandler(sys.stderr)
    line.setFormatter(JsonLines(process) if settings.format == "json" else TextLines(process))
    root = logging.getLogger()
    root.handlers[:] = [line]
    root.setLevel(logging.WARNING)  # other libraries would tell of texts and queries below that
    logging.getLogger("seedbed").setLevel(settings.least)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda told: _uncaught(told.exc_type, told.exc_value, told.exc_traceback)


class JsonLines(logging.Formatter):
    """Each line is one JSON object."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter.format`."""
        return orjson.dumps(told(record, self._process), default=str).decode()


class TextLines(logging.Formatter):
    """The same to read for people."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter.format`."""
        said = told(record, self._process)
        head = f"{said.pop('time')} {said.pop('level'):<7} {said.pop('process')}: {said.pop('message')}"
        trace = "".join(f"\n  {place}" for place in said.pop("trace", ()))
        for name in ("method", "route", "status"):  # the message says them
            said.pop(name, None)
        return head + "".join(f" {name}={value}" for name, value in said.items()) + trace


def told(record: logging.LogRecord, process: str) -> dict[str, Any]:
    """What a line says."""
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    said = {
        "time": at,
        "level": record.levelname.lower(),
        "process": process,
        "message": _on_one_line(record),
        "request_id": REQUEST.get(),
        **getattr(record, "said", {}),
        **_of_error(record),
    }
    return {name: value for name, value in said.items() if value not in ("", None)}


def _on_one_line(record: logging.LogRecord) -> str:
    if record.name == "py.warnings":
        return str(record.getMessage()).partition("\n")[0]
    return " ".join(record.getMessage().splitlines())


def _of_error(record: logging.LogRecord) -> dict[str, Any]:
    if not record.exc_info or record.exc_info[0] is None:
        return {}
    kind, _, trace = record.exc_info
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return {"error": kind.__name__, "trace": places}


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, (KeyboardInterrupt, SystemExit)) or error is None:
        return
    _log.critical("It was not foreseen.", exc_info=(kind, error, trace))
