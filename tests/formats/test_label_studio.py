from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from seedbed.core.errors import InputError
from seedbed.core.record import Record, Span
from seedbed.formats.catalog import format_for
from seedbed.formats.label_studio import LabelStudioFormat

if TYPE_CHECKING:
    from pathlib import Path

RECORDS = [
    Record({"text": "👩‍👧 Ann & e\u0301\r\nBob", "label": 'po"lite', "n": 1, "confidence": 0.8}, (Span(4, 7, "PER"),)),
    Record({"text": "<Rio>", "label": ["rude", "polite"], "n": None, "confidence": 7}, (Span(1, 4, "ort & stadt"),)),
    Record({"text": "", "label": None, "n": 3, "confidence": None}),
]
COLUMNS = ["text", "label", "n", "confidence", "spans"]
CONFIG = """<View><Header value="Look"/>
<Labels name="ner" toName="t"><View><Label value="P" alias="PER"/><Label value="LOC"/></View></Labels>
<Choices name="tone" toName="t"><Choice value="polite"/><Choice value="rude"/></Choices>
<Choices name="other" toName="t"><Choice value="x"/></Choices>
<Rating name="stars" toName="t"/><Text name="t" value="$review"/></View>"""


def read(path: Path, tasks: Any, **options: str) -> list[Record]:
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return list(format_for(path, "label_studio", options).read(str(path)))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("kind", ["predictions", "annotations"])
def test_the_sdk_takes_the_config_and_the_tasks(kind: str, tmp_path: Path) -> None:
    from label_studio_sdk.label_interface import LabelInterface

    path, config = tmp_path / "x.json", tmp_path / "config.xml"
    form = format_for(path, "label_studio", {"as": kind, "config": str(config)})
    assert form.write(RECORDS, str(path), COLUMNS) == 3
    interface = LabelInterface(config.read_text(encoding="utf-8"))
    interface.validate()
    assert interface.get_control("label").is_multiple_choice
    assert set(interface.get_control("label").labels) == {'po"lite', "rude", "polite"}
    assert set(interface.get_control("spans").labels) == {"PER", "ort & stadt"}
    for task in json.loads(path.read_bytes()):
        assert interface.validate_task({"data": task["data"]})
        assert [interface.validate_prediction(made, return_errors=True) for made in task[kind]] == [[]]
        assert all(interface.validate_annotation(made) for made in task[kind])
    assert [record.values for record in form.read(str(path))] == [
        {key: value for key, value in record.values.items() if key != "label" or value} for record in RECORDS
    ]
    assert [record.spans for record in form.read(str(path))] == [record.spans for record in RECORDS]


