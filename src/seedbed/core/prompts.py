"""The built-in prompt texts: Jinja files beside the generators, compiled once."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment, Template


@lru_cache(maxsize=64)
def _compiled(package: str, name: str) -> Template:
    return _environment(package).get_template(name)


@lru_cache(maxsize=8)
def _environment(package: str) -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    loader = FunctionLoader(lambda name: prompt_source(package, name))
    # Prompts are plain text for models, never HTML.
    return Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)  # noqa: S701


def prompt_source(package: str, name: str) -> str:
    """The text of a prompt file."""
    return (files(package) / "prompts" / f"{name}.j2").read_text("utf-8")


def render_prompt(package: str, name: str, **values: Any) -> str:
    """The prompt `name` of a package, filled in."""
    return _compiled(package, name).render(values).strip()
