"""`seedbed fill` and `seedbed.fill`: sentences with slots, filled from data, lists and Faker."""

from __future__ import annotations

import json
from collections import Counter

import pytest

import seedbed

CONLL = """EU B-ORG
rejects O

Peter B-PER
Blackburn I-PER
left O
Acme B-ORG
Inc. I-ORG

BRUSSELS B-LOC
Tim B-PER
Rome B-LOC
EU B-ORG
"""
CSV = """template,label,source
The {ORG} company is in {LOC}.,fact,me
"{PER_1} met {PER_2}, {a:JOB}, in {LOC}",meeting,me
Hello there,greeting,you
"""
LEXICON = "JOB: [engineer, nurse, MP]\n"


@pytest.fixture
def given(shell):
    for name, text in (("data.conll", CONLL), ("t.csv", CSV), ("v.yaml", LEXICON)):
        (shell.folder / name).write_text(text, "utf-8")
    return shell


def lines(shell, name):
    return [json.loads(line) for line in (shell.folder / name).read_text("utf-8").splitlines()]


def test_templates_are_filled_with_the_entities_of_data_and_with_lists(given):
    done = given(
        "fill", "t.csv", "-o", "out.jsonl", "--per-template", "10", "--from", "data.conll", "--lexicon", "v.yaml"
    )
    assert done.code == 0, done.err
    rows = lines(given, "out.jsonl")
    assert [*rows[0]] == ["text", "spans", "label", "source"]
    assert Counter(row["label"] for row in rows) == {"fact": 4, "meeting": 10, "greeting": 1}
    facts = [row["text"] for row in rows if row["label"] == "fact"]
    expected = [f"The {org} company is in {loc}." for org in ("EU", "Acme Inc.") for loc in ("BRUSSELS", "Rome")]
    assert sorted(facts) == sorted(expected)
    for row in rows:
        for span in row["spans"]:
            assert (
                row["text"][span["start"] : span["end"]]
                in {
                    "ORG": ("EU", "Acme Inc."),
                    "LOC": ("BRUSSELS", "Rome"),
                    "PER": ("Peter Blackburn", "Tim"),
                    "JOB": ("engineer", "nurse", "MP"),
                }[span["label"]]
            )
    assert any(", an engineer, " in row["text"] for row in rows)
    assert "Wrote 15 records of 3 templates to out.jsonl." in done.err
    assert "t.csv, record 1: 4 of 10: only 4 combinations exist." in done.err
    assert "t.csv, record 3: 1 of 10: it has no slots." in done.err


def test_figures_are_one_object_with_numbers_of_any_length(given):
    many = " ".join(f"{{PER_{i}}}" for i in range(1, 21))
    (given.folder / "v.json").write_text(json.dumps({"PER": [f"P{i}" for i in range(100)]}))
    options = ["--lexicon", "v.json", "--per-template", "3", "-o", "out.csv", "--json"]
    found = given("fill", "--template", many, "--template", "Hi", *options).json
    assert (found["records"], found["requested"], found["made"]) == (4, 6, 4)
    assert found["output"] == str(given.folder / "out.csv")
    first, second = found["templates"]
    assert (first["template"], first["place"], first["made"]) == (many, "--template 1", 3)
    assert first["combinations"] > 2**64
    assert second == {
        "template": "Hi",
        "place": "--template 2",
        "requested": 3,
        "made": 1,
        "combinations": 1,
        "lack": "1 of 3: it has no slots",
    }


def test_the_same_seed_makes_the_same_file(given):
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        options = ["--from", "data.conll", "--lexicon", "v.yaml", "--seed", seed, "--per-template", "3"]
        assert given("fill", "t.csv", "-o", f"{name}.csv", *options).code == 0
    texts = [(given.folder / f"{name}.csv").read_text() for name in "abc"]
    assert texts[0] == texts[1] != texts[2]


def test_the_origin_says_which_template_and_which_values(given):
    options = ["--from", "data.conll", "--per-template", "1", "--with-origin"]
    assert given("fill", "--template", "{PER_2} in {LOC}", "-o", "out.jsonl", *options).code == 0
    [row] = lines(given, "out.jsonl")
    assert row["tags"] == ["filled"]
    assert row["origin"]["template"] == "{PER_2} in {LOC}"
    assert set(row["origin"]["values"]) == {"PER_2", "LOC"}
    assert row["id"].startswith("filled-")


