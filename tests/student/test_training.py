"""`seedbed student --train`: a tiny model of random weights learns, on the processor, without a network.

`make test-student` installs what this needs and runs it.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

import seedbed
from seedbed import InputError, Record, RunFailed, Span

pytestmark = [
    pytest.mark.skipif(find_spec("trl") is None, reason="trl is not installed; make test-student runs this"),
    pytest.mark.filterwarnings("ignore"),
]

GOOD = ("great", "lovely", "fine", "superb", "nice")
BAD = ("awful", "poor", "broken", "sad", "nasty")
OTHER = tuple("abcdefghijklmnopqrstuvwxyz")
MARKS = ("<|im_start|>", "<|im_end|>", "<pad>", "<unk>")
SIGNS = '{}[]":,.…()<|>'
PLAIN = "Classify the text. Answer with one of these labels and nothing else: bad, good. user assistant system label"
PIECE = r"\w+|\s|[^\w\s]"
CHAT = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def review(number: int) -> Record:
    """A text of eight words, three of which say what its label is."""
    dice = Random(number)
    label = "good" if number % 2 else "bad"
    words = [*dice.choices(GOOD if label == "good" else BAD, k=3), *dice.choices(OTHER, k=5)]
    dice.shuffle(words)
    return Record({"text": " ".join(words), "label": label, "model": "scripted"})


REVIEWS = [review(number) for number in range(120)]


@pytest.fixture(scope="module", autouse=True)
def _no_network() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield


def model_in(folder: Path, template: str | None) -> Path:
    """A model as the hub has them: two layers, a vocabulary of some words and signs."""
    import torch
    from tokenizers import Regex, Tokenizer
    from tokenizers.decoders import Fuse
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split
    from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

    words = sorted({*re.findall(PIECE, PLAIN), *GOOD, *BAD, *OTHER, *SIGNS, "\n"})
    known = Tokenizer(WordLevel({word: i for i, word in enumerate([*MARKS, *words])}, unk_token="<unk>"))
    known.pre_tokenizer = Split(Regex(PIECE), "isolated")
    known.decoder = Fuse()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=known, eos_token="<|im_end|>", pad_token="<pad>", unk_token="<unk>"
    )
    tokenizer.add_special_tokens({"additional_special_tokens": ["<|im_start|>"]})
    tokenizer.chat_template = template
    torch.manual_seed(1)
    settings = Qwen2Config(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        initializer_range=0.3,
        tie_word_embeddings=True,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    Qwen2ForCausalLM(settings).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return model_in(tmp_path_factory.mktemp("base"), CHAT)


def eager(folder: Path, **changes: Any) -> None:
    """What a small model of random weights needs and a real one does not: large steps."""
    path = folder / "lora.yaml"
    settings = yaml.safe_load(path.read_text("utf-8"))
    settings["training"] |= {"learning_rate": 0.01, "gradient_accumulation_steps": 1, "logging_steps": 1}
    settings["training"] |= {"per_device_train_batch_size": 16, "gradient_checkpointing": False, **changes}
    path.write_text(yaml.safe_dump(settings), "utf-8")


def test_a_student_learns_labels(base: Path, tmp_path: Path) -> None:
    made = seedbed.student(REVIEWS, tmp_path / "s", base=str(base), epochs=12)
    eager(made.folder)
    result = made.train(quiet=True)
    assert result == json.loads((made.folder / "result.json").read_text("utf-8"))
    assert result["loss"]["last"] < result["loss"]["first"] / 10
    assert result["records"] == {"train": 96, "validation": 12, "test": 12}
    assert result["metric"] == "accuracy"
    assert result["before"]["right"] == 0
    assert result["after"]["right"] > 6, "always saying one label is right in 6 of 12"
    assert result["after"]["interval"][0] < result["after"]["share"] <= result["after"]["interval"][1]
    assert sum(one["right"] for one in result["labels"].values()) == result["after"]["right"]
    said = [json.loads(line) for line in (made.folder / "predictions.jsonl").read_text("utf-8").splitlines()]
    assert sum(one["right"] for one in said) == result["after"]["right"]
    adapter_says(base, made.folder, said)


def adapter_says(base: Path, folder: Path, said: list[dict[str, Any]]) -> None:
    """The adapter that was saved is the one that was tested."""
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder / "adapter")
    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), folder / "adapter").eval()
    for one in said[:4]:
        text = tokenizer.apply_chat_template(one["messages"], tokenize=False, add_generation_prompt=True)
        given = tokenizer(text, return_tensors="pt", add_special_tokens=False).input_ids
        made = model.generate(input_ids=given, max_new_tokens=9, do_sample=False)
        assert tokenizer.decode(made[0, given.shape[1] :], skip_special_tokens=True) == one["answer"]


def test_the_script_needs_nothing_of_seedbed_and_runs_from_anywhere(base: Path, tmp_path: Path) -> None:
    made = seedbed.student(REVIEWS[:40], tmp_path / "s", base=str(base), epochs=1, split="train=0.8,test=0.2")
    run = f"runpy.run_path({str(made.folder / 'train.py')!r}, run_name='__main__')"
    code = f"import runpy, sys\nsys.modules['seedbed'] = None\nsys.argv = ['train.py']\n{run}"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (made.folder / "adapter" / "adapter_model.safetensors").is_file()
    assert not (made.folder / "checkpoints").exists()
    again = seedbed.student(REVIEWS[:40], made.folder, base=str(base), force=True)
    assert not (again.folder / "adapter").exists(), "a folder that was trained in is ours to replace"


def test_the_command_trains_and_tells(base: Path, shell: Any) -> None:
    seedbed.write(REVIEWS[:40], shell.folder / "r.csv", columns=["text", "label"])
    wish = ("student", "r.csv", "--base", str(base), "--epochs", "1", "--train")
    code, out, err = ended(shell, *wish, "-o", "s", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["result"]["after"]["of"] == 4
    code, out, err = ended(shell, *wish, "-o", "t")
    assert code == 0, err
    assert "right labels before training: 0 of 4" in out
    assert "100%" in err, "progress is shown"


def ended(shell: Any, *arguments: str) -> tuple[int, str, str]:
    """How a command ended, however long it took."""
    running = shell.start(*arguments)
    out, err = running.communicate()
    return running.returncode, out, err


def test_a_student_learns_which_answer_is_better(base: Path, tmp_path: Path) -> None:
    rows = [
        Record({"prompt": f"{review(i).text} {a}", "chosen": "lovely fine", "rejected": "sad poor"})
        for i, a in enumerate(OTHER * 2)
    ]
    made = seedbed.student(rows, tmp_path / "s", base=str(base), epochs=3)
    eager(made.folder, learning_rate=0.001)
    result = made.train(quiet=True)
    assert (result["method"], result["metric"]) == ("dpo", "preferred")
    assert result["after"]["right"] == result["after"]["of"] == made.figures["parts"]["test"]
    assert (made.folder / "adapter" / "adapter_model.safetensors").is_file()


def test_conversations_are_learned_answer_by_answer_also_by_a_model_without_a_template(tmp_path: Path) -> None:
    base = model_in(tmp_path / "base", None)
    rows = []
    for i in range(30):
        said = [word for word in review(i).text.split() if len(word) == 1]
        turns = [{"role": ("user", "assistant")[n % 2], "content": f"{word} {word}"} for n, word in enumerate(said[:4])]
        rows.append(Record({"messages": turns}))
    made = seedbed.student(rows, tmp_path / "s", base=str(base), epochs=2)
    eager(made.folder)
    result = made.train(quiet=True)
    assert result["metric"] == "exact_match"
    assert result["loss"]["last"] < result["loss"]["first"]


def test_entities_are_compared_as_json(base: Path, tmp_path: Path) -> None:
    rows = [Record({"text": f"{a} {b} nice"}, (Span(0, 1, "good"),)) for a in OTHER[:6] for b in OTHER[:5]]
    made = seedbed.student(rows, tmp_path / "s", base=str(base), epochs=1)
    eager(made.folder)
    result = made.train(quiet=True)
    assert result["metric"] == "exact_match"
    said = json.loads((made.folder / "predictions.jsonl").read_text("utf-8").splitlines()[0])
    assert json.loads(said["right_answer"])[0]["label"] == "good"


def test_ctrl_c_ends_the_training_and_leaves_the_folder_ready(base: Path, shell: Any) -> None:
    seedbed.write(REVIEWS, shell.folder / "r.csv", columns=["text", "label"])
    shell.environment["HF_HUB_OFFLINE"] = "1"
    running = shell.start("student", "r.csv", "-o", "s", "--base", str(base), "--epochs", "900", "--train")
    training = wait_for_child(running.pid)
    while not (shell.folder / "s" / "checkpoints").exists():  # the trainer makes it when it begins
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate()
    assert running.returncode == 130
    assert "Traceback" not in said
    assert not Path(f"/proc/{training}").exists(), "the training goes on alone"
    assert (shell.folder / "s" / "train.py").is_file()
    assert not (shell.folder / "s" / "adapter").exists()


def wait_for_child(pid: int) -> str:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    while not (found := children.read_text().split()):
        time.sleep(0.1)
    return found[0]


def test_what_goes_wrong_is_said_in_a_sentence(base: Path, tmp_path: Path, shell: Any) -> None:
    made = seedbed.student(REVIEWS, tmp_path / "s", base="nobody/no-such-model")
    with pytest.raises(RunFailed, match="The model nobody/no-such-model cannot be loaded") as error:
        made.train(quiet=True)
    assert "python" in error.value.hint
    made = seedbed.student(REVIEWS, tmp_path / "t", base=str(base))
    path = made.folder / "lora.yaml"
    path.write_text(path.read_text("utf-8").replace("method: sft", "method: magic"), "utf-8")
    with pytest.raises(RunFailed, match="method must be sft or dpo, not magic"):
        made.train(quiet=True)
    with pytest.raises(InputError, match="There is no model in the folder"):
        seedbed.student(REVIEWS, tmp_path / "u", base=str(tmp_path / "nowhere"))
    seedbed.write(REVIEWS, shell.folder / "r.csv", columns=["text", "label"])
    code, out, _ = ended(shell, "student", "r.csv", "-o", "v", "--base", "nobody/none", "--train", "--json")
    assert code == 1
    assert json.loads(out)["state"] == "failed"
    assert (shell.folder / "v" / "train.py").is_file(), "the folder is ready all the same"
