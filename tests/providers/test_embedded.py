"""The embedded provider over a real, small model; fetched once into the user's cache."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import platformdirs
import psutil
import pytest

from seedbed.core.chat import Completion, Message, Request
from seedbed.core.connection import Connection
from seedbed.core.errors import InputError, MissingExtra, ProviderError
from seedbed.providers import embedded as embedded_module
from seedbed.providers import llama_child, llama_process
from seedbed.providers.embedded import Embedded
from seedbed.providers.llama_process import LlamaProcess
from seedbed.providers.model_files import ModelFileSettings, resolve
from seedbed.providers.openai import OpenAI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytest.importorskip("xllamacpp")

MODEL = "smollm2-135m"
CONNECTION = Connection(provider="embedded")
SCHEMA = {
    "type": "object",
    "properties": {"mood": {"enum": ["good", "bad"]}},
    "required": ["mood"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def model_path() -> Path:
    """The test model's file; without a way to get it these tests are skipped, in CI they fail."""
    try:
        return resolve(MODEL, ModelFileSettings(cache=platformdirs.user_cache_path("seedbed") / "models"))
    except ProviderError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(error.message)


@pytest.fixture(scope="module")
def ask(model_path: Path) -> Iterator[Callable[[Request], Completion]]:
    """Asks one embedded provider, whose process serves all tests of this file that do not harm it."""
    with asyncio.Runner() as runner:
        embedded = Embedded(CONNECTION)
        runner.run(embedded.complete(Request(model=str(model_path), prompt="Hello", max_tokens=1)))
        yield lambda request: runner.run(embedded.complete(request))
        runner.run(embedded.aclose())


def question(model_path: Path, text: str = "Say hello.", **more: Any) -> Request:
    more = {"max_tokens": 8, "temperature": 0.0, **more}
    return Request(model=str(model_path), messages=({"role": "user", "content": text},), **more)


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children(recursive=True) if "llama_child" in command_of(child)]


def command_of(child: psutil.Process) -> str:
    try:
        return " ".join(child.cmdline())
    except psutil.Error:  # it has just ended
        return ""


def kill(child: psutil.Process) -> None:
    """Kills it and waits for its end, leaving its exit status to its parent."""
    child.kill()
    wait_for_end(child)


def wait_for_end(child: psutil.Process) -> None:
    end = time.monotonic() + 60
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_chat_is_answered(ask: Callable[[Request], Completion], model_path: Path) -> None:
    turns = ("system", "You are a helpful assistant."), ("user", "What is the capital of France?")
    messages = tuple(Message(role=role, content=content) for role, content in turns)
    answer = ask(Request(model=str(model_path), messages=messages, max_tokens=40, temperature=0.0))
    assert "Paris" in answer.text
    assert answer.finish_reason == "stop"
    assert answer.usage.input_tokens > 10
    assert answer.usage.output_tokens > 3


def test_a_raw_completion_goes_on_with_the_text_and_stops(
    ask: Callable[[Request], Completion], model_path: Path
) -> None:
    prompt = "Animal: cow\nSound: moo\nAnimal: cat\nSound: meow\nAnimal: dog\nSound:"
    answer = ask(Request(model=str(model_path), prompt=prompt, stop=("\n",), max_tokens=12, temperature=0.0))
    assert answer.text.strip()
    assert "\n" not in answer.text
    assert answer.finish_reason == "stop"


def test_a_schema_holds(ask: Callable[[Request], Completion], model_path: Path) -> None:
    answer = ask(question(model_path, "How are you?", schema=SCHEMA, max_tokens=60))
    assert orjson.loads(answer.text)["mood"] in ("good", "bad")
    assert answer.structured


@pytest.mark.parametrize("raw", [True, False])
def test_the_first_tokens_alternatives_come_with_probabilities(
    ask: Callable[[Request], Completion], model_path: Path, raw: bool
) -> None:
    request = question(model_path, "One letter, A or B?", max_tokens=1, top_logprobs=4)
    if raw:
        request = Request(model=str(model_path), prompt="A B A B A", max_tokens=1, temperature=0.0, top_logprobs=4)
    logprobs = ask(request).logprobs
    assert len(logprobs) == 4
    assert all(each <= 0 for _, each in logprobs)
    assert list(logprobs) == sorted(logprobs, key=lambda pair: -pair[1])


def test_an_answer_without_a_limit_ends_all_the_same(
    ask: Callable[[Request], Completion], model_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_module, "MAX_TOKENS", 5)
    answer = ask(question(model_path, "Count to a thousand.", max_tokens=None))
    assert (answer.usage.output_tokens, answer.finish_reason) == (5, "length")


