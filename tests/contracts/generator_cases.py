"""One case per generator: settings, files it works on, and what a good model answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from zlib import crc32

from seedbed.core.chat import Request

WORDS = [
    "amber",
    "brisk",
    "copper",
    "dusty",
    "early",
    "faint",
    "grand",
    "hollow",
    "idle",
    "jolly",
    "keen",
    "lively",
    "mellow",
    "narrow",
    "odd",
    "plain",
    "quiet",
]
NAMES = [
    "Anna Schmidt",
    "Bo Larsen",
    "Chloé Dubois",
    "Dmitri Volkov",
    "Eva Novák",
    "Femi Adeyemi",
    "Gita Rao",
    "Hugo Silva",
]
NUMBERS = count()


def words(n: int = 12) -> str:
    """A sentence no other one is like."""
    number = next(NUMBERS)
    picked = [WORDS[(number * 7 + i * 5 + number // 17 * i) % len(WORDS)] + str(number + i) for i in range(n)]
    return " ".join(picked).capitalize() + "."


@dataclass
class Case:
    """How a kind is tried."""

    settings: dict[str, Any]
    answer: Callable[[Request], Any]
    files: dict[str, str] = field(default_factory=dict)
    spoilable: bool = True
    wrong: tuple[tuple[dict[str, Any], str], ...] = ()


def prompt_of(request: Request) -> str:
    return request.messages[-1]["content"] if request.messages else str(request.prompt)


def asked_for(request: Request) -> int:
    found = re.search(r"exactly (\d+) ", prompt_of(request))
    return int(found[1]) if found else 1


def several(one: Callable[[Request, int], Any]) -> Callable[[Request], Any]:
    """One object, or a list of as many as are asked for."""

    def answer(request: Request) -> Any:
        n = asked_for(request)
        return one(request, 0) if n == 1 else [one(request, slot) for slot in range(n)]

    return answer


def entity(request: Request, slot: int) -> Any:
    number = next(NUMBERS)
    kinds = re.findall(r"(\d+) (PERSON|ORG)", re.search(r"exactly (.*?), each once", prompt_of(request))[1])
    found = []
    for amount, label in kinds:
        for _ in range(int(amount)):
            name = (
                NAMES[(number + len(found)) % len(NAMES)]
                if label == "PERSON"
                else f"{WORDS[number % 17].title()} {number} Ltd"
            )
            found.append({"text": name, "label": label})
    text = words(8) + " " + " meets ".join(one["text"] for one in found) + " today."
    return {"text": text, "entities": found}


SOURCES = [f"{words(14)} {name} and {words(9)}" for name in NAMES]
ROWS = {"rows.jsonl": "".join(json.dumps({"text": text, "topic": "news"}) + "\n" for text in SOURCES)}


def reworded(request: Request) -> Any:
    """Half of the source's words, and some others."""
    source = re.search(r"The text:\n(.*)", prompt_of(request))[1].split()
    return {"text": " ".join(source[::2]) + " " + words(8)}


def labelled(request: Request) -> Any:
    texts = re.findall(r"^\[(\d+)\]", prompt_of(request), re.M)
    one = [{"number": int(n), "label": "news", "confidence": 0.9} for n in reversed(texts)]
    return one or {"label": "news", "confidence": 1}


def found_names(request: Request) -> Any:
    texts = re.findall(r"^\[(\d+)\] (.*)$", prompt_of(request), re.M)
    single = re.search(r"The text:\n(.*)", prompt_of(request))

    def names(text: str) -> list[Any]:
        return [{"text": name, "label": "PERSON"} for name in NAMES if name in text]

    if single:
        return {"entities": names(single[1]), "confidence": 0.5}
    return [{"number": int(number), "entities": names(text), "confidence": 0.5} for number, text in texts]


def conversation(request: Request, slot: int) -> Any:
    n = int(re.search(r"Exactly (\d+) messages", prompt_of(request))[1])
    turns = [{"role": ("user", "assistant")[i % 2], "content": words()} for i in range(n)]
    return {"messages": [{**turn, "label": "question"} for turn in turns] if "label" in prompt_of(request) else turns}


def message_or_labels(request: Request) -> Any:
    wanted = re.search(r"(\d+) labels in order", prompt_of(request))
    return {"labels": ["question"] * int(wanted[1])} if wanted else words()


SEEDS = {"seeds.jsonl": "".join(json.dumps({"instruction": words(9), "output": "x"}) + "\n" for _ in range(7))}
ENGLISH = "This morning my sister and I {} through the old town and we bought fresh {} for our {} at home."
GERMAN = "Heute Morgen sind meine Schwester und ich durch die alte Stadt {} und haben frische {} für unsere {} gekauft."


