from __future__ import annotations

import asyncio
import gzip
import re
import socket
import zlib
from contextlib import suppress

import pytest
from aiohttp import web

from seedbed.core.errors import ProviderError
from seedbed.providers.http import Http, Reply


def test_many_requests_at_once_then_closing_then_another() -> None:
    waiting = 0
    all_here = asyncio.Event()

    async def handle(request: web.Request) -> web.Response:
        nonlocal waiting
        waiting += 1
        if waiting >= 100:
            all_here.set()
        await all_here.wait()
        return web.Response(text=request.headers["X-Number"], headers={"Set-Cookie": "a=1"})

    async def run() -> None:
        app = web.Application()
        app.router.add_route("*", "/", handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = "http://{}:{}/".format(*runner.addresses[0][:2])
        http = Http()
        replies = await asyncio.gather(*(http.post(url, b"{}", {"X-Number": str(each)}, 5) for each in range(100)))
        assert [int(reply.body) for reply in replies] == list(range(100))
        await http.aclose()
        again = await http.get(url, {"X-Number": "7"}, 5)
        assert (again.status, again.body, again.headers["content-type"][:10]) == (200, b"7", "text/plain")
        await http.aclose()
        await http.aclose()
        await runner.cleanup()

    asyncio.run(run())


def test_a_name_that_does_not_resolve() -> None:
    async def run() -> ProviderError:
        http = Http()
        with pytest.raises(ProviderError) as caught:
            await http.post("http://no-such-host.invalid/", b"", {}, 5)
        await http.aclose()
        return caught.value

    error = asyncio.run(run())
    assert (error.kind, error.message) == ("unreachable", "The name no-such-host.invalid cannot be resolved.")
    assert error.__cause__ is None


def test_one_lookup_of_a_name_without_address_serves_all_who_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def run() -> list[str]:
        async def unknown(host: str, *_: object, **__: object) -> None:
            asked.append(host)
            await asyncio.sleep(0.05)
            raise socket.gaierror(socket.EAI_NONAME, "unknown")

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
        http = Http()
        asking = [http.post("http://nowhere.invalid/", b"", {}, 5) for _ in range(40)]
        found = await asyncio.gather(*asking, return_exceptions=True)
        await http.aclose()
        return [str(error) for error in found]

    assert set(asyncio.run(run())) == {"The name nowhere.invalid cannot be resolved."}
    assert asked == ["nowhere.invalid"]


async def talk(
    *replies: bytes, requests: int = 1, piece: int = 7
) -> tuple[list[Reply | ProviderError], list[bytes], int]:
    """Asks a server that answers the n-th request with `replies[n]` and closes where there is none; also what it
    heard, and how many connections it had."""
    heard: list[bytes] = []
    connections = 0
    waiting = iter(replies)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(re.search(rb"Content-Length: (\d+)", head)[1])
                heard.append(head + await reader.readexactly(length))
                reply = next(waiting, b"")
                for start in range(0, len(reply), piece):  # in pieces, as a network may deliver them
                    writer.write(reply[start : start + piece])
                    await writer.drain()
                    await asyncio.sleep(0)
                if not reply or b"\r\nConnection: close" in reply:
                    break
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1/x?a=b%20c"
    http, answers = Http(), []
    for number in range(requests):
        try:
            answers.append(await http.post(url, b"{}", {"X-Number": str(number)}, 5))
        except ProviderError as error:
            answers.append(error)
    await http.aclose()
    server.close()
    await asyncio.sleep(0.02)
    return answers, heard, connections


GZIP = gzip.compress(b"12\n34", mtime=0)
DEFLATED = zlib.compress(b"12\n34")
PACKED = b"HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s"
CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nok"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def test_a_connection_is_used_again() -> None:
    answers, heard, connections = asyncio.run(talk(OK, OK, OK, requests=3))
    assert [answer.body for answer in answers] == [b"ok"] * 3
    assert connections == 1
    assert heard[2].startswith(b"POST /v1/x?a=b%20c HTTP/1.1\r\nHost: 127.0.0.1:")
    assert heard[2].endswith(b"\r\nX-Number: 2\r\nContent-Length: 2\r\n\r\n{}")


def test_a_connection_the_server_wants_closed_is_not() -> None:
    closing = OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    answers, _, connections = asyncio.run(talk(closing, closing, requests=2))
    assert [answer.body for answer in answers] == [b"ok", b"ok"]
    assert connections == 2


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n12\n\r\n2\r\n34\r\n0\r\nTrailer: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-A: 1\r\nConnection: close\r\n\r\n12\n34",
        b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n12\n34",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12\n34",
        b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12\n34",
        PACKED % (b"gzip", len(GZIP), GZIP),
        PACKED % (b"deflate", len(DEFLATED), DEFLATED),
    ],
)
def test_all_ways_to_end_and_to_pack_an_answer(reply: bytes) -> None:
    answers, _, _ = asyncio.run(talk(reply))
    assert [(answer.status, answer.body) for answer in answers] == [(200, b"12\n34")]


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (b"", "unreachable", "closed the connection before it answered."),
        (CUT, "unreachable", "in the middle of its answer."),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\nX-Half", "unreachable", "in the middle of its answer."),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "protocol", "does not answer in valid HTTP."),
        (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "protocol", "valid HTTP."),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\nok", "protocol", "valid HTTP."),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok", "protocol", "valid HTTP."),
    ],
)
def test_what_is_no_answer(reply: bytes, kind: str, words: str) -> None:
    answers, _, _ = asyncio.run(talk(reply, OK, requests=2))
    assert answers[0].kind == kind
    assert answers[0].message.endswith(words)
    assert answers[1].body == b"ok", "the next request has a connection of its own"