def test_a_prompt_that_is_too_long_is_a_context_error(ask: Callable[[Request], Completion], model_path: Path) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(question(model_path, "word " * 5000))
    assert caught.value.kind == "context"


def test_the_process_is_shielded_from_ctrl_c_and_from_strangers(
    ask: Callable[[Request], Completion], model_path: Path
) -> None:
    (child,) = children()
    assert os.getsid(child.pid) != os.getsid(0)
    assert all(connection.laddr.ip == "127.0.0.1" for connection in child.net_connections())
    key_in_sight = [word for word in child.cmdline() if len(word) == 32]
    assert key_in_sight == []
    with pytest.raises(ProviderError) as caught:
        ask_with_another_key(child)
    assert caught.value.kind == "auth"
    assert ask(question(model_path)).text


def ask_with_another_key(child: psutil.Process) -> Completion:
    async def scenario() -> Completion:
        port = next(connection.laddr.port for connection in child.net_connections() if connection.status == "LISTEN")
        stranger = OpenAI(Connection(provider="openai", base_url=f"http://127.0.0.1:{port}/v1"), "guess")
        try:
            return await stranger.complete(Request(model="x", prompt="Hi"))
        finally:
            await stranger.aclose()

    return asyncio.run(scenario())


def test_first_calls_at_once_share_one_process_and_closing_leaves_none(model_path: Path) -> None:
    before = {child.pid for child in children()}

    async def scenario() -> list[int]:
        embedded = Embedded(CONNECTION)
        await asyncio.gather(*(embedded.complete(question(model_path)) for _ in range(3)))
        started = [child.pid for child in children() if child.pid not in before]
        await embedded.aclose()
        await embedded.aclose()
        return started

    started = asyncio.run(scenario())
    assert len(started) == 1
    assert not psutil.pid_exists(started[0]), "not even a zombie"


def test_closing_while_it_starts_leaves_no_process(model_path: Path) -> None:
    before = {child.pid for child in children()}

    async def scenario() -> None:
        embedded = Embedded(CONNECTION)
        call = asyncio.create_task(embedded.complete(question(model_path)))
        for _ in range(1000):
            if [child for child in children() if child.pid not in before]:
                break
            await asyncio.sleep(0.01)
        await embedded.aclose()
        await asyncio.gather(call, return_exceptions=True)

    asyncio.run(scenario())
    assert {child.pid for child in children()} == before