def instructed(request: Request) -> Any:
    if "Task:" in prompt_of(request):
        return {"input": words(), "output": words(3)}
    return several(lambda request, slot: {"instruction": words(9)})(request)


def in_language(request: Request) -> Any:
    number = next(NUMBERS)
    text = GERMAN if "German" in prompt_of(request) else ENGLISH
    one = [f"{WORDS[(number * k + k) % 17]}{number}" for k in (1, 3, 5)]
    return {"text": text.format(*one)}


def translated(request: Request) -> Any:
    return [in_language(request)] if "Translate every text" in prompt_of(request) else in_language(request)


DOCUMENTS = {
    f"{name}.md": "\n\n".join(
        f"# Part {part} of {name}\n\nHarbour lights and {name}. " + " ".join(words(30) for _ in range(4))
        for part in (1, 2)
    )
    for name in ("one", "two")
}


def asked_of_documents(request: Request) -> Any:
    prompt = prompt_of(request)
    if "grounded" in prompt:
        return {"grounded": True, "reason": "it is said"}
    texts = re.findall(r"^Harbour lights and (?:one|two)\. (.*)$", prompt, re.M)

    def one(_: Request, slot: int) -> Any:
        quotes = [" ".join(text.split()[slot : slot + 6]) for text in texts]
        return {"question": words(), "answer": words(5), "quotes": quotes}

    return several(one)(request)


LETTERS = {
    f"letter{i}.txt": f"Dear {name}, your order {1000 + i} of {i + 2} {words(2)} cost {i + 3}.50 euros. {words(20)}"
    for i, name in enumerate(NAMES[:5])
}


def extracted(request: Request) -> Any:
    found = re.search(r"Dear (.*?), your order (\d+) of", prompt_of(request))
    return {"name": found[1], "number": found[2]}


def data_or_document(request: Request) -> Any:
    data = re.search(r"form such a document has:\n(\{.*?\n\})", prompt_of(request), re.S)
    if data is None:
        return several(lambda request, slot: {"what": words(4)})(request)
    values = json.loads(data[1])
    return f"Dear all, we sold {values['what']} on {values['day']} for {values['price']} euros. {words(12)}"


def hard(request: Request) -> Any:
    pair = re.search(r'\[{"label": "(.*?)", .*?{"label": "(.*?)"', prompt_of(request))
    if pair:
        text = words()
        return [{"label": pair[1], "text": text}, {"label": pair[2], "text": text.replace("a", "o", 1)}]
    return several(lambda request, slot: {"text": words(), "expected": "refuse politely"})(request)


def evolved(request: Request) -> Any:
    if "Compare two instructions" in prompt_of(request):
        return {"equal": "no"}
    return {"instruction": words(15)} if "The instruction:" in prompt_of(request) else words(20)


PROMPTS = {"prompts.jsonl": "".join(json.dumps({"prompt": words(9), "topic": "x"}) + "\n" for _ in range(6))}


def answered_or_compared(request: Request) -> Any:
    """Marks depend on the answers alone, so both orders agree."""
    marks = [crc32(one.encode()) % 10 + 1 for one in re.findall(r"_answer>\n(.*)\n</", prompt_of(request))]
    return {"reason": "it is better", "first": marks[0], "second": marks[1]} if marks else words(15)