def test_predictions_carry_their_confidence_as_score(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    LabelStudioFormat().write(RECORDS, str(path), COLUMNS)
    made = [task["predictions"][0] for task in json.loads(path.read_bytes())]
    assert [one.get("score") for one in made] == [0.8, None, None]
    assert made[0]["result"][1] == {
        "id": "r2",
        "from_name": "spans",
        "to_name": "text",
        "type": "labels",
        "value": {"start": 4, "end": 7, "text": "Ann", "labels": ["PER"]},
    }


def test_only_what_is_among_the_columns_gets_a_control(tmp_path: Path) -> None:
    path, config = tmp_path / "x.json", tmp_path / "c.xml"
    record = Record({"text": "Ann", "label": "a"}, (Span(0, 3, "PER"),))
    LabelStudioFormat(from_name="ner", to_name="t", config=str(config)).write([record], str(path), ["text", "spans"])
    (task,) = json.loads(path.read_bytes())
    assert task["data"] == {"text": "Ann"}
    assert [(one["from_name"], one["to_name"]) for one in task["predictions"][0]["result"]] == [("ner", "t")]
    assert "Choices" not in config.read_text(encoding="utf-8")
    LabelStudioFormat().write([record], str(path), ["text"])
    assert json.loads(path.read_bytes()) == [{"data": {"text": "Ann"}, "predictions": []}]
    with pytest.raises(InputError, match="Labels and spans need a control each"):
        LabelStudioFormat(from_name="one").write([record], str(path), ["text", "label", "spans"])


def test_names_and_labels_come_from_a_config_that_is_there(tmp_path: Path) -> None:
    path, config = tmp_path / "x.json", tmp_path / "c.xml"
    config.write_text(CONFIG, encoding="utf-8")
    form = LabelStudioFormat(config=str(config), from_name="tone", label_column="tone")
    good = Record({"text": "Ann", "tone": "rude", "n": 1}, (Span(0, 3, "PER"),))
    assert form.write([good], str(path), ["text", "tone", "n", "spans"]) == 1
    (task,) = json.loads(path.read_bytes())
    assert task["data"] == {"review": "Ann", "n": 1}
    assert [(one["from_name"], one["to_name"]) for one in task["predictions"][0]["result"]] == [
        ("tone", "t"),
        ("ner", "t"),
    ]
    (record,) = form.read(str(path))
    assert record.values == {"review": "Ann", "n": 1, "tone": "rude"}
    assert record.spans == (Span(0, 3, "PER", "review"),)
    assert config.read_text(encoding="utf-8") == CONFIG
    for bad, message in (
        (Record({"text": "Ann", "tone": "polit"}), r"record 1: the labelling config has no `polit` in `tone`"),
        (Record({"text": "Ann", "tone": ""}, (Span(0, 3, "P"),)), r"no `P` in `ner`"),
    ):
        with pytest.raises(InputError, match=message) as caught:
            form.write([bad], str(path), ["text", "tone", "spans"])
        assert caught.value.hint
    with pytest.raises(InputError, match=r"shows `review`, but the text is in `text`"):
        form.write([good], str(path), ["text", "review"])


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("<View>", "is no labelling config"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><View/>', "declares a document type or entities"),
        ("<View/>", "no Choices or Labels for one and the same Text"),
        ('<View><Image name="i" value="$i"/><Choices name="c" toName="i"/></View>', "one and the same Text"),
        (CONFIG, "has several Choices: tone, other"),
    ],
)
def test_a_config_that_cannot_serve_is_refused(config: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "c.xml"
    path.write_text(config, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        LabelStudioFormat(config=str(path)).write([], str(tmp_path / "x.json"), ["text", "label"])


def test_a_config_without_labels_cannot_take_spans_and_a_label_must_fit_into_xml(tmp_path: Path) -> None:
    config = tmp_path / "c.xml"
    config.write_text('<View><Text name="t" value="$text"/><Choices name="c" toName="t" value="$own"/></View>')
    form = LabelStudioFormat(config=str(config))
    with pytest.raises(InputError, match="has no Labels for the spans"):
        form.write([], str(tmp_path / "x.json"), ["text", "spans"])
    assert form.write([Record({"text": "a", "label": "any"})], str(tmp_path / "x.json"), ["text", "label"]) == 1
    with pytest.raises(InputError, match="that XML has no form for"):
        LabelStudioFormat().write([Record({"text": "a", "label": "\x07"})], str(tmp_path / "x.json"), ["text", "label"])
    with pytest.raises(InputError, match="There is no file"):
        list(LabelStudioFormat(config=str(tmp_path / "none.xml")).read(str(tmp_path / "x.json")))


def result(label: str, kind: str = "choices", name: str = "x", **more: Any) -> dict[str, Any]:
    place = {"start": 0, "end": 1} if kind == "labels" else {}
    return {"from_name": name, "to_name": "text", "type": kind, "value": {kind: [label], **place, **more}}


def test_the_first_annotation_that_counts_wins_over_predictions(tmp_path: Path) -> None:
    first, second, third = ({"result": [result(label)]} for label in "abc")
    tasks = [
        {"data": {"text": "x"}, "annotations": [first | {"was_cancelled": True}, second], "predictions": [third]},
        {"data": {"text": "x", "label": "old"}, "annotations": [], "predictions": [third]},
        {"id": 7, "data": {"text": "x", "more": {"a": [1]}}},
        {"data": {"text": "x"}, "predictions": [12, 13]},
        {"data": {"text": "x"}, "annotations": [{"result": [result("P", "labels"), {"type": "rating", "value": {}}]}]},
    ]
    found = read(tmp_path / "x.json", tasks)
    assert [record.values for record in found] == [
        {"text": "x", "label": "b"},
        {"text": "x", "label": "c"},
        {"text": "x", "more": {"a": [1]}},
        {"text": "x"},
        {"text": "x"},
    ]
    assert found[-1].spans == (Span(0, 1, "P"),)


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ({"text": "x"}, "record 1: a task has an object called `data`"),
        ({"data": {"text": ""}, "annotations": [{"result": [result("P", "labels")]}]}, "no `start` and `end` inside"),
        ({"data": {"body": "x"}, "annotations": [{"result": [result("P", "labels")]}]}, "has no text `text`"),
        ({"data": {}, "annotations": [{"result": [{"type": "choices", "value": {}}]}]}, "has no list of the choices"),
    ],
)
def test_what_is_no_task_is_named(task: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path / "x.json", [task])


