"""Models are tested with changed texts: functions, pipelines, language models; what is wrong with them is said."""

from __future__ import annotations

import asyncio
import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

import seedbed
from seedbed import InputError, Record, RunFailed, Span
from seedbed.app.data.robustness import USUAL
from seedbed.app.workspace import Workspace
from seedbed.augmentation.plan import Plan
from seedbed.core.chat import Completion
from seedbed.core.errors import MissingExtra, ProviderError
from seedbed.core.spans import Edit
from seedbed.core.stored import Selection
from seedbed.core.transform import Transform
from seedbed.providers.catalog import providers
from seedbed.providers.scripted import Scripted
from seedbed.testing.server import Settings, running_server
from seedbed.transforms.catalog import transforms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seedbed.core.chat import Request
    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Edits, Mentions

REVIEWS = [
    ("I love this phone", "good"),
    ("a good screen", "good"),
    ("I hate the battery", "bad"),
    ("Bad service, and slow", "bad"),
    ("a bad day for 20 people", "bad"),
    ("nothing to say", "good"),
]
RECORDS = [Record({"text": text, "label": label}) for text, label in REVIEWS]
ENTITIES = [
    Record({"text": "Ann lives in Paris"}, (Span(0, 3, "PER"), Span(13, 18, "LOC"))),
    Record({"text": "Bob, of Rome"}, (Span(0, 3, "PER"), Span(8, 12, "LOC"))),
    Record({"text": "nobody, nowhere"}),
]


class Exclaim(Transform):
    """Puts a ! behind every word."""

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions
        return lambda text, _: [Edit(word.end, word.end, "!") for word in text.words]


class Numbers(Transform):
    """Another number for each."""

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions

        def edit(text: Text, dice: Dice) -> Edits:
            numbers = [word for word in text.words if word.lower.isdecimal()]
            return [Edit(word.start, word.end, str(1000 + dice.below(9000))) for word in numbers]

        return edit


class Opposite(Transform):
    """Says the opposite."""

    flips: ClassVar[bool] = True

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions
        return lambda _text, _dice: [Edit(0, 0, "Not: ")]


@pytest.fixture(autouse=True)
def _own_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SEEDBED_WORKSPACE", raising=False)
    for registry in (transforms, providers):
        monkeypatch.setattr(registry, "_known", dict(registry._known))
    for kind, part in {"exclaim": Exclaim, "numbers": Numbers, "opposite": Opposite}.items():
        transforms.register(kind)(part)


