"""Pacing, giving up, stopping: nobody waits for a call that was not sent, nobody asks a model that is out of order."""

from __future__ import annotations

import json
import signal
import socket
import time
from contextlib import ExitStack, contextmanager, suppress
from threading import Thread

import pytest

from seedbed.testing.server import Settings, running_server

SLOW = {"requests_per_minute": 20}
"""So slow that a run that waited for the calls under way would take minutes."""


def connection(document, **settings):
    document["connections"]["local"] |= settings
    return document


def with_spare(document, server):
    document["connections"]["spare"] = {"provider": "openai", "base_url": server.url}
    return document | {"fallback": "spare:other"}


def adds_up(figures):
    ends = sum(figures["rejected"].values()) + sum(figures["failed"].values()) + figures["surplus"]
    return figures["attempts"] == figures["accepted"] + ends


def timed(shell, *arguments, **environment):
    start = time.monotonic()
    ended = shell("generate", *arguments, "--json", **environment)
    return ended, time.monotonic() - start


@contextmanager
def started(shell, ready, *options):
    """The command as it runs, as soon as something is `ready`."""
    with shell.start("generate", "recipe.yaml", "-o", "out.csv", *options) as process:
        try:
            deadline = time.monotonic() + 60
            while not ready():
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < deadline
                time.sleep(0.02)
            yield process
        finally:
            process.kill()


def stopped(shell, ready, number=signal.SIGINT):
    """How the command ended when it was told to stop, what it said, and the seconds that took."""
    with started(shell, ready) as process:
        start = time.monotonic()
        process.send_signal(number)
        _, words = process.communicate(timeout=60)
        return process.returncode, words, time.monotonic() - start


