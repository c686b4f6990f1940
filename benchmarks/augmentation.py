"""How fast texts are changed: `python -m benchmarks.augmentation [--peer PYTHON] [--million]`.

One sentence at a time, as long as those of CoNLL-03 are on average (14.5 tokens): its words are found, a transform
chooses its edits, `apply` makes them and moves the spans. Counted is the processor time of this process, of each two
hundred sentences the best of five goes; above stand the machine's load, how this Python was built (one without
optimisation takes half as long again), and as a bound what finding the words alone takes. `can` is the share of the
sentences that the transform can change. The plan of ten transforms at a tenth each is the whole way from records to
records with their copies, without files. With `--peer` the Python of an environment with LangTest (2.7) changes the
same sentences by its own transforms. With `--million` the memory of a stream is measured, through files.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from seedbed.augmentation.augment import Augmentation
from seedbed.augmentation.making import Spec
from seedbed.augmentation.plan import Plan, transform_of
from seedbed.core.dice import Dice
from seedbed.core.editing import Text
from seedbed.core.record import Record, Span
from seedbed.core.spans import apply
from seedbed.transforms.catalog import transforms

NAMES = {
    "PER": ["Ann Lee", "John Smith", "Maria Lopez", "Barack Obama", "Li Na", "Tom Cole"],
    "LOC": ["Paris", "New York", "Germany", "Japan", "Buenos Aires", "South Africa"],
    "ORG": ["Reuters", "United Nations", "Bank of China", "Leeds", "Honda", "World Bank"],
}
FRAMES = [
    "{PER} said it is not going to sell 25 colour printers .",
    "The doctor from {LOC} , 45 years old , did not meet {PER} .",
    "Shares of {ORG} rose 3.5 percent as {LOC} bought a programme .",
    "She told {ORG} two hundred workers were happy with her good answer .",
    "{LOC} beat {LOC} 2 - 1 and {PER} quickly thanked his fans .",
    "It is a small favor {PER} could have asked of {ORG} .",
    "There will be no meeting of {ORG} this week .",
]
TEN = [
    "uppercase",
    "lowercase",
    "add_typo",
    "strip_punctuation",
    "american_to_british",
    "add_contraction",
    "add_ocr_typo",
    "swap_entities",
    "number_to_word",
    "add_context",
]
PEER = {
    "uppercase": "UpperCase",
    "add_typo": "AddTypo",
    "add_contraction": "AddContraction",
    "add_ocr_typo": "AddOcrTypo",
    "american_to_british": "ConvertAccent",
    "number_to_word": "NumberToWord",
    "add_speech_to_text_typo": "AddSpeechToTextTypo",
    "dyslexia_word_swap": "DyslexiaWordSwap",
    "add_abbreviation": "AbbreviationInsertion",
    "add_slangs": "AddSlangifyTypo",
}
PART, GOES = 200, 5
FOREIGN = """
import json, sys, time
from langtest.transform import robustness
from langtest.utils.custom_types import SequenceClassificationSample as Sample
texts, names = json.load(open(sys.argv[1])), json.loads(sys.argv[2])
for kind, name in names.items():
    cls = getattr(robustness, name, None)
    samples = [Sample(original=text) for text in texts]
    more = {}
    if name == "ConvertAccent":
        from langtest.transform.constants import A2B_DICT
        more = {"accent_map": A2B_DICT}
    start = time.process_time()
    try:
        cls.transform(samples, 1.0, **more)
        print(json.dumps({kind: len(texts) / (time.process_time() - start)}), flush=True)
    except Exception as error:
        print(json.dumps({kind: f"{type(error).__name__}: {error}"[:80]}), flush=True)