class Classifier:
    """Knows some words by heart, and keeps what it was asked."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def __call__(self, texts: list[str]) -> list[str]:
        self.batches.append(list(texts))
        return ["bad" if {"hate", "bad"} & set(re.findall(r"\w+", text)) else "good" for text in texts]


def by_transform(tested: Any) -> dict[str, dict[str, Any]]:
    """The figures of each transform."""
    return {one["transform"]: one for one in tested.figures["transforms"]}


# Functions


def test_a_classifier_that_knows_no_capitals_is_weak_at_them() -> None:
    tested = seedbed.robustness(RECORDS, Classifier(), plan=["uppercase", "exclaim"])
    upper, exclaim = tested.figures["transforms"]
    # Of six texts those two that are said to be bad get the other label in capitals.
    assert (upper["cases"], upper["passed"], upper["pass_rate"], upper["ok"]) == (6, 4, 4 / 6, False)
    assert (upper["before"], upper["after"]) == (5 / 6, 3 / 6)
    assert (exclaim["cases"], exclaim["passed"], exclaim["ok"], exclaim["after"]) == (6, 6, True, 5 / 6)
    assert tested.figures["state"] == "weak"
    assert not tested.passed
    assert [record.values for record in tested.failures] == [
        {
            "transform": "uppercase",
            "record": place,
            "text": text,
            "changed": text.upper(),
            "expected": "bad",
            "got": "good",
        }
        for place, text in (("#3", "I hate the battery"), ("#5", "a bad day for 20 people"))
    ]
    assert tested.plan == Plan.of({"transforms": [{"kind": "uppercase", "max_proportion": round(1 - 4 / 6 / 0.8, 3)}]})


def test_the_failures_shown_are_of_each_transform_in_turn() -> None:
    tested = seedbed.robustness(RECORDS, lambda texts: texts, plan=["uppercase", "exclaim"])
    assert [one["transform"] for one in tested.figures["first"]] == ["uppercase", "exclaim", "uppercase"]
    assert tested.figures["failures"] == len(tested.failures) == 12


def test_the_copies_of_the_plan_are_made_of_what_failed() -> None:
    tested = seedbed.robustness(RECORDS, Classifier(), plan=["uppercase"], min_pass_rate=1.0)
    from seedbed.app.data.augment import Augmenting
    from seedbed.app.data.wishes import Wishes

    made = Augmenting.of(lambda: iter(RECORDS), Wishes.of(tested.plan))
    assert sum(record.text.isupper() for record in made.records()) == 2  # a third of six


def test_a_model_that_reaches_every_rate_needs_no_plan() -> None:
    tested = seedbed.robustness(RECORDS, Classifier(), plan=["uppercase", "exclaim"], min_pass_rate=0.6)
    assert (tested.figures["state"], tested.passed, tested.plan) == ("passed", True, None)


def test_a_transforms_own_rate_comes_first_then_the_calls_then_the_plans() -> None:
    plan = {"transforms": [{"kind": "uppercase", "min_pass_rate": 0.5}, "exclaim"], "min_pass_rate": 0.9}
    for given, wanted in ((None, [0.5, 0.9]), (0.7, [0.5, 0.7])):
        tested = seedbed.robustness(RECORDS, Classifier(), plan=plan, min_pass_rate=given)
        assert [one["min_pass_rate"] for one in tested.figures["transforms"]] == wanted
    tested = seedbed.robustness(RECORDS, Classifier(), plan=["exclaim"])
    assert tested.figures["transforms"][0]["min_pass_rate"] == 0.8


def test_no_text_is_asked_twice_and_batches_are_as_large_as_wished() -> None:
    model = Classifier()
    records = [*RECORDS, RECORDS[0], Record({"text": "I LOVE THIS PHONE", "label": "good"})]
    tested = seedbed.robustness(records, model, plan=["uppercase", "exclaim"], batch_size=4)
    asked = [text for batch in model.batches for text in batch]
    assert len(asked) == len(set(asked)) == tested.figures["texts"]
    assert {len(batch) for batch in model.batches[:-1]} == {4}


def test_a_share_is_the_part_of_the_records_that_is_tested() -> None:
    tested = seedbed.robustness(RECORDS, Classifier(), plan=[{"uppercase": 0.5}, "exclaim", "numbers"])
    assert [one["cases"] for one in tested.figures["transforms"]] == [3, 6, 1]
    assert [one["applicable"] for one in tested.figures["transforms"]] == [6, 6, 1]


def test_a_transform_that_changes_no_text_is_neither_ok_nor_not() -> None:
    tested = seedbed.robustness(RECORDS[:1], Classifier(), plan=["numbers", "exclaim"])
    assert by_transform(tested)["numbers"]["ok"] is None
    assert tested.figures["state"] == "passed"


def test_a_limit_draws_records_by_the_seed() -> None:
    records = [Record({"text": f"text number {n} here", "label": "good"}) for n in range(200)]

    def drawn(seed: int) -> set[str]:
        model = Classifier()
        assert seedbed.robustness(records, model, plan=["exclaim"], limit=20, seed=seed).figures["cases"] == 20
        return {text for batch in model.batches for text in batch}

    assert drawn(1) == drawn(1) != drawn(2)


def test_failures_name_their_records_by_id_or_place() -> None:
    records = [Record({"text": "", "label": "bad"}), *RECORDS, Record({"text": "bad", "label": "bad", "id": "r9"})]
    tested = seedbed.robustness(records, Classifier(), plan=["uppercase"])
    assert [record.values["record"] for record in tested.failures] == ["#4", "#6", "r9"]


def test_the_data_need_not_say_what_is_right() -> None:
    tested = seedbed.robustness(
        [Record({"text": text}) for text, _ in REVIEWS], Classifier(), plan=["uppercase"], task="classification"
    )
    assert tested.figures["transforms"][0]["passed"] == 4
    assert tested.figures["transforms"][0]["before"] is tested.figures["originals"] is None


def test_labels_are_compared_as_texts() -> None:
    numbers = [Record({"text": text, "label": int(label == "good")}) for text, label in REVIEWS]
    tested = seedbed.robustness(numbers, lambda texts: [1 for _ in texts], plan=["exclaim"])
    assert tested.figures["originals"] == 0.5


def test_other_names_of_labels_are_told() -> None:
    tested = seedbed.robustness(RECORDS, lambda texts: ["LABEL_0" for _ in texts], plan=["exclaim"])
    assert tested.figures["state"] == "passed"
    [note] = tested.figures["notes"]
    assert "The model says LABEL_0, and the data say good, bad" in note


def test_what_a_pipeline_of_hugging_face_answers_is_understood() -> None:
    """Their pipelines are functions of a list of texts: such a one may be given as it is."""
    tested = seedbed.robustness(
        RECORDS, lambda texts: [{"label": "good", "score": 0.9} for _ in texts], plan=["uppercase"]
    )
    assert tested.figures["originals"] == 0.5

    def entities(texts: list[str]) -> list[list[dict[str, Any]]]:
        found = [re.finditer(r"Ann|Bob|Paris|Rome", text) for text in texts]
        return [
            [
                {
                    "entity_group": "PER" if len(m[0]) == 3 else "LOC",
                    "score": 0.5,
                    "word": m[0],
                    "start": m.start(),
                    "end": m.end(),
                }
                for m in one
            ]
            for one in found
        ]

    tested = seedbed.robustness(ENTITIES, entities, plan=["exclaim", "uppercase"])
    assert [one["ok"] for one in tested.figures["transforms"]] == [True, False]


# Entities


def reader(names: dict[str, str], *, greedy: bool = False) -> Any:
    """A model that knows names by heart; a greedy one takes a ! along."""

    def read(texts: Sequence[str]) -> list[list[tuple[int, int, str]]]:
        form = rf"(?:{'|'.join(names)}){'!?' if greedy else ''}"
        return [[(m.start(), m.end(), names[m[0].rstrip("!")]) for m in re.finditer(form, text)] for text in texts]

    return read


BAG = {"@architectures": "spacy.TextCatBOW.v3", "exclusive_classes": True, "ngram_size": 1, "no_output_layer": False}
NAMES = {"Ann": "PER", "Bob": "PER", "Paris": "LOC", "Rome": "LOC"}


def test_entities_that_move_with_their_texts_pass() -> None:
    for strict in (False, True):
        tested = seedbed.robustness(ENTITIES, reader(NAMES), plan=["exclaim"], strict=strict)
        [one] = tested.figures["transforms"]
        assert (one["cases"], one["passed"], one["before"], one["after"]) == (3, 3, 1.0, 1.0)
        assert tested.figures["measure"] == "f1"
        assert tested.figures["strict"] is strict


def test_entities_that_are_lost_fail() -> None:
    tested = seedbed.robustness(ENTITIES, reader(NAMES), plan=["uppercase"])
    assert by_transform(tested)["uppercase"]["passed"] == 1
    assert by_transform(tested)["uppercase"]["after"] == 0.0
    assert tested.failures[0].values == {
        "transform": "uppercase",
        "record": "#1",
        "text": "Ann lives in Paris",
        "changed": "ANN LIVES IN PARIS",
        "expected": [{"start": 0, "end": 3, "label": "PER"}, {"start": 13, "end": 18, "label": "LOC"}],
        "got": [],
    }


def test_edges_at_inserted_texts_count_strictly_alone() -> None:
    greedy = reader(NAMES, greedy=True)
    assert seedbed.robustness(ENTITIES, greedy, plan=["exclaim"]).passed
    assert by_transform(seedbed.robustness(ENTITIES, greedy, plan=["exclaim"], strict=True))["exclaim"]["passed"] == 1


def test_a_model_that_knows_the_data_by_heart_passes_every_transform_strictly() -> None:
    """What the data say of a changed text is what `core.spans.apply` made of it: the one way of moving and the other
    must agree."""
    known: dict[str, list[tuple[int, int, str]]] = {}
    plan = ["uppercase", "lowercase", "exclaim", "numbers"]
    records = [*ENTITIES, Record({"text": "12 of Ann's 30 trips"}, (Span(6, 9, "PER"), Span(12, 14, "NUM")))]
    for record in [*records, *_copies(records, plan)]:
        known[record.text] = [(span.start, span.end, span.label) for span in record.spans]
    tested = seedbed.robustness(records, lambda texts: [known[text] for text in texts], plan=plan, strict=True)
    assert tested.passed
    assert {one["after"] for one in tested.figures["transforms"]} == {1.0}


def _copies(records: list[Record], plan: list[str]) -> list[Record]:
    from seedbed.app.data.augment import Augmenting
    from seedbed.app.data.wishes import Wishes

    return [
        copy for one in plan for copy in Augmenting.of(lambda: iter(records), Wishes.of([one], mode="new")).records()
    ]


# spaCy


@pytest.fixture
def ruler(tmp_path: Path) -> str:
    """A pipeline of spaCy with rules for entities, in a folder."""
    import spacy

    nlp = spacy.blank("en")
    patterns = [{"label": label, "pattern": name} for name, label in NAMES.items()]
    nlp.add_pipe("entity_ruler").add_patterns(patterns)  # type: ignore[attr-defined]
    nlp.to_disk(tmp_path / "ruler")
    return str(tmp_path / "ruler")


def test_a_spacy_pipeline_is_tested_by_its_folder_or_as_it_is(ruler: str) -> None:
    import spacy

    for model in (f"spacy:{ruler}", spacy.load(ruler)):
        tested = seedbed.robustness(ENTITIES, model, plan=["uppercase", "exclaim"])
        assert [one["passed"] for one in tested.figures["transforms"]] == [1, 3]
        assert tested.figures["originals"] == 1.0


def test_a_spacy_text_categoriser_answers_its_likeliest_label(tmp_path: Path) -> None:
    import spacy
    from spacy.training import Example

    nlp = spacy.blank("en")
    categoriser = nlp.add_pipe("textcat", config={"model": BAG})
    examples = [
        Example.from_dict(nlp.make_doc(text), {"cats": {"good": float(label == "good"), "bad": float(label == "bad")}})
        for text, label in REVIEWS
    ]
    categoriser.initialize(lambda: examples, nlp=nlp)  # type: ignore[attr-defined]
    nlp.to_disk(tmp_path / "textcat")
    tested = seedbed.robustness(RECORDS, f"spacy:{tmp_path / 'textcat'}", plan=["exclaim"], min_pass_rate=0.0)
    assert tested.figures["transforms"][0]["cases"] == 6
    assert tested.figures["originals"] is not None


def test_a_spacy_pipeline_without_categories_is_said(ruler: str) -> None:
    with pytest.raises(InputError, match="gives texts no categories"):
        seedbed.robustness(RECORDS, f"spacy:{ruler}", plan=["exclaim"])


# What is wrong


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (lambda texts: ["good"], "The model gave 1 answers to 12 texts"),
        (lambda texts: [None for _ in texts], r"None is no label \(of the text 'I love this phone'\)"),
        (lambda texts: [[(0, 1, "A")] for _ in texts], r"\[\(0, 1, 'A'\)\] is no label"),
        ("nowhere.py:classify", "There is no module nowhere.py"),
        ("python:no_such_module:classify", "The module no_such_module could not be loaded"),
        ("python:json", "which function"),
        ("python:json:lods", "there is no function `lods`"),
        ("spacy:", "which one"),
        ("spacy:nowhere", "spacy:nowhere cannot be loaded: .*Can't find model 'nowhere'"),
        ("nowhere:model", "there is no connection or provider `nowhere`"),
        ("embedded:nowhere", "there is no local model `nowhere`"),
    ],
)
def test_a_model_that_cannot_be_used_is_said(model: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        seedbed.robustness(RECORDS, model, plan=["exclaim"])
    assert not Path(".seedbed").exists()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("PER", "PER is no list of entities"),
        (7, "7 is no list of entities"),
        ([(0, 99, "PER")], "0 to 99 is no stretch of 18 characters"),
        ([(2, 2, "PER")], "2 to 2 is no stretch"),
        ([(0, "PER")], "is no \\(start, end, label\\)"),
        ([{"start": 0, "end": None, "entity_group": "PER"}], "is no \\(start, end, label\\)"),
    ],
)
def test_entities_that_are_none_are_said(answer: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        seedbed.robustness(ENTITIES, lambda texts: [answer for _ in texts], plan=["exclaim"])


def test_a_label_that_is_not_one_of_those_there_are_is_said() -> None:
    with pytest.raises(InputError, match="`good` is none of the labels positive, negative"):
        seedbed.robustness(RECORDS, Classifier(), plan=["exclaim"], labels=["positive", "negative"])


def test_a_model_that_fails_is_said_with_its_place() -> None:
    def broken(texts: list[str]) -> list[str]:
        raise KeyError(texts[0])

    with pytest.raises(RunFailed, match=r"The model under test failed: KeyError: .* \(test_robustness.py, line \d+\)"):
        seedbed.robustness(RECORDS, broken, plan=["exclaim"])


@pytest.mark.parametrize(
    ("records", "settings", "words"),
    [
        ([Record({"text": "a b"})], {}, "have no column `label` and no spans"),
        ([Record({"text": "a b", "label": "x"}, (Span(0, 1, "A"),))], {}, "have both `label` and spans"),
        ([Record({"text": "a b", "label": ["x", "y"]})], {}, "The label of record 1 is a list"),
        ([Record({"text": " ", "label": "x"})], {}, "No record has a text in `text`"),
        ([Record({"question": "a", "context": "b", "label": "x"})], {}, "have `question` and `context`"),
        ([Record({"text": "a b", "label": "x"})], {"plan": ["numbers"]}, "None of the transforms can change"),
        ([Record({"text": "a b", "label": "x"})], {"plan": ["opposite"]}, "may turn what a text says"),
        ([Record({"text": "a b", "label": "x"})], {"task": "ner"}, "There is no task `ner`"),
        ([Record({"text": "a b", "label": "x"})], {"min_pass_rate": 80}, "A pass rate is a number from 0 to 1"),
        ([Record({"text": "a b", "label": "x"})], {"limit": 0}, "the limit is 0"),
        ([Record({"text": "a b", "label": "x"})], {"settings": {"budget.calls": 1}}, "--set changes how a language"),
        ([], {}, "There are no records"),
    ],
)
def test_data_and_wishes_that_cannot_be_used_are_said(
    records: list[Record], settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        seedbed.robustness(records, Classifier(), **{"plan": ["exclaim"], **settings})


def test_one_of_several_columns_can_be_tested() -> None:
    records = [Record({"question": "is it bad", "context": "yes 20", "label": "bad"})]
    tested = seedbed.robustness(records, Classifier(), plan=["uppercase"], column="question", min_pass_rate=0.0)
    assert tested.failures[0].values["changed"] == "IS IT BAD"


def test_the_usual_transforms_are_known_and_turn_nothing() -> None:
    assert set(USUAL) <= set(transforms.names())


def test_a_missing_library_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.partition(".")[0] in ("spacy", "torch"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra, match="`spacy`, which is not installed"):
        seedbed.robustness(RECORDS, "spacy:en_core_web_sm", plan=["exclaim"])


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is installed")
def test_a_hugging_face_model_needs_its_libraries() -> None:
    with pytest.raises(InputError, match="needs transformers and torch"):
        seedbed.robustness(RECORDS, "hf:any", plan=["exclaim"])


@pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed; make test-torch runs this")
@pytest.mark.filterwarnings("ignore")
def test_a_hugging_face_model_is_tested_by_its_folder(tmp_path: Path) -> None:
    from transformers import BertConfig, BertForSequenceClassification, BertForTokenClassification, BertTokenizerFast

    words = {word for text, _ in REVIEWS for word in re.findall(r"\w+", text)}
    vocabulary = tmp_path / "vocab.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(words)]), "utf-8")
    tokenizer = BertTokenizerFast(vocab=str(vocabulary), model_max_length=16)
    size = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 8}
    for name, cls in {"labels": BertForSequenceClassification, "entities": BertForTokenClassification}.items():
        names = {0: "good", 1: "bad"} if name == "labels" else {0: "O", 1: "B-PER"}
        settings = BertConfig(vocab_size=len(tokenizer), max_position_embeddings=16, id2label=names, **size)
        cls(settings).save_pretrained(tmp_path / name)
        tokenizer.save_pretrained(tmp_path / name)
    long = Record({"text": "I love this phone " * 10, "label": "good"})
    tested = seedbed.robustness([*RECORDS, long], f"hf:{tmp_path / 'labels'}", plan=["exclaim"], min_pass_rate=0.0)
    assert tested.figures["transforms"][0]["cases"] == 7
    assert tested.figures["notes"] == []
    tested = seedbed.robustness(ENTITIES, f"hf:{tmp_path / 'entities'}", plan=["exclaim"], min_pass_rate=0.0)
    assert tested.figures["transforms"][0]["cases"] == 3
    with pytest.raises(InputError, match="cannot be loaded"):
        seedbed.robustness(RECORDS, f"hf:{tmp_path}", plan=["exclaim"])


# Language models


class Reader(Scripted):
    """A language model that knows some words by heart; keeps the texts, and says nothing usable of some."""

    asked: ClassVar[list[str]] = []
    refuses: ClassVar[str] = "never"
    dies: ClassVar[int] = 10**6

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._script = self.reply

    def reply(self, request: Request) -> Completion | ProviderError:
        text = request.messages[-1]["content"].partition("The text:\n")[2].partition("\n\n")[0]
        if len(Reader.asked) >= Reader.dies:
            return ProviderError("auth", "The key is wrong.")
        Reader.asked.append(text)
        if Reader.refuses in text:
            return Completion('{"label": "unsure"}')
        if "kinds" in request.messages[-1]["content"]:
            names = [{"text": name, "label": label} for name, label in NAMES.items() if name in text]
            return Completion(json.dumps({"entities": names, "confidence": 1}))
        return Completion(json.dumps({"label": Classifier()([text])[0], "confidence": 0.9}))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the model `reader` is asked."""
    monkeypatch.setattr(Reader, "asked", [])
    providers.register("reader")(Reader)
    return Reader.asked


