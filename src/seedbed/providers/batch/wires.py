"""How OpenAI's and Anthropic's batches are spoken.

Facts are from OpenAI's API reference ("Batch API": a JSON Lines file of at most 50,000 requests and 200 MB to one
model, uploaded with purpose `batch`; statuses; `output_file_id` and `error_file_id`) and from platform.claude.com/docs
("Message Batches": at most 100,000 requests and 256 MB, `processing_status`, results as JSON Lines).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import orjson

from seedbed.core.errors import ProviderError
from seedbed.providers.anthropic import Anthropic
from seedbed.providers.faults import Fault, error_of, shortened
from seedbed.providers.http import Reply
from seedbed.providers.openai import OpenAI

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from seedbed.core.batches import StoredBatch
    from seedbed.core.connection import Connection
    from seedbed.providers.dialect import Dialect, Put

Result: TypeAlias = "Reply | ProviderError"
"""What came back for one request: a reply as if it had been sent by itself, or why there is none."""

KEPT_BYTES = 30_000_000
"""Requests of one batch; its results are about as long at most, and an answer of more than 64 MB is none."""

_SKEW_SECONDS = 60.0
_FORM = "seedbed-batch-file"


@dataclass(slots=True)
class Look:
    """How far a batch is. `problem` says why one failed as a whole; `crowded`, that only too much was under way."""

    over: bool
    problem: ProviderError | None = None
    crowded: bool = False
    places: Sequence[str] = field(default_factory=tuple)
    unanswered: str = "server"


class BatchWire(ABC):
    """One provider's batches, over its dialect. Everything raises ProviderError where it is refused or not answered."""

    name: ClassVar[str]

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    @abstractmethod
    def line(self, custom_id: str, put: Put) -> bytes:
        """One request of a batch."""

    @abstractmethod
    async def submit(self, lines: Sequence[bytes], put: Put, token: str) -> str:
        """Hands requests over, all to one model; answers the provider's name of the batch."""

    @abstractmethod
    async def look(self, remote: str) -> Look:
        """How far it is."""

    @abstractmethod
    async def results(self, look: Look) -> dict[str, Result]:
        """What came back, by the names of the requests; some may be missing."""

    @abstractmethod
    async def find(self, batch: StoredBatch, others: Container[str]) -> str:
        """The provider's name of a batch of which it is not known whether it has it; empty if it has not. `others` are
        names of other batches."""

    @abstractmethod
    async def cancel(self, remote: str) -> None:
        """Asks for no more answers; those that are there can be fetched."""

    async def _json(self, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Any:
        return orjson.loads(await self._bytes(path, body, headers))

    async def _bytes(self, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> bytes:
        base, _, query = path.partition("?")
        url = self.dialect.base / base
        return await self.dialect.exchange(url.with_query(query) if query else url, body, headers)

    def refusal(self, status: int, code: str, words: str) -> ProviderError:
        """The error that the provider's words within a batch are."""
        fault = Fault(status, code=code, type=code, words=words)
        return error_of(self.dialect.kind_of(fault), fault, self.dialect.who(), "", None)


class OpenAIBatches(BatchWire):
    """Files of JSON Lines, uploaded and fetched."""

    name: ClassVar[str] = "openai"

    def line(self, custom_id: str, put: Put) -> bytes:
        """See `BatchWire.line`."""
        return orjson.dumps({"custom_id": custom_id, "method": "POST", "url": self._endpoint(put), "body": put.body})

    async def submit(self, lines: Sequence[bytes], put: Put, token: str) -> str:
        """See `BatchWire.submit`."""
        headers = {"Content-Type": f"multipart/form-data; boundary={_FORM}-{token}"}
        file = await self._json("files", _upload(lines, f"{_FORM}-{token}"), headers)
        made = {
            "input_file_id": file["id"],
            "endpoint": self._endpoint(put),
            "completion_window": "24h",
            "metadata": {"seedbed": token},
        }
        return str((await self._json("batches", orjson.dumps(made)))["id"])

    async def look(self, remote: str) -> Look:
        """See `BatchWire.look`."""
        found = await self._json(f"batches/{remote}")
        status = found.get("status")
        places = [place for name in ("output_file_id", "error_file_id") if (place := found.get(name))]
        if status == "failed":
            errors = (found.get("errors") or {}).get("data") or [{}]
            code, words = str(errors[0].get("code") or ""), str(errors[0].get("message") or "it does not say why")
            crowded = code in ("token_limit_exceeded", "rate_limit_exceeded")
            return Look(over=True, problem=self.refusal(400, code, words), crowded=crowded, places=places)
        over = status in ("completed", "expired", "cancelled")
        return Look(over=over, places=places, unanswered=str(status))

    async def results(self, look: Look) -> dict[str, Result]:
        """See `BatchWire.results`."""
        found: dict[str, Result] = {}
        for place in look.places:
            for row in _rows(await self._bytes(f"files/{place}/content")):
                found[row["custom_id"]] = self._result(row)
        return found

    def _result(self, row: dict[str, Any]) -> Result:
        response = row.get("response")
        if response and response.get("status_code"):
            return Reply(int(response["status_code"]), {}, orjson.dumps(response.get("body")))
        error = row.get("error") or {}
        return unanswered(self.dialect.who(), str(error.get("code") or ""), str(error.get("message") or ""))

    async def find(self, batch: StoredBatch, others: Container[str]) -> str:
        """See `BatchWire.find`: the batch carries our name."""
        del others
        found = (await self._json("batches?limit=100")).get("data") or ()
        return next((str(one["id"]) for one in found if (one.get("metadata") or {}).get("seedbed") == batch.token), "")

    async def cancel(self, remote: str) -> None:
        """See `BatchWire.cancel`."""
        await self._bytes(f"batches/{remote}/cancel", b"{}")

    def _endpoint(self, put: Put) -> str:
        return f"/v1/{str(put.url).removeprefix(str(self.dialect.base)).lstrip('/')}"


class AnthropicBatches(BatchWire):
    """Requests in one body, results in one answer."""

    name: ClassVar[str] = "anthropic"
    statuses: ClassVar[dict[str, int]] = {
        "authentication_error": 401,
        "billing_error": 402,
        "permission_error": 403,
        "not_found_error": 404,
        "request_too_large": 413,
        "rate_limit_error": 429,
        "api_error": 500,
        "timeout_error": 504,
        "overloaded_error": 529,
    }

    def line(self, custom_id: str, put: Put) -> bytes:
        """See `BatchWire.line`."""
        return orjson.dumps({"custom_id": custom_id, "params": put.body})

    async def submit(self, lines: Sequence[bytes], put: Put, token: str) -> str:
        """See `BatchWire.submit`."""
        del put, token
        return str((await self._json("v1/messages/batches", b'{"requests":[' + b",".join(lines) + b"]}"))["id"])

    async def look(self, remote: str) -> Look:
        """See `BatchWire.look`."""
        found = await self._json(f"v1/messages/batches/{remote}")
        return Look(over=found.get("processing_status") == "ended", places=(remote,))

    async def results(self, look: Look) -> dict[str, Result]:
        """See `BatchWire.results`; `results_url` is not heeded: the key goes to no address that nobody named."""
        body = await self._bytes(f"v1/messages/batches/{look.places[0]}/results")
        return {row["custom_id"]: self._result(row["result"]) for row in _rows(body)}

    def _result(self, result: dict[str, Any]) -> Result:
        if result["type"] == "succeeded":
            return Reply(200, {}, orjson.dumps(result["message"]))
        if result["type"] == "errored":
            error = result.get("error") or {}
            inner = error.get("error") or error
            return Reply(self.statuses.get(str(inner.get("type")), 400), {}, orjson.dumps({"error": inner}))
        return unanswered(self.dialect.who(), str(result["type"]), "")

    async def find(self, batch: StoredBatch, others: Container[str]) -> str:
        """See `BatchWire.find`: there are no names of ours, but a time and a number of requests. Should it be another
        one after all, its results have other names, and these requests are asked again."""
        found = (await self._json("v1/messages/batches?limit=100")).get("data") or ()
        for one in found:
            made = datetime.fromisoformat(str(one["created_at"])).timestamp()
            many = sum(int(count) for count in (one.get("request_counts") or {}).values())
            same = abs(made - batch.began) < _SKEW_SECONDS and many == len(batch.lines)
            if same and one["id"] not in others:
                return str(one["id"])
        return ""

    async def cancel(self, remote: str) -> None:
        """See `BatchWire.cancel`."""
        await self._bytes(f"v1/messages/batches/{remote}/cancel", b"{}")


def wire_of(connection: Connection, dialect: Any) -> BatchWire | None:
    """How the batches of a connection are spoken; None where its provider has none that are known here."""
    if connection.provider == "openai" and isinstance(dialect, OpenAI):
        return OpenAIBatches(dialect)
    if connection.provider == "anthropic" and isinstance(dialect, Anthropic):
        return AnthropicBatches(dialect)
    return None


def has_batches(connection: Connection) -> bool:
    """Whether the connection's provider has batches that are known here."""
    return connection.provider in (OpenAIBatches.name, AnthropicBatches.name)


def unanswered(who: str, why: str, words: str) -> ProviderError:
    """For a request that its batch did not answer: it may be asked again, and nothing is paid for it."""
    kind = "expired" if "expired" in why else "was cancelled" if "cancel" in why else "ended"
    message = f"A batch of {who} {kind} before it answered this request"
    return ProviderError("server", f"{message}: {shortened(words)}" if words else f"{message}.")


def _upload(lines: Sequence[bytes], boundary: str) -> bytes:
    mark = f"--{boundary}\r\nContent-Disposition: form-data; name=".encode()
    purpose = mark + b'"purpose"\r\n\r\nbatch\r\n'
    head = mark + b'"file"; filename="requests.jsonl"\r\nContent-Type: application/jsonl\r\n\r\n'
    return b"".join((purpose, head, b"\n".join(lines), b"\n\r\n", f"--{boundary}--\r\n".encode()))


def _rows(body: bytes) -> Iterator[dict[str, Any]]:
    return (orjson.loads(line) for line in body.splitlines() if line.strip())