CASES: dict[str, Case] = {
    "evol_instruct": Case(
        {"count": 12, "seeds": "seeds.jsonl", "depth": 2, "operations": {"deepen": 2, "breadth": 1}},
        evolved,
        files=SEEDS,
        wrong=(
            ({"operations": {"deepn": 1}}, "deepen"),
            ({"operations": {"deepen": 0}}, "operations: all weights are zero"),
            ({"depth": 0}, "depth"),
            ({"keep": "some"}, "keep"),
            ({"axes": {"depth": ["1"]}}, "column of its own"),
            ({"items_per_call": 2}, "items_per_call"),
            ({"prompt": "Make {givn} harder."}, "given"),
        ),
    ),
    "evol_instruct-all": Case({"count": 11, "seeds": "seeds.jsonl", "keep": "all"}, evolved, files=SEEDS),
    "evol_instruct-unanswered": Case(
        {"count": 6, "seeds": ["seeds.jsonl"], "depth": 1, "answers": False, "axes": {"length": ["short", "long"]}},
        evolved,
        files=SEEDS,
    ),
    "preference": Case(
        {"inputs": "prompts.jsonl", "keep": ["topic"]},
        answered_or_compared,
        files=PROMPTS,
        wrong=(
            ({"candidates": 1}, "candidates"),
            ({"candidates": 9}, "candidates"),
            ({"temperatures": [0.1, 0.2, 0.3]}, "temperatures"),
            ({"temperatures": [3]}, "temperatures"),
            ({"judge": {"scale": 1}}, "judge.scale"),
            ({"judge": {"rubrik": "x"}}, "rubric"),
            ({"min_margin": 2}, "min_margin"),
            ({"keep": ["chosen"]}, "column of its own"),
            ({"items_per_call": 2}, "items_per_call"),
        ),
    ),
    "preference-many": Case(
        {
            "inputs": ["prompts.jsonl"],
            "count": 8,
            "candidates": 4,
            "temperatures": [0.2, 1.2],
            "judge": {"model": "clever:judge", "rubric": "It is polite."},
            "both_orders": False,
            "min_margin": 0.1,
        },
        answered_or_compared,
        files=PROMPTS,
    ),
    "prompt-several": Case(
        {"prompt": "Write about {place}.", "count": 10, "items_per_call": 4, "axes": {"place": ["sea", "town"]}},
        several(lambda request, slot: {"text": words()}),
    ),
    "classification-several": Case(
        {"instruction": "one text", "count": 12, "labels": ["good", "bad"], "items_per_call": 3, "reasoning": True},
        several(lambda request, slot: {"reasoning": words(5), "text": words()}),
    ),
    "adversarial": Case(
        {
            "instruction": "one message to a shop",
            "count": 15,
            "labels": {"good": "", "fair": "", "bad": "a complaint"},
            "tactics": {"boundary_pair": 1, "sarcastic_praise": 1},
        },
        hard,
        wrong=(
            ({"policy": ["x"]}, "either"),
            ({"tactics": {"direct": 1}}, "direct"),
            ({"tactics": {"boundary_pair": 1}, "count": 3}, "even"),
            ({"ratios": {"label": {"good | fair": 0, "fair | bad": 0}}}, "ratios.label: all weights are zero"),
        ),
    ),
    "adversarial-policy": Case(
        {"count": 9, "policy": {"no medical advice": "it never names a drug or a dose"}, "items_per_call": 2},
        hard,
    ),
    "extraction": Case(
        {
            "direction": "document_to_data",
            "documents": "letter*.txt",
            "schema": {"name": "string", "number": "integer"},
        },
        extracted,
        files=LETTERS,
        wrong=(
            ({"documents": []}, "documents"),
            ({"direction": "up"}, "direction"),
            ({"samplers": {"name": "uuid"}}, "samplers"),
        ),
    ),
    "extraction-documents": Case(
        {
            "direction": "data_to_document",
            "count": 7,
            "items_per_call": 2,
            "schema": {"what": "string", "day": "date", "price": "number"},
            "samplers": {
                "day": {"date": {"from": "2024-01-01", "to": "2024-12-31"}},
                "price": {"number": {"min": 1, "max": 99, "decimals": 2}},
            },
            "styles": ["a letter", "an e-mail"],
        },
        data_or_document,
    ),
    "rag_qa": Case(
        {"documents": ["*.md"], "count": 12, "chunk_size": 900, "items_per_call": 2, "personas": ["a sailor"]},
        asked_of_documents,
        files=DOCUMENTS,
        wrong=(
            ({"per_chunk": 2}, "either"),
            ({"kinds": {"simpel": 1}}, "kinds"),
            ({"kinds": {"simple": 0}}, "kinds"),
            ({"chunk_size": 3}, "chunk_size"),
        ),
    ),
    "self_instruct": Case(
        {"count": 12, "seeds": "seeds.jsonl", "classification_share": 0.25, "items_per_call": 2},
        instructed,
        files=SEEDS,
        wrong=(({"classification_share": 2}, "classification_share"), ({"seeds": []}, "seeds")),
    ),
    "multilingual": Case(
        {"generator": {"kind": "prompt", "prompt": "A day.", "count": 9}, "languages": {"en": 2, "de": 1}},
        in_language,
        wrong=(
            ({"languages": {"xx1": 1}}, "the name 'xx1' must be a code of two letters"),
            ({"generator": {"kind": "promt"}}, "prompt"),
            ({"generator": {"kind": "prompt", "prompt": "A day."}}, "count"),
        ),
    ),
    "multilingual-translated": Case(
        {
            "generator": {"kind": "classification", "instruction": "a text", "labels": ["a", "b"], "count": 8},
            "languages": ["de", "en"],
            "mode": "translate",
        },
        translated,
    ),
    "dialogue": Case(
        {
            "instruction": "a call to a library",
            "count": 8,
            "turns": [4, 6],
            "labels_per_turn": ["question", "answer"],
            "items_per_call": 2,
        },
        several(conversation),
        wrong=(
            ({"turns": [6, 4]}, "turns"),
            ({"turns": 1}, "turns"),
            ({"models": {"user": "clever:b"}}, "turn_by_turn"),
            ({"personas": {"boss": "x"}}, "personas"),
        ),
    ),
    "dialogue-turns": Case(
        {
            "count": 5,
            "turns": 4,
            "mode": "turn_by_turn",
            "models": {"user": "clever:other"},
            "labels_per_turn": ["question", "answer"],
            "system_message": "You are Lib.",
        },
        message_or_labels,
    ),
    "rewrite": Case(
        {"inputs": "rows.jsonl", "task": "paraphrase", "per_input": 2, "keep": ["topic"]},
        several(lambda request, slot: reworded(request)),
        files=ROWS,
        wrong=(({"task": "translate"}, "to: is missing"), ({"task": "rhyme"}, "task")),
    ),
    "annotate": Case(
        {"inputs": ["rows.jsonl"], "labels": {"news": "something new", "opinion": ""}, "per_call": 3},
        labelled,
        files=ROWS,
        wrong=(({"entities": ["PERSON"]}, "either"), ({"labels": None}, "either"), ({"per_input": 2}, "per_input")),
    ),
    "annotate-spans": Case(
        {"kind": "annotate", "inputs": ["rows.jsonl"], "entities": ["PERSON"], "per_call": 2},
        found_names,
        files=ROWS,
    ),
    "prompt": Case(
        {"prompt": "Write a sentence.", "count": 6},
        lambda request: words(),
        wrong=(({"prompt": ""}, "prompt: must not be empty"),),
    ),
    "classification": Case(
        {"instruction": "one text", "count": 12, "labels": ["good", "bad"], "axes": {"size": ["s", "m"]}},
        lambda request: {"text": words()},
        wrong=(({"labels": []}, "labels"), ({"ratios": {"label": {"god": 1}}}, "good")),
    ),
    "template": Case(
        {
            "count": 14,
            "items_per_call": 4,
            "prompt": 'Write exactly {count} questions about {topic}: [{"id": 1, "question": "…", "answer": "…"}]',
            "values": {"topic": {"rivers": 1, "hills": 1}},
        },
        several(lambda request, slot: {"id": slot + 1, "question": words(), "answer": words()}),
        wrong=(
            ({"prompt": "About {topik}."}, "`topic`"),
            ({"prompt": None}, "prompt"),
            ({"values": {"topic": {"a": -1}}}, "values.topic.a"),
            ({"values": {"topic": {"a": 0, "b": 0}}}, "values.topic: all weights are zero"),
        ),
    ),
    "structured": Case(
        {
            "instruction": "an order",
            "count": 10,
            "items_per_call": 3,
            "schema": {
                "id": "integer",
                "what": "string",
                "lines": [{"name": "string", "n": "integer"}],
                "sum": "integer",
            },
            "samplers": {"id": "sequence", "lines.n": {"number": [1, 9]}},
            "rules": ["sum == sum(lines.n)"],
            "edge_cases": {"express": 0.3, "abroad": {"share": 0.5, "description": "it goes to another country"}},
        },
        several(lambda request, slot: {"what": words(), "lines": [{"name": words(4)}, {"name": words(4)}]}),
        wrong=(
            ({"schema": {"n": "integr"}}, "integer"),
            ({"samplers": {"nope": "uuid"}}, "nope"),
            ({"rules": ["sum =="]}, "no expression"),
            ({"rules": ["zum == 1"]}, "zum"),
            ({"edge_cases": {"x": 2}}, "edge_cases.x"),
        ),
    ),
    "entities": Case(
        {
            "instruction": "a sentence of a newspaper",
            "count": 9,
            "labels": {"PERSON": "a person's full name", "ORG": "a company"},
            "mentions": {"PERSON": 2, "ORG": 1},
        },
        several(entity),
        wrong=(
            ({"mentions": {"PERSN": 1}}, "PERSON"),
            ({"values": {"PERSON": "faker:nam"}}, "nam"),
            ({"examples": [{"text": "No one.", "entities": [{"text": "Bo", "label": "PERSON"}]}]}, "Bo"),
        ),
    ),
}


def document(kind: str, model: str, **fields: Any) -> dict[str, Any]:
    """A recipe of the kind."""
    generator = {"kind": kind.partition("-")[0], **CASES[kind].settings, **fields.pop("generator", {})}
    return {"name": f"a-{kind}", "model": model, "generator": generator, "seed": 3, **fields}


def written(answer: Any) -> str:
    return answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
