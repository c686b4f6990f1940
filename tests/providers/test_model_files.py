"""Model files from every source, on loopback and with small files."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from seedbed.core.connection import Connection
from seedbed.core.errors import InputError, ProviderError
from seedbed.providers.embedded import Embedded
from seedbed.providers.model_files import ModelFile, ModelFileSettings, list_models, path_of, remove, resolve
from seedbed.providers.model_part import Packages

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE = 1_000_000
CONTENT = b"GGUF" + random.Random(7).randbytes(2_500_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
REPO, REVISION, FILE = "acme/Tiny-GGUF", "abc123", "tiny-q4.gguf"

TINY = ModelFile(
    name="tiny", file=FILE, licence="MIT", repo=REPO, revision=REVISION, size=len(CONTENT), sha256=SHA256,
    packages=Packages(
        name="tiny-part{n}", version="1.0", path="tiny_part{n}/data/part{n:02d}.bin", count=3, piece_bytes=PIECE
    ),
)  # fmt: skip
HUB_ONLY = TINY.model_copy(update={"packages": None})
UNKNOWN_HASH = HUB_ONLY.model_copy(update={"size": None, "sha256": None})


class Hub(ThreadingHTTPServer):
    """The paths of the Hugging Face hub that matter, with settable faults."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.content = CONTENT
        self.break_after: list[int] = []
        self.pause = 0.0
        self.status = 200
        self.ranges: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are part of the tests."""


class Answers(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        if self.path == f"/{REPO}/resolve/{REVISION}/{FILE}":
            self.send_response(302)
            self.send_header("Location", "/cdn/blob")
            self.end_headers()
        elif self.path == "/cdn/blob":
            self.file()
        elif self.path == f"/api/models/{REPO}/tree/{REVISION}":
            lfs = {"oid": hashlib.sha256(self.server.content).hexdigest(), "size": len(self.server.content)}
            entries = [{"type": "file", "path": "README.md"}, {"type": "file", "path": FILE, "lfs": lfs}]
            self.answer(200, orjson.dumps(entries))
        else:
            self.answer(404, b"not here")

    def file(self) -> None:
        wanted = self.headers.get("Range")
        self.server.ranges.append(wanted)
        if self.server.status != 200:
            return self.answer(self.server.status, b"no")
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        content = self.server.content[start:]
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.server.break_after:
            content = content[: self.server.break_after.pop(0)]
        for at in range(0, len(content), 100_000):
            self.wfile.write(content[at : at + 100_000])
            time.sleep(self.server.pause)
        return None

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def nobody() -> str:
    """An address where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with the packages of `TINY`."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for n in range(1, 4):
        name = f"tiny_part{n}"
        inside = {f"{name}/data/part{n:02d}.bin": CONTENT[(n - 1) * PIECE : n * PIECE], f"{name}/__init__.py": b"1/0"}
        make_wheel(folder, name, inside)
    return folder


def make_wheel(folder: Path, name: str, inside: dict[str, bytes]) -> None:
    info = f"{name}-1.0.dist-info"
    entries = {
        **inside,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},sha256={_digest(data)},{len(data)}\n" for path, data in entries.items())
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        for path, data in {**entries, f"{info}/RECORD": f"{record}{info}/RECORD,,\n".encode()}.items():
            wheel.writestr(path, data)


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def settings_for(tmp_path: Path, hub_url: str, model: ModelFile = TINY, **more: Any) -> ModelFileSettings:
    return ModelFileSettings(cache=tmp_path / "cache", hub_url=hub_url, models=(model,), **more)


def from_shelf(shelf: Path) -> tuple[str, ...]:
    return ("--no-index", "--find-links", str(shelf))


def leftovers(cache: Path) -> set[str]:
    return {path.name for path in cache.iterdir()} - {FILE, f"{FILE}.lock"}


class StopHere(Exception):
    pass


def test_the_hub_gives_the_file_and_the_licence_is_said_first(tmp_path: Path, hub: Hub) -> None:
    settings, said, seen = settings_for(tmp_path, hub.url), list[str](), list[tuple[int, int]]()
    path = resolve("tiny", settings, lambda done, size: seen.append((done, size)), said.append)
    assert path.read_bytes() == CONTENT
    assert said == [f"Fetching tiny (3 MB, MIT) from the Hugging Face hub to {path}."]
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert leftovers(settings.cache) == set()
    assert resolve("tiny", settings) == path
    assert hub.ranges == [None], "the second time it comes from the cache"


