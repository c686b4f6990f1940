"""Whatever is sent, the answer is a problem that says what is wrong, and never that the server failed."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from .conftest import Client

TRANSFORMS = [{"kind": "uppercase"}]
TEMPLATE = {"text": "{PER} is here.", "n": 2}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "augmentations"): {"dataset": "people", "plan": {"transforms": TRANSFORMS, "mode": "new"}, "into": "a"},
    ("POST", "augmentations/preview"): {"dataset": "people", "transforms": TRANSFORMS, "n": 1, "seed": 1},
    ("POST", "fills"): {"templates": [TEMPLATE], "values": {"PER": ["Ann"]}, "into": "f", "seed": 1, "faker": "en_US"},
    ("POST", "fills/preview"): {"templates": [TEMPLATE], "values": {"PER": ["Ann"]}, "dataset": "people", "n": 1},
    ("POST", "fills/propose"): {"labels": ["PER"], "model": "none:none", "n": 1, "example": "{PER}."},
    ("POST", "reports"): {"dataset": "notes", "compare": "model", "real": "people", "only": ["balance"], "near": 0.9},
    ("POST", "label-suspects"): {"dataset": "notes", "flag": False, "share": 0.5, "label": "label"},
    ("POST", "spot-checks"): {"dataset": "people", "n": 1, "seed": 1, "by": "label"},
    ("PUT", "spot-checks/spot-check-1/records/people-1:0.0"): {"right": True, "note": ""},
    ("POST", "datasets/people/split"): {"shares": {"train": 0.5, "test": 0.5}, "by": "label", "seed": 1},
    ("POST", "datasets/people/dedup"): {"into": "d", "near": 0.9, "keep": "first", "columns": ["text"], "score": None},
}
ODD: tuple[Any, ...] = (
    None,
    -1,
    2**70,
    "",
    "\x00",
    "../../etc/passwd",
    ".job-1",
    "a" * 5000,
    "{{}}{A:B:C}",
    "𝒳\u202e\u0000",
    [],
    {},
    [None],
    [{"kind": "multiple_perturbations", "transforms": [{"kind": "multiple_perturbations"}]}],
    [{"kind": "add_typo", "settings": {"layout": 7}, "share": "x"}],
    [{"kind": "uppercase", "chain": [{"chain": [{}]}]}],
    {"transforms": [{"share": 0.1}], "checks": [{"kind": "judge", "model": 3}], "model": "x"},
)
RAW = (
    b"",
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b"\xff\xfe",
    b'{"dataset": "\\ud800"}',
    b'{"\\ud800": 1, "dataset": "people"}',
    b'{"dataset": "people", "n": NaN, "seed": Infinity, "near": NaN}',
    b'{"dataset": ' + b"[" * 100_000,
    b'{"plan": ' + b'{"a":' * 500 + b"1" + b"}" * 501,
)


@pytest.fixture(autouse=True)
def no_work(served: Client) -> Any:
    """Nothing that is begun here is worked on: it is only asked for."""
    queue = served.app.state.desk.jobs  # type: ignore[attr-defined]
    queue._put = lambda _: None
    return


def check(found: Any) -> None:
    assert found.status_code < 500, (found.request.url, found.request.content[:300], found.text)
    if found.status_code >= 400:
        problem = found.json()
        assert found.headers["content-type"] == "application/problem+json"
        assert problem["detail"]
        assert "Traceback" not in found.text


@pytest.mark.parametrize(("method", "path"), BODIES)
def test_no_odd_value_in_a_body_makes_the_server_fail(served: Client, method: str, path: str) -> None:
    body = BODIES[method, path]
    for field in [*body, "unknown"]:
        for value in ODD:
            check(served.request(method, path, content=orjson.dumps({**body, field: _small(value)})))
    for raw in RAW:
        check(served.request(method, path, content=raw, headers={"Content-Type": "application/json"}))


def _small(value: Any) -> Any:
    return (2**63) if value == 2**70 and isinstance(value, int) else value


@pytest.mark.parametrize(
    "path",
    [
        *("jobs", "jobs/{}", "jobs/{}/events", "augmentations", "fills", "reports", "reports/{}", "reports/{}/page"),
        *("reports/{}/records?section=a", "spot-checks", "spot-checks/{}", "spot-checks/{}/records/{}"),
    ],
)
def test_no_odd_address_makes_the_server_fail(served: Client, path: str) -> None:
    for odd in ("%00", "job-", "job-99999999999999999999", "job-１", "%F0%9F%8C%B1", "..%2f..", "a" * 3000, "%ff"):
        check(served.get(path.replace("{}", odd)))
        mark = "&" if "?" in path else "?"
        for name in ("cursor", "limit", "dataset", "key"):
            check(served.get(f"{path.replace('{}', '1')}{mark}{name}={odd}"))
        check(served.delete(f"spot-checks/{odd}/records/{odd}"))
        check(served.post(f"jobs/{odd}/cancel"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""),
        ("a.csv", b"\x00\x00"),
        ("a.csv", b"text,n\n{PER} is.,many\n"),
        ("a.csv", b"text,n\n{PER} is.,-5\n"),
        ("a.json", b"{"),
        ("a.json", b"[" * 50_000),
        ("a.json", b'[{"text": 7}]'),
        ("a.json", b'["\\ud800 {PER}"]'),
        ("a.jsonl", b"\xff"),
        ("a.exe", b"MZ"),
        ("../../x.csv\x00", b"text\n{A}\n"),
        ("", b"{PER}"),
    ],
)
def test_no_odd_file_of_templates_makes_the_server_fail(served: Client, name: str, content: bytes) -> None:
    found = served.post("fills/import", files={"file": (name, content)})
    check(found)
    assert "/tmp" not in found.text
