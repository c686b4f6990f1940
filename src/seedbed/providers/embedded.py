"""Language models on this machine, without any service: llama.cpp as a supervised process."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from threading import Event
from typing import TYPE_CHECKING, ClassVar

import platformdirs

from seedbed.core.chat import Capabilities
from seedbed.core.connection import Connection
from seedbed.core.errors import MissingExtra, ProviderError

from .http import Http
from .llama_process import LAST_BREATH, LlamaProcess
from .model_files import DEFAULT_MODEL, ModelFileSettings, resolve
from .openai import OpenAI

if TYPE_CHECKING:
    from pathlib import Path

    from seedbed.core.chat import Completion, Request

    from .model_download import Announce, Progress

RESTARTS = 3
MAX_TOKENS = 1024
"""The longest answer where the request sets no limit; small models may never end by themselves."""
HEALTH_SECONDS = 5.0


class _LlamaCpp(OpenAI):
    """The dialect of OpenAI, as llama.cpp speaks it."""

    name: ClassVar[str] = "The local model"
    timeout: ClassVar[float] = 300.0


@dataclass(slots=True)
class _Served:
    """One model and the process that serves it, if it does."""

    starting: asyncio.Lock = field(default_factory=asyncio.Lock)
    process: LlamaProcess | None = None
    provider: _LlamaCpp | None = None
    starts: int = 0
    ending: str = ""


class Embedded:
    """Serves models of the catalogue, or any GGUF file by its path, one process for each.

    A process starts with the first call, is started again at most three times when it dies, and ends with `aclose` or
    with this process. The connection's `concurrency` should be 1 unless the user says otherwise: one slot is fastest
    for prompts that begin alike, and waiting calls only wait in the server.

    Args:
        connection: `timeout` is for one answer (300 s if unset); capabilities may be overridden.
        key: not used; the process gets a random one.
        http: the shared HTTP client.
        files: where model files are kept; the user's cache if not given.
    """

    def __init__(
        self,
        connection: Connection,
        key: str | None = None,
        http: Http | None = None,
        *,
        files: ModelFileSettings | None = None,
    ) -> None:
        self._connection = connection
        self._http = http or Http("any")  # the model's own process is on this machine
        self._owns_http = http is None
        self._files = files or ModelFileSettings(cache=platformdirs.user_cache_path("seedbed") / "models")
        self._served: dict[str, _Served] = {}

    @property
    def capabilities(self) -> Capabilities:
        """What llama.cpp can do, unless the connection says otherwise."""
        known = Capabilities(
            json_schema=True,
            raw_completions=True,
            prefers_raw=True,
            logprobs=True,
            seed=True,
            prefix_cache=True,
            free=True,
        )
        names = ("json_schema", "system_role", "raw_completions", "prefers_raw", "logprobs", "prefix_cache")
        said = {name: value for name in names if (value := getattr(self._connection, name)) is not None}
        learnt = [one.provider.capabilities.json_schema for one in self._served.values() if one.provider]
        return replace(known, **{"json_schema": all(learnt), **said})

    async def prepare(
        self, model: str = "", progress: Progress | None = None, announce: Announce | None = None
    ) -> Path:
        """Fetches the model's file if it is not here yet; cancelling stops the download and keeps what has arrived.

        Args:
            model: a name or path; the default model if empty.
            progress: called with the bytes present and all bytes, in another thread.
            announce: called with one line before a download, in another thread.

        Raises:
            InputError: no such model, not here and offline, or the library is not installed.
            ProviderError: no source could give the file.
        """
        if find_spec("xllamacpp") is None:
            raise MissingExtra("The embedded model", "embedded")
        stopped = Event()

        def watch(done: int, total: int) -> None:
            if stopped.is_set():
                raise _Stopped
            if progress is not None:
                progress(done, total)

        try:
            return await asyncio.to_thread(resolve, model or DEFAULT_MODEL, self._files, watch, announce)
        finally:
            stopped.set()

    async def complete(self, request: Request) -> Completion:
        """One answer of the model `request.model` names; starts its process if there is none.

        Raises:
            ProviderError: no answer; `model` when the process cannot be kept alive.
            InputError: the model or the library is not here.
        """
        if request.embed is not None:
            raise ProviderError.no_embeddings("The local model")
        served = self._served.setdefault(request.model or DEFAULT_MODEL, _Served())
        async with served.starting:
            process, provider = await self._running(request.model, served)
        try:
            return await provider.complete(_limited(request))
        except ProviderError as error:
            raise await self._explained(error, process) from None

    async def aclose(self) -> None:
        """Ends all processes; may be called twice."""
        served, self._served = self._served, {}
        for one in served.values():
            async with one.starting:  # one that is being started is waited for, then ended
                await _release(one)
        if self._owns_http:
            await self._http.aclose()

    async def _running(self, model: str, served: _Served) -> tuple[LlamaProcess, _LlamaCpp]:
        """The model's process and the way to speak to it; (re)started if need be."""
        if served.process is None or served.provider is None or not served.process.alive:
            await _release(served)
            if served.starts > RESTARTS:
                words = f"The local model ended {served.starts} times, the last time because: {served.ending}."
                raise ProviderError("model", words, hint="Try a smaller model, or give the machine more memory.")
            process = LlamaProcess(await self.prepare(model))
            await process.start()
            served.starts += 1
            served.process, served.provider = process, self._provider(process)
        return served.process, served.provider

    def _provider(self, process: LlamaProcess) -> _LlamaCpp:
        said = self._connection.model_dump(include={"json_schema", "system_role", "raw_completions", "logprobs"})
        connection = Connection(
            provider="openai",
            base_url=f"http://127.0.0.1:{process.port}/v1",
            timeout=self._connection.timeout,
            **{name: True if value is None else value for name, value in said.items()},
        )
        return _LlamaCpp(connection, process.key, self._http)

    async def _explained(self, error: ProviderError, process: LlamaProcess) -> ProviderError:
        """The error as it is, unless the process's end or its silence is behind it."""
        if error.kind in ("unreachable", "protocol") and await process.ended(LAST_BREATH):
            return ProviderError("unreachable", "The local model's process ended; the next call starts it again.")
        if error.kind == "timeout" and not await self._healthy(process):
            await process.stop()
            return ProviderError("timeout", "The local model hung and was ended; the next call starts it again.")
        return error

    async def _healthy(self, process: LlamaProcess) -> bool:
        try:
            reply = await self._http.get(f"http://127.0.0.1:{process.port}/health", {}, HEALTH_SECONDS)
        except ProviderError:
            return False
        return reply.status == 200


class _Stopped(Exception):
    """Ends a download that nobody waits for any more."""


def _limited(request: Request) -> Request:
    """The request with a limit on its answer, using what the server remembers of the last prompt."""
    limit = request.max_tokens or MAX_TOKENS
    return replace(request, max_tokens=limit, extra={"cache_prompt": True, **request.extra})


async def _release(served: _Served) -> None:
    """Ends the process and remembers how it ended."""
    if served.process is not None:
        await served.process.stop()
        served.ending = served.process.ending
    served.process = served.provider = None
