"""The generators by their names."""

from __future__ import annotations

from seedbed.core.part import Generator
from seedbed.core.registry import Registry

generators: Registry[Generator] = Registry(
    "generator",
    "seedbed.generators",
    {
        "prompt": "seedbed.generators.prompt:Prompt",
        "classification": "seedbed.generators.classification:Classification",
        "template": "seedbed.generators.template:TemplateGenerator",
        "structured": "seedbed.generators.structured:Structured",
        "annotate": "seedbed.generators.annotate:Annotate",
        "dialogue": "seedbed.generators.dialogue:Dialogue",
        "multilingual": "seedbed.generators.multilingual:Multilingual",
        "self_instruct": "seedbed.generators.self_instruct:SelfInstruct",
        "rag_qa": "seedbed.generators.rag_qa:RagQa",
        "extraction": "seedbed.generators.extraction:Extraction",
        "adversarial": "seedbed.generators.adversarial:Adversarial",
        "evol_instruct": "seedbed.generators.evol_instruct:EvolInstruct",
        "preference": "seedbed.generators.preference:Preference",
        "rows": "seedbed.generators.rows:Rows",
        "rewrite": "seedbed.generators.rewrite:Rewrite",
        "entities": "seedbed.generators.entities:Entities",
    },
)
