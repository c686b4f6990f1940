"""A workspace as people have them after some weeks, for pictures of the studio: `scripts/screenshots` takes them."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

PROJECT = "sample"
LONG = "Reklamationen-und-Rueckfragen-aus-dem-ersten-Halbjahr-2026"
LONGEST = 7
PEOPLE = ["Aiko Tanaka", "Omar Haddad", "Maria Lopez", "Chloe Martin", "John Smith", "Ngozi Adeyemi-Okonkwo"]
PLACES = ["Oslo", "Lisbon", "Nairobi", "Denver", "San Pedro de Atacama"]
ITEMS = ["HomeHub Mini", "Aurora X2", "FreshBox", "CloudDesk"]
LABELS = ["complaint", "question", "praise", "bug report", "cancellation", "something that fits nowhere else at all"]
SAID = [
    "My {ITEM} stopped charging after the last update and I would like to send it back.",
    "Can someone tell me whether the {ITEM} ships to {PLACE}?",
    "Hi, this is {PERSON} from {PLACE}. The app crashes every time I open the settings page.",
    "Please cancel my {ITEM} subscription. I asked {PERSON} twice already and nobody from {PLACE} called.",
    "Just wanted to say the {ITEM} is wonderful. {PERSON} at the {PLACE} store helped me set it up.",
]
RECIPE = """# what people write to support
name: support-letters
model: slow:writer
generator:
  kind: classification
  instruction: one letter to the support of a shop that sells small machines
  count: 400
  labels:
    complaint: says what is wrong
    question: asks something that can be answered
    praise: says what is good
"""


def ticket(rng: Random, number: int) -> dict[str, Any]:
    """A text with marked words; every twentieth is very long, and one has more than 20,000 characters."""
    text, spans = "", []
    for _ in range(300 if number == LONGEST else 60 if number % 20 == 7 else rng.choice((1, 1, 2))):
        for part in rng.choice(SAID).replace("}", "{").split("{"):
            words = {"ITEM": ITEMS, "PLACE": PLACES, "PERSON": PEOPLE}.get(part)
            chosen = rng.choice(words) if words else part
            if words:
                spans.append({"start": len(text), "end": len(text) + len(chosen), "label": part})
            text += chosen
        text += " "
    if number == 5:
        text += "https://example.com/" + "a-very-long-address-without-any-space/" * 9
    channel = ("mail", "phone", "chat")[number % 3]
    return {"text": text.strip(), "label": rng.choice(LABELS), "channel": channel, "spans": spans}


def conll(rng: Random) -> str:
    """Sentences with people and places, a token a line."""
    lines = []
    for _ in range(90):
        for words, tag in ((rng.choice(PEOPLE), "PERSON"), ("flew to", ""), (rng.choice(PLACES), "PLACE"), (".", "")):
            for at, word in enumerate(words.split()):
                lines.append(f"{word} {'O' if not tag else ('I-' if at else 'B-') + tag}")
        lines.append("")
    return "\n".join(lines)


def fill(client: httpx.Client, model: str) -> None:
    """Datasets, decisions, tasks, a report, a run on its way, connections, people."""
    rng = Random(7)
    rows = [ticket(rng, number) for number in range(420)]
    rows += [dict(row) for row in rows[:12]]
    keep(client, "support-tickets", "tickets.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    keep(client, LONG, "long.jsonl", "".join(json.dumps(row) + "\n" for row in rows[:40]))
    keep(client, "news-people", "news.conll", conll(rng))
    post(client, "projects", title="Letters of a town", description="Nothing is in it yet.", id="town")
    long = "A very long description of what this project is for, and for whom, and since when. " * 4
    post(client, "projects", title="Anonymised correspondence of the municipal administration", description=long)
    post(client, "connections", name="slow", provider="openai", base_url=model, key="sk-of-the-pictures-8842")
    post(client, "connections", name="other", provider="anthropic", key="sk-of-the-pictures-1177")
    decide(client, rng)
    job = post(client, "reports", dataset="support-tickets", compare="channel", real=LONG, project=PROJECT)
    suspects = post(client, "label-suspects", dataset="support-tickets", flag=True)
    for one in (job, suspects):
        ended(client, one["id"])
    post(client, "spot-checks", dataset="support-tickets", n=20)
    post(client, "recipes", yaml=RECIPE, project=PROJECT)
    post(client, "runs", recipe="support-letters", project=PROJECT)
    small = RECIPE.replace("slow:writer", "scripted").replace("400", "24").replace("support-letters", "first-letters")
    post(client, "runs", yaml=small, project=PROJECT)


def decide(client: httpx.Client, rng: Random) -> None:
    """Some records are approved, declined, flagged and tagged; some of them tasks in each state."""
    dataset = "support-tickets"
    ids = [one["id"] for one in client.get("records", params={"dataset": dataset, "limit": 200}).json()["items"]]
    rng.shuffle(ids)
    changes: list[tuple[list[str], dict[str, Any]]] = [
        (ids[:80], {"decision": "approved"}),
        (ids[80:110], {"decision": "declined", "reason": "sounds made up"}),
        (ids[110:120], {"decision": "flagged", "reason": "hard to place"}),
        (ids[:30], {"add_tags": ["hard"]}),
        (ids[20:25], {"note": "Ask the service team whether this happened, and when."}),
    ]
    for chosen, change in changes:
        post(client, "records/bulk", dataset=dataset, ids=chosen, change=change)
    post(client, "annotation-tasks", dataset=dataset, ids=ids[:60])
    for chosen, work, person in ((ids[:15], "done", "Ann Lee"), (ids[15:25], "doing", "Bo Ek")):
        post(client, "annotation-tasks/bulk", dataset=dataset, ids=chosen, change={"work": work, "person": person})


def keep(client: httpx.Client, name: str, file: str, content: str) -> None:
    """Imports a file into the project."""
    form = {"name": name, "project": PROJECT}
    client.post("imports", files={"file": (file, content.encode())}, data=form, timeout=120).raise_for_status()


def post(client: httpx.Client, path: str, **body: Any) -> Any:
    """What the service answers."""
    return client.post(path, json=body, timeout=120).raise_for_status().json()


def ended(client: httpx.Client, job: str) -> None:
    """Waits for the end of a job."""
    with client.stream("GET", f"jobs/{job}/events", timeout=600) as events:
        for line in events.iter_lines():
            if line.startswith("data:") and '"state":' in line and not _open(line):
                return


def _open(line: str) -> bool:
    return json.loads(line[5:]).get("state") in ("waiting", "running")