def test_header_names_are_found_in_lower_case_and_doubled_ones_are_joined() -> None:
    answers, _, _ = asyncio.run(talk(OK.replace(b"\r\n\r\n", b"\r\nX-Ratelimit-A: 1\r\nVia: x\r\nvia: y\r\n\r\n")))
    assert answers[0].headers == {"content-length": "2", "x-ratelimit-a": "1", "via": "x, y"}


def test_what_comes_unasked_ends_the_connection() -> None:
    answers, _, connections = asyncio.run(talk(OK + OK, OK, requests=2, piece=1000))
    assert [answer.body for answer in answers] == [b"ok", b"ok"]
    assert connections == 2


def test_a_header_cannot_smuggle_another() -> None:
    async def run() -> None:
        await Http().get("http://127.0.0.1:9/", {"X-A": "1\r\nX-B: 2"}, 5)

    with pytest.raises(ValueError, match="line break"):
        asyncio.run(run())


def test_a_request_that_is_given_up_ends_its_connection() -> None:
    async def run() -> bytes:
        gone = asyncio.get_running_loop().create_future()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"{}")
            gone.set_result(await reader.read())
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        http = Http()
        with pytest.raises(ProviderError, match=r"gave no answer within 0\.2 s"):
            await http.post(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", b"{}", {}, 0.2)
        server.close()
        return await asyncio.wait_for(gone, 5)

    assert asyncio.run(run()) == b""


def test_a_plain_server_behind_https_and_one_that_is_not_there() -> None:
    async def run() -> list[str]:
        server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        words = []
        for url in (f"https://127.0.0.1:{port}/", "http://127.0.0.1:1/"):
            with pytest.raises(ProviderError) as caught:
                await Http().post(url, b"{}", {}, 5)
            words.append(caught.value.message.replace(str(port), "PORT"))
        server.close()
        return words

    tls, nobody = asyncio.run(run())
    assert tls in (
        "No secure connection to 127.0.0.1:PORT could be made.",
        "127.0.0.1:PORT cannot be reached (connection reset by peer).",
    )
    assert nobody == "127.0.0.1:1 cannot be reached (connection refused)."


def test_a_cancellation_from_outside_stays_one_and_an_outer_limit_wins() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await reader.read(-1)
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        http = Http()
        task = asyncio.create_task(http.post(url, b"{}", {}, 5))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await http.post(url, b"{}", {}, 5)
        await http.aclose()
        await asyncio.sleep(0.05)
        server.close()

    asyncio.run(run())


def test_an_answer_that_does_not_come_is_not_the_one_before() -> None:
    nothing = b"HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n"
    answers, _, connections = asyncio.run(talk(nothing, b"", requests=2))
    assert (answers[0].status, connections) == (204, 1)
    assert answers[1].message.endswith("closed the connection before it answered.")