@contextmanager
def listening(answer):
    """The address of a server that is no API: `answer(connection)` is all it does with those who come."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as server, ExitStack() as held:

        def serve():
            with suppress(OSError):
                while True:
                    answer(held.enter_context(server.accept()[0]))

        thread = Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def page(status):
    def answer(client):
        client.recv(65_536)
        body = b"<html><title>Nothing here</title></html>"
        head = (
            f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        client.sendall(head.encode() + body)
        client.close()

    return answer


def other_protocol(client):
    client.recv(65_536)
    client.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
    client.close()


# Stopping


def test_ctrl_c_does_not_wait_for_calls_that_were_not_sent(shell, recipe_on):
    with running_server(Settings(latency=0.05)) as server:
        document = connection(recipe_on(server.url, 60), **SLOW)
        shell.recipe(document)
        code, words, seconds = stopped(shell, lambda: server.stats()["answered"] >= 1)
        assert code == 130, words
        assert seconds < 5
        sent = server.stats()["requests"]
        assert len(shell.rows("out.csv")) == sent, "what was in flight is taken in"
        del document["connections"]["local"]["requests_per_minute"]
        ended, _ = timed(shell, shell.recipe(document), "-o", "out.csv")
        assert ended.code == 0, ended.err
        assert adds_up(ended.json)
        assert ended.json["failed"] == {}
        assert ended.json["calls"] == server.stats()["requests"]


def test_being_terminated_does_not_wait_for_calls_that_are_to_be_tried_again(shell, recipe_on):
    with running_server(Settings(rate_limited_share=1.0, retry_after=40)) as server:
        shell.recipe(recipe_on(server.url, 60))
        code, words, seconds = stopped(shell, lambda: server.stats()["rate_limited"] >= 8, signal.SIGTERM)
    assert code == 130, words
    assert seconds < 5


def test_what_is_in_flight_is_taken_in(shell, recipe_on):
    with running_server(Settings(latency=1.5)) as server:
        shell.recipe(recipe_on(server.url, 60, concurrency=8))
        code, words, _ = stopped(shell, lambda: server.stats()["in_flight"] >= 8)
        assert code == 130, words
        assert len(shell.rows("out.csv")) == server.stats()["answered"] == server.stats()["requests"] >= 8


def test_minutes_are_over_while_calls_wait_for_their_turn(shell, recipe_on):
    with running_server(Settings()) as server:
        document = connection(recipe_on(server.url, 60, budget={"minutes": 0.03}), requests_per_minute=6)
        ended, seconds = timed(shell, shell.recipe(document), "-o", "out.csv")
    assert ended.code == 3, ended.err
    assert "minutes" in ended.err
    assert seconds < 7


# Giving up


def dead(shell, document, **environment):
    ended, seconds = timed(shell, shell.recipe(document), "-o", "out.csv", **environment)
    assert ended.code == 1, ended.err
    assert ended.json["state"] == "failed"
    assert ended.json["attempts"] == 0, "every slot is still to be had"
    assert "Traceback" not in ended.err
    return ended.err, seconds


@pytest.mark.parametrize("pace", [{}, SLOW], ids=["fast", "slow"])
def test_a_wrong_key_ends_the_run_at_once(shell, recipe_on, pace):
    with running_server(Settings(key="right")) as server:
        words, seconds = dead(shell, connection(recipe_on(server.url), key_env="K", **pace), K="wrong")
        assert server.stats()["requests"] <= 32
    assert "key" in words
    assert seconds < 5


@pytest.mark.parametrize("pace", [{}, SLOW], ids=["fast", "slow"])
def test_a_missing_model_ends_the_run_at_once(shell, recipe_on, pace):
    with running_server(Settings(models=("other",))) as server:
        words, seconds = dead(shell, connection(recipe_on(server.url), **pace))
    assert "does not know the model" in words
    assert seconds < 5


@pytest.mark.parametrize(("concurrency", "pace"), [(1, {}), (32, SLOW)])
def test_an_address_where_nobody_listens_ends_the_run_in_seconds(shell, recipe_on, concurrency, pace):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/v1"
        words, seconds = dead(shell, connection(recipe_on(url, concurrency=concurrency), **pace))
    assert "cannot be reached" in words
    assert seconds < 5


@pytest.mark.parametrize(
    ("answer", "pace", "said"),
    [
        (page("404 Not Found"), SLOW, "Nothing here"),
        (page("501 Unsupported method"), SLOW, "Nothing here"),
        (page("200 OK"), {}, "a web page"),
        (other_protocol, {}, "valid HTTP"),
    ],
    ids=["404", "501", "200", "ssh"],
)
def test_what_is_no_api_ends_the_run_in_seconds(shell, recipe_on, answer, said, pace):
    with listening(answer) as url:
        words, seconds = dead(shell, connection(recipe_on(url), **pace))
    assert said in words
    assert seconds < 5


def test_a_server_with_nothing_but_errors_ends_the_run_in_seconds(shell, recipe_on):
    with running_server(Settings(error_share=1.0)) as server:
        words, seconds = dead(shell, recipe_on(server.url))
    assert "HTTP 500" in words
    assert seconds < 5


def test_a_server_that_never_answers_is_given_up_after_the_first_time_out(shell, recipe_on):
    with listening(lambda _: None) as url:
        words, seconds = dead(shell, connection(recipe_on(url), timeout=1.5))
    assert "no answer within 1.5 s" in words
    assert seconds < 5


def test_errors_before_the_first_answer_are_survived(shell, recipe_on):
    with running_server(Settings(error_share=1.0)) as server:
        shell.recipe(recipe_on(server.url, 40))
        with started(shell, lambda: server.stats()["errors"]) as process:
            time.sleep(0.5)
            server.change(error_share=0.0)
            _, words = process.communicate(timeout=60)
    assert process.returncode == 0, words
    assert len(shell.rows("out.csv")) == 40


def test_a_wait_of_an_hour_is_not_waited_for(shell, recipe_on):
    with running_server(Settings(rate_limited_share=1.0, retry_after=3600)) as server:
        words, seconds = dead(shell, recipe_on(server.url))
    assert "Please try again in 3600s" in words
    assert seconds < 5


def test_a_long_pause_is_said_once(shell, recipe_on):
    with running_server(Settings(rate_limited_share=1.0, retry_after=40)) as server:
        shell.recipe(recipe_on(server.url))
        _, words, _ = stopped(shell, lambda: server.stats()["rate_limited"] >= 8)
    said = [line for line in words.splitlines() if "40 s" in line]
    assert len(said) == 1, words
    assert "Waiting 40 s for local: " in said[0]
    assert "Please try again in 40s." in said[0]


# The fallback


def test_a_wait_of_an_hour_goes_to_the_fallback(shell, recipe_on):
    with running_server(Settings(rate_limited_share=1.0, retry_after=3600)) as busy, running_server() as spare:
        document = with_spare(recipe_on(busy.url), spare)
        ended, seconds = timed(shell, shell.recipe(document), "-o", "out.csv")
    assert ended.code == 0, ended.err
    assert {row["model"] for row in shell.rows("out.csv")} == {"spare:other"}
    assert seconds < 8


@pytest.mark.parametrize("retries", [0, 6])
def test_no_slot_is_lost_to_a_model_that_has_a_fallback_and_calls_are_booked_on_who_was_asked(
    shell, recipe_on, retries
):
    with running_server(Settings(error_share=1.0)) as ill, running_server() as spare:
        document = connection(with_spare(recipe_on(ill.url, 40), spare), retries=retries)
        ended, _ = timed(shell, shell.recipe(document), "-o", "out.csv")
        figures = ended.json
        assert ended.code == 0, ended.err
        assert figures["failed"] == {}
        assert figures["models"]["local:fake"]["calls"] == ill.stats()["requests"] > 0
        assert figures["models"]["spare:other"]["calls"] == spare.stats()["requests"] >= 40
        assert figures["calls"] == ill.stats()["requests"] + spare.stats()["requests"]
    assert {row["model"] for row in shell.rows("out.csv")} == {"spare:other"}


def test_a_model_that_falls_ill_later_is_replaced_without_a_lost_slot(shell, recipe_on):
    with running_server(Settings(latency=0.02)) as ill, running_server() as spare:
        document = connection(with_spare(recipe_on(ill.url, 200, concurrency=8), spare), retries=1)
        shell.recipe(document)
        with started(shell, lambda: ill.stats()["answered"] >= 20, "--json") as process:
            ill.change(reset_share=1.0)  # which is clear sooner than that it has nothing but errors
            out, words = process.communicate(timeout=110)
        assert process.returncode == 0, words
        figures = json.loads(out)
        assert figures["accepted"] == 200
        assert figures["failed"] == {}
        assert figures["models"]["local:fake"]["calls"] == ill.stats()["requests"]
        assert figures["models"]["spare:other"]["calls"] == spare.stats()["requests"]
    assert {row["model"] for row in shell.rows("out.csv")} == {"local:fake", "spare:other"}


def test_a_wrong_key_goes_to_the_fallback_and_calls_that_wait_go_along(shell, recipe_on):
    with running_server(Settings(key="right")) as locked, running_server() as spare:
        document = connection(with_spare(recipe_on(locked.url), spare), key_env="K", **SLOW)
        ended, seconds = timed(shell, shell.recipe(document), "-o", "out.csv", K="wrong")
        assert ended.code == 0, ended.err
        assert ended.json["models"]["local:fake"]["calls"] == locked.stats()["requests"] == 1
    assert seconds < 8


# The budget of calls


@pytest.mark.parametrize(
    "faults",
    [
        {"error_share": 0.6},
        {"reset_share": 0.5, "rate_limited_share": 0.3, "retry_after": 0.05},
        {"json_schema": False},
    ],
    ids=["errors", "resets", "refused parameters"],
)
def test_no_call_is_made_beyond_a_budget_of_calls(shell, recipe_on, faults):
    with running_server(Settings(latency=0.05, **faults)) as server:
        document = recipe_on(server.url, 40, concurrency=4, budget={"calls": 12})
        ended, _ = timed(shell, shell.recipe(document), "-o", "out.csv")
        assert ended.code == 3, ended.err
        assert ended.json["state"] == "budget"
        assert ended.json["calls"] == server.stats()["requests"] == 12
        assert adds_up(ended.json)
        assert ended.json["failed"] == {}
        server.change(error_share=0.0, reset_share=0.0)
        ended, _ = timed(shell, shell.recipe(document | {"budget": {"calls": 5000}}), "-o", "out.csv")
        assert ended.code == 0, ended.err
        assert ended.json["calls"] == server.stats()["requests"]
