"""Local servers that speak as the providers' public documentation says.

Each takes only the fields its API reference lists, refuses wrong keys, paths, models and malformed requests as
documented, and can be told to be in a documented situation (`Server.situation`): rate limited, without credit,
overloaded and so on. They know nothing of our client. Sources, read in November 2026:

- OpenAI: API reference (chat, completions), "Error codes", "Rate limits"; refusals of newer models as users quote
  them from api.openai.com.
- Azure OpenAI: REST API reference 2024-10-21, "Content filtering", "Quotas and limits".
- Anthropic: platform.claude.com/docs/en/api (messages, errors, rate-limits), "Structured outputs"; types of its SDK.
- Baidu Qianfan: cloud.baidu.com/doc/qianfan-api/s/Om9b4yj3w and rmwbl43x7 (error codes), chat v2, rate limits.
- DashScope: help.aliyun.com/zh/model-studio/error-code, "OpenAI compatible - Chat", "Structured output".
- Ollama: docs/openapi.yaml, docs/api/errors.mdx, and the error texts of server/routes.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .dialects_chinese import DashScopeServer, QianfanServer
from .dialects_openai import AzureServer, OpenAIServer
from .dialects_own import AnthropicServer, OllamaServer

if TYPE_CHECKING:
    from .dialect_server import Server

SERVERS: dict[str, type[Server]] = {
    "openai": OpenAIServer,
    "azure": AzureServer,
    "anthropic": AnthropicServer,
    "qianfan": QianfanServer,
    "dashscope": DashScopeServer,
    "ollama": OllamaServer,
}
