from __future__ import annotations

import re

import pytest

from seedbed.core.chat import Usage
from seedbed.providers.prices import LOCAL, Price, price_of, table_date


def test_a_price_is_per_million_tokens() -> None:
    assert Price(2.5, 10).cost(Usage(1_000_000, 100_000)) == pytest.approx(3.5)


@pytest.mark.parametrize(
    ("provider", "model", "same_as"),
    [
        ("openai", "gpt-4o-mini-2024-07-18", "gpt-4o-mini"),
        ("openai", "GPT-4o", "gpt-4o"),
        ("azure", "gpt-4o-mini", "gpt-4o-mini"),
        ("anthropic", "claude-haiku-4-5-20251001", "claude-haiku-4-5"),
        ("anthropic", "claude-3-5-haiku-latest", "claude-3-5-haiku"),
        ("dashscope", "qwen-plus-0112", "qwen-plus"),
    ],
)
def test_a_dated_version_costs_what_the_model_costs(provider: str, model: str, same_as: str) -> None:
    price = price_of(provider, model)
    assert price is not None
    assert price == price_of(provider, same_as)
    assert price.as_of == table_date()


@pytest.mark.parametrize("model", ["gpt-4o-audio-preview", "gpt-5.9", "gpt-4o-mini-tts", "my-deployment", ""])
def test_an_unlisted_variant_has_no_price(model: str) -> None:
    assert price_of("openai", model) is None


def test_an_unknown_provider_has_no_price() -> None:
    assert price_of("somewhere", "gpt-4o") is None


@pytest.mark.parametrize("provider", sorted(LOCAL))
def test_local_models_are_free(provider: str) -> None:
    price = price_of(provider, "anything:7b")
    assert price is not None
    assert price.cost(Usage(10**6, 10**6)) == 0


def test_the_users_own_prices_come_first() -> None:
    own = {"gpt-4o": Price(1, 2), "azure:gpt-4o": Price(3, 4), "llama": Price(5, 6), "ollama:llama": Price(7, 8)}
    assert price_of("openai", "gpt-4o-2024-08-06", own) == Price(1, 2)
    assert price_of("azure", "gpt-4o", own) == Price(3, 4)
    assert price_of("ollama", "llama", own) == Price(7, 8)


def test_the_table_is_dated_and_sane() -> None:
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", table_date())
    price = price_of("anthropic", "claude-opus-4-1")
    assert price == Price(15, 75, table_date())