def test_a_killed_process_is_started_again_but_not_for_ever(model_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert embedded_module.RESTARTS == 3
    monkeypatch.setattr(embedded_module, "RESTARTS", 1)
    before = {child.pid for child in children()}

    async def scenario() -> ProviderError:
        embedded = Embedded(CONNECTION)
        try:
            for _ in range(2):
                assert (await insist(embedded, question(model_path))).text
                (child,) = (child for child in children() if child.pid not in before)
                kill(child)
            await insist(embedded, question(model_path))
        except ProviderError as error:
            return error
        finally:
            await embedded.aclose()
        raise AssertionError

    error = asyncio.run(scenario())
    assert error.fatal
    assert error.message == (
        "The local model ended 2 times, the last time because: "
        "the process was ended by SIGKILL, perhaps for lack of memory."
    )


async def insist(embedded: Embedded, request: Request) -> Completion:
    """Asks again after a passing error, as a run does."""
    while True:
        try:
            return await embedded.complete(request)
        except ProviderError as error:
            if not error.retryable:
                raise


def test_a_call_whose_process_dies_may_be_repeated(model_path: Path) -> None:
    before = {child.pid for child in children()}

    async def scenario() -> tuple[ProviderError, Completion]:
        embedded = Embedded(CONNECTION)
        await embedded.complete(question(model_path, max_tokens=1))
        (child,) = (child for child in children() if child.pid not in before)
        call = asyncio.create_task(embedded.complete(question(model_path, max_tokens=2000, extra={"ignore_eos": True})))
        await asyncio.sleep(0.3)
        child.kill()
        with pytest.raises(ProviderError) as caught:
            await call
        again = await embedded.complete(question(model_path))
        await embedded.aclose()
        return caught.value, again

    error, again = asyncio.run(scenario())
    assert error.retryable
    assert error.message == "The local model's process ended; the next call starts it again."
    assert again.text


def test_a_process_that_hangs_is_ended(model_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_module, "HEALTH_SECONDS", 0.3)
    monkeypatch.setattr(llama_process, "STOP_SECONDS", 0.3)
    before = {child.pid for child in children()}

    async def scenario() -> ProviderError:
        embedded = Embedded(Connection(provider="embedded", timeout=10))
        await embedded.complete(question(model_path))
        (child,) = (child for child in children() if child.pid not in before)
        child.suspend()
        with pytest.raises(ProviderError) as caught:
            await hurried(embedded).complete(question(model_path))
        assert not psutil.pid_exists(child.pid)
        assert (await embedded.complete(question(model_path))).text
        await embedded.aclose()
        return caught.value

    error = asyncio.run(scenario())
    assert error.kind == "timeout"
    assert error.message == "The local model hung and was ended; the next call starts it again."


def hurried(embedded: Embedded) -> Embedded:
    """The same provider with less patience for the call to come."""
    for served in embedded._served.values():
        assert served.provider is not None
        served.provider._timeout = 0.5
    return embedded


def test_the_process_dies_with_its_parent(model_path: Path) -> None:
    code = (
        "import asyncio, sys, time; from pathlib import Path\n"
        "from seedbed.providers.llama_process import LlamaProcess\n"
        "process = LlamaProcess(Path(sys.argv[1])); asyncio.run(process.start())\n"
        "print(process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(model_path)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        assert child.is_running()
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    wait_for_end(child)


def test_the_process_ends_with_its_input(model_path: Path) -> None:
    settings = {"model": str(model_path), "api_key": "k", "context": 512, "slots": 1, "cache_ram_mib": 8}
    line = orjson.dumps({**settings, "idle_seconds": 60, "parent": os.getpid()}) + b"\n"
    command = [sys.executable, "-m", "seedbed.providers.llama_child"]
    done = subprocess.run(command, input=line, capture_output=True, timeout=60, check=True)
    answer = orjson.loads(done.stdout)
    assert answer["ready"]
    assert answer["port"] > 0


def test_a_truncated_file_is_one_sentence(model_path: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.gguf"
    with model_path.open("rb") as file:
        cut.write_bytes(file.read(50_000_000))

    async def scenario() -> None:
        embedded = Embedded(CONNECTION)
        try:
            await embedded.complete(question(cut))
        finally:
            await embedded.aclose()

    with pytest.raises(ProviderError) as caught:
        asyncio.run(scenario())
    assert caught.value.fatal
    assert caught.value.message.startswith("The model file cut.gguf cannot be loaded: ")
    assert caught.value.message.endswith("model is corrupted or incomplete.")
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        ("libgomp.so.1: cannot open shared object file", InputError, "libgomp.so.1, which is missing"),
        ("No module named 'xllamacpp'", MissingExtra, "`embedded`"),
    ],
)
def test_a_missing_library_is_named(error: str, kind: type[InputError], words: str) -> None:
    failure = LlamaProcess(Path("any.gguf"))._failure(error)
    assert isinstance(failure, kind)
    assert words in failure.message


def test_a_model_that_is_not_there_starts_nothing(tmp_path: Path) -> None:
    embedded = Embedded(CONNECTION, files=ModelFileSettings(cache=tmp_path, offline=True))
    with pytest.raises(InputError, match="not on this machine"):
        asyncio.run(embedded.complete(Request(model="", prompt="Hi")))


def test_an_idle_model_leaves_the_memory_and_comes_back(model_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llama_process, "IDLE_SECONDS", 1)
    before = {child.pid for child in children()}

    async def scenario() -> tuple[int, int]:
        embedded = Embedded(CONNECTION)
        await embedded.complete(question(model_path))
        (child,) = (child for child in children() if child.pid not in before)
        busy = child.memory_full_info().uss
        await asyncio.sleep(2)
        idle = child.memory_full_info().uss
        assert (await embedded.complete(question(model_path))).text
        await embedded.aclose()
        return busy, idle

    busy, idle = asyncio.run(scenario())
    assert idle < busy - 50_000_000


def test_the_connection_overrides_what_is_declared() -> None:
    can = Embedded(CONNECTION).capabilities
    assert can.json_schema
    assert can.prefers_raw
    assert can.free
    can = Embedded(Connection(provider="embedded", prefers_raw=False, json_schema=False)).capabilities
    assert not can.prefers_raw
    assert not can.json_schema


def test_cores_honour_control_groups(tmp_path: Path) -> None:
    assert 1 <= llama_child.cores() <= (os.cpu_count() or 1)
    (tmp_path / "cpu.max").write_text("150000 100000\n")
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text("-1\n")
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    assert set(llama_child._quotas(tmp_path)) == {1.5}
