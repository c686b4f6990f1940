"""The files of a training folder that say how to train: for `train.py`, and for LLaMA-Factory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .lessons import Measure

BASE = "Qwen/Qwen2.5-0.5B-Instruct"
"""A model of half a billion weights (Apache-2.0) that a laptop can train an adapter for."""

REQUIREMENTS = ("datasets>=4.7,<6", "peft>=0.18,<1", "torch>=2.6", "transformers>=4.57,<6", "trl>=1.0,<2")
"""What `train.py` needs; the optional part `student` is the same."""

LORA = {"r": 16, "lora_alpha": 32, "lora_dropout": 0.05, "target_modules": "all-linear"}
RATES = {"sft": 2e-4, "dpo": 5e-6}
LENGTHS = (512, 1024, 2048, 4096, 8192)
TAGS = {
    "role_tag": "role",
    "content_tag": "content",
    "user_tag": "user",
    "assistant_tag": "assistant",
    "system_tag": "system",
}


@dataclass(frozen=True, slots=True)
class Training:
    """What is trained, and how.

    Args:
        base: the model, a name on the Hugging Face hub or a folder.
        method: `sft` learns answers, `dpo` which of two is better.
        measure: how answers to the test records are compared.
        parts: those the data have, `train` the first.
        longest: characters of the longest chat.
        epochs: how often every record is learned.
        seed: what random choices start from.
    """

    base: str
    method: str
    measure: Measure
    parts: Sequence[str]
    longest: int
    epochs: float
    seed: int

    @property
    def max_length(self) -> int:
        """Tokens a chat may have: enough for two characters each, which most texts have more of."""
        return next((length for length in LENGTHS if 2 * length >= self.longest), LENGTHS[-1])

    @property
    def arguments(self) -> dict[str, Any]:
        """What both trainers call by the same names."""
        return {
            "num_train_epochs": int(self.epochs) if self.epochs == int(self.epochs) else self.epochs,
            "learning_rate": RATES[self.method],
            "lr_scheduler_type": "cosine",
            "per_device_train_batch_size": 4,
            "gradient_accumulation_steps": 4,
            "per_device_eval_batch_size": 4,
            "eval_strategy": "epoch" if "validation" in self.parts else "no",
            "logging_steps": 5,
            "save_strategy": "no",
            "report_to": "none",
            "seed": self.seed,
        }


def lora_yaml(training: Training) -> str:
    """The settings of `train.py`."""
    trainer = {"sft": "SFTConfig", "dpo": "DPOConfig"}[training.method]
    return (
        "# What train.py does; change it as you like.\n"
        "# A name on the Hugging Face hub, or a folder.\n"
        f"{_yaml({'base': training.base})}"
        "# sft learns the answers, dpo which of two answers is better.\n"
        f"{_yaml({'method': training.method})}"
        "# How an answer to a test record is compared with the right one: label, json or text.\n"
        f"{_yaml({'measure': training.measure})}"
        "# Arguments of peft.LoraConfig.\n"
        f"{_yaml({'lora': LORA})}"
        f"# Arguments of trl.{trainer}.\n"
        f"{_yaml({'training': {**training.arguments, 'max_length': training.max_length}})}"
    )


def llamafactory_yaml(training: Training) -> str:
    """The same for `llamafactory-cli train`."""
    kind = "preference_" if training.method == "dpo" else ""
    values = {
        "model_name_or_path": training.base,
        "stage": training.method,
        "do_train": True,
        "finetuning_type": "lora",
        "lora_rank": LORA["r"],
        "lora_alpha": LORA["lora_alpha"],
        "lora_dropout": LORA["lora_dropout"],
        "lora_target": "all",
        **({"pref_beta": 0.1, "pref_loss": "sigmoid"} if training.method == "dpo" else {}),
        "dataset_dir": ".",
        "dataset": f"student_{kind}train",
        **({"eval_dataset": f"student_{kind}validation"} if "validation" in training.parts else {}),
        "cutoff_len": training.max_length,
        "output_dir": "llamafactory",
        "overwrite_output_dir": True,
        **training.arguments,
    }
    return (
        "# llamafactory-cli train llamafactory.yaml, in this folder.\n"
        "# Without `template` LLaMA-Factory takes the model's own chat template; on a GPU add `bf16: true`.\n"
        f"{_yaml(values)}"
    )


def dataset_info(training: Training) -> dict[str, Any]:
    """What LLaMA-Factory has to know of the files in `data`."""
    chats: dict[str, Any] = {"formatting": "sharegpt", "columns": {"messages": "messages"}, "tags": TAGS}
    pairs: dict[str, Any] = {
        "formatting": "sharegpt",
        "ranking": True,
        "columns": {"messages": "prompt", "chosen": "chosen", "rejected": "rejected"},
        "tags": TAGS,
    }
    found = {f"student_{part}": {"file_name": f"data/{part}.jsonl", **chats} for part in training.parts}
    if training.method == "dpo":
        found |= {
            f"student_preference_{part}": {"file_name": f"data/{part}.preference.jsonl", **pairs}
            for part in training.parts
        }
    return found


def _yaml(values: dict[str, Any]) -> str:
    return yaml.safe_dump(values, sort_keys=False, allow_unicode=True)
