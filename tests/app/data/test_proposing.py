"""What models are asked for: values of slots, and further templates; each answer is looked at before it is used."""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest

import seedbed
from seedbed.augmentation.proposals import families, folded, shares
from seedbed.augmentation.slots import SlotTemplate
from seedbed.core.connection import Connection
from seedbed.core.errors import InputError
from seedbed.core.stored import StoredConnection
from seedbed.storage.sql import SqlStore
from seedbed.testing.server import Settings, running_server


@contextmanager
def model(shell, *answers, **settings):
    """A server whose answers are these, in turn, under the name local:fake."""
    with running_server(Settings(answers=answers, json_schema=False, **settings)) as server:
        connection = Connection(provider="openai", base_url=server.url)
        store = SqlStore(shell.folder / ".seedbed")
        store.put_connection(StoredConnection("local", connection.model_dump(mode="json", exclude_defaults=True), None))
        store.close()
        yield server


def asked(server):
    """The texts of what was asked, without tries that the server refused for their form."""
    bodies = [request["body"] for request in server.requests()]
    return [body["messages"][-1]["content"] for body in bodies if "response_format" not in body]


def as_json(name, *items):
    return json.dumps({name: list(items)})


def test_a_model_lists_the_values_of_a_slot_and_is_asked_again_for_what_lacks(shell):
    (shell.folder / "v.yaml").write_text("JOB: {model: 'local:fake', instruction: job titles, count: 5}\nPER: [Ann]\n")
    answers = (
        as_json("values", "nurse", " Nurse ", "{brace}", "", "pilot."),
        "Sure! Here are more:\n1. judge\n2. U.S. marshal\n3. cook\n4. clerk\n",
    )
    with model(shell, *answers) as server:
        options = ["--lexicon", "v.yaml", "-o", "out.csv", "--per-template", "9", "--json"]
        done = shell("fill", "--template", "{PER} is {a:JOB}", *options)
        questions = asked(server)
    assert done.code == 0, done.err
    assert done.json["asked"] == {"JOB": ["nurse", "pilot", "judge", "U.S. marshal", "cook"]}
    assert {row["text"] for row in shell.rows("out.csv")} == {
        f"Ann is a {job}" for job in ("nurse", "pilot", "judge", "U.S. marshal", "cook")
    }
    assert len(questions) == 2
    assert "List 5 different job titles." in questions[0]
    assert "- {PER} is {a:JOB}" in questions[0]
    assert "List 3 different" in questions[1]
    assert "nurse, pilot" in questions[1]


def test_a_model_that_knows_no_more_is_asked_a_few_times_only(shell):
    (shell.folder / "v.yaml").write_text("JOB: {model: 'local:fake', instruction: job titles, count: 50}\n")
    with model(shell, as_json("values", "nurse", "pilot")) as server:
        done = shell("fill", "--template", "{JOB}", "--lexicon", "v.yaml", "-o", "out.csv", "--per-template", "9")
        assert len(asked(server)) == 6  # two lots of at most forty, each three times
    assert done.code == 0
    assert "JOB: local:fake listed 2 of 50 values." in done.err


@pytest.mark.parametrize("answer", ["I cannot do that: {", as_json("values", "{x}", " "), as_json("values")])
def test_a_model_that_lists_nothing_ends_in_one_sentence(shell, answer):
    (shell.folder / "v.yaml").write_text("JOB: {model: 'local:fake', instruction: job titles}\n")
    with model(shell, answer):
        done = shell("fill", "--template", "{JOB}", "--lexicon", "v.yaml", "-o", "out.csv", "--per-template", "9")
    assert done.code == 1
    assert "lexicon.JOB: local:fake listed nothing that can be filled in." in done.err
    assert not (shell.folder / "out.csv").exists()


def test_only_slots_that_are_there_are_asked_for(shell):
    (shell.folder / "v.yaml").write_text("JOB: {model: 'local:fake', instruction: job titles}\nPER: [Ann]\n")
    with model(shell, "x") as server:
        assert (
            shell("fill", "--template", "{PER}", "--lexicon", "v.yaml", "-o", "o.csv", "--per-template", "1").code == 0
        )
        assert server.stats()["requests"] == 0


GIVEN = [
    {"template": "{PER} met {a:JOB} in {LOC}.", "label": "meeting"},
    {"template": "Go to {LOC}!", "label": "order"},
]
GOOD = "In {LOC} {PER} hired a {JOB}."


@pytest.fixture
def given(shell):
    (shell.folder / "t.json").write_text(json.dumps(GIVEN))
    (shell.folder / "v.yaml").write_text("PER: [Ann]\nLOC: [Ulm, Bonn]\nJOB: [cook]\n")
    return shell


def test_templates_are_proposed_for_each_kind_and_only_shown(given):
    answers = (as_json("templates", GOOD), as_json("templates", "Leave {LOC} now."))
    with model(given, *answers) as server:
        done = given("fill", "t.json", "--propose", "2", "-m", "local:fake")
        questions = asked(server)
    assert done.code == 0, done.err
    assert done.out.splitlines() == ["In {LOC} {PER} hired {a:JOB}.", "Leave {LOC} now."]
    assert "local:fake proposed 2 of 2 templates." in done.err
    assert "of the same class, which is: meeting" in questions[0]
    assert "{PER} {JOB} {LOC}" in questions[0]
    assert not (given.folder / ".seedbed" / "out.csv").exists()


