"""A dead endpoint, a wrong key, a missing model: one sentence, nothing lost, no traceback, no secret."""

from __future__ import annotations

import socket

import pytest

from seedbed.testing.server import Settings, running_server

KEY = "sk-verysecret-0123456789abcdef"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_dead_endpoint_fails_in_one_sentence(shell, recipe_on):
    recipe = shell.recipe(recipe_on(f"http://127.0.0.1:{free_port()}/v1"))
    ended = shell("generate", recipe, "-o", "out.csv", "--json")
    assert ended.code == 1
    assert ended.json["state"] == "failed"
    assert "127.0.0.1" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("settings", [None, Settings(error_share=1.0)])
def test_without_retries_it_is_still_the_endpoint_that_is_out_of_order(shell, recipe_on, settings):
    with running_server(settings or Settings()) as server:
        document = recipe_on(server.url if settings else f"http://127.0.0.1:{free_port()}/v1", 6)
        document["connections"]["local"]["retries"] = 0
        document["stop_rules"] = {"fruitless": 5}
        ended = shell("generate", shell.recipe(document), "--json")
        assert server.stats()["requests"] < 1500, "it is not hammered"
    assert (ended.code, ended.json["state"]) == (1, "failed")
    assert "127.0.0.1" in ended.err


def test_a_key_in_an_address_is_not_shown(shell, recipe_on):
    ended = shell("generate", shell.recipe(recipe_on("http://u:sk-SECRET/+9876543210@127.0.0.1:1/v1")))
    assert ended.code == 2
    assert "SECRET" not in ended.err + ended.out


def test_a_missing_model_fails_at_once(shell, recipe_on):
    with running_server(Settings(models=["other"])) as server:
        ended = shell("generate", shell.recipe(recipe_on(server.url)), "-o", "out.csv")
        assert server.stats()["requests"] <= 32
    assert ended.code == 1
    assert "fake" in ended.err


def test_a_wrong_key_fails_at_once_and_is_written_nowhere(shell, recipe_on):
    with running_server(Settings(key="right-one-0123456789", echo_key=True)) as server:
        document = recipe_on(server.url)
        document["connections"]["local"]["key_env"] = "LOCAL_KEY"
        ended = shell("generate", shell.recipe(document), "-o", "out.csv", LOCAL_KEY=KEY)
    assert ended.code == 1
    assert "key" in ended.err.lower()
    written = b"".join(path.read_bytes() for path in shell.folder.rglob("*") if path.is_file())
    for fragment in (KEY, KEY[:14], KEY[-14:]):
        assert fragment not in ended.out + ended.err
        assert fragment.encode() not in written


def test_a_saved_key_is_encrypted_and_shown_only_by_its_end(shell, recipe_on):
    with running_server(Settings(key=KEY)) as server:
        added = shell(
            "connections", "add", "mine", "--provider", "openai", "--base-url", server.url, "--key-from", "K", K=KEY
        )
        assert added.code == 0, added.err
        listed = shell("connections", "list")
        checked = shell("connections", "check", "mine:fake", "--json")
        document = recipe_on(server.url, 6)
        document["model"] = "mine:fake"
        del document["connections"]
        ended = shell("generate", shell.recipe(document), "-o", "out.csv", "--with-origin")
    assert ended.code == 0, ended.err
    assert checked.json["verdict"] == "valid"
    assert KEY[-4:] in listed.out
    everything = added.out + added.err + listed.out + listed.err + ended.out + ended.err
    assert KEY[:-4] not in everything
    for path in shell.folder.rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes(), path
    assert (shell.folder / ".seedbed" / "secret.key").stat().st_mode & 0o777 == 0o600


def test_check_answers_what_is_wrong(shell):
    with running_server(Settings(key=KEY, models=["fake"])) as server:
        shell(
            "connections",
            "add",
            "bad",
            "--provider",
            "openai",
            "--base-url",
            server.url,
            "--key-from",
            "K",
            K="wrong-key-123",
        )
        shell("connections", "add", "good", "--provider", "openai", "--base-url", server.url, "--key-from", "K", K=KEY)
        gone = f"http://127.0.0.1:{free_port()}/v1"
        shell("connections", "add", "gone", "--provider", "openai", "--base-url", gone, "--no-key")
        verdicts = {
            name: shell("connections", "check", name, "--json").json["verdict"]
            for name in ("bad:fake", "good:fake", "good:other", "gone:fake")
        }
        server.change(rate_limited_share=1.0)
        verdicts["limited"] = shell("connections", "check", "good:fake", "--json").json["verdict"]
    assert verdicts == {
        "bad:fake": "invalid key",
        "good:fake": "valid",
        "good:other": "no such model",
        "gone:fake": "unreachable",
        "limited": "rate limited",
    }