def test_every_format_that_holds_spans_can_be_written(given):
    options = ["--from", "data.conll", "--per-template", "4"]
    assert given("fill", "--template", "{PER} left {LOC}.", "-o", "out.conll", *options).code == 0
    assert "B-PER" in (given.folder / "out.conll").read_text()
    tasks = ["-o", "tasks.json", "--to", "label_studio", "--option", "as=annotations"]
    assert given("fill", "--template", "{PER} left {LOC}.", *tasks, *options).code == 0
    again = ["--from", "tasks.json", "--from-format", "label_studio", "--per-template", "9"]
    assert given("fill", "--template", "Hi {PER}", "-o", "again.csv", *again).code == 0
    assert {row["text"] for row in given.rows("again.csv")} == {"Hi Tim", "Hi Peter Blackburn"}


def test_plain_slots_have_no_span_by_option_and_by_lexicon(given):
    (given.folder / "w.yaml").write_text("JOB: {values: [nurse], plain: true}\nCITY: [Bonn]\n")
    options = ["--lexicon", "w.yaml", "--from", "data.conll", "--plain", "CITY", "--per-template", "1"]
    assert given("fill", "--template", "{PER}, {a:JOB} of {CITY}", "-o", "out.jsonl", *options).code == 0
    assert [span["label"] for span in lines(given, "out.jsonl")[0]["spans"]] == ["PER"]


def test_the_lexicon_wins_over_data_and_data_over_faker(given):
    (given.folder / "w.yaml").write_text("PER: [Zoe]\n")
    options = ["--lexicon", "w.yaml", "--from", "data.conll", "--faker", "en_US", "--per-template", "300"]
    assert given("fill", "--template", "{PER} {ORG} {DATE}", "-o", "out.csv", *options).code == 0
    texts = [row["text"] for row in given.rows("out.csv")]
    assert len(texts) == 300
    assert all(text.startswith(("Zoe EU ", "Zoe Acme Inc. ")) for text in texts)


def test_values_from_faker_files_and_numbers(given):
    (given.folder / "names.txt").write_text("\ufeffAnna\n\n  Bo \nAnna\n", "utf-8")
    (given.folder / "w.yaml").write_text(
        "PER: {file: names.txt}\nCITY: {faker: city, locale: de_DE, count: 30}\nN: [1, 22]\n"
    )
    options = ["--lexicon", "w.yaml", "--per-template", "500", "--json", "-o", "out.jsonl"]
    found = given("fill", "--template", "{PER} {CITY} {N}", *options).json
    assert found["templates"][0]["combinations"] == 2 * 30 * 2
    assert {row["text"].split()[0] for row in lines(given, "out.jsonl")} == {"Anna", "Bo"}


@pytest.mark.parametrize("locale", ["de_DE", "en_GB", "en_US"])
def test_names_of_people_come_without_titles(given, locale):
    options = ["--faker", locale, "--per-template", "200", "-o", "out.csv"]
    assert given("fill", "--template", "{PER}", *options).code == 0
    words = {word for row in given.rows("out.csv") for word in row["text"].split()}
    titles = {"Dr.", "Dr", "Mr.", "Mr", "Mrs.", "Mrs", "Miss", "Herr", "Frau", "Prof.", "MD", "DDS", "B.Sc.", "B.Eng."}
    assert len(given.rows("out.csv")) == 200
    assert words.isdisjoint(titles)


def test_faker_that_knows_few_values_gives_those(given):
    (given.folder / "w.yaml").write_text("DAY: {faker: day_of_week, count: 50}\n")
    found = given(
        "fill", "--template", "{DAY}", "--lexicon", "w.yaml", "--per-template", "9", "--json", "-o", "out.csv"
    )
    assert found.json["templates"][0]["combinations"] == 7


