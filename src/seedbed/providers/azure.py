"""Azure OpenAI: OpenAI's models as deployments of one's own resource.

Facts are from Microsoft's REST API reference and its pages on content filtering and quotas: the deployment and
`api-version` are in the address, the key is in the header `api-key`, a filtered prompt is a 400 with the code
`content_filter` (`innererror.code` ResponsibleAIPolicyViolation), a filtered answer has the finish reason
`content_filter`, a missing deployment is a 404 `DeploymentNotFound`, reset headers are whole seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from seedbed.core.chat import Capabilities

from .faults import COMMON_CODES
from .openai import OpenAI

if TYPE_CHECKING:
    from collections.abc import Mapping

    from yarl import URL

    from seedbed.core.chat import Request
    from seedbed.core.connection import Connection
    from seedbed.core.errors import ProviderErrorKind

    from .http import Http

_API_VERSION = "2024-10-21"


class Azure(OpenAI):
    """`base_url` is the resource (https://NAME.openai.azure.com), the model is the name of a deployment."""

    name: ClassVar[str] = "Azure OpenAI"
    default_url: ClassVar[str] = ""
    endings: ClassVar[tuple[str, ...]] = ("/openai",)
    declared: ClassVar[Capabilities] = Capabilities(json_schema=True, logprobs=True, seed=True)
    codes: ClassVar[Mapping[str, ProviderErrorKind]] = {
        **COMMON_CODES,
        "deploymentnotfound": "model",
        "operationnotsupported": "model",
        "401": "auth",
        "permissiondenied": "auth",
    }

    def __init__(self, connection: Connection, key: str | None = None, http: Http | None = None) -> None:
        super().__init__(connection, key, http)
        self._version = connection.api_version or _API_VERSION
        self._urls: dict[tuple[str, str], URL] = {}

    def declare(self) -> Capabilities:
        """As declared, whatever the address."""
        return self.declared

    def auth(self) -> dict[str, str]:
        """The header `api-key`."""
        return {"api-key": self._key} if self._key else {}

    def url(self, request: Request) -> URL:
        """The deployment's own address."""
        path = "embeddings" if request.embed is not None else "chat/completions"
        place = (request.model, path if request.prompt is None else "completions")
        if place not in self._urls:
            deployment = self.base / "openai/deployments" / request.model / place[1]
            self._urls[place] = deployment.with_query({"api-version": self._version})
        return self._urls[place]

    def body(self, request: Request, can: Capabilities) -> dict[str, Any]:
        """As OpenAI's, without the model, which is in the address."""
        body = super().body(request, can)
        del body["model"]
        return body
