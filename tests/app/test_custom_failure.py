"""A check of the user's own that breaks ends the run in one sentence; what was accepted is kept."""

from __future__ import annotations

PLUGIN = """
import seedbed

@seedbed.check("fragile")
class Fragile(seedbed.Check):
    async def check(self, record, context, task):
        if context.attempt.number >= 5:
            raise ZeroDivisionError("oops")
        return seedbed.PASSED
"""


def test_a_broken_check_is_named_and_nothing_accepted_is_lost(shell):
    (shell.folder / "mine.py").write_text(PLUGIN)
    document = {
        "name": "fragile",
        "model": "scripted",
        "generator": {"kind": "prompt", "prompt": "Write.", "count": 50},
        "checks": ["fragile"],
    }
    ended = shell(
        "generate", shell.recipe(document), "-o", "out.csv", "--plugin", "mine.py", "--json", "--concurrency", "1"
    )
    assert ended.code == 1
    assert ended.json["state"] == "failed"
    assert ended.json["accepted"] == len(shell.rows("out.csv")) == 5
    assert "ZeroDivisionError" in ended.err
    assert "mine.py" in ended.err
    assert "Traceback" not in ended.err


def test_a_model_that_cannot_be_had_fails_in_one_sentence(shell):
    document = {
        "name": "offline",
        "model": "embedded",
        "generator": {"kind": "prompt", "prompt": "Write.", "count": 5},
    }
    models = str(shell.folder / "models")
    ended = shell(
        "generate", shell.recipe(document), "-o", "out.csv", SEEDBED_OFFLINE="1", SEEDBED_MODELS=models, HF_HOME=models
    )
    assert ended.code in (1, 2)
    assert "qwen2.5-coder-1.5b" in ended.err
    assert "Traceback" not in ended.err


UNWRITABLE = """
import seedbed

@seedbed.generator("odd")
class Odd(seedbed.Generator):
    async def generate(self, context):
        number = context.attempt.number
        text = f"Text {number}" + ("\\ud800" if number % 3 == 1 else "")
        return [seedbed.Record({"text": text, "extra": object() if number % 3 == 0 else 1})]
"""


def test_a_record_that_cannot_be_written_ends_its_slot_not_the_run(shell):
    (shell.folder / "mine.py").write_text(UNWRITABLE)
    document = {"name": "odd", "model": "scripted", "generator": {"kind": "odd", "count": 20}}
    ended = shell("generate", shell.recipe(document), "-o", "out.csv", "--plugin", "mine.py", "--json")
    assert ended.json["state"] == "complete"
    assert ended.json["accepted"] == len(shell.rows("out.csv")) == 20
    assert ended.json["failed"]["unparseable"] >= 38


REFUSING = """
import seedbed
from seedbed.core.errors import ProviderError

@seedbed.check("refused")
class Refused(seedbed.Check):
    every: int = 1

    async def check(self, record, context, task):
        if context.attempt.number % self.every == 0:
            raise ProviderError("request", "the server says: no such thing")
        return seedbed.Verdict(True)
"""


def refusing(shell, every):
    (shell.folder / "refusing.py").write_text(REFUSING)
    generator = {"kind": "prompt", "prompt": "p", "count": 20}
    document = {
        "name": "r",
        "model": "scripted",
        "generator": generator,
        "checks": [{"kind": "refused", "every": every}],
    }
    return shell("generate", shell.recipe(document), "--plugin", "refusing.py", "--json")


def test_where_nothing_but_refusals_comes_the_run_ends_with_the_words_of_the_server(shell):
    ended = refusing(shell, 1)
    assert (ended.code, ended.json["state"]) == (1, "failed")
    assert ended.json["attempts"] < 150
    assert "the server says: no such thing" in ended.err


def test_refusals_among_answers_are_counted_and_the_run_goes_on(shell):
    ended = refusing(shell, 2)
    assert (ended.code, ended.json["accepted"]) == (0, 20)
    assert ended.json["failed"]["http"] >= 10


def test_a_check_that_answers_no_verdict_is_named(shell):
    (shell.folder / "wrong.py").write_text(REFUSING.replace("return seedbed.Verdict(True)", "return True"))
    generator = {"kind": "prompt", "prompt": "p", "count": 2}
    document = {"name": "w", "model": "scripted", "generator": generator, "checks": [{"kind": "refused", "every": 99}]}
    ended = shell("generate", shell.recipe(document), "--plugin", "wrong.py")
    assert ended.code == 1
    assert "the check `refused` answered True and no Verdict" in " ".join(ended.err.split())
