"""The fake server's batches: OpenAI's files and `/batches`, Anthropic's `/messages/batches`."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import orjson

from seedbed.testing.wire import ApiError, Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from seedbed.testing.behaviour import Author, Counters, Settings

PATHS = ("/files", "/batches", "/messages/batches")
"""What begins so is answered here."""

_FINISH = {"length": "max_tokens"}
_STATUSES = {"done": "completed", "running": "in_progress"}


@dataclass(slots=True)
class _Line:
    custom_id: str
    path: str
    body: dict[str, Any]


@dataclass(slots=True)
class _Batch:
    """`fate` is what becomes of it; `answers` is written when it is over: name → (status, body), or what befell it."""

    name: str
    lines: list[_Line]
    metadata: dict[str, Any]
    fate: str
    made: float = field(default_factory=time.time)
    began: float = field(default_factory=time.monotonic)
    over: bool = False
    answers: dict[str, tuple[int, Any] | str] = field(default_factory=dict)

    def count(self, what: Callable[[Any], bool]) -> int:
        """How many of its answers are so."""
        return sum(what(answer) for answer in self.answers.values())


class Batches:
    """Takes batches, lets them wait as long as the settings say, and answers them.

    Args:
        author: writes the answers, with the settings of the moment.
        counters: where batches and their requests are counted.
    """

    def __init__(self, author: Author, counters: Counters) -> None:
        self._author = author
        self._counters = counters
        self._files: dict[str, bytes] = {}
        self._batches: dict[str, _Batch] = {}
        self._made = 0

    def answer(self, method: str, path: str, content: bytes) -> bytes:
        """The JSON (or JSON Lines) for a question about files and batches.

        Raises:
            ApiError: there is no such thing, or the body is wrong.
        """
        if not self._settings.batches:
            raise ApiError(404, "unknown_url", f"Unknown request URL: {method} /v1{path}.")
        parts = path.strip("/").split("/")
        if parts[0] == "files":
            found = self._file(method, parts, content)
            return found if isinstance(found, bytes) else orjson.dumps(found)
        api: Literal["openai", "anthropic"] = "openai" if parts[0] == "batches" else "anthropic"
        parts = parts[1:] if api == "openai" else parts[2:]
        return self._batch(method, parts, content, api)

    def reset(self) -> None:
        """Forgets all files and batches."""
        self._files.clear()
        self._batches.clear()
        self._made = 0

    @property
    def _settings(self) -> Settings:
        return self._author.settings

    def _file(self, method: str, parts: list[str], content: bytes) -> bytes | dict[str, Any]:
        if method == "POST" and len(parts) == 1:
            name = f"file-{len(self._files) + 1}"
            self._files[name] = _uploaded(content)
            return {"id": name, "object": "file", "purpose": "batch", "bytes": len(content), "filename": "x.jsonl"}
        if method == "GET" and parts[2:] == ["content"] and parts[1] in self._files:
            return self._files[parts[1]]
        raise ApiError(404, None, f"No such File object: {parts[-1]}")

    def _batch(self, method: str, parts: list[str], content: bytes, api: Literal["openai", "anthropic"]) -> bytes:
        show = self._as_openai if api == "openai" else self._as_anthropic
        prefix = "batch_" if api == "openai" else "msgbatch_"
        match method, parts:
            case "POST", []:
                return orjson.dumps(show(self._make(content, api)))
            case "GET", []:
                mine = [batch for name, batch in self._batches.items() if name.startswith(prefix)]
                return orjson.dumps({"object": "list", "data": [show(one) for one in mine], "has_more": False})
            case _ if not parts or parts[0] not in self._batches:
                raise ApiError(404, None, f"No batch found with id '{parts[0] if parts else ''}'.")
            case "GET", [name]:
                return orjson.dumps(show(self._settled(name)))
            case "POST", [name, "cancel"]:
                return orjson.dumps(show(self._cancelled(name)))
            case "GET", [name, "results"] if self._settled(name).over:
                return b"\n".join(_anthropic_row(*row) for row in self._batches[name].answers.items())
        raise ApiError(404, None, f"Unknown request: {method} {'/'.join(parts)}.")

    def _make(self, content: bytes, api: Literal["openai", "anthropic"]) -> _Batch:
        try:
            body = orjson.loads(content)
            lines = self._openai_lines(body) if api == "openai" else _anthropic_lines(body)
        except (ValueError, KeyError, TypeError) as error:
            raise ApiError(400, None, f"The batch is not understood: {error!r}.") from error
        self._made += 1
        settings = self._settings
        unusual = "failed" if self._made <= settings.batch_failed else "expired"
        fate = unusual if self._made <= settings.batch_failed + settings.batch_expired else "done"
        name = f"{'batch' if api == 'openai' else 'msgbatch'}_{self._made}"
        metadata = body.get("metadata") or {}
        batch = self._batches[name] = _Batch(name, lines, metadata, fate)
        self._counters.batches += 1
        self._counters.batch_requests += len(lines)
        return batch

    def _openai_lines(self, body: dict[str, Any]) -> list[_Line]:
        rows = [orjson.loads(line) for line in self._files[body["input_file_id"]].splitlines() if line]
        if len({row["body"].get("model") for row in rows}) != 1 or {row["url"] for row in rows} != {body["endpoint"]}:
            raise ValueError("all requests must be to one model and to the endpoint of the batch")
        return _named_once([_Line(row["custom_id"], row["url"].removeprefix("/v1"), row["body"]) for row in rows])

    def _settled(self, name: str) -> _Batch:
        batch = self._batches[name]
        late = time.monotonic() - batch.began >= self._settings.batch_delay
        if not batch.over and (late or batch.fate == "cancelled"):
            batch.over = True
            upto = {"done": len(batch.lines), "expired": len(batch.lines) // 2}.get(batch.fate, 0)
            for place, line in enumerate(batch.lines):
                batch.answers[line.custom_id] = self._answered(line) if place < upto else batch.fate
            self._keep(batch)
        return batch

    def _cancelled(self, name: str) -> _Batch:
        batch = self._batches[name]
        if not batch.over:
            batch.fate = "cancelled"
            self._counters.batches_cancelled += 1
        return self._settled(name)

    def _answered(self, line: _Line) -> tuple[int, Any]:
        if self._author.draw(self._settings.batch_error_share):
            return 500, {"error": {"message": "The server had an error.", "type": "api_error", "code": None}}
        try:
            body = orjson.loads(self._author.write(self._understood(line)))
        except ApiError as error:
            return error.status, orjson.loads(error.body)
        self._counters.batch_answered += 1
        return 200, body

    def _understood(self, line: _Line) -> Question:
        question = Question.read(line.path, orjson.dumps(line.body))
        if self._settings.models and question.model not in self._settings.models:
            raise ApiError(404, "model_not_found", f"The model `{question.model}` does not exist.")
        if question.schema is not None and not self._settings.json_schema:
            raise ApiError(400, None, "response_format is not supported")
        return question

    def _keep(self, batch: _Batch) -> None:
        """The files that OpenAI makes of the results."""
        files: dict[str, list[bytes]] = {"out": [], "err": []}
        for custom_id, answer in batch.answers.items():
            good = isinstance(answer, tuple) and answer[0] == 200
            files["out" if good else "err"].append(_openai_row(custom_id, answer))
        self._files |= {f"{batch.name}-{kind}": b"\n".join(rows) for kind, rows in files.items() if rows}

    def _as_openai(self, batch: _Batch) -> dict[str, Any]:
        status = _STATUSES.get(batch.fate, batch.fate) if batch.over else "in_progress"
        good = batch.count(lambda answer: isinstance(answer, tuple) and answer[0] == 200)
        failed = status == "failed"
        problem = {"code": "invalid_json_line", "message": "This line is not parseable.", "line": 1, "param": None}
        places = {kind: f"{batch.name}-{kind}" for kind in ("out", "err") if f"{batch.name}-{kind}" in self._files}
        return {
            "id": batch.name,
            "object": "batch",
            "status": status,
            "created_at": int(batch.made),
            "errors": {"object": "list", "data": [problem]} if failed else None,
            "output_file_id": None if failed else places.get("out"),
            "error_file_id": None if failed else places.get("err"),
            "request_counts": {"total": len(batch.lines), "completed": good, "failed": len(batch.answers) - good},
            "metadata": batch.metadata,
        }

    def _as_anthropic(self, batch: _Batch) -> dict[str, Any]:
        counts = {
            "processing": len(batch.lines) - len(batch.answers),
            "succeeded": batch.count(lambda answer: isinstance(answer, tuple) and answer[0] == 200),
            "errored": batch.count(lambda answer: answer == "failed" or answer[0] not in (200, "e", "c")),
            "canceled": batch.count(lambda answer: answer == "cancelled"),
            "expired": batch.count(lambda answer: answer == "expired"),
        }
        return {
            "id": batch.name,
            "type": "message_batch",
            "processing_status": "ended" if batch.over else "in_progress",
            "request_counts": counts,
            "created_at": datetime.fromtimestamp(batch.made, UTC).isoformat(),
            "results_url": f"https://elsewhere.invalid/{batch.name}/results" if batch.over else None,
        }


def _uploaded(content: bytes) -> bytes:
    """The file of a form of several parts."""
    boundary = content.partition(b"\r\n")[0]
    for part in content.split(boundary):
        head, _, body = part.partition(b"\r\n\r\n")
        if re.search(rb'name="file"', head):
            return body.removesuffix(b"\r\n")
    raise ApiError(400, None, "The form has no `file`.")


def _anthropic_lines(body: dict[str, Any]) -> list[_Line]:
    """As chats in OpenAI's words, which the author understands."""
    lines = []
    for row in body["requests"]:
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", row["custom_id"]):
            raise ValueError("custom_id does not match ^[a-zA-Z0-9_-]{1,64}$")
        params = row["params"]
        system = [{"role": "system", "content": params["system"]}] if params.get("system") else []
        chat = {
            "model": params["model"],
            "messages": [*system, *params["messages"]],
            "max_tokens": params["max_tokens"],
            "stop": params.get("stop_sequences"),
        }
        if form := (params.get("output_config") or {}).get("format"):
            described = {"name": "answer", "schema": form["schema"]}
            chat["response_format"] = {"type": "json_schema", "json_schema": described}
        lines.append(_Line(row["custom_id"], "/chat/completions", chat))
    return _named_once(lines)


