"""`seedbed users`, `seedbed tokens` and `seedbed projects`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..console import counted, no_traceback, result, result_json, say
from ..options import AtServer, Json, WorkspacePath
from .far import server_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from seedbed.app.workspace import Workspace

users = typer.Typer(no_args_is_help=True, help="Who can log in at `seedbed serve`.")
tokens = typer.Typer(no_args_is_help=True, help="Keys to `seedbed serve` for programs.")
projects = typer.Typer(no_args_is_help=True, help="Projects, and who works on them.")
TOKEN = ("id", "name", "last4", "scope", "project", "user", "created", "expires", "used")
BY = "command line"
"""Who the audit log says it was: whoever has the workspace's files."""

UserName = Annotated[str, typer.Argument(help="The name to log in with.", show_default=False)]
ProjectId = Annotated[str, typer.Argument(help="The project's id.", show_default=False)]


@users.command("add")
@no_traceback
def add_user(
    name: UserName,
    owner: Annotated[bool, typer.Option("--owner", help="An owner of the workspace, as the first one is.")] = False,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Add somebody. The password is asked for, or read from standard input."""
    from seedbed.app.serve import users as saved
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        made = far.wire.send("POST", "/users", {"name": name, "password": _password(), "owner": owner})
    else:
        with Workspace(workspace) as place:
            made = asdict(saved.add(place.store, name, _password(), owner=owner))
            noted(place, "user added", name)
    row = _user(made)
    result_json(row) if json else say(f"Added {row['name']}{', an owner' if row['owner'] else ''}.")


@users.command("password")
@no_traceback
def change_password(name: UserName, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """Give somebody a new password; their sessions end."""
    from seedbed.app.remote.wire import part
    from seedbed.app.serve import users as saved
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        far.wire.send("PATCH", f"/users/{part(name)}", {"password": _password()}, If_Match="*")
    else:
        with Workspace(workspace) as place:
            saved.find(place.store, name)
            saved.change(place.store, name, password=_password())
            noted(place, "user changed", name, "password")
    say(f"{name} has a new password.")


@users.command("list")
@no_traceback
def list_users(json: Json = False, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """List who can log in."""
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        found = [_user(one) for one in far.wire.every("/users")]
    else:
        with Workspace(workspace) as place:
            found = [_user(asdict(one)) for one in place.store.serving.users()] if place.exists else []
    if json:
        result_json({"users": found})
        return
    if not found:
        say("Nobody can log in yet. Add somebody with: seedbed users add NAME")
    for one in found:
        result(f"{one['name']:<32} {'owner' if one['owner'] else '':<8} {one['created']}")


@users.command("remove")
@no_traceback
def remove_user(name: UserName, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """Remove somebody, with their sessions, tokens and roles."""
    from seedbed.app.serve import users as saved
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        far.remove("users", name)
    else:
        with Workspace(workspace) as place:
            saved.remove(place.store, name)
            noted(place, "user removed", name)
    say(f"Removed {name}.")


@tokens.command("add")
@no_traceback
def add_token(
    name: Annotated[str, typer.Argument(help="What it is for.", show_default=False)],
    scope: Annotated[str, typer.Option(help="What it may do at most: read, review, edit or own.")] = "read",
    user: Annotated[str, typer.Option(help="Whose rights it has; the workspace owner's if not given.")] = "",
    project: Annotated[str, typer.Option(help="The only project it is for; all if not given.")] = "",
    days: Annotated[int | None, typer.Option(help="How long it is good; for ever if not given.")] = None,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Make a token. It is shown now and never again."""
    from seedbed.app.serve import tokens as saved
    from seedbed.app.serve.people import SCOPES
    from seedbed.app.workspace import Workspace
    from seedbed.core.errors import InputError, nearest

    if scope not in SCOPES:
        raise InputError(f"--scope {scope}: there is no such scope.", nearest(scope, SCOPES))
    if far := server_of(server, workspace):
        if user:
            raise InputError("--user: at a server a token has the rights of whose token is used.", "Leave it away.")
        more = {"project": project or None, "days": days}
        asked = {"name": name, "scope": scope} | {key: value for key, value in more.items() if value}
        made = far.wire.send("POST", "/tokens", asked)
    else:
        with Workspace(workspace) as place:
            own, secret = saved.add(place.store, name, scope, user=user, project=project, days=days)  # type: ignore[arg-type]
            made = {**asdict(own), "token": secret}
            noted(place, "token added", name, scope)
    if json:
        result_json({**_token(made), "token": made["token"]})
    else:
        result(made["token"])
        say("Keep it: it is not shown again.")


@tokens.command("list")
@no_traceback
def list_tokens(json: Json = False, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """List the tokens; of each only its last four characters are known."""
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        found = [_token(one) for one in far.wire.every("/tokens")]
    else:
        with Workspace(workspace) as place:
            found = [_token(asdict(one)) for one in place.store.serving.tokens()] if place.exists else []
    if json:
        result_json({"tokens": found})
        return
    if not found:
        say("There are no tokens yet. Make one with: seedbed tokens add NAME --scope read")
    for one in found:
        ends, of = f"until {one['expires']}" if one["expires"] else "without end", one["user"] or "(workspace)"
        result(f"{one['id']}  {one['name']:<24} {one['scope']:<7} {of:<16} …{one['last4']}  {ends}")


@tokens.command("remove")
@no_traceback
def remove_token(
    token: Annotated[str, typer.Argument(help="Its id, as `tokens list` shows it.", show_default=False)],
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Revoke a token at once."""
    from seedbed.app.serve import tokens as saved
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        name = next((one["name"] for one in far.wire.every("/tokens") if one["id"] == token), token)
        far.remove("tokens", token)
    else:
        with Workspace(workspace) as place:
            name = saved.remove(place.store, token).name
            noted(place, "token removed", name)
    say(f"Removed the token {name}.")


@projects.command("add")
@no_traceback
def add_project(
    title: Annotated[str, typer.Argument(help="Its title.", show_default=False)],
    name: Annotated[str | None, typer.Option("--id", help="Its id; made of the title if not given.")] = None,
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Make a project."""
    from seedbed.app.remote import projects as remote
    from seedbed.app.serve import projects as saved
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        row = remote.add(far.wire, title, name, description)
    else:
        with Workspace(workspace) as place:
            row = asdict(saved.add(place.store, title, name=name, description=description))
            noted(place, "project added", row["id"])
    result_json(row) if json else result(row["id"])


@projects.command("edit")
@no_traceback
def edit_project(
    project: ProjectId,
    title: Annotated[str | None, typer.Option(help="Its new title; the id stays.")] = None,
    description: Annotated[str | None, typer.Option(help="What it is for.")] = None,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Give a project another title or description."""
    from seedbed.app.remote import projects as remote
    from seedbed.app.serve import projects as saved
    from seedbed.app.workspace import Workspace
    from seedbed.core.errors import InputError

    if title is None and description is None:
        raise InputError("What is to change?", "Give --title, --description or both.")
    if far := server_of(server, workspace):
        row = remote.change(far.wire, project, title, description)
    else:
        with Workspace(workspace) as place:
            check_project(place, project)
            row = asdict(saved.change(place.store, project, title=title, description=description))
            noted(place, "project changed", project)
    result_json(row) if json else say(f"{project} is called {row['title']}.")


@projects.command("list")
@no_traceback
def list_projects(json: Json = False, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """List the projects and how much is in them."""
    from seedbed.app.serve import projects as saved
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        rows = far.projects()
    else:
        with Workspace(workspace) as place:
            held = saved.held(place)
            none = {"datasets": 0, "runs": 0, "records": 0}
            rows = [{**asdict(one), **held.get(one.id, none)} for one in place.store.serving.projects()]
    if json:
        result_json({"projects": rows})
    for row in rows if not json else ():
        datasets, many = counted(row["datasets"], "dataset", width=4), counted(row["records"], "record", width=9)
        result(f"{row['id']:<24} {datasets:<13}  {many:<17}  {row['title']}")


@projects.command("remove")
@no_traceback
def remove_project(project: ProjectId, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """Remove a project that holds nothing."""
    from seedbed.app.serve import projects as saved
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        far.remove("projects", project)
    else:
        with Workspace(workspace) as place:
            check_project(place, project)
            saved.remove(place.store, project)
            noted(place, "project removed", project)
    say(f"Removed the project {project}.")


@projects.command("members")
@no_traceback
def members(
    project: ProjectId,
    put: Annotated[
        list[str] | None, typer.Option("--set", help="Give a role, as in ann=reviewer; may be repeated.")
    ] = None,
    remove: Annotated[list[str] | None, typer.Option(help="Take somebody's role away; may be repeated.")] = None,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """List who works on a project; or change that first. Roles: reviewer, editor, owner."""
    from seedbed.app.remote import projects as remote
    from seedbed.app.serve.people import ROLES
    from seedbed.core.errors import InputError, nearest

    from ..options import pairs

    wanted = pairs(put, "--set ", "--set ann=reviewer")
    for _, role in wanted:
        if role not in ROLES:
            raise InputError(f"--set …={role}: there is no such role.", nearest(role, ROLES))
    found: Mapping[str, str]
    if far := server_of(server, workspace):
        found = remote.members(far.wire, project, wanted, remove or ())
    else:
        found = _members_here(workspace, project, wanted, remove or ())
    if json:
        result_json({"project": project, "members": [{"user": user, "role": role} for user, role in found.items()]})
        return
    if not found:
        say(f"Nobody but the owners of the workspace works on {project}. Add somebody with --set NAME=ROLE")
    for user, role in found.items():
        result(f"{user:<32} {role}")


def _members_here(
    workspace: Path | None, project: str, put: Iterable[tuple[str, str]], remove: Iterable[str]
) -> Mapping[str, str]:
    from seedbed.app.serve import projects as saved
    from seedbed.app.workspace import Workspace

    with Workspace(workspace) as place:
        check_project(place, project)
        for user, role in put:
            saved.put_member(place.store, project, user, role)  # type: ignore[arg-type]
            noted(place, "member changed", project, f"{user}: {role}")
        for user in remove:
            saved.remove_member(place.store, project, user)
            noted(place, "member removed", project, user)
        return place.store.serving.members(project)


def noted(place: Workspace, action: str, target: str, detail: str = "") -> None:
    """Adds a line to the audit log: whoever has the workspace's files did it."""
    from seedbed.app.serve.settings import note

    note(place.store, BY, action, target, detail)


def check_project(place: Workspace, project: str) -> None:
    """Whoever has the workspace's files may hear which projects there are; the service tells not everybody."""
    from seedbed.core.errors import NotFound, nearest

    known = [one.id for one in place.store.serving.projects()]
    if project not in known:
        raise NotFound(f"There is no project `{project}`.", nearest(project, known))


def _password() -> str:
    """Asked for twice where somebody sits, else the first line of standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _user(user: Mapping[str, Any]) -> dict[str, Any]:
    return {name: user[name] for name in ("name", "owner", "created")}


def _token(token: Mapping[str, Any]) -> dict[str, Any]:
    return {name: token[name] or "" for name in TOKEN}