def test_a_dead_connection_goes_to_the_fallback(shell, recipe_on):
    with running_server(Settings()) as server:
        document = recipe_on(f"http://127.0.0.1:{free_port()}/v1", 12, fallback="spare:other")
        document["connections"]["spare"] = {"provider": "openai", "base_url": server.url}
        ended = shell("generate", shell.recipe(document), "-o", "out.csv", "--json")
    assert ended.code == 0, ended.err
    assert {row["model"] for row in shell.rows("out.csv")} == {"spare:other"}


BAD = [
    ({"generator": {"count": 0}}, "line 11", "generator.count"),
    ({"generator": {"labels": []}}, "line", "generator.labels"),
    ({"generator": {"ratios": {"label": {"polit": 2}}}}, "line", "Did you mean `polite`?"),
    ({"generator": {"ratios": {"label": {"polite": -1}}}}, "line", "ratios.label.polite"),
    ({"generator": {"kind": "clasification"}}, "line", "Did you mean `classification`?"),
    ({"generator": {"cout": 3}}, "line", "Did you mean `count`?"),
    ({"generator": {"prompt": "Write {lable} text"}}, "line", "Did you mean `label`?"),
    ({"checks": [{"kind": "length", "max_word": 3}]}, "line", "Did you mean `max_words`?"),
    ({"model": "locl:fake"}, "", "Did you mean `local`?"),
    ({"into": {"dataset": "nowhere.csv"}}, "", "nowhere.csv"),
    ({"near_duplicate": "sometimes"}, "line", "near_duplicate"),
    ({"budget": {"cost": 1}}, "", "prices"),
    ({"nam": "x"}, "line", "Did you mean `name`?"),
]


@pytest.mark.parametrize(("change", "place", "words"), BAD)
def test_bad_input_is_one_sentence_that_names_the_place_and_makes_no_call(shell, recipe_on, change, place, words):
    with running_server(Settings()) as server:
        ended = shell("generate", shell.recipe(recipe_on(server.url, **change)), "-o", "out.csv")
        assert server.stats()["requests"] == 0
    assert ended.code == 2, ended.err
    assert place in ended.err
    assert words in ended.err
    assert "Traceback" not in ended.err
    assert len(ended.err.strip().splitlines()) <= 3


def test_other_bad_input(shell, recipe_on):
    with running_server(Settings()) as server:
        document = recipe_on(server.url)
        document["connections"]["local"]["key_env"] = "NOT_SET_ANYWHERE"
        unset = shell("generate", shell.recipe(document), "-o", "out.csv")
        recipe = shell.recipe(recipe_on(server.url))
        (shell.folder / "there.csv").write_text("mine")
        exists = shell("generate", recipe, "-o", "there.csv")
        suffix = shell("generate", recipe, "-o", "out.doc")
        folder = shell("generate", recipe, "-o", "no/such/folder/out.csv")
        missing = shell("generate", "nothing.yaml")
        (shell.folder / "broken.yaml").write_text("name: x\nmodel: [a\n")
        broken = shell("generate", "broken.yaml")
        twice = shell("generate", recipe, "--set", "generator.count=5", "--set", "generator.cuont=5")
        assert server.stats()["requests"] == 0
    for ended, words in (
        (unset, "NOT_SET_ANYWHERE"),
        (exists, "--force"),
        (suffix, ".csv"),
        (folder, "no/such/folder"),
        (missing, "nothing.yaml"),
        (broken, "broken.yaml, line"),
        (twice, "Did you mean `count`?"),
    ):
        assert ended.code == 2, ended.err
        assert words in ended.err
        assert "Traceback" not in ended.err
    assert (shell.folder / "there.csv").read_text() == "mine"