def test_entities_of_a_run_fill_slots(given):
    (given.folder / "made.jsonl").write_text(
        '{"text": "Ann in Ulm", "spans": [{"start": 0, "end": 3, "label": "PER"}]}\n'
        '{"text": "x", "turns": [{"content": "Bo"}],'
        ' "spans": [{"start": 0, "end": 2, "label": "PER", "field": "turns.0.content"}]}\n'
    )
    assert given("fill", "--template", "{PER}!", "--from", "made.jsonl", "-o", "a.csv", "--per-template", "5").code == 0
    assert {row["text"] for row in given.rows("a.csv")} == {"Ann!", "Bo!"}
    recipe = {
        "name": "people",
        "model": "scripted",
        "generator": {"kind": "entities", "count": 3, "labels": ["PER"], "values": {"PER": ["Tea", "Kay"]}},
        "budget": {"calls": 40},
    }
    given("generate", given.recipe(recipe))
    assert given("fill", "--template", "{PER}", "--from", "people-9", "-o", "b.csv", "--per-template", "5").code == 2
    refused = given("fill", "--template", "{PER}", "--from", "people-1", "-o", "b.csv", "--per-template", "5")
    assert "The data of --from have no entities." in refused.err  # sentences of a script name nobody


FILES = {
    "t.txt": "{PER} is here\n\n# {PER} runs\n",
    "t.json": '["{PER} is here", {"template": "# {PER} runs", "label": "x"}]',
    "t.jsonl": '{"text": "{PER} is here"}\n\n"# {PER} runs"\n',
    "t.yaml": "description: two\ntype: slots\ntemplates:\n- '{PER} is here'\n- {text: '# {PER} runs', label: x}\n",
    "t.yml": "- '{PER} is here'\n- '# {PER} runs'\n",
    "t.tsv": "template\tlabel\n{PER} is here\t\n# {PER} runs\tx\n",
}


@pytest.mark.parametrize("name", FILES)
def test_templates_are_read_from_files_of_many_kinds(given, name):
    (given.folder / name).write_text(FILES[name], "utf-8")
    found = given("fill", name, "--from", "data.conll", "-o", "out.csv", "--per-template", "1", "--json").json
    assert [one["template"] for one in found["templates"]] == ["{PER} is here", "# {PER} runs"]


def test_one_template_alone_in_a_file_and_emoji_escaped_as_json_does(given):
    (given.folder / "one.json").write_text('{"template": "{PER} \\ud83d\\ude00\\/", "label": "x", "id": 7}')
    assert given("fill", "one.json", "--from", "data.conll", "-o", "out.jsonl", "--per-template", "1").code == 0
    [row] = lines(given, "out.jsonl")
    assert row["text"].endswith(" 😀/")
    assert (row["label"], row["id"]) == ("x", 7)


def test_a_template_given_twice_is_filled_once(given):
    (given.folder / "two.txt").write_text("Hi {PER}\nHi {PER}\n")
    found = given(
        "fill",
        "two.txt",
        "--template",
        "Hi {PER}",
        "--from",
        "data.conll",
        "-o",
        "o.csv",
        "--per-template",
        "1",
        "--json",
    )
    assert len(found.json["templates"]) == 1


def test_a_sentence_stands_for_itself(given):
    long = "{PER} " + "is here and " * 50
    found = given("fill", "Hi {PER}", long, "--from", "data.conll", "-o", "o.csv", "--per-template", "1", "--json").json
    assert [one["place"] for one in found["templates"]] == ["template 1", "template 2"]
    assert len(seedbed.fill(long, per_template=2, lexicon={"PER": ["Ann", "Bo"]})) == 2


def test_the_library_overwrites_no_input(given, monkeypatch):
    monkeypatch.chdir(given.folder)
    with pytest.raises(seedbed.InputError, match=r"data\.conll is a file that is read"):
        seedbed.fill("Hi {PER}", per_template=1, data="data.conll", output="data.conll", force=True)


def test_the_library_makes_the_same_records(given, monkeypatch):
    monkeypatch.chdir(given.folder)
    options = ["--from", "data.conll", "--lexicon", "v.yaml", "--per-template", "4", "--seed", "5"]
    assert given("fill", "t.csv", "-o", "out.jsonl", *options).code == 0
    made = seedbed.fill("t.csv", per_template=4, data="data.conll", lexicon="v.yaml", seed=5, output="lib.jsonl")
    assert (given.folder / "lib.jsonl").read_text() == (given.folder / "out.jsonl").read_text()
    assert [record.text for record in made] == [row["text"] for row in lines(given, "out.jsonl")]
    assert made.columns == ["text", "spans", "label", "source"]
    assert [one["made"] for one in made.figures["templates"]] == [4, 4, 1]