def annotated(*results: dict[str, Any], text: str = "xy") -> dict[str, Any]:
    return {"data": {"text": text}, "annotations": [{"result": list(results)}]}


def test_choices_or_labels_of_several_controls_are_not_mixed(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    tone, topic, ner = result("kind", name="tone"), result("travel", name="topic"), result("P", "labels", "ner")
    with pytest.raises(InputError, match="record 2: there are choices of `tone` and of `topic`") as caught:
        read(path, [annotated(tone, ner), annotated(topic)])
    assert "from_name" in caught.value.hint
    (one,) = read(path, [annotated(tone, topic, ner)], from_name="topic")
    assert (one.values, one.spans) == ({"text": "xy", "label": "travel"}, ())
    (both,) = read(path, [annotated(tone, topic, ner)], from_name="tone,ner")
    assert (both.label, both.spans) == ("kind", (Span(0, 1, "P"),))
    with pytest.raises(InputError, match="has no results of tnoe, only of `tone`, `ner`"):
        read(path, [annotated(tone, ner)], from_name="tnoe")


def test_choices_about_a_span_and_relations_are_no_label(tmp_path: Path) -> None:
    of_span = result("sure", start=0, end=1)
    relation = {"type": "relation", "from_id": "a", "to_id": "b", "labels": ["of"]}
    (record,) = read(tmp_path / "x.json", [annotated(result("P", "labels"), of_span, relation)])
    assert (record.values, record.spans) == ({"text": "xy"}, (Span(0, 1, "P"),))


def test_spans_counted_in_utf_16_are_told_by_their_text(tmp_path: Path) -> None:
    text = "👩👧 Ann 👍"
    tasks = [
        annotated(result("P", "labels", start=5, end=8, text="Ann"), text=text),  # old: UTF-16
        annotated(result("P", "labels", start=3, end=6, text="Ann"), text=text),
        annotated(result("P", "labels", start=9, end=11, text="👍"), text=text),
        annotated(result("P", "labels", start=3, end=6, text="other"), text=text),
    ]
    spans = [record.spans for record in read(tmp_path / "x.json", tasks)]
    assert spans == [(Span(3, 6, "P"),), (Span(3, 6, "P"),), (Span(7, 8, "P"),), (Span(3, 6, "P"),)]


def test_of_a_config_for_several_texts_one_control_is_named(tmp_path: Path) -> None:
    config = tmp_path / "c.xml"
    config.write_text(
        '<View><Text name="a" value="$text"/><Text name="b" value="$more"/>'
        '<Labels name="ner" toName="a"><Label value="P"/></Labels>'
        '<Choices name="tone" toName="b"><Choice value="kind"/></Choices></View>'
    )
    task = annotated(result("kind", name="tone"), result("P", "labels", "ner"))
    (record,) = read(tmp_path / "x.json", [task], config=str(config), from_name="ner")
    assert (record.values, record.spans) == ({"text": "xy"}, (Span(0, 1, "P"),))
    with pytest.raises(InputError, match="one and the same Text") as caught:
        read(tmp_path / "x.json", [task], config=str(config))
    assert "from_name" in caught.value.hint