LLM = {"settings": {"connections": {"own": {"provider": "reader"}}}}


def test_a_language_model_is_asked_for_the_labels_of_the_data(asked: list[str]) -> None:
    tested = seedbed.robustness(RECORDS, "own:x", plan=["uppercase", "exclaim"], **LLM)
    assert [one["passed"] for one in tested.figures["transforms"]] == [4, 6]
    assert sorted(asked) == sorted({*asked})
    assert len(asked) == 18
    assert tested.figures["asked"] | {"run": "", "cost": 0} == {
        "texts": 18,
        "known": 0,
        "run": "",
        "calls": 18,
        "cost": 0,
    }


def test_a_language_model_is_asked_for_entities(asked: list[str]) -> None:
    tested = seedbed.robustness(ENTITIES, "own:x", plan=["uppercase", "exclaim"], **LLM)
    assert [one["passed"] for one in tested.figures["transforms"]] == [1, 3]
    assert len(asked) == 9


def test_what_was_answered_is_not_asked_again(asked: list[str]) -> None:
    seedbed.robustness(RECORDS, "own:x", plan=["uppercase"], **LLM)
    asked.clear()
    again = seedbed.robustness(RECORDS, "own:x", plan=["uppercase"], **LLM)
    assert asked == []
    assert again.figures["transforms"][0]["passed"] == 4
    assert again.figures["asked"] == {"texts": 0, "known": 12}
    more = seedbed.robustness(RECORDS, "own:x", plan=["uppercase", "exclaim"], **LLM)
    assert len(asked) == 6
    assert all("!" in text for text in asked)
    assert [one["passed"] for one in more.figures["transforms"]] == [4, 6]