def test_a_broken_connection_is_taken_up_where_it_ended(tmp_path: Path, hub: Hub) -> None:
    hub.break_after = [1_200_000, 700_000]
    assert resolve("tiny", settings_for(tmp_path, hub.url, HUB_ONLY)).read_bytes() == CONTENT
    assert hub.ranges == [None, "bytes=1200000-", "bytes=1900000-"]


def test_a_killed_download_goes_on_where_it_was(tmp_path: Path, hub: Hub) -> None:
    hub.pause = 0.05
    settings = settings_for(tmp_path, hub.url, HUB_ONLY)
    process = fetch_elsewhere(settings)
    part = settings.cache / f"{FILE}.part"
    wait_until(lambda: part.is_file() and part.stat().st_size >= 1 << 20)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    hub.pause = 0.0
    assert resolve("tiny", settings).read_bytes() == CONTENT
    assert int(re.findall(r"\d+", hub.ranges[-1] or "0")[0]) >= 1 << 20


def test_two_processes_share_one_download(tmp_path: Path, hub: Hub) -> None:
    hub.pause = 0.05
    settings = settings_for(tmp_path, hub.url, HUB_ONLY)
    processes = [fetch_elsewhere(settings), fetch_elsewhere(settings)]
    outputs = [process.communicate(timeout=60)[0] for process in processes]
    assert [output.splitlines()[-1] for output in outputs] == [str(settings.cache / FILE)] * 2
    assert sorted(output.split()[0] for output in outputs) == ["Another", "Fetching"]
    assert hub.ranges == [None]