def _named_once(lines: list[_Line]) -> list[_Line]:
    if not lines or len({line.custom_id for line in lines}) < len(lines):
        raise ValueError("every request needs a custom_id of its own")
    return lines


def _openai_row(custom_id: str, answer: tuple[int, Any] | str) -> bytes:
    row: dict[str, Any] = {"id": f"batch_req_{custom_id}", "custom_id": custom_id, "response": None, "error": None}
    if isinstance(answer, str):
        row["error"] = {"code": f"batch_{answer}", "message": f"This request could not be executed: {answer}."}
    else:
        row["response"] = {"status_code": answer[0], "request_id": "req_1", "body": answer[1]}
    return orjson.dumps(row)


def _anthropic_row(custom_id: str, answer: tuple[int, Any] | str) -> bytes:
    return orjson.dumps({"custom_id": custom_id, "result": _anthropic_result(answer)})


def _anthropic_result(answer: tuple[int, Any] | str) -> dict[str, Any]:
    if isinstance(answer, str):
        if answer == "failed":
            return {"type": "errored", "error": {"type": "error", "error": {"type": "api_error", "message": "No."}}}
        return {"type": {"cancelled": "canceled"}.get(answer, answer)}
    status, body = answer
    if status != 200:
        kind = {404: "not_found_error", 500: "api_error"}.get(status, "invalid_request_error")
        inner = {"type": kind, "message": body["error"]["message"]}
        return {"type": "errored", "error": {"type": "error", "error": inner}}
    choice, used = body["choices"][0], body["usage"]
    message = {
        "id": body["id"].replace("chatcmpl", "msg"),
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": [{"type": "text", "text": choice["message"]["content"]}],
        "stop_reason": _FINISH.get(choice["finish_reason"], "end_turn"),
        "usage": {"input_tokens": used["prompt_tokens"], "output_tokens": used["completion_tokens"]},
    }
    return {"type": "succeeded", "message": message}
