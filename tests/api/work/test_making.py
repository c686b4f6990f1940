"""Augmenting and filling through the API: exact counts, spans that stay right, sources that are told."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from seedbed.app.workspace import Workspace
from seedbed.core.review.entry import Wanted
from seedbed.core.stored import Selection

from .conftest import CITIES, NAMES, Client, Wait


def records(place: Workspace, dataset: str) -> list[Any]:
    return list(place.store.records(Selection(dataset=dataset, reviewed=True)))


@pytest.fixture(scope="module")
def augmented(served: Client, ended: Wait) -> dict[str, Any]:
    transforms = [
        {"kind": "uppercase", "share": 0.25},
        {"kind": "add_typo", "share": 0.5, "settings": {"layout": "qwertz"}},
        {"kind": "chain", "share": 0.1, "chain": [{"kind": "lowercase"}, {"kind": "add_typo"}]},
        {"kind": "number_to_word", "max_proportion": 0.5},
        {"kind": "expand_contraction", "share": 1.0},
    ]
    plan = {"transforms": transforms, "mode": "add", "seed": 7}
    return ended(served.post("augmentations", json={"dataset": "people", "plan": plan}))


def test_an_augmentation_makes_exactly_as_many_copies_as_each_share_asks_for(
    place: Workspace, augmented: dict[str, Any]
) -> None:
    assert (augmented["state"], augmented["message"]) == ("done", "")
    assert augmented["done"] == augmented["total"]
    result = augmented["result"]
    made = {name: (one["asked"], one["made"]) for name, one in result["by_transform"].items()}
    assert made["uppercase"] == (10, 10)
    assert made["add_typo"] == (20, 20)
    assert made["multiple_perturbations"] == (4, 4)
    assert made["expand_contraction"] == (40, 0)
    assert result["by_transform"]["expand_contraction"]["why"] == "it can change 0 of the records"
    assert result["records"] == 40 + result["made"] == len(records(place, "people-augmented"))


def test_spans_of_copies_still_stand_around_their_names(place: Workspace, augmented: dict[str, Any]) -> None:
    copies = [one for one in records(place, augmented["result"]["dataset"]) if "uppercase" in one.tags]
    assert len(copies) == 10
    for one in copies:
        found = {span.label: one.text[span.start : span.end] for span in one.spans}
        assert found["PER"] in {name.upper() for name in NAMES}
        assert found["LOC"] in {city.upper() for city in CITIES}
        assert one.origin["parents"][0].startswith("people-1:")
        assert one.origin["edits"]


def test_copies_are_augmented_and_the_others_what_they_were(place: Workspace, augmented: dict[str, Any]) -> None:
    name = augmented["result"]["dataset"]
    place.store.reviews.catch_up(name)
    sources = Counter(one.source for one in place.store.reviews.every(Wanted(name)))
    assert sources == {"imported": 40, "augmented": augmented["result"]["made"]}


def test_copies_can_come_beside_what_they_were_made_of(place: Workspace, served: Client, ended: Wait) -> None:
    ended(
        served.post(
            "fills", json={"templates": [{"text": "I met {PER}.", "n": 4}], "values": {"PER": [*NAMES]}, "into": "own"}
        )
    )
    plan = {"transforms": ["uppercase"], "mode": "add"}
    job = ended(served.post("augmentations", json={"dataset": "own", "plan": plan, "into": "own"}))
    assert job["result"]["made"] == 4
    assert len(records(place, "own")) == 8


@pytest.fixture(scope="module")
def homes(place: Workspace, served: Client) -> list[str]:
    """The ids of a dataset of which two records are tasks and one is declined."""
    texts = [f"{name} lives in {city}." for name, city in zip([*NAMES], [*CITIES], strict=False)][:4]
    lines = "".join(f'{{"text": "{text}", "label": "home"}}\n' for text in texts)
    served.post("imports", files={"file": ("homes.jsonl", lines.encode())}, data={"name": "homes"})
    items = served.get("records", params={"dataset": "homes"}).json()["items"]
    ids = [one["id"] for one in items]
    served.post("records/bulk", json={"dataset": "homes", "ids": ids[:2], "change": {"decision": "approved"}})
    served.post("records/bulk", json={"dataset": "homes", "ids": ids[3:], "change": {"decision": "declined"}})
    served.post("annotation-tasks", json={"dataset": "homes", "ids": ids[:2]})
    return ids


@pytest.mark.parametrize(
    ("chosen", "of"),
    [
        (lambda ids: {"ids": [ids[2], ids[0]]}, [0, 2]),
        (lambda ids: {"where": {"decision": "approved"}}, [0, 1]),
        (lambda ids: {"tasks": True}, [0, 1]),
        (lambda ids: {"ids": [ids[1], ids[2]], "tasks": True}, [1]),
        (lambda ids: {"where": {"q": "lives"}}, [0, 1, 2]),
    ],
)
def test_only_the_chosen_records_are_augmented_and_shown(
    place: Workspace, served: Client, ended: Wait, homes: list[str], chosen: Any, of: list[int]
) -> None:
    body = {"dataset": "homes", **chosen(homes)}
    shown = served.post("augmentations/preview", json={**body, "transforms": ["uppercase"], "n": 9}).json()["items"]
    assert len(shown) == len(of)
    plan = {"transforms": [{"kind": "uppercase", "share": 1.0}]}
    result = ended(served.post("augmentations", json={**body, "plan": plan}))["result"]
    assert (result["records"], result["made"]) == (2 * len(of), len(of))
    copies = [one for one in records(place, result["dataset"]) if "uppercase" in one.tags]
    assert sorted(one.origin["parents"][0] for one in copies) == sorted(homes[at] for at in of)


@pytest.mark.parametrize(
    ("chosen", "status", "says"),
    [
        ({"ids": []}, 400, "No record is named."),
        ({"ids": ["homes-1:99.0"]}, 404, "has no record"),
        ({"where": {"label": "nothing"}}, 400, "No record of homes is like that."),
        ({"where": {"decision": "declined"}}, 400, "No record of homes is like that."),
        ({"where": {"odd": 1}}, 422, ""),
        ({"ids": ["homes-1:0.0"], "where": {}}, 422, "not both"),
    ],
)
def test_a_choice_of_nothing_or_of_what_is_not_there_is_refused_at_once(
    served: Client, homes: list[str], chosen: dict[str, Any], status: int, says: str
) -> None:
    answer = served.post("augmentations", json={"dataset": "homes", **chosen, "plan": {"transforms": ["uppercase"]}})
    assert answer.status_code == status, answer.text
    assert says in answer.text


def test_a_preview_shows_each_transform_before_and_after_and_says_why_not(served: Client) -> None:
    body = {"dataset": "people", "transforms": ["uppercase", {"kind": "expand_contraction"}], "n": 2}
    items = served.post("augmentations/preview", json=body).json()["items"]
    assert [one["transform"] for one in items] == ["uppercase"] * 2 + ["expand_contraction"] * 2
    first = items[0]
    assert first["after"]["text"] == first["before"]["text"].upper()
    span = first["after"]["spans"][0]
    assert first["after"]["text"][span["start"] : span["end"]] == "ANN LEE"
    assert (items[2]["after"], bool(items[2]["why"])) == (None, True)


def test_a_plan_that_is_wrong_is_refused_at_once_by_its_field(served: Client) -> None:
    plan = {"transforms": [{"kind": "add_typo", "share": 2}]}
    found = served.post("augmentations", json={"dataset": "people", "plan": plan})
    assert (found.status_code, found.json()["field"]) == (400, "transforms[0].max_proportion")


CSV = b'template,label,n\n"{PER} lives in {LOC}.",home,6\n{PER} is here.,home,3\n'
JSON = b"""[{"template": "{PER} lives in {LOC}.", "label": "home", "n": 6},
{"template": "{PER} is here.", "label": "home", "n": 3}]"""


@pytest.mark.parametrize(("name", "content"), [("a.csv", CSV), ("a.json", JSON)])
def test_templates_of_a_file_are_filled_with_exact_counts(
    place: Workspace, served: Client, ended: Wait, name: str, content: bytes
) -> None:
    templates = served.post("fills/import", files={"file": (name, content)}).json()["templates"]
    assert [(one["text"], one["n"], one["label"]) for one in templates] == [
        ("{PER} lives in {LOC}.", 6, "home"),
        ("{PER} is here.", 3, "home"),
    ]
    into = f"filled-{name[2:]}"
    job = ended(served.post("fills", json={"templates": templates, "dataset": "people", "into": into}))
    assert [one["id"] for one in served.get(f"fills?dataset={into}").json()["items"]] == [job["id"]]
    assert [(one["asked"], one["made"]) for one in job["result"]["by_template"]] == [(6, 6), (3, 3)]
    made = records(place, into)
    assert len({one.text for one in made}) == 9
    assert {one.text[span.start : span.end] for one in made for span in one.spans if span.label == "PER"} <= {*NAMES}
    assert all(one.tags[0] == "augmented" and one.label == "home" for one in made)


def test_what_can_not_be_filled_is_said_of_its_template(served: Client) -> None:
    templates = [{"text": "{PER} is here."}, {"text": "{WHO} is here."}, {"text": "{PER is here."}]
    body = {"templates": templates, "values": {"PER": ["Ann", "Bo"]}, "n": 2}
    found = served.post("fills/preview", json=body).json()
    assert [one["text"] for one in found["items"] if one["template"] == 0].count("Ann is here.") == 1
    assert found["items"][0]["spans"][0]["label"] == "PER"
    assert [one["template"] for one in found["problems"]] == [0, 1, 2]  # of the first there are 2, and 10 are wanted
    assert "WHO" in found["problems"][1]["message"]
    assert "`values`" in found["problems"][1]["hint"]
    assert "--" not in found["problems"][1]["hint"]
    assert served.post("fills", json={"templates": templates[1:2], "into": "x"}).status_code == 400


def test_a_split_shares_records_out_and_a_dedup_leaves_one_of_each(
    place: Workspace, served: Client, ended: Wait
) -> None:
    shares = {"train": 0.75, "test": 0.25}
    split = served.post("datasets/people/split", json={"shares": shares, "by": "label"})
    dedup = served.post("datasets/notes/dedup", json={"near": None})
    sizes = ended(split)["result"]["datasets"]
    assert sum(sizes.values()) == 40
    assert {name: len(records(place, name)) for name in sizes} == sizes
    assert list(sizes) == ["people-train", "people-test"]
    assert served.post("datasets/people/split", json={"shares": shares}).status_code == 409
    found = ended(dedup)["result"]
    assert (found["kept"], found["removed"], found["reasons"]) == (121, 1, {"exact": 1})
    assert found["examples"][0]["record"] == "notes-1:121.0"
    assert len(records(place, "notes-deduplicated")) == 121
