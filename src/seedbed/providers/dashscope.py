"""Alibaba Cloud Model Studio (DashScope), OpenAI-compatible mode: the Qwen models.

Facts are from help.aliyun.com/model-studio ("错误码", "OpenAI兼容", "结构化输出", "深度思考"). Its codes come in two
spellings (`InvalidApiKey`, `invalid_api_key`). The code `insufficient_quota` with status 429 means too many tokens
per minute, not an empty account; that is `Arrearage` (400), a used-up free tier, or an unpaid bill. Hybrid thinking
models refuse calls that are not streamed unless `enable_thinking` is false. `seed` is below 2³¹.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from seedbed.core.chat import Capabilities

from .faults import COMMON_CODES
from .lessons import Lesson
from .openai import OpenAI

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.core.chat import Request
    from seedbed.core.errors import ProviderErrorKind

    from .faults import Fault

_MOST_SEED = 2**31 - 1


class DashScope(OpenAI):
    """Qwen models; the default address is Beijing's, others (`dashscope-intl`, `dashscope-us`) by `base_url`."""

    name: ClassVar[str] = "DashScope"
    default_url: ClassVar[str] = "https://dashscope.aliyuncs.com/compatible-mode/v1"
    declared: ClassVar[Capabilities] = Capabilities(json_schema=True, seed=True)
    filter_codes: ClassVar[frozenset[str]] = frozenset(
        {"datainspectionfailed", "data_inspection_failed", "content_filter"}
    )
    codes: ClassVar[Mapping[str, ProviderErrorKind]] = {
        **COMMON_CODES,
        "invalidapikey": "auth",
        "accessdenied": "auth",
        "access_denied": "auth",
        "accessdenied.unpurchased": "auth",
        "model.accessdenied": "model",
        "modelnotfound": "model",
        "model_not_supported": "model",
        "arrearage": "quota",
        "allocationquota.freetieronly": "quota",
        "commoditynotpurchased": "quota",
        "prepaidbilloverdue": "quota",
        "postpaidbilloverdue": "quota",
        "throttling": "rate_limited",
        "throttling.ratequota": "rate_limited",
        "throttling.burstrate": "rate_limited",
        "throttling.allocationquota": "rate_limited",
        "limitrequests": "rate_limited",
        "limit_requests": "rate_limited",
        "limit_burst_rate": "rate_limited",
        "insufficient_quota": "rate_limited",
        "requesttimeout": "timeout",
        "internalerror.timeout": "timeout",
    }

    def declare(self) -> Capabilities:
        """As declared, whatever the address."""
        return self.declared

    def body(self, request: Request, can: Capabilities) -> dict[str, Any]:
        """As OpenAI's, with a seed in the range it takes."""
        body = super().body(request, can)
        if "seed" in body:
            body["seed"] &= _MOST_SEED
        return body

    def kind_of(self, fault: Fault) -> ProviderErrorKind:
        """A used-up free quota shares its code with the limit on tokens per minute."""
        kind = super().kind_of(fault)
        return "quota" if kind == "rate_limited" and "free allocated quota" in fault.words.lower() else kind

    def lesson(self, fault: Fault, body: dict[str, Any], request: Request) -> Lesson | None:
        """Also turns off thinking where that is the condition for an answer in one piece."""
        if "enable_thinking" in fault.words and "enable_thinking" not in request.extra:
            supported = "not support" not in fault.words
            return Lesson(put=("enable_thinking", False)) if supported else Lesson(drop=("enable_thinking",))
        return super().lesson(fault, body, request)
