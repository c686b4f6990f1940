"""Trains an adapter (LoRA) for the model in lora.yaml on the chats in data/, and tests it: python train.py

Leaves adapter/, result.json (how many answers to the test records are right, before the training and after it) and
predictions.jsonl (every answer). It runs alone: it needs what requirements.txt lists, and nothing of Seedbed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections import Counter
from contextlib import suppress
from math import sqrt
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent
Row = dict[str, Any]

# For models that come without a chat template of their own.
TEMPLATE = """\
{% for message in messages %}<|{{ message.role }}|>
{{ message.content }}{{ eos_token if message.role == 'assistant' else '' }}
{% endfor %}{% if add_generation_prompt %}<|assistant|>
{% endif %}"""


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    settings = yaml.safe_load((FOLDER / "lora.yaml").read_text("utf-8"))
    learn = {"sft": learn_answers, "dpo": learn_preferences}.get(settings["method"])
    if learn is None:
        sys.exit(f"lora.yaml: method must be sft or dpo, not {settings['method']}.")
    begun = time.monotonic()
    model, tokenizer = load(settings["base"])
    trained, result, predictions = learn(model, tokenizer, settings)
    save(trained, tokenizer)
    result = {
        "base": settings["base"],
        "method": settings["method"],
        "records": {part: len(read(part)) for part in ("train", "validation", "test")},
        **result,
        "seconds": round(time.monotonic() - begun, 1),
    }
    write("predictions.jsonl", "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in predictions))
    write("result.json", json.dumps(result, indent=2, ensure_ascii=False) + "\n")
    say(f"The adapter is in {FOLDER / 'adapter'}, the figures are in {FOLDER / 'result.json'}.")


def learn_answers(model: Any, tokenizer: Any, settings: Row) -> tuple[Any, Row, list[Row]]:
    """Supervised training on every answer of every chat; then the last answers of the test chats."""
    from datasets import Dataset
    from peft import LoraConfig
    from trl import SFTConfig, SFTTrainer

    tests = [row["messages"] for row in read("test")]
    before = answers(model, tokenizer, tests)
    parts = {part: turns(read(part)) for part in ("train", "validation")}
    warn_of_long([one["prompt"] + one["completion"] for one in parts["train"]], tokenizer, settings)
    trainer = SFTTrainer(
        model=model,
        args=SFTConfig(**arguments(settings)),
        train_dataset=Dataset.from_list(parts["train"]),
        eval_dataset=Dataset.from_list(parts["validation"]) if parts["validation"] else None,
        processing_class=tokenizer,
        peft_config=LoraConfig(task_type="CAUSAL_LM", **settings["lora"]),
    )
    trainer.train()
    after = answers(trainer.model, tokenizer, tests)
    judged = [
        {
            "messages": chat[:-1],
            "right_answer": chat[-1]["content"],
            "before": one,
            "answer": other,
            "right": same(other, chat[-1]["content"], settings["measure"]),
        }
        for chat, one, other in zip(tests, before, after, strict=True)
    ]
    result = {
        "metric": "accuracy" if settings["measure"] == "label" else "exact_match",
        "before": tally(same(one["before"], one["right_answer"], settings["measure"]) for one in judged),
        "after": tally(one["right"] for one in judged),
        "loss": losses(trainer),
    }
    if settings["measure"] == "label":
        result["labels"] = by_label(judged)
    return trainer.model, result, judged


def learn_preferences(model: Any, tokenizer: Any, settings: Row) -> tuple[Any, Row, list[Row]]:
    """Direct preference optimisation; then how often the test pairs' better answer has gained more than the worse."""
    from datasets import Dataset
    from peft import LoraConfig
    from trl import DPOConfig, DPOTrainer

    rows = {part: pairs(read(f"{part}.preference")) for part in ("train", "validation", "test")}
    warn_of_long([one["prompt"] + one["chosen"] for one in rows["train"]], tokenizer, settings)
    parts = {part: Dataset.from_list(found) for part, found in rows.items() if found}
    # One at a time, so that the mean over batches is that over pairs.
    changes = {**arguments(settings), "per_device_eval_batch_size": 1}
    trainer = DPOTrainer(
        model=model,
        args=DPOConfig(**changes),
        train_dataset=parts.pop("train"),
        eval_dataset=parts,
        processing_class=tokenizer,
        peft_config=LoraConfig(task_type="CAUSAL_LM", **settings["lora"]),
    )
    # It has made tokens of both parts; while it trains it is to look at one.
    made = trainer.eval_dataset
    trainer.eval_dataset = made.get("validation")
    trainer.train()
    found = losses(trainer)
    trainer.evaluate(made["test"])
    share = trainer.state.log_history[-1]["eval_rewards/accuracies"]
    right = round(share * len(rows["test"]))
    after = tally([True] * right + [False] * (len(rows["test"]) - right))
    return trainer.model, {"metric": "preferred", "after": after, "loss": found}, []


