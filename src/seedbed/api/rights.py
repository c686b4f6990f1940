"""What every route takes at least: who must be known, and what reviewers may change.

A route of its own asks for more where it must; what is here holds for all there are and all to come.
"""

from __future__ import annotations

import re
from typing import Final

from seedbed.app.serve.people import Forbidden, Person

PREFIX: Final = "/api/v1"
METRICS: Final = "/metrics"
"""What takes a login though it is not below the prefix."""

READS: Final = ("GET", "HEAD", "OPTIONS")
OPEN: Final = ("/health", "/ready", "/version", "/session", "/openapi.json", "/docs", "/docs.js", "/docs.css")
"""What answers without a login."""

REVIEWERS_CHANGE: Final = re.compile(
    r"/session|/users/[^/]+|/tokens(/.*)?|/records(/.*)?|/annotation-tasks(/.*)?|/tags|/views(/.*)?|/spot-checks(/.*)?"
    r"|/duplicates"
)
"""What somebody may change who is no editor anywhere: review, and what is their own."""


def is_open(path: str) -> bool:
    """Whether a path (below the prefix) answers without a login."""
    return path in OPEN


def check(person: Person, method: str, path: str) -> None:
    """Whether a person may do such a thing at all.

    Raises:
        Forbidden: not with their token or role.
    """
    if method in READS:
        return
    if person.only_reads and path != "/session":
        raise Forbidden("This token only reads.", "Take one of a wider scope.")
    if not person.somewhere("editor") and not REVIEWERS_CHANGE.fullmatch(path):
        raise Forbidden(
            f"{person.name} may not do this: it takes the role editor.", "Ask an owner of the project for it."
        )
