"""Keys, tokens and passwords are found; words about them are not."""

from __future__ import annotations

import sys
from random import Random
from string import ascii_letters, digits
from typing import Any

import pytest

from seedbed.checks.keys import Secrets, _plugins
from seedbed.core.errors import MissingExtra
from seedbed.core.record import Record

pytest.importorskip("detect_secrets")


def made(count: int, letters: str = ascii_letters + digits) -> str:
    """A key nobody has: this file holds no whole one, or those who look for leaks would find it."""
    rng = Random(count)
    return "".join(rng.choice(letters) for _ in range(count))


HEX = "0123456789abcdef"
JWT = ("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "eyJzdWIiOiIxMjM0NTY3ODkwIn0", made(43))
SECRETS = [
    ("Use sk-" + made(20) + "T3Blbk" + "FJ" + made(20) + " for it", "OpenAI Token"),
    ("export KEY=sk-proj-" + made(64), "OpenAI Token"),
    ("我的密钥是sk-" + made(48) + "，请保密", "password or key"),
    ("key: sk-ant-" + "api03-" + made(60), "Token"),
    ("AWS key AKIA" + "IOSFODNN7EXAMPLE leaked", "AWS Access Key"),
    ("aws_secret_access_key = '" + made(40) + "'", "key"),
    ("ghp_" + made(36), "GitHub Token"),
    ("github_pat_" + made(60), "GitHub Token"),
    ("glpat-" + made(20), "GitLab Token"),
    ("AIza" + made(35), "Google API Key"),
    ("hf_" + made(34), "Hugging Face Token"),
    ("xoxb-" + "123456789012-1234567890123-" + made(24), "Slack Token"),
    ("sk_live_" + made(24), "Stripe Access Key"),
    ("https://hooks.slack.com/services/T0A1B2C3D/B0E1F2G3H/" + made(24), "Slack Token"),
    ("gsk_" + made(52), "Key of a hosted model"),
    ("LTAI" + made(20), "Alibaba or Tencent Cloud Key"),
    ("shpat_" + made(32, HEX), "Shopify Token"),
    ("-----BEGIN RSA PRIVATE" + " KEY-----\nMIIE", "Private Key"),
    ("-----BEGIN OPENSSH PRIVATE" + " KEY-----", "Private Key"),
    ("-----BEGIN ENCRYPTED PRIVATE" + " KEY-----", "Private Key"),
    (".".join(JWT), "JSON Web Token"),
    ("postgres://admin:S3cr3tPa55@db.example.com/x", "Basic Auth Credentials"),
    ("Authorization: Bearer " + made(40), "Bearer Token"),
    ('"api_key": "' + made(32) + '"', "password or key"),
    ("SG." + made(22) + "." + made(43), "SendGrid API Key"),
    ("npm_" + made(36), "NPM Token"),
    ("AccountKey=" + made(86) + "==", "Azure"),
    ("password: hunter2isMyPw1", "password or key"),
    ("Mein Passwort ist Sommer2024!x", "password or key"),
    ("密码：Abc12345xyz", "password or key"),
    ("la contraseña es Gato2024Rojo", "password or key"),
]


@pytest.mark.parametrize(("text", "kind"), SECRETS)
def test_a_secret_is_told_by_its_kind_and_never_by_its_value(judge: Any, text: str, kind: str) -> None:
    found = judge(Secrets(), text)
    assert not found.passed
    assert kind in found.detail
    assert not any(word in found.detail for word in text.split() if len(word) > 10)


HARMLESS = [
    "",
    "Please reset my password: it does not work any more.",
    "Your password is important, never share it.",
    "The secret: patience and practice.",
    "My api key is not working, what should I do?",
    "A token of appreciation: thank you!",
    "Set KEY=sk-" + "x" * 48 + " in your shell.",
    "Use <your-api-key> or ${API_KEY} here.",
    "api_key=YOUR_API_KEY_HERE",
    "The commit is 3f786850e387550fdab836ed7e6dc881de23001b.",
    "UUID 550e8400-e29b-41d4-a716-446655440000",
    "Order AKC-12345 was shipped to APARTMENT HOUSES",
    "The ask-me-anything session, task-oriented and risk-averse-investors-2024-edition-two.",
    "The server 8.8.8.8 answers, see https://example.com/path?token=abc&x=1",
    "Bearer of good news, he arrived at 10.",
    "desk-lamp-with-adjustable-arm-and-two-usb-ports-black-2024",
    "Das Passwort ist leider abgelaufen.",
    "您的密码是什么？请重置密码。",
    "Contraseña: debe tener ocho caracteres",
    "The public key begins with ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ",
    "Your access token expires in 3600 seconds.",
    "secret = load_from_vault()",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_words_about_secrets_and_placeholders_are_none(judge: Any, text: str) -> None:
    assert judge(Secrets(), text).passed


def test_all_columns_that_the_model_writes_are_looked_at(judge: Any) -> None:
    record = Record({"question": "Where?", "answer": "It is ghp_" + made(36)})
    assert not judge(Secrets(), record, ("question", "answer")).passed
    assert judge(Secrets(column="question"), record, ("question", "answer")).passed


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, judge: Any) -> None:
    monkeypatch.setitem(sys.modules, "detect_secrets.core.plugins.util", None)
    _plugins.cache_clear()
    with pytest.raises(MissingExtra, match="`privacy`"):
        judge(Secrets(), "glpat-" + made(20))
    _plugins.cache_clear()