def load(base: str) -> tuple[Any, Any]:
    """The model and its tokenizer, from a folder or from the Hugging Face hub."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    kind = torch.bfloat16 if has_bfloat16() else torch.float32
    try:
        tokenizer = AutoTokenizer.from_pretrained(base)
        model: Any = AutoModelForCausalLM.from_pretrained(base, dtype=kind)
    except (OSError, ValueError) as error:
        sys.exit(f"The model {base} cannot be loaded: {str(error).strip().splitlines()[0]}")
    if torch.cuda.is_available():
        model.to("cuda")
    tokenizer.chat_template = tokenizer.chat_template or TEMPLATE
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    return model, tokenizer


def has_bfloat16() -> bool:
    import torch

    return bool(torch.cuda.is_available() and torch.cuda.is_bf16_supported())


def arguments(settings: Row) -> Row:
    """What the trainer is given: the settings of lora.yaml, and what depends on this machine."""
    fixed = {"output_dir": str(FOLDER / "checkpoints"), "bf16": has_bfloat16()}
    unchecked = {} if read("validation") else {"eval_strategy": "no"}
    return {**fixed, **settings["training"], **unchecked}


def turns(rows: list[Row]) -> list[Row]:
    """Every answer of every chat, with what was said before it: only answers are learned."""
    return [
        {"prompt": row["messages"][:place], "completion": [message]}
        for row in rows
        for place, message in enumerate(row["messages"])
        if message["role"] == "assistant" and place
    ]


def pairs(rows: list[Row]) -> list[Row]:
    return [{"prompt": row["prompt"], "chosen": [row["chosen"]], "rejected": [row["rejected"]]} for row in rows]


def answers(model: Any, tokenizer: Any, chats: list[list[Row]], at_once: int = 8) -> list[str]:
    """What the model says in place of each chat's last answer, the likeliest token first, no longer than the longest
    right answer and a little."""
    import torch

    longest = max(len(tokenizer(chat[-1]["content"]).input_ids) for chat in chats) + 8
    side, tokenizer.padding_side = tokenizer.padding_side, "left"
    model.eval()
    found: list[str] = []
    for first in range(0, len(chats), at_once):
        prompts = [
            tokenizer.apply_chat_template(chat[:-1], tokenize=False, add_generation_prompt=True)
            for chat in chats[first : first + at_once]
        ]
        given = tokenizer(prompts, return_tensors="pt", padding=True, add_special_tokens=False)
        given = {name: given[name].to(model.device) for name in ("input_ids", "attention_mask")}
        with torch.no_grad():
            made = model.generate(**given, max_new_tokens=longest, do_sample=False, pad_token_id=tokenizer.pad_token_id)
        found += tokenizer.batch_decode(made[:, given["input_ids"].shape[1] :], skip_special_tokens=True)
    tokenizer.padding_side = side
    return found


def same(answer: str, right: str, measure: str) -> bool:
    """Whether an answer is the right one."""
    if measure == "json":
        try:
            return bool(json.loads(answer) == json.loads(right))
        except ValueError:
            return False
    if measure == "label":
        return answer.strip() == right.strip()
    return answer.split() == right.split()


def tally(verdicts: Any) -> Row:
    """How many are right, with the interval in which the true share lies (95 %)."""
    found = list(verdicts)
    low, high = wilson(sum(found), len(found))
    return {
        "right": sum(found),
        "of": len(found),
        "share": round(sum(found) / len(found), 4) if found else None,
        "interval": [round(low, 4), round(high, 4)],
    }


def wilson(hits: int, n: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """Wilson: Probable Inference, the Law of Succession, and Statistical Inference, 1927."""
    if not n:
        return 0.0, 1.0
    p, square = hits / n, z * z
    middle = (p + square / (2 * n)) / (1 + square / n)
    half = z * sqrt(p * (1 - p) / n + square / (4 * n * n)) / (1 + square / n)
    return max(0.0, middle - half) if hits else 0.0, min(1.0, middle + half) if hits < n else 1.0


def by_label(judged: list[Row]) -> dict[str, Row]:
    """The same for each label that should have come, and what came instead, the commonest first."""
    found = {}
    for label in sorted({one["right_answer"] for one in judged}):
        own = [one for one in judged if one["right_answer"] == label]
        wrong = Counter(one["answer"].strip()[:80] for one in own if not one["right"])
        found[label] = {**tally(one["right"] for one in own), "instead": dict(wrong.most_common(5))}
    return found


def losses(trainer: Any) -> Row:
    """The loss at the first and the last step that was logged, and that of the validation part."""
    steps = [one["loss"] for one in trainer.state.log_history if "loss" in one]
    checks = [one["eval_loss"] for one in trainer.state.log_history if "eval_loss" in one]
    last = {"validation": round(checks[-1], 4)} if checks else {}
    return {"first": round(steps[0], 4), "last": round(steps[-1], 4), **last} if steps else last


def warn_of_long(chats: list[list[Row]], tokenizer: Any, settings: Row) -> None:
    """What is longer than max_length is cut at its end, where the answer is."""
    most = settings["training"].get("max_length") or sys.maxsize
    texts = [tokenizer.apply_chat_template(chat, tokenize=False) for chat in chats]
    long = sum(len(tokenizer(text, add_special_tokens=False).input_ids) > most for text in texts)
    if long:
        say(f"{long} of {len(chats)} answers end after {most} tokens and are cut: raise max_length in lora.yaml.")


def read(part: str) -> list[Row]:
    """The records of a part; none if there is no such part."""
    path = FOLDER / "data" / f"{part}.jsonl"
    lines = path.read_text("utf-8").split("\n") if path.exists() else []
    return [json.loads(line) for line in lines if line]


def save(model: Any, tokenizer: Any) -> None:
    """The adapter, whole or not at all."""
    made, target = FOLDER / ".adapter", FOLDER / "adapter"
    shutil.rmtree(made, ignore_errors=True)
    model.save_pretrained(made)
    tokenizer.save_pretrained(made)
    shutil.rmtree(target, ignore_errors=True)
    made.rename(target)
    with suppress(OSError):  # where lora.yaml has checkpoints kept, there are some
        (FOLDER / "checkpoints").rmdir()


def write(name: str, text: str) -> None:
    made = FOLDER / f".{name}"
    made.write_text(text, "utf-8")
    made.replace(FOLDER / name)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        say("Interrupted: no adapter was written.")
        sys.exit(130)