def test_the_library_takes_what_python_has():
    people = seedbed.Record({"text": "Ann and Bo"}, (seedbed.Span(0, 3, "PER"), seedbed.Span(8, 10, "PER")))
    dataset = seedbed.Dataset("people", ["text", "spans"], [people])
    for data in (dataset, [people], iter([people])):
        made = seedbed.fill("Hi {PER}", per_template=5, data=data)
        assert sorted(record.text for record in made) == ["Hi Ann", "Hi Bo"]
        assert made.counts("text") == {"Hi Ann": 1, "Hi Bo": 1}
    several = [{"template": "{a:JOB}", "label": "x"}, "{JOB_1} {JOB_2}", "Hi"]
    made = seedbed.fill(several, per_template=2, lexicon={"JOB": ("nurse", "pilot")}, plain=["JOB"])
    assert [record.values.get("label") for record in made] == ["x", "x", None, None, None]
    assert not any(record.spans for record in made)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"templates": "Hi {PER}", "per_template": 0, "lexicon": {"PER": ["a"]}}, "At least one record"),
        ({"templates": [], "per_template": 1}, "Which templates?"),
        ({"templates": [7], "per_template": 1}, "template 1: a template must be a text"),
        ({"templates": "no-such", "per_template": 1}, "There is no template `no-such`"),
        (
            {"templates": "{X}", "per_template": 1, "data": [{"text": "x"}]},
            "must be files, datasets or records, not dict",
        ),
        ({"templates": "{X}", "per_template": 1, "lexicon": {"X": "a"}}, "X: must be a list of values"),
    ],
)
def test_wrong_arguments_are_one_sentence(arguments, words, tmp_path):
    with pytest.raises(seedbed.InputError, match=words.replace("?", r"\?")):
        seedbed.fill(workspace=tmp_path / "w", **arguments)


def test_saved_templates_are_filled_by_name_and_version(given):
    assert given("templates", "add", "greet", "t.csv", "--type", "slots").code == 0
    (given.folder / "new.txt").write_text("Bye {PER}\n")
    assert given("templates", "edit", "greet", "new.txt", "--json").json["version"] == 2
    options = ["--from", "data.conll", "--lexicon", "v.yaml", "--per-template", "1", "--json"]
    places = {}
    for name in ("greet", "greet@1"):
        places[name] = [one["place"] for one in given("fill", name, "-o", f"{name}.csv", *options).json["templates"]]
    assert places["greet"] == ["greet@2, template 1"]
    assert places["greet@1"] == [f"greet@1, template {i}" for i in (1, 2, 3)]


def test_nothing_is_written_where_nothing_can_be_filled_in(given):
    options = ["--lexicon", "w.yaml", "-o", "out.csv", "--per-template", "3"]
    (given.folder / "w.yaml").write_text("PER: [Ann]\n")
    done = given("fill", "--template", "{PER_1} and {PER_2}", *options)
    assert done.code == 2
    assert "need 2 different values, and there is 1." in done.err
    assert not (given.folder / "out.csv").exists()


