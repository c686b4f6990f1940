from __future__ import annotations

import asyncio
from typing import Any

import pytest

from seedbed.core.chat import Completion, Request
from seedbed.core.connection import Connection
from seedbed.core.errors import InputError, ProviderError
from seedbed.providers.catalog import CheckResult, check, default_connection, open_provider, providers
from seedbed.providers.scripted import Scripted

HOSTED = ["anthropic", "azure", "dashscope", "openai", "qianfan"]


def test_the_built_in_names() -> None:
    assert [*HOSTED, "embedded", "ollama", "scripted"] == sorted(providers.names(), key=lambda name: name not in HOSTED)


@pytest.mark.parametrize("name", HOSTED)
def test_a_hosted_provider_looks_for_its_usual_key(name: str) -> None:
    connection = default_connection(name)
    assert connection is not None
    assert connection.key_env is not None
    assert connection.key_env.endswith("_API_KEY")


@pytest.mark.parametrize("name", ["ollama", "embedded", "scripted"])
def test_a_local_provider_needs_no_key(name: str) -> None:
    assert default_connection(name) == Connection(provider=name)


def test_what_is_no_provider_is_no_connection() -> None:
    assert default_connection("opnai") is None
    with pytest.raises(InputError, match="no provider `opnai`") as caught:
        open_provider(Connection(provider="opnai"), None)
    assert caught.value.hint == "Did you mean `openai`?"


@pytest.mark.parametrize("key", ["sk-abc\ndef", "sk abc", "schlüssel", "sk-abc\x00"])
def test_a_key_that_cannot_be_one(key: str) -> None:
    with pytest.raises(InputError, match="no key has") as caught:
        open_provider(Connection(provider="openai"), key)
    assert key not in str(caught.value)


def test_a_line_break_after_the_key_does_no_harm() -> None:
    provider: Any = open_provider(Connection(provider="openai"), "sk-abcdef\n")
    assert provider.auth() == {"Authorization": "Bearer sk-abcdef"}


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://x/v1", "http://", "http://h:99999/v1", "http://me:pw@h/v1"])
def test_a_base_url_that_is_no_web_address(url: str) -> None:
    with pytest.raises((InputError, ValueError), match="a web address"):
        open_provider(Connection(provider="openai", base_url=url), None)


def test_azure_needs_the_address_of_the_resource() -> None:
    with pytest.raises(InputError, match="needs a `base_url`"):
        open_provider(Connection(provider="azure"), None)


@pytest.mark.parametrize(
    ("name", "url", "expected"),
    [
        ("openai", "http://h/v1/", "http://h/v1/chat/completions"),
        ("openai", "http://h/v1/chat/completions", "http://h/v1/chat/completions"),
        ("anthropic", "https://h/v1/messages", "https://h/v1/messages"),
        ("anthropic", "https://h", "https://h/v1/messages"),
        ("ollama", "http://h:11434/v1", "http://h:11434/api/chat"),
        ("azure", "https://r.openai.azure.com/", "https://r.openai.azure.com/openai/deployments/m/chat/completions?api-version=2025-01-01"),
        ("qianfan", None, "https://qianfan.baidubce.com/v2/chat/completions"),
        ("dashscope", None, "https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions"),
        ("openai", None, "https://api.openai.com/v1/chat/completions"),
    ],
)  # fmt: skip
def test_addresses(name: str, url: str | None, expected: str) -> None:
    version = "2025-01-01" if name == "azure" else None
    provider: Any = open_provider(Connection(provider=name, base_url=url, api_version=version), None)
    assert str(provider.url(Request("m"))) == expected


def test_check_passes_on_what_the_provider_said() -> None:
    busy = Scripted.answering([ProviderError("rate_limited", "Slow down.", hint="Wait."), Completion("ok")])
    assert asyncio.run(check(busy, "m")) == CheckResult("rate limited", "Slow down.", "Wait.")
    assert asyncio.run(check(busy, "m")).verdict == "valid"
    assert [request.max_tokens for request in busy.requests] == [16, 16]


def test_a_part_of_another_package_is_opened_like_a_built_in_one() -> None:
    @providers.register("echo")
    class Echo(Scripted):
        pass

    try:
        assert isinstance(open_provider(Connection(provider="echo"), None), Echo)
        assert default_connection("echo") == Connection(provider="echo")
    finally:
        del providers._known["echo"]
