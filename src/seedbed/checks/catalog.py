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
        "grounded": "seedbed.checks.judge:Grounded",
        "judge": "seedbed.checks.judge:Judge",
        "label_agreement": "seedbed.checks.labels:LabelAgreement",
        "json_schema": "seedbed.checks.structure:JsonSchema",
        "entity_values": "seedbed.checks.structure:EntityValues",
        "pii": "seedbed.checks.privacy:Pii",
        "secrets": "seedbed.checks.keys:Secrets",
        "copied_source": "seedbed.checks.source:CopiedSource",
        "truncated": "seedbed.checks.endings:Truncated",
        "readability": "seedbed.checks.readability:Readability",
        "toxicity": "seedbed.checks.toxicity:Toxicity",
        "expression": "seedbed.checks.rules:Rule",
        "python": "seedbed.checks.rules:Python",
        "exact_duplicate": "seedbed.checks.duplicates:ExactDuplicate",
        "near_duplicate": "seedbed.checks.duplicates:NearDuplicate",
        "semantic_duplicate": "seedbed.checks.semantic:SemanticDuplicate",
    },
)