WRONG_FILES = {
    "columns.csv": "sentence,label\nHi {PER},x\n",
    "both.csv": "template,text\nHi {PER},x\n",
    "spans.json": '[{"template": "Hi {PER}", "spans": []}]',
    "open.csv": "template\nHi {PER}\nHi {PER\n",
    "empty.csv": "",
    "header.csv": "template\n",
    "short.csv": "template,label\nHi\n",
    "empty.txt": "\n \n",
    "brace.txt": "Hi {PER}\nHi }\n",
    "list.json": "[1]",
    "cut.json": '["Hi {PER}"',
    "none.json": "[]",
    "field.yaml": "templates: ['Hi']\nlabels: x\n",
    "scalar.yaml": "Hi\n",
    "number.yaml": "- template: 5\n",
    "column.yaml": "- label: x\n",
    "line.jsonl": '"Hi"\n{"text": \n',
    "label.csv": "template,label\nHi {PER},x\nHi {PER},y\n",
    "plain.csv": "text\nno entities\n",
    "w1.yaml": "JOB: nurse\n",
    "w2.yaml": "JOB: []\n",
    "w3.yaml": "JOB: [a, ' ']\n",
    "w4.yaml": "JOB: [a,\n  '{b}']\n",
    "w5.yaml": "JOB: [true]\n",
    "w6.yaml": "JOB: {fakr: city}\n",
    "w7.yaml": "JOB: {faker: cty}\n",
    "w8.yaml": "JOB: {faker: city, locale: xx_YY}\n",
    "w9.yaml": "JOB: {faker: city, values: [a]}\n",
    "w10.yaml": "JOB: {plain: true}\n",
    "w11.yaml": "JOB: {model: scripted}\n",
    "w12.yaml": "JOB: {file: no.txt}\n",
    "w13.yaml": "A: [b]\nJOB_1: [a]\n",
    "w14.yaml": "- a\n",
    "w15.yaml": "JOB: {faker: city, count: 0}\n",
    "w16.yaml": "JOB: {model: 'nobody:x', instruction: jobs}\n",
    "w17.yaml": "JOB: {faker: random_element}\nX: {faker: format}\n",
    "w18.yaml": "JOB: {model: scripted, instruction: jobs, count: 5000}\n",
    "w19.yaml": "JOB: [1.50]\n",
    "bytes.txt": "",
}
FROM = ["--from", "data.conll"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["columns.csv"], "columns.csv, record 1: there is no column `template`, only `sentence`, `label`."),
        (["columns.csv"], "Columns: `template` (or `text`) holds the sentence with its slots"),
        (["both.csv"], "both.csv, record 1: the column `text` is one of the records that are made."),
        (["spans.json"], "the column `spans` is one of the records"),
        (["open.csv"], "open.csv, record 2: the `{` at character 4 is not closed."),
        (["empty.csv"], "empty.csv is empty."),
        (["header.csv"], "There are no templates in header.csv."),
        (["short.csv"], "short.csv, line 2: the row has 1 cells"),
        (["empty.txt"], "There are no templates in empty.txt."),
        (["brace.txt"], "brace.txt, line 2: the `}` at character 4 closes nothing."),
        (["bytes.txt"], "bytes.txt cannot be read: it is no text."),
        (["list.json"], "list.json, line 1: a template must be a text, or a mapping of columns."),
        (["cut.json"], "cut.json, line 1: "),
        (["none.json"], "none.json: templates: must be a list of sentences with slots."),
        (["field.yaml"], "field.yaml, line 2: labels: there is no such field."),
        (
            ["scalar.yaml"],
            "scalar.yaml: a template is a mapping of fields such as template and label, or a list of such.",
        ),
        (["number.yaml"], "number.yaml, line 1: `template` must be a text."),
        (["column.yaml"], "column.yaml, line 1: there is no column `template`, only `label`."),
        (["line.jsonl"], "line.jsonl, line 2: not valid JSON"),
        (
            ["label.csv"],
            "label.csv, record 2: the template of label.csv, record 1 again, with another label (`x` and `y`).",
        ),
        (["no.csv"], "There is no file no.csv."),
        (["no.yaml"], "There is no template file no.yaml"),
        (["nobody"], "There is no template `nobody`."),
        (["data.conll"], "data.conll: templates are read from .txt, .csv, .tsv, .jsonl, .json, .yaml, .yml."),
        ([], "Which templates?"),
        (["--template", "{PRE} is"], "--template 1: there are no values for the slot `{PRE}`."),
        (["--template", "{PRE} is"], "Did you mean `PER`? Known: LOC, ORG, PER. Values come from"),
        (["--template", "{an:PER} is"], "has the unknown modifier `an`."),
        (["--template", "{PER}", "--plain", "PRE"], "--plain PRE: no template has the slot `{PRE}`."),
        (["--template", "{PER}", "--faker", "xx_YY", "--template", "{DATE}"], "--faker xx_YY: Faker has no locale"),
        (["--template", "{PER}", "--from", "no.csv"], "There is no file no.csv."),
        (["--template", "{PER}", "--from", "people"], "There is no file people, and no workspace at"),
        (["--template", "{PER}", "--from", "t.docx"], "`t.docx` has none of the known suffixes"),
        (["--template", "{PER}", "--from-format", "conl"], "conl"),
        (
            ["--template", "{JOB}", "--lexicon", "w1.yaml"],
            "w1.yaml, line 1: JOB: must be a list of values such as [a, b]",
        ),
        (["--template", "{JOB}", "--lexicon", "w2.yaml"], "w2.yaml, line 1: JOB: must not be empty."),
        (["--template", "{JOB}", "--lexicon", "w3.yaml"], "w3.yaml, line 1: JOB[1]: must be a text that is not empty"),
        (
            ["--template", "{JOB}", "--lexicon", "w4.yaml"],
            "w4.yaml, line 2: JOB[1]: must be a text that is not empty and has no braces",
        ),
        (["--template", "{JOB}", "--lexicon", "w5.yaml"], "w5.yaml, line 1: JOB[0]: must be a text; put it in quotes."),
        (["--template", "{JOB}", "--lexicon", "w6.yaml"], "JOB.fakr: there is no such field."),
        (["--template", "{JOB}", "--lexicon", "w7.yaml"], "w7.yaml, line 1: JOB.faker: Faker has no `cty`."),
        (["--template", "{JOB}", "--lexicon", "w8.yaml"], "JOB.faker: Faker has no locale `xx_YY`."),
        (["--template", "{JOB}", "--lexicon", "w9.yaml"], "JOB: has both values and faker; give one of"),
        (["--template", "{JOB}", "--lexicon", "w10.yaml"], "JOB: says not where its values come from"),
        (["--template", "{JOB}", "--lexicon", "w11.yaml"], "JOB.instruction: is missing"),
        (["--template", "{JOB}", "--lexicon", "w12.yaml"], "no.txt cannot be read: No such file"),
        (
            ["--template", "{JOB}", "--lexicon", "w13.yaml"],
            "w13.yaml, line 2: JOB_1: values stand under the name without a number: `JOB`.",
        ),
        (["--template", "{JOB}", "--lexicon", "w14.yaml"], "w14.yaml: a lexicon is a mapping of the names of slots"),
        (["--template", "{JOB}", "--lexicon", "w15.yaml"], "JOB.count: must be at least 1"),
        (["--template", "{JOB}", "--lexicon", "w16.yaml"], "w16.yaml, line 1: JOB: there is no connection or provider"),
        (["--template", "{X}", "--lexicon", "w17.yaml"], "w17.yaml, line 2: X: Faker's `format` cannot be drawn from"),
        (["--template", "{JOB}", "--lexicon", "w18.yaml"], "JOB.count: must be at most 1,000 of a model."),
        (["--template", "{JOB}", "--lexicon", "w19.yaml"], "JOB[0]: must be a text; put it in quotes."),
        (["--template", "{JOB}", "--lexicon", "no.yaml"], "There is no lexicon file no.yaml."),
        (["--template", "{PER}", "--per-template", "0"], "Invalid value for '--per-template'"),
        (
            ["--template", "{PER}", "-o", "data.conll", "--force"],
            "data.conll is a file that is read; it would be lost.",
        ),
        (["--template", "{PER}", "-o", "t.csv"], "t.csv exists."),
        (["--template", "{PER}", "-o", "no/out.csv"], "The folder "),
        (["--template", "{PER}", "-o", "out.docx"], "known suffixes"),
        (["Good morning!"], "There is no file or template `Good morning!`."),
        (["--template", "{PER}", "--yes"], "--yes belongs to --propose."),
        (["--template", "{PER}", "--save", "x"], "--save belongs to --propose."),
        (["--template", "Hi", "--propose", "2"], "None of the templates has a slot"),
        (["--template", "{PER}", "--propose", "2", "-m", "nobody:x"], "There is no connection or provider `nobody`."),
        (["--template", "{PER}", "--from", "plain.csv"], "The data of --from have no entities."),
    ],
)
def test_wrong_input_is_one_sentence_that_names_its_place(given, arguments, words):
    for name, text in WRONG_FILES.items():
        (given.folder / name).write_text(text, "utf-8")
    (given.folder / "bytes.txt").write_bytes(b"Hi \xff\xfe")
    own = [] if arguments[-2:] == ["--from", "plain.csv"] else FROM
    out = [] if "-o" in arguments else ["-o", "out.csv"]
    count = [] if "--per-template" in arguments else ["--per-template", "3"]
    done = given("fill", *arguments, *own, *out, *count)
    assert done.code == 2, done.err
    assert words in done.err, done.err
    assert "Traceback" not in done.err
    assert not (given.folder / "out.csv").exists()


def test_options_that_lack_each_other_are_told(given):
    assert "Where to?" in given("fill", "t.csv", "--per-template", "3").err
    assert "How many records of each template?" in given("fill", "t.csv", "-o", "out.csv").err
    assert "there is no output file" in given("fill", "t.csv", "--propose", "3", "--yes").err
    found = given("fill", "--template", "{PRE}", *FROM, "-o", "out.csv", "--per-template", "3", "--json").json
    assert found["state"] == "refused"
    assert found["error"] == "--template 1: there are no values for the slot `{PRE}`."