def fetch_elsewhere(settings: ModelFileSettings) -> subprocess.Popen[str]:
    code = (
        "import sys; from pathlib import Path; from seedbed.providers.model_files import *\n"
        "model = ModelFile.model_validate_json(sys.argv[3])\n"
        "settings = ModelFileSettings(cache=Path(sys.argv[1]), hub_url=sys.argv[2], models=(model,))\n"
        "print(resolve('tiny', settings, None, lambda line: print(line, flush=True)))"
    )
    command = [sys.executable, "-c", code, str(settings.cache), settings.hub_url, settings.models[0].model_dump_json()]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def wait_until(true: Any, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_without_the_hub_the_packages_give_it_and_finished_pieces_survive(
    tmp_path: Path, nobody: str, shelf: Path
) -> None:
    settings, said = settings_for(tmp_path, nobody, pip_options=from_shelf(shelf)), list[str]()

    def stop(done: int, _size: int) -> None:
        if done >= PIECE:
            raise StopHere

    with pytest.raises(StopHere):
        resolve("tiny", settings, stop, said.append)
    assert (settings.cache / f"{FILE}.part").stat().st_size == PIECE
    (shelf / "tiny_part1-1.0-py3-none-any.whl").unlink()
    path = resolve("tiny", settings, None, said.append)
    assert path.read_bytes() == CONTENT
    assert said == [f"Fetching tiny (3 MB, MIT) from the 3 packages tiny-part1 to tiny-part3 to {path}."] * 2
    assert leftovers(settings.cache) == set()


def test_packages_go_on_in_the_middle_of_a_piece_where_the_hub_gave_up(tmp_path: Path, hub: Hub, shelf: Path) -> None:
    hub.break_after = [1_300_000, 0]
    (shelf / "tiny_part1-1.0-py3-none-any.whl").unlink()
    settings = settings_for(tmp_path, hub.url, pip_options=from_shelf(shelf))
    assert resolve("tiny", settings).read_bytes() == CONTENT


def test_wrong_bytes_are_deleted_and_the_next_source_is_asked(tmp_path: Path, hub: Hub, shelf: Path) -> None:
    hub.content, said = CONTENT[:-1] + b"!", list[str]()
    settings = settings_for(tmp_path, hub.url, pip_options=from_shelf(shelf))
    assert resolve("tiny", settings, None, said.append).read_bytes() == CONTENT
    assert said[1] == (
        "From the Hugging Face hub: the file from there does not have the expected SHA-256 and was deleted."
    )


def test_wrong_bytes_everywhere_leave_nothing_behind(tmp_path: Path, hub: Hub) -> None:
    hub.content = CONTENT + b"!"
    settings = settings_for(tmp_path, hub.url, HUB_ONLY)
    with pytest.raises(ProviderError, match="is longer than it should be and was deleted") as caught:
        resolve("tiny", settings)
    assert caught.value.fatal
    assert leftovers(settings.cache) == set()
    assert path_of("tiny", settings) is None


def test_a_damaged_beginning_is_fetched_again(tmp_path: Path, hub: Hub) -> None:
    settings = settings_for(tmp_path, hub.url, HUB_ONLY)
    settings.cache.mkdir()
    (settings.cache / f"{FILE}.part").write_bytes(bytes(500_000))
    assert resolve("tiny", settings).read_bytes() == CONTENT
    assert hub.ranges == ["bytes=500000-", None]


def test_when_nobody_has_it_the_error_says_why_for_each_and_soon(tmp_path: Path, nobody: str, shelf: Path) -> None:
    (shelf / "tiny_part1-1.0-py3-none-any.whl").unlink()
    started = time.monotonic()
    with pytest.raises(ProviderError) as caught:
        resolve("tiny", settings_for(tmp_path, nobody, pip_options=from_shelf(shelf)))
    assert time.monotonic() - started < 20
    assert caught.value.message == (
        "The model `tiny` cannot be had: the Hugging Face hub: it cannot be reached (Connection refused); "
        "the package index: pip says: No matching distribution found for tiny-part1==1.0."
    )
    assert "seedbed models pull tiny" in caught.value.hint


def test_a_refusing_hub_is_quoted(tmp_path: Path, hub: Hub) -> None:
    hub.status = 403
    with pytest.raises(ProviderError, match="the server answered 403 Forbidden"):
        resolve("tiny", settings_for(tmp_path, hub.url, HUB_ONLY))


def test_offline_fetches_nothing_and_names_the_command(tmp_path: Path, hub: Hub) -> None:
    with pytest.raises(InputError, match="not on this machine") as caught:
        resolve("tiny", settings_for(tmp_path, hub.url, offline=True))
    assert "seedbed models pull tiny" in caught.value.hint
    assert hub.ranges == []


def test_the_hugging_face_cache_is_used_where_it_lies(tmp_path: Path, nobody: str) -> None:
    folder = tmp_path / "hf" / "models--acme--Tiny-GGUF"
    snapshot = folder / "snapshots" / REVISION
    for made in (snapshot, folder / "blobs"):
        made.mkdir(parents=True)
    (folder / "blobs" / SHA256).write_bytes(CONTENT)
    (snapshot / FILE).symlink_to(folder / "blobs" / SHA256)
    for model in (TINY, UNKNOWN_HASH):
        settings = settings_for(tmp_path, nobody, model, hub_cache=tmp_path / "hf", offline=True)
        assert resolve("tiny", settings) == snapshot / FILE
        assert resolve("tiny", settings) == snapshot / FILE
    (folder / "blobs" / SHA256).write_bytes(CONTENT[:-1] + b"?")
    assert path_of("tiny", settings) is None, "a damaged file is not used"


def test_installed_packages_are_joined_without_importing_them(
    tmp_path: Path, nobody: str, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(install(tmp_path, shelf)))
    said: list[str] = []
    path = resolve("tiny", settings_for(tmp_path, nobody, offline=True), None, said.append)
    assert path.read_bytes() == CONTENT
    assert "from installed packages to" in said[0]


def test_one_installed_package_is_used_where_it_lies(
    tmp_path: Path, nobody: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    make_wheel(shelf, "whole", {"whole/tiny.gguf": CONTENT})
    site = install(tmp_path, shelf)
    monkeypatch.syspath_prepend(str(site))
    packages = Packages(name="whole", version="1.0", path="whole/tiny.gguf", count=1, piece_bytes=len(CONTENT))
    settings = settings_for(tmp_path, nobody, TINY.model_copy(update={"packages": packages}), offline=True)
    assert resolve("tiny", settings) == site / "whole" / "tiny.gguf"


def install(tmp_path: Path, shelf: Path) -> Path:
    site = tmp_path / "site"
    for wheel in shelf.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(site)
    return site


def test_a_path_needs_the_magic_and_nothing_else(tmp_path: Path, nobody: str) -> None:
    settings = settings_for(tmp_path, nobody, offline=True)
    (tmp_path / "mine.gguf").write_bytes(CONTENT)
    assert resolve(str(tmp_path / "mine.gguf"), settings) == tmp_path / "mine.gguf"
    (tmp_path / "mine.gguf").write_bytes(b"<html>")
    with pytest.raises(InputError, match="is not a GGUF file"):
        resolve(str(tmp_path / "mine.gguf"), settings)
    with pytest.raises(InputError, match="No such file"):
        resolve(str(tmp_path / "none.gguf"), settings)


def test_an_unknown_name_offers_the_nearest(tmp_path: Path, nobody: str) -> None:
    with pytest.raises(InputError) as caught:
        resolve("smolm2-135m", settings_for(tmp_path, nobody))
    assert caught.value.hint == "Did you mean `smollm2-135m`?"


def test_no_room_is_said_before_anything_is_fetched(tmp_path: Path, hub: Hub) -> None:
    with pytest.raises(InputError, match=r"needs .* GB in .*, where .* are free"):
        resolve("tiny", settings_for(tmp_path, hub.url, HUB_ONLY.model_copy(update={"size": 10**16})))
    assert hub.ranges == []


def test_a_cache_that_cannot_be_written_is_one_sentence(tmp_path: Path, hub: Hub) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(InputError, match=r"cannot be kept in .*cache: File exists\."):
        resolve("tiny", settings_for(tmp_path, hub.url))


def test_online_the_list_offers_what_the_hub_has_and_it_can_be_fetched(tmp_path: Path, hub: Hub) -> None:
    settings = settings_for(tmp_path, hub.url, UNKNOWN_HASH)
    names = [info.name for info in list_models(settings)]
    assert names == ["qwen2.5-coder-1.5b", "qwen2.5-coder-0.5b", "smollm2-135m"]
    offered = {info.name: info for info in list_models(settings, online=True)}
    assert list(offered) == [*names, "tiny"], "what the hub does not have is not offered"
    assert (offered["tiny"].size, offered["tiny"].licence, offered["tiny"].present) == (len(CONTENT), "MIT", False)
    path = resolve("tiny", settings)
    assert path.read_bytes() == CONTENT
    assert [info.path for info in list_models(settings) if info.name == "tiny"] == [path]


def test_an_unreachable_hub_does_not_hold_up_the_list(tmp_path: Path, nobody: str) -> None:
    started = time.monotonic()
    assert len(list_models(settings_for(tmp_path, nobody, UNKNOWN_HASH), online=True)) == 3
    assert time.monotonic() - started < 2


def test_a_removed_model_is_gone_with_its_leftovers(tmp_path: Path, hub: Hub) -> None:
    settings = settings_for(tmp_path, hub.url)
    resolve("tiny", settings)
    (settings.cache / f"{FILE}.part").write_bytes(b"12345")
    assert remove("tiny", settings) == len(CONTENT) + 5
    assert path_of("tiny", settings) is None
    assert remove("tiny", settings) == 0


def test_cancelling_the_preparation_stops_the_download_and_keeps_what_came(tmp_path: Path, hub: Hub) -> None:
    pytest.importorskip("xllamacpp")
    hub.pause = 0.05
    settings = settings_for(tmp_path, hub.url, HUB_ONLY)

    async def scenario() -> None:
        embedded = Embedded(Connection(provider="embedded"), files=settings)
        begun = asyncio.Event()
        loop = asyncio.get_running_loop()
        task = asyncio.create_task(embedded.prepare("tiny", lambda *_: loop.call_soon_threadsafe(begun.set)))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await embedded.aclose()

    asyncio.run(scenario())
    assert 0 < (settings.cache / f"{FILE}.part").stat().st_size < len(CONTENT)


def test_the_catalogue_adds_up() -> None:
    data = orjson.loads((Path(resolve.__code__.co_filename).parent / "model_files.json").read_bytes())
    models = [ModelFile.model_validate(entry) for entry in data["models"]]
    assert len({model.name for model in models}) == len(models)
    for model in models:
        assert model.licence in ("Apache-2.0", "MIT")
        assert model.purpose
        assert model.languages
        assert (model.size is None) == (model.sha256 is None)
        if model.packages:
            assert model.size
            assert re.fullmatch("[0-9a-f]{64}", model.sha256 or "")
            assert (model.packages.count - 1) * model.packages.piece_bytes < model.size
            assert model.size <= model.packages.count * model.packages.piece_bytes
