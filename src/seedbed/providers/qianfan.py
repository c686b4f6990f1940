"""Baidu Qianfan (ModelBuilder, API v2): the ERNIE models and others.

Facts are from cloud.baidu.com/doc/qianfan-api (chat v2, "错误码", structured outputs, rate limits): a bearer token,
`/v2/chat/completions`, `max_completion_tokens`, `response_format` with `json_schema` for some models, errors
`{error: {code, message, type}, id}` with words as codes, 403 for overdue accounts and unsafe texts, and headers
X-Ratelimit-Remaining-* without a reset (they refill within a minute).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from seedbed.core.chat import Capabilities

from .faults import COMMON_CODES
from .openai import OpenAI

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.core.errors import ProviderErrorKind


class Qianfan(OpenAI):
    """ERNIE models through Qianfan v2."""

    name: ClassVar[str] = "Qianfan"
    default_url: ClassVar[str] = "https://qianfan.baidubce.com/v2"
    declared: ClassVar[Capabilities] = Capabilities(json_schema=True, seed=True)
    limit_field: ClassVar[str] = "max_completion_tokens"
    filter_codes: ClassVar[frozenset[str]] = frozenset(
        {"unsafe_request", "system_unsafe", "user_setting_unsafe", "functions_unsafe", "content_filter"}
    )
    codes: ClassVar[Mapping[str, ProviderErrorKind]] = {
        **COMMON_CODES,
        "invalid_iam_token": "auth",
        "invalid_appid": "auth",
        "coding_plan_api_key_not_allowed": "auth",
        "invalid_model": "model",
        "no_such_model": "model",
        "model_offline": "model",
        "account_overdue": "quota",
        "billing_insufficient_balance": "quota",
        "quota_user_daily_free": "quota",
        "coding_plan_subscription_expired": "quota",
        "tokens_too_long": "context",
        "characters_too_long": "context",
        "no_parameter_permission": "request",
        "malformed_json": "request",
        "invalid_messages": "request",
        "invalid_argument": "request",
        "internal_error": "server",
        "dispatch_internal_error": "server",
    }

    def declare(self) -> Capabilities:
        """As declared, whatever the address."""
        return self.declared
