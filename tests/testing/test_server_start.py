"""The fake OpenAI server in a thread and as a program."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import Any
from urllib.request import urlopen

import orjson
import pytest

from seedbed.testing.server import Settings, main, running_server


def test_code_that_is_not_async_has_a_server_in_a_thread() -> None:
    with running_server(Settings(models=("m",))) as server:
        with urlopen(server.url + "/models") as response:
            assert orjson.loads(response.read())["data"][0]["id"] == "m"
        assert server.change(models=("n",)).models == ("n",)
        with urlopen(server.url + "/models") as response:
            assert orjson.loads(response.read())["data"][0]["id"] == "n"
        port = int(server.url.split(":")[2].removesuffix("/v1"))
        with pytest.raises(OSError, match="in use"), running_server(port=port):
            pass
    assert server.stats()["requests"] == 0
    with running_server(port=port) as again:
        assert again.url == server.url


def start(*options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-W", "error", "-m", "seedbed.testing.server", *options]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def ready(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert process.stdout is not None
    line: dict[str, Any] = orjson.loads(process.stdout.readline())
    return line


def test_the_module_says_when_it_is_ready_and_ends_when_told() -> None:
    told = start("--port", "0", "--models", "a", "b", "--no-logprobs", "--latency", "0.01")
    fed = start("--until-stdin-closes")
    with told, fed:
        line = ready(told)
        assert (line["ready"], line["pid"]) == (True, told.pid)
        with urlopen(line["url"] + "/models") as response:
            assert [model["id"] for model in orjson.loads(response.read())["data"]] == ["a", "b"]
        told.send_signal(signal.SIGTERM)
        assert ready(fed)["ready"] is True
        assert [process.communicate(timeout=60) for process in (told, fed)] == [(b"", b"")] * 2
    assert (told.returncode, fed.returncode) == (0, 0)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [(["--latency", "-1"], "--latency"), (["--answers", "/no/such"], "/no/such"), (["--nonsense"], "--nonsense")],
)
def test_wrong_options_are_named(options: list[str], complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(options)
    assert ended.value.code == 2
    assert complaint in capsys.readouterr().err
