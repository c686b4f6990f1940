"""Which providers there are, how to open one, and whether one works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from seedbed.core.chat import Message, Request
from seedbed.core.connection import Connection
from seedbed.core.errors import ProviderError
from seedbed.core.registry import Registry

from .limits.breaker import is_overload

if TYPE_CHECKING:
    from seedbed.core.ports import Provider

    from .http import Http

Outcome = Literal["valid", "invalid key", "no such model", "unreachable", "rate limited", "no quota", "failed"]

providers: Registry[Any] = Registry(
    "provider",
    "seedbed.providers",
    {
        "openai": "seedbed.providers.openai:OpenAI",
        "azure": "seedbed.providers.azure:Azure",
        "anthropic": "seedbed.providers.anthropic:Anthropic",
        "qianfan": "seedbed.providers.qianfan:Qianfan",
        "dashscope": "seedbed.providers.dashscope:DashScope",
        "ollama": "seedbed.providers.ollama:Ollama",
        "embedded": "seedbed.providers.embedded:Embedded",
        "scripted": "seedbed.providers.scripted:Scripted",
    },
)
"""Classes that are made as `cls(connection, key, http)`; other packages add theirs by the entry point."""

KEY_VARIABLES: dict[str, str] = {
    "openai": "OPENAI_API_KEY",
    "azure": "AZURE_OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "qianfan": "QIANFAN_API_KEY",
    "dashscope": "DASHSCOPE_API_KEY",
}
"""Where a key is looked for when a provider's name is used as a connection."""

_OUTCOMES: dict[str, Outcome] = {
    "auth": "invalid key",
    "model": "no such model",
    "quota": "no quota",
    "unreachable": "unreachable",
    "timeout": "unreachable",
    "server": "unreachable",
    "rate_limited": "rate limited",
}
_SMALL = 16


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Whether a connection works; `message` holds the provider's own words where it does not."""

    verdict: Outcome
    message: str
    hint: str = ""


def default_connection(name: str) -> Connection | None:
    """The connection a provider's bare name stands for, or none if there is no such provider."""
    if name not in providers.names():
        return None
    return Connection(provider=name, key_env=KEY_VARIABLES.get(name))


def has_embeddings(provider: str) -> bool:
    """Whether the provider's class says that it makes vectors of texts."""
    return getattr(providers.get(provider), "embeds", False)


def open_provider(connection: Connection, key: str | None, http: Http | None = None) -> Provider:
    """The provider of a connection; its client opens at the first call.

    Args:
        connection: what to reach.
        key: the secret itself, resolved by the caller.
        http: a session to share; its owner closes it.

    Raises:
        InputError: there is no such provider, or its address is missing or wrong.
    """
    provider: Provider = providers.get(connection.provider)(connection, key, http)
    return provider


async def check(provider: Provider, model: str) -> CheckResult:
    """Makes one small real call."""
    question = Message(role="user", content="Reply with the word ok.")
    try:
        answer = await provider.complete(Request(model=model, messages=(question,), max_tokens=_SMALL))
    except ProviderError as error:
        return CheckResult(_outcome(error), error.message, error.hint)
    return CheckResult("valid", f"{model or 'The model'} answered in {answer.seconds:.2f} s.")


def _outcome(error: ProviderError) -> Outcome:
    """A server that says it is overloaded limits; one that refuses even a small request for another reason failed."""
    return "rate limited" if is_overload(error) else _OUTCOMES.get(error.kind, "failed")
