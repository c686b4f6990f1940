"""Which models are local: by their address, exactly, unless the connection says otherwise."""

from __future__ import annotations

import pytest

from seedbed.core.connection import Connection
from seedbed.providers.places import is_local


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.8.9.1", "[::1]", "0.0.0.0", "localhost", "LocalHost.", "vllm.localhost"),
        *("10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.7", "[fd12:3456::1]", "169.254.7.7", "[fe80::1]"),
        *("[::ffff:10.0.0.1]", "127.0.0.1:8000"),
    ],
)
def test_this_machine_and_its_network_are_local(host: str) -> None:
    assert is_local(Connection(provider="openai", base_url=f"http://{host}/v1"), "m")


@pytest.mark.parametrize(
    "host",
    [
        *("api.example.com", "gpu-box", "llm.internal", "localhost.example.com", "127.0.0.1.example.com"),
        *("8.8.8.8", "172.32.0.1", "100.64.0.1", "192.169.0.1", "[2001:db8::1]", "[::ffff:8.8.8.8]", "2130706433"),
    ],
)
def test_every_other_address_is_somebody_elses(host: str) -> None:
    assert not is_local(Connection(provider="openai", base_url=f"https://{host}/v1"), "m")


@pytest.mark.parametrize(
    ("provider", "local"),
    [
        *(("embedded", True), ("scripted", True), ("ollama", True)),
        *(("openai", False), ("anthropic", False), ("azure", False), ("qianfan", False), ("dashscope", False)),
    ],
)
def test_a_provider_without_an_address_is_where_it_is_by_itself(provider: str, local: bool) -> None:
    assert is_local(Connection(provider=provider), "m") is local


@pytest.mark.parametrize("model", ["gpt-oss:120b-cloud", "glm-4.6:cloud"])
def test_what_ollama_passes_on_to_its_own_servers_is_not_local(model: str) -> None:
    assert not is_local(Connection(provider="ollama"), model)
    assert not is_local(Connection(provider="openai", base_url="http://127.0.0.1:11434/v1"), model)


def test_the_connection_has_the_last_word() -> None:
    assert is_local(Connection(provider="openai", base_url="https://gpu.example.com/v1", local=True), "m")
    assert not is_local(Connection(provider="openai", base_url="http://127.0.0.1:4000/v1", local=False), "m")
    assert not is_local(Connection(provider="scripted", local=False), "m")
