"""`seedbed models`: the files of the embedded model."""

from __future__ import annotations

from typing import Annotated

import typer

from .console import no_traceback, result, result_json, say
from .options import Json

models = typer.Typer(no_args_is_help=True, help="Local models for the `embedded` provider.")
ModelName = Annotated[str, typer.Argument(help="A model's name, as in `seedbed models list`.")]


@models.command("list")
@no_traceback
def list_local(
    online: Annotated[bool, typer.Option("--online", help="Also those only huggingface.co has; asks it.")] = False,
    json: Json = False,
) -> None:
    """List the models that run on this machine, whether they are here, and what they are good for."""
    from seedbed.app.settings import load_settings
    from seedbed.providers.model_files import list_models

    found = list_models(load_settings().files, online=online)
    if json:
        rows = [
            {
                "name": one.name,
                "size": one.size,
                "licence": one.licence,
                "path": str(one.path) if one.path else None,
                "purpose": one.purpose,
                "languages": list(one.languages),
            }
            for one in found
        ]
        result_json({"models": rows})
        return
    for one in found:
        size = f"{one.size / 1e6:,.0f} MB" if one.size else "?"
        result(f"{one.name:<24} {size:>9}  {'here' if one.present else '-':<5} {one.licence:<11} {one.purpose}")


@models.command("pull")
@no_traceback
def pull(name: ModelName, json: Json = False) -> None:
    """Fetch a model's file now, so that a run need not."""
    from seedbed.app.operation.downloads import DownloadNews
    from seedbed.app.settings import load_settings
    from seedbed.providers.model_files import resolve

    path = resolve(name, load_settings().files, DownloadNews(say), say)
    result_json({"name": name, "path": str(path)}) if json else result(str(path))


@models.command("path")
@no_traceback
def path(name: ModelName, json: Json = False) -> None:
    """Print where a model's file lies."""
    from seedbed.app.settings import load_settings
    from seedbed.core.errors import InputError
    from seedbed.providers.model_files import path_of

    found = path_of(name, load_settings().files)
    if found is None:
        raise InputError(f"The model {name} is not here.", f"Fetch it with: seedbed models pull {name}")
    result_json({"name": name, "path": str(found)}) if json else result(str(found))


@models.command("remove")
@no_traceback
def remove(name: ModelName, json: Json = False) -> None:
    """Delete a model's file from the cache."""
    from seedbed.app.settings import load_settings
    from seedbed.providers.model_files import remove as delete

    freed = delete(name, load_settings().files)
    said = f"Removed {name}: {freed / 1e6:,.0f} MB freed." if freed else f"There was nothing of {name} in the cache."
    result_json({"name": name, "bytes": freed}) if json else say(said)
