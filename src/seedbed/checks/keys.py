"""Does the text hold a key, token or password that opens something?"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from seedbed.core.attempt import PASSED, Verdict
from seedbed.core.errors import MissingExtra

from .personal import Found
from .text import TextCheck

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seedbed.core.attempt import Context
    from seedbed.core.part import Task
    from seedbed.core.record import Record

PREFIXES = {
    "OpenAI Token": r"sk-(?:proj-|svcacct-|admin-|None-)?[A-Za-z0-9_-]{32,}",
    "Anthropic Token": r"sk-ant-[A-Za-z0-9_-]{20,}",
    "Google API Key": r"AIza[0-9A-Za-z_-]{35}",
    "Google OAuth Token": r"ya29\.[0-9A-Za-z_-]{20,}",
    "GitHub Token": r"github_pat_[0-9A-Za-z_]{22,}",
    "Hugging Face Token": r"hf_[A-Za-z0-9]{30,}",
    "Slack Token": r"xox[abeprs]-[0-9A-Za-z-]{10,}|xapp-\d-[0-9A-Za-z-]{10,}",
    "Stripe Access Key": r"[rs]k_(?:live|test)_[0-9A-Za-z]{16,}|whsec_[0-9A-Za-z]{24,}",
    "NPM Token": r"npm_[A-Za-z0-9]{36}",
    "Key of a hosted model": r"(?:gsk|r8|pplx|xai|fw|nvapi|csk|tgp_v1)[_-][A-Za-z0-9_-]{30,}",
    "DigitalOcean Token": r"do[opr]_v1_[a-f0-9]{64}",
    "Shopify Token": r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}",
    "Alibaba or Tencent Cloud Key": r"LTAI[0-9A-Za-z]{16,24}|AKID[0-9A-Za-z]{32}",
    "Bearer Token": r"(?i:bearer|authorization: *token) +[A-Za-z0-9_.=/+-]{24,}",
    "Age Key": r"AGE-SECRET-KEY-1[0-9A-Z]{50,}",
    "Private Key": r"BEGIN (?:[A-Z0-9]+ ){0,2}PRIVATE KEY"
    r"(?:[^\0]{0,16000}?END (?:[A-Z0-9]+ ){0,2}PRIVATE KEY|(?:[\s\\nr-]*[A-Za-z0-9+/=]{16,})*)"
    r"|PuTTY-User-Key-File-\d(?:[^\0]{0,16000}?(?:Private-MAC: *[0-9a-f]+|\Z))?",
}
"""Keys that are known by how they begin, and that detect-secrets does not know, or not all of."""

_ASSIGNED = re.compile(
    r"(?:(?:api|access|secret)[-_ ]?key|client[-_ ]?secret|(?:auth|access)[-_ ]?token|passw(?:or)?d|passwort"
    r"|contraseña|mot de passe|密码|密钥|パスワード|비밀번호|\bpwd|\btoken|\bsecret)"
    r"[\"'`]?\s{0,3}(?:=|:|：|:=|=>|(?:is|ist|est|es)\b|是|为)\s{0,3}[\"'`“]?([^\s\"'`”,，。;]{8,})",
    re.I,
)
_PREFIXED = [(kind, re.compile(rf"(?<![A-Za-z0-9])(?:{pattern})")) for kind, pattern in PREFIXES.items()]
_LONG = re.compile(r"[!-~]{16}|BEGIN |PuTTY|://")
_NO_PLUGINS = ("IPPublicDetector", "ArtifactoryDetector", "PrivateKeyDetector")
"""An address is no secret, any word in capitals that begins with AP is one to the second, the third knows fewer."""


class Secrets(TextCheck):
    """Fails texts with API keys, tokens, private keys and passwords, as detect-secrets knows them, and more of them.

    Nothing is asked of anybody: whether a key is a real one is not looked at. Without `column` all columns the model
    writes are looked at. What was found is told by its kind, never by its value.
    """

    kind: ClassVar[str] = "secrets"

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        for text in self.texts(record, task):
            found = next(secrets(text), None)
            if found:
                return self.fail(f"contains what looks like a secret ({found.entity})")
        return PASSED


def secrets(text: str) -> Iterator[Found]:
    """Where secrets stand in a text, pattern by pattern: they may overlap. `entity` is the kind.

    Raises:
        MissingExtra: detect-secrets is not installed.
    """
    for found in _ASSIGNED.finditer(text):
        if _random(found[1]):
            yield Found(found.start(1), found.end(1), "password or key", 1.0)
    if not _LONG.search(text):
        return
    for kind, pattern in _PREFIXED:
        for found in pattern.finditer(text):
            if kind == "Private Key" or _random(found[0]):
                yield Found(found.start(), found.end(), kind, 1.0)
    for plugin in _plugins():
        # What a plugin answers itself may be the prefix alone, so its patterns are asked, too.
        hits = [hit for pattern in plugin.denylist for hit in pattern.finditer(text) if _random(hit[0])]
        if hits and any(plugin.analyze_string(text)):
            yield from (Found(hit.start(), hit.end(), plugin.secret_type, 1.0) for hit in hits)


def _random(value: str) -> bool:
    """Whether it may be more than a word or a placeholder such as `sk-xxxxxxxx`."""
    body = re.sub(r"(.)\1{3,}", "", value)
    return len(set(body)) >= 6 and any(map(str.isdigit, body)) and any(map(str.isalpha, body))


@lru_cache(maxsize=1)
def _plugins() -> tuple[Any, ...]:
    try:
        from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
        from detect_secrets.plugins.base import RegexBasedDetector
    except ImportError as error:
        raise MissingExtra("The check for secrets", "privacy") from error
    kinds: list[Any] = list(get_mapping_from_secret_type_to_class().values())
    return tuple(kind() for kind in kinds if issubclass(kind, RegexBasedDetector) and kind.__name__ not in _NO_PLUGINS)
