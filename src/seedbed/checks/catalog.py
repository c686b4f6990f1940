"""The checks by their names."""

from __future__ import annotations

from seedbed.core.part import Check
from seedbed.core.registry import Registry

checks: Registry[Check] = Registry(
    "check",
    "seedbed.checks",
    {
        "length": "seedbed.checks.text:Length",
        "regex": "seedbed.checks.text:Regex",
        "banned": "seedbed.checks.text:Banned",
        "refusal": "seedbed.checks.text:Refusal",
        "copied_example": "seedbed.checks.text:CopiedExample",
        "language": "seedbed.checks.language:Language",
        "label_agreement": "seedbed.checks.labels:LabelAgreement",
        "near_duplicate": "seedbed.checks.duplicates:NearDuplicate",
    },
)