def test_what_is_proposed_is_filled_only_if_that_is_said(given):
    answers = (as_json("templates", GOOD), as_json("templates", "Leave {LOC} now."))
    options = ["--propose", "2", "-m", "local:fake", "--lexicon", "v.yaml", "--per-template", "5", "--json"]
    with model(given, *answers):
        shown = given("fill", "t.json", "-o", "a.csv", *options).json
    with model(given, *answers):
        used = given("fill", "t.json", "-o", "b.csv", "--yes", *options).json
    assert shown["proposed"]["templates"] == used["proposed"]["templates"]
    assert used["proposed"]["templates"][1] == {"template": "Leave {LOC} now.", "label": "order"}
    assert (len(shown["templates"]), len(used["templates"])) == (2, 4)
    assert {row["text"]: row["label"] for row in given.rows("b.csv")}["In Ulm Ann hired a cook."] == "meeting"


def test_proposals_are_saved_with_the_given_ones(given):
    assert given("templates", "import", "t.json", "--name", "mine").code == 0
    with model(given, as_json("templates", GOOD), as_json("templates", "Leave {LOC} now.")):
        for name in ("further", "mine"):
            assert given("fill", "mine", "--propose", "2", "-m", "local:fake", "--save", name).code == 0
    with model(given, "x") as server:
        taken = given("fill", "t.json", "--propose", "2", "-m", "local:fake", "--save", "mine")
        unknown = given("fill", "t.json", "--propose", "2", "-m", "local:fake", "-o", "o.csv", "--per-template", "1")
        assert server.stats()["requests"] == 0  # nothing is asked where it would be in vain
    assert (taken.code, unknown.code) == (2, 2)
    assert "There is a template `mine` already." in taken.err
    found = {row["name"]: row for row in given("templates", "list", "--json").json["templates"]}
    assert (found["mine"]["version"], len(found["mine"]["document"]["templates"])) == (2, 4)
    assert found["further"]["version"] == 1


def test_what_will_not_do_is_refused_and_asked_for_again_a_few_times(given):
    wrong = (
        "Ann met a cook in Ulm.",
        "{PER} met {a:JOB} in {LOC}.",
        "{PER} {a:JOB} {LOC} {DATE}",
        "{PER} {JOB} {LOC",
        "{PER} {JOB} {LOC} {{x}}",
        "{PER}, {JOB}: {LOC}!",
        "{PER} {JOB} {LOC} " + "x" * 400,
    )
    with model(given, as_json("templates", *wrong), '{"templates": [', as_json("templates", GOOD)) as server:
        options = ["--propose", "1", "-m", "local:fake", "--json"]
        found = given("fill", "--template", GIVEN[0]["template"], *options).json["proposed"]
        questions = asked(server)
    assert [one["template"] for one in found["templates"]] == ["In {LOC} {PER} hired {a:JOB}."]
    assert {one["template"]: one["why"] for one in found["refused"]} == {
        wrong[0]: "lacks {PER}",
        wrong[1]: "is there already",
        wrong[2]: "has {DATE}, which was not asked for",
        wrong[3]: "the `{` at character 13 is not closed",
        wrong[4]: "holds braces that are no slot",
        wrong[5]: "holds no words",
        wrong[6]: "longer than 400 characters",
    }
    assert found["calls"] == len(questions) == 3
    assert "Ann met a cook in Ulm. (lacks {PER})" in questions[1]


def test_the_library_proposes_and_fills_what_one_keeps(given):
    place = given.folder / ".seedbed"
    with model(given, as_json("templates", GOOD), as_json("templates", "Leave {LOC} now.")):
        found = seedbed.propose_templates(GIVEN, 2, model="local:fake", workspace=place)
    assert found == [
        {"template": "In {LOC} {PER} hired {a:JOB}.", "label": "meeting"},
        {"template": "Leave {LOC} now.", "label": "order"},
    ]
    made = seedbed.fill([*GIVEN, *found], per_template=1, lexicon={"PER": ["Ann"], "LOC": ["Ulm"], "JOB": ["cook"]})
    assert len(made) == 4


def test_an_answer_that_was_cut_is_no_answer(given):
    with model(given, as_json("templates", GOOD), truncated_share=1.0) as server:
        done = given("fill", "t.json", "--propose", "2", "-m", "local:fake")
        assert len(asked(server)) == 6
    assert (done.code, done.out) == (0, "")
    assert "proposed 0 of 2 templates" in done.err


def test_a_model_that_does_not_answer_is_told_in_one_sentence(given):
    with model(given, "x"):
        pass
    done = given("fill", "t.json", "--propose", "2", "-m", "local:fake")
    assert done.code == 1
    assert "Traceback" not in done.err
    assert done.err.startswith("Error: ")


def test_templates_are_the_same_whatever_the_numbers_of_their_slots():
    one, other, third = map(SlotTemplate, ("{A_1} saw {A_2}", "{A_2}  Saw {A_1}", "{A_1} saw {A_1}"))
    assert folded(one) == folded(other) != folded(third)


def test_families_share_what_is_wanted_as_they_share_the_templates():
    given = [SlotTemplate(text) for text in ("{A} x", "{A} y", "z {A}", "{A} {B}", "nothing")]
    found = families(given)
    assert [family.slots for family in found] == [("A",), ("A", "B")]
    assert shares(found, 8) == [6, 2]
    with pytest.raises(InputError, match="None of the templates has a slot"):
        families([SlotTemplate("Hello")])