def test_a_language_model_is_tested_where_an_event_loop_runs(asked: list[str]) -> None:
    async def in_a_notebook() -> Any:
        return seedbed.robustness(RECORDS, "own:x", plan=["exclaim"], **LLM)

    assert asyncio.run(in_a_notebook()).passed
    assert len(asked) == 12


def test_another_way_of_asking_asks_anew(asked: list[str]) -> None:
    seedbed.robustness(RECORDS, "own:x", plan=["uppercase"], **LLM)
    asked.clear()
    seedbed.robustness(RECORDS, "own:x", plan=["uppercase"], labels=["good", "bad", "mixed"], **LLM)
    assert len(asked) == 12


def test_new_asks_everything_again_and_holds_from_then_on(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """As after training it anew: the model of that name is another one."""
    seedbed.robustness(RECORDS, "own:x", plan=["uppercase"], **LLM)
    asked.clear()
    monkeypatch.setattr(Classifier, "__call__", lambda _, texts: ["good" for _ in texts])
    assert seedbed.robustness(RECORDS, "own:x", plan=["uppercase"], new=True, **LLM).passed
    assert len(asked) == 12
    asked.clear()
    assert seedbed.robustness(RECORDS, "own:x", plan=["uppercase"], **LLM).passed
    assert asked == []


def test_a_budget_leaves_cases_unjudged_and_more_of_it_goes_on(asked: list[str]) -> None:
    settings = {**LLM["settings"], "budget": {"calls": 5}}
    tested = seedbed.robustness(RECORDS, "own:x", plan=["exclaim"], settings=settings)
    assert tested.figures["state"] == "incomplete"
    assert len(asked) == 5
    assert tested.figures["unanswered"] >= 3
    assert "budget" in tested.figures["asked"]["message"]
    tested = seedbed.robustness(RECORDS, "own:x", plan=["exclaim"], settings=settings | {"budget": {"calls": 99}})
    assert tested.figures["state"] == "passed"
    assert len(asked) == 12
    with Workspace() as place:
        assert len(place.store.runs()) == 1


def test_a_run_that_died_is_taken_up(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reader, "dies", 4)
    with pytest.raises(RunFailed, match="The key is wrong"):
        seedbed.robustness(RECORDS, "own:x", plan=["exclaim"], **LLM)
    monkeypatch.setattr(Reader, "dies", 10**6)
    assert seedbed.robustness(RECORDS, "own:x", plan=["exclaim"], **LLM).passed
    assert len(asked) == len(set(asked)) == 12


def test_an_unfinished_run_for_other_texts_is_left_alone(asked: list[str]) -> None:
    settings = {**LLM["settings"], "budget": {"calls": 3}}
    seedbed.robustness(RECORDS, "own:x", plan=["exclaim"], settings=settings)
    seedbed.robustness(RECORDS, "own:x", plan=["uppercase"], **LLM)
    assert len(asked) == len(set(asked)) == 12 + sum("!" in text for text in asked)


def test_a_text_without_a_usable_answer_is_not_judged(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reader, "refuses", "BATTERY")
    tested = seedbed.robustness(RECORDS, "own:x", plan=["uppercase"], min_pass_rate=0.5, **LLM)
    [one] = tested.figures["transforms"]
    assert (one["cases"], one["unanswered"], one["passed"]) == (5, 1, 4)
    assert tested.figures["state"] == "incomplete"


def test_a_text_that_sounds_like_a_refusal_is_a_text(asked: list[str]) -> None:
    records = [Record({"text": "I'm sorry, but as an AI I can't help with that.", "label": "good"})]
    tested = seedbed.robustness(records, "own:x", plan=["exclaim"], **LLM)
    assert tested.figures["transforms"][0]["cases"] == 1
    assert len(asked) == 2


def test_the_recipe_that_asks_can_be_changed(asked: list[str]) -> None:
    settings = {**LLM["settings"], "generator.labels": {"good": "praise", "bad": "blame"}, "generator.per_call": 1}
    seedbed.robustness(RECORDS, "own:x", plan=["exclaim"], settings=settings)
    with Workspace() as place:
        [run] = place.store.runs()
        assert run.recipe["generator"]["labels"] == {"good": "praise", "bad": "blame"}
        assert {record.label for record in place.store.records(Selection(run=run.id))} == {"good", "bad"}
    with pytest.raises(InputError, match="there is no such field"):
        seedbed.robustness(RECORDS, "own:x", plan=["exclaim"], settings={**LLM["settings"], "generator.lables": 1})


def test_a_language_model_must_know_the_labels(asked: list[str]) -> None:
    records = [Record({"text": "a b"})]
    with pytest.raises(InputError, match="must know which labels there are"):
        seedbed.robustness(records, "own:x", plan=["exclaim"], task="classification", **LLM)
    tested = seedbed.robustness(
        records, "own:x", plan=["exclaim"], task="classification", labels=["good", "bad"], **LLM
    )
    assert tested.passed


def test_a_server_is_asked_over_its_api_with_the_labels_as_a_schema() -> None:
    with running_server(Settings()) as server:
        connections = {"local": {"provider": "openai", "base_url": server.url}}
        tested = seedbed.robustness(
            RECORDS, "local:fake", plan=["uppercase"], settings={"connections": connections}, min_pass_rate=0.0
        )
        assert tested.figures["transforms"][0]["cases"] == 6
        assert server.stats()["answered"] == 12
        [schema] = {json.dumps(one["body"]["response_format"]["json_schema"]["schema"]) for one in server.requests()}
        assert '"enum": ["good", "bad"]' in schema
        assert all(one["body"]["temperature"] == 0 for one in server.requests())
