"""The image's description: what is built is pinned, what runs is not root, and nothing private goes in."""

from __future__ import annotations

import re
import tomllib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from dockerfile_parse import DockerfileParser

from seedbed.app.settings import load_settings

HOUSE = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def steps() -> list[dict[str, Any]]:
    parser = DockerfileParser(fileobj=BytesIO((HOUSE / "Dockerfile").read_bytes()))
    found: list[dict[str, Any]] = parser.structure
    return [step for step in found if step["instruction"] != "COMMENT"]


def values(steps: list[dict[str, Any]], instruction: str) -> list[str]:
    return [step["value"] for step in steps if step["instruction"] == instruction]


def test_the_last_stage_runs_as_nobody_special_and_builds_nothing(steps: list[dict[str, Any]]):
    starts = [at for at, step in enumerate(steps) if step["instruction"] == "FROM"]
    assert [steps[at]["value"].split()[-1] for at in starts] == ["wheel", "packages", "runtime"]
    last = steps[starts[-1] :]
    assert values(last, "USER") == ["10001:10001"]
    assert not re.search("pip|apt|curl|wget", " ".join(values(last, "RUN")))
    after = [step["instruction"] for step in last[[step["instruction"] for step in last].index("USER") :]]
    assert "RUN" not in after
    assert "COPY" not in after
    assert "/api/v1/health" in values(last, "HEALTHCHECK")[0]
    assert '"/workspace"' in values(last, "VOLUME")[0]


def test_nothing_is_fetched_but_by_hash(steps: list[dict[str, Any]]):
    assert values(steps, "ADD") == []
    commands = " && ".join(values(steps, "RUN"))
    assert "http" not in commands
    installs = re.findall(r"pip (?:install|wheel) ([^&]*)", commands)
    assert len(installs) == 4
    pinned = ("--require-hashes", "--no-index", "--no-deps --no-build-isolation --wheel-dir /wheels .")
    assert all(any(way in one for way in pinned) for one in installs)
    for name in re.findall(r"requirements-\w+\.lock", commands):
        pins = re.split(r"\n(?=\S)", (HOUSE / name).read_text("ascii"))
        assert all(re.match(r"[\w.-]+==\S+", pin) and "--hash=sha256:" in pin for pin in pins)


def test_its_packages_are_those_of_the_development_environment():
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+==[^\s;]+", (HOUSE / name).read_text("ascii"), re.MULTILINE))

    assert pins("requirements-image.lock") <= pins("requirements.lock")
    assert pins("requirements-build.lock") <= pins("requirements.lock")
    parts = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    names = {re.split(r"[\[=<>]", one)[0] for one in (*parts["serve"], *parts["postgres"], *parts["ray"])}
    assert names <= {pin.partition("==")[0] for pin in pins("requirements-image.lock")}


def test_no_secret_is_in_a_layer(steps: list[dict[str, Any]]):
    words = re.compile("key|password|secret|token", re.IGNORECASE)
    for instruction in ("ENV", "ARG", "LABEL"):
        assert not any(words.search(value) for value in values(steps, instruction))
    ignored = (HOUSE / ".dockerignore").read_text("ascii").splitlines()
    assert "*" in ignored, "only what is named goes to the builder"
    assert not any(".seedbed" in line or ".git" in line for line in ignored if line.startswith("!"))


def test_all_that_is_copied_is_there_and_not_ignored(steps: list[dict[str, Any]]):
    kept = [line[1:] for line in (HOUSE / ".dockerignore").read_text("ascii").splitlines() if line.startswith("!")]
    for value in values(steps, "COPY"):
        if not value.startswith("--from"):
            for source in value.split()[:-1]:
                assert (HOUSE / source).exists()
                assert source in kept


def test_the_composed_services_keep_what_they_have_and_have_no_more_rights_than_they_need():
    composed = yaml.safe_load((HOUSE / "compose.yaml").read_text("utf-8"))
    assert list(composed["services"]) == ["postgres", "seedbed", "ray"]
    one, database = composed["services"]["seedbed"], composed["services"]["postgres"]
    assert "workspace:/workspace" in one["volumes"]
    assert "database:/var/lib/postgresql" in database["volumes"], "where the image of version 18 keeps it"
    assert re.fullmatch(r"postgres:(1[89]|[2-9]\d)", database["image"])
    assert set(composed["volumes"]) == {"database", "workspace", "models"}
    assert all("no-new-privileges:true" in service["security_opt"] for service in composed["services"].values())
    assert one["cap_drop"] == composed["services"]["ray"]["cap_drop"] == ["ALL"]
    assert one["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert database["healthcheck"]["test"][1] == "pg_isready"


def test_several_servers_can_be_composed_and_nobody_but_they_reaches_the_database():
    services = yaml.safe_load((HOUSE / "compose.yaml").read_text("utf-8"))["services"]
    assert "ports" not in services["postgres"]
    assert not {"container_name", "hostname"} & set(services["seedbed"])
    [port] = services["seedbed"]["ports"]
    first, last = map(int, re.fullmatch(r"127\.0\.0\.1:(\d+)-(\d+):8400", port).groups())  # type: ignore[union-attr]
    assert last - first >= 1, "each takes one of these"


def test_a_cluster_is_composed_where_it_is_asked_for_and_nobody_outside_reaches_it():
    services = yaml.safe_load((HOUSE / "compose.yaml").read_text("utf-8"))["services"]
    assert services["ray"]["profiles"] == ["ray"]
    assert "ports" not in services["ray"], "who reaches its client server may run what they like"
    assert services["ray"]["image"] == services["seedbed"]["image"], "one version of Ray and of Seedbed"
    assert services["seedbed"]["command"][-2:] == ["--executor", "${SEEDBED_EXECUTOR:-local}"]


def test_the_password_of_the_database_stands_in_no_file_of_ours_and_is_asked_for():
    services = yaml.safe_load((HOUSE / "compose.yaml").read_text("utf-8"))["services"]
    asked = "${SEEDBED_DATABASE_PASSWORD:?say one in .env}"
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"] == asked
    url = services["seedbed"]["environment"]["SEEDBED_DATABASE_URL"]
    assert url == f"postgresql://seedbed:{asked}@postgres/seedbed"
    found = load_settings(None, url.replace(asked, "abc123"))
    assert found.database == "postgresql://seedbed:abc123@postgres/seedbed"
    assert ".env" in (HOUSE / ".gitignore").read_text("utf-8").splitlines()