"""


def sentences(count: int, seed: int = 1) -> list[Record]:
    """Sentences as in news, with their entities."""
    return [sentence(random.Random(f"{seed}/{number}")) for number in range(count)]


def sentence(chance: random.Random) -> Record:
    """One of them."""
    text, spans = "", []
    for piece in chance.choice(FRAMES).split("{"):
        label, closed, rest = piece.partition("}")
        if closed:
            name = chance.choice(NAMES[label])
            spans.append(Span(len(text), len(text) + len(name), label))
            text += name + rest
        else:
            text += label
    named = "".join(chance.choice("bdfgklmnprst") + chance.choice("aeiou") for _ in range(4))
    return Record({"text": f"{text[:-2]} {named} ."}, tuple(spans))


def quickest(do: Callable[[Record], object], records: list[Record]) -> float:
    """Records per second of processor time: for each part the best of five goes, as other work disturbs some."""
    total = 0.0
    for start in range(0, len(records), PART):
        goes = []
        for _ in range(GOES):
            before = time.process_time_ns()
            for record in records[start : start + PART]:
                do(record)
            goes.append(time.process_time_ns() - before)
        total += min(goes)
    return len(records) * 1e9 / total


def single(kind: str, records: list[Record]) -> tuple[float, float]:
    """Sentences per second, and the share that could be changed."""
    settings = {"transforms": ["add_typo", "uppercase"]} if kind == "multiple_perturbations" else {}
    editor = transform_of(kind, settings, ()).editor(NAMES)
    editor(Text("It begins ."), Dice(0))  # word lists are read with the first text

    def change(record: Record) -> bool:
        text = Text(record.values["text"], record.spans)
        edits = editor(text, Dice(len(text.text)))
        if edits:
            apply(text.text, text.spans, edits)
        return bool(edits)

    return quickest(change, records), sum(map(change, records)) / len(records)


def whole(records: list[Record], kinds: list[str]) -> tuple[float, int]:
    """Input sentences per second of processor time through a plan, and the copies made; the best of three goes."""
    plan = Plan.of({"transforms": [{kind: 0.1} for kind in kinds]})
    times = []
    for _ in range(3):
        made = Augmentation(Spec(plan, ("text",), NAMES), lambda: records)
        start = time.process_time()
        out = sum(1 for _ in made.records())
        times.append(time.process_time() - start)
    return len(records) / min(times), out - len(records)


def peer(python: str, texts: list[str]) -> dict[str, float | str]:
    """LangTest's figures."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "texts.json")
        file.write_text(json.dumps(texts))
        command = [python, "-c", FOREIGN, str(file), json.dumps(PEER)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    found: dict[str, float | str] = {}
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            found |= json.loads(line)
    return found


def streamed(count: int) -> None:
    """Prints what a stream of sentences through the command takes."""
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder, "in.jsonl"), Path(folder, "out.jsonl")
        with given.open("w") as stream:
            for number in range(count):
                record = sentence(random.Random(number))
                spans = [{"start": one.start, "end": one.end, "label": one.label} for one in record.spans]
                stream.write(json.dumps({**record.values, "spans": spans}) + "\n")
        options = [part for kind in TEN for part in ("-t", f"{kind}=0.1")]
        start = time.perf_counter()
        command = [sys.executable, "-m", "benchmarks.augmentation", "--measured", "augment", str(given), "-o", str(out)]
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=True)
        wall = time.perf_counter() - start
    print(f"{count:>9,} sentences by the command: {count / wall:8,.0f}/s wall, {done.stdout.split()[-1]} MB at most")


def measured(arguments: list[str]) -> None:
    """Runs a command in this process and prints its highest memory."""
    from typer.testing import CliRunner

    from seedbed.cli.main import app

    result = CliRunner().invoke(app, arguments)
    print(result.output if result.exit_code else "", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def main() -> None:
    """Prints the tables."""
    if sys.argv[1:2] == ["--measured"]:
        measured(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", help="the Python of an environment with LangTest")
    parser.add_argument("--million", action="store_true", help="measure the memory of streams, too")
    options = parser.parse_args()
    records = sentences(10_000)
    words = sum(len(record.values["text"].split()) for record in records) / len(records)
    built = "optimised" if "--enable-optimizations" in str(sysconfig.get_config_var("CONFIG_ARGS")) else "plain"
    print(f"load {os.getloadavg()[0]:.2f}; {len(records):,} sentences of {words:.1f} tokens; Python {built}")
    theirs = peer(options.peer, [record.values["text"] for record in records[:1000]]) if options.peer else {}
    print(f"{'transform':30} {'sentences/s':>12} {'can':>6} {'LangTest':>12}")
    bound = quickest(lambda record: Text(record.values["text"], record.spans).words, records)
    print(f"{'(finding the words alone)':30} {bound:12,.0f}")
    for kind in transforms.names():
        speed, can = single(kind, records)
        other = theirs.get(kind, "")
        shown = f"{other:12,.0f}" if isinstance(other, float) else f"{other:>12}"
        print(f"{kind:30} {speed:12,.0f} {can:6.0%} {shown}", flush=True)
    speed, copies = whole(records, TEN)
    print(f"{'ten transforms, a tenth each':30} {speed:12,.0f}        {copies:,} copies")
    if options.million:
        for count in (10_000, 100_000, 1_000_000):
            streamed(count)


if __name__ == "__main__":
    main()
