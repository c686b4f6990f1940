"""Templates saved in a workspace, every version of them: prompts, which recipes use, and sentences with slots."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import yaml

from seedbed.augmentation.filling import Filler, needed
from seedbed.core.errors import InputError, NotFound, Taken, nearest
from seedbed.core.fields import FieldError, at, dotted
from seedbed.core.template import Template as Text
from seedbed.core.template import variables_in
from seedbed.formats.rows import from_json, to_json
from seedbed.generators.asking import ALWAYS
from seedbed.generators.template import BUILTINS
from seedbed.recipe.document import NAME, Recipe

from .data import slot_files
from .data.slot_files import SLOTS
from .recipe_file import RecipeFile, set_value
from .settings import editor
from .workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seedbed.core.fields import FieldPath
    from seedbed.core.stored import StoredTemplate

FIELDS = ("prompt", "type", "description", "parameters", "values", "items", "keys", "system")
"""What a template says: fields of the `template` generator."""

DEEPER = ("generator", "steps")
"""Fields of a recipe in which generators stand."""

KEYWISE = ("parameters", "values")
"""Fields of which a recipe may give some entries; the others are the template's."""


class TemplateFile(RecipeFile):
    """A template's text with its place, before validation."""

    noun = "template"
    fields = f"fields: {', '.join(FIELDS)}"
    hint = "The shortest one is: {prompt: Write a riddle about {topic}.}"


def compose(file: Path | None, given: Mapping[str, str | None], sets: Sequence[str] = ()) -> TemplateFile:
    """A template from a file, from single fields, or from a file with fields changed.

    Raises:
        InputError: the file cannot be read, or a field not be set.
    """
    if file is None and given.get("prompt") is None:
        raise InputError("A template needs a text.", "Name a YAML file, or give --prompt TEXT.")
    made = TemplateFile("{}", "the template", Path.cwd())
    if _has_slots(file, given.get("type")):
        made, given = _with_slots(file, given), {"description": given.get("description")}
    elif file is not None:
        made = TemplateFile.read(file)
    for name, value in given.items():
        if value is not None:
            made.change(name, value, f"--{name}")
    for text in sets:
        made.change(*set_value(text))
    return made


def add(workspace: Workspace, name: str, file: TemplateFile, *, force: bool = False) -> StoredTemplate:
    """Saves a template; with `force` as the next version of one that is there.

    Raises:
        InputError: the name or a field is wrong, or the name is taken.
    """
    with file.located():
        return put(workspace, name, file.document, new=not force)


def put(
    workspace: Workspace, name: str, document: Mapping[str, Any], *, new: bool = False, after: int | None = None
) -> StoredTemplate:
    """Saves a document as a `new` template, or as the next version of one that has the version `after`, or any.

    Raises:
        InputError: the name or a field is wrong.
        Taken: it is to be new, and the name is taken.
        Changed: it has another version.
    """
    _check_free(workspace, name, "Take another name, or make a new version of that one.", force=not new)
    return workspace.store.put_template(name, _checked(document), after)


def tried(document: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """The texts of a template with values put in: its prompt, and its system prompt if it has one; of sentences with
    slots each once. A variable without a value stays as it is written.

    Raises:
        InputError: a field is wrong, or a slot has no value.
    """
    found = _checked(document)
    if found.get("type") == SLOTS:
        return _filled_once(found, values)
    own = found.get("values") or {}
    known = {name: next(iter(given), "") if isinstance(given, list | dict) else given for name, given in own.items()}
    known |= {name: value if isinstance(value, str) else str(value) for name, value in values.items()}
    texts = [found[name] for name in ("system", "prompt") if found.get(name)]
    return [Text(text, known, "the template", strict=False).render(known) for text in texts]


def _filled_once(document: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    templates = slot_files.entries(document, lambda path: dotted(path) or "the template")
    given = {
        str(name): [str(one) for one in (value if isinstance(value, list) else [value])]
        for name, value in values.items()
    }
    needed(templates, given, "Give each slot a value.")
    filler = Filler(given)
    return [str(record.values["text"]) for template in templates for record in filler.fill(template, 1)]


def check_name(workspace: Workspace, name: str, *, force: bool) -> None:
    """Whether a template may be saved under a name.

    Raises:
        InputError: it is no name, or is taken and `force` is not set.
    """
    hint = f"Make a new version of it: {workspace.command(f'templates edit {name}')}, or add --force."
    _check_free(workspace, name, hint, force=force)


def _check_free(workspace: Workspace, name: str, hint: str, *, force: bool) -> None:
    if not re.fullmatch(NAME[0], name):
        raise InputError(f"The name {name!r} {NAME[1]}.")
    if not force and workspace.exists and workspace.store.templates(name):
        raise Taken(f"There is a template `{name}` already.", hint)


def edit(workspace: Workspace, name: str, file: Path | None) -> StoredTemplate | None:
    """Saves the next version of a template, from a file or the user's editor; None if nothing was changed.

    Raises:
        InputError: there is no such template, no editor, or a field is wrong; what was typed is kept in a file.
    """
    latest = find(workspace, name)
    path = file or _edited(latest)
    try:
        slots = latest.document.get("type") == SLOTS
        made = _with_slots(path, {}) if slots else TemplateFile.read(path)
        with made.located():
            document = _checked(made.document)
    except InputError as error:
        hint = error.hint if file else f"Mend it, then: {workspace.command(f'templates edit {name} {path}')}"
        raise InputError(error.message, hint) from error
    return None if document == latest.document else workspace.store.put_template(latest.name, document)


def find(workspace: Workspace, name: str) -> StoredTemplate:
    """The latest version of a template, or as `NAME@2` that version.

    Raises:
        InputError: there is no such template or version.
    """
    plain, at, version = name.partition("@")
    found = workspace.store.templates(plain) if workspace.exists else []
    if not found:
        known = {one.name for one in workspace.store.templates()} if workspace.exists else ()
        hint = nearest(plain, sorted(known)) or "Save one with: seedbed templates add NAME FILE"
        raise NotFound(f"There is no template `{plain}`.", hint)
    chosen = next((one for one in found if not at or str(one.version) == version), None)
    if chosen is None:
        versions = ", ".join(str(one.version) for one in reversed(found))
        raise NotFound(f"The template `{plain}` has no version {version}.", f"It has: {versions}.")
    return chosen


def remove(workspace: Workspace, name: str, version: int | None = None) -> None:
    """Forgets a template, whose latest version is the `version` or any, with all its versions.

    Raises:
        InputError: there is none of that name, or a version is named.
        Changed: another version is its latest.
    """
    if find(workspace, name).name != name:
        raise InputError(
            "A template is removed with all its versions.", f"Say: templates remove {name.partition('@')[0]}"
        )
    if not workspace.store.remove_template(name, version):
        raise NotFound(f"There is no template `{name}`.", "It was removed meanwhile.")
    workspace.store.serving.place("template", name, ())


def rows(workspace: Workspace) -> list[dict[str, Any]]:
    """The latest version of each template."""
    found = workspace.store.templates() if workspace.exists else []
    return list({one.name: row(one) for one in reversed(found)}.values())[::-1]


def row(template: StoredTemplate) -> dict[str, Any]:
    """A template as plain data; `variables` are those a recipe gives values for, or its slots."""
    return {**asdict(template), "variables": wanted_variables(template.document)}


def wanted_variables(document: Mapping[str, Any]) -> list[str]:
    """Variables in the texts of a template that have no value yet."""
    if document.get("type") == SLOTS:
        return slot_files.slots_of(document)
    values = document.get("values")
    known = {*ALWAYS, *BUILTINS, *(values if isinstance(values, Mapping) else ())}
    texts = " ".join(str(document.get(name) or "") for name in ("prompt", "system"))
    return [name for name in variables_in(texts) if name not in known]


def as_yaml(document: Mapping[str, Any]) -> str:
    """A template's document as a person writes it."""
    return yaml.dump(dict(document), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def resolve(document: Mapping[str, Any], workspace: str | Path | None = None) -> dict[str, Any]:
    """A recipe's document in which every generator that names a saved template has its fields.

    What the generator says itself wins, of `parameters` and `values` entry by entry. Its `template` becomes
    `NAME@VERSION`, so that a run knows what it was made with.

    Raises:
        FieldError: there is no such template or version.
    """
    resolved: dict[str, Any] = _resolved(document, (), workspace)
    return resolved


def named_templates(document: Any, path: FieldPath = ()) -> Iterator[tuple[str, FieldPath]]:
    """The saved templates that a recipe takes its texts from, without versions, and where it names them."""
    if isinstance(document, list | tuple):
        for i, one in enumerate(document):
            yield from named_templates(one, (*path, i))
    if not isinstance(document, Mapping):
        return
    name = document.get("template")
    if document.get("kind") == "template" and isinstance(name, str) and document.get("prompt") is None:
        yield name.partition("@")[0], (*path, "template")
    for key in DEEPER:
        yield from named_templates(document.get(key), (*path, key))


def _resolved(part: Any, path: FieldPath, workspace: str | Path | None) -> Any:
    if isinstance(part, list | tuple):
        return [_resolved(one, (*path, i), workspace) for i, one in enumerate(part)]
    if not isinstance(part, Mapping):
        return part
    name = part.get("template")
    if part.get("kind") == "template" and isinstance(name, str) and part.get("prompt") is None:
        with at(*path, "template"), Workspace(workspace) as place:
            return _filled(part, _prompt(find(place, name)))
    return {key: _resolved(one, (*path, key), workspace) if key in DEEPER else one for key, one in part.items()}


def _prompt(saved: StoredTemplate) -> StoredTemplate:
    if saved.document.get("type") == SLOTS:
        hint = f"Fill them: seedbed fill {saved.name} -o OUT --per-template 10 --from DATA"
        raise InputError(f"`{saved.name}` holds sentences with slots, no prompt.", hint)
    return saved


def _filled(part: Mapping[str, Any], saved: StoredTemplate) -> dict[str, Any]:
    own = {name: value for name, value in part.items() if value is not None}
    for name in KEYWISE:
        if isinstance(own.get(name), Mapping):
            own[name] = {**saved.document.get(name, {}), **own[name]}
    return {**saved.document, **own, "template": f"{saved.name}@{saved.version}"}


def _has_slots(file: Path | None, kind: str | None) -> bool:
    """Whether these are sentences with slots: it is said, or the file is none of fields."""
    if kind is not None or file is None:
        return kind == SLOTS
    return file.suffix.lower() in slot_files.PLAIN or TemplateFile.read(file).document.get("type") == SLOTS


def _with_slots(file: Path | None, given: Mapping[str, str | None]) -> TemplateFile:
    """Sentences with slots, of a file or typed."""
    text = given.get("prompt")
    if file is not None and text is not None:
        raise InputError("Which is it: the file, or the text of --prompt?", "Give one of them.")
    templates, description = slot_files.read(file) if file else ([slot_files.given(text, 1)], "")
    made = TemplateFile("{}", str(file or "--prompt"), Path.cwd())
    made.document = slot_files.document_of(templates, description)
    return made


def _checked(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document as it is saved.

    Raises:
        FieldError: a recipe could not use it.
    """
    if document.get("type") == SLOTS:
        slot_files.entries(document, lambda path: dotted(path) or "the template")
        return _plain(document)
    for name in document:
        if name not in FIELDS:
            raise FieldError((name,), "there is no such field", nearest(str(name), FIELDS))
    if not document.get("prompt"):
        raise FieldError(("prompt",), "is missing")
    values = document.get("values") or {}
    if isinstance(values, Mapping):  # what a recipe is to give may be anything
        values = {**dict.fromkeys(wanted_variables(document), "any"), **values}
    generator = {"kind": "template", "count": 1, **document, "values": values}
    try:
        Recipe.of({"name": "template", "model": "embedded", "generator": generator})
    except FieldError as error:
        raise FieldError(error.path[1:], error.problem, error.hint) from error
    return _plain(document)


def _plain(document: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = from_json(to_json(dict(document)))
    return plain


def _edited(template: StoredTemplate) -> Path:
    """The file in which the user has edited a template."""
    command = editor()
    if command is None:
        hint = f"Set EDITOR, or give a file: seedbed templates edit {template.name} FILE"
        raise InputError("There is no text editor to open: EDITOR is not set.", hint)
    path = Path(mkdtemp(prefix="seedbed-")) / f"{template.name}.yaml"
    path.write_text(as_yaml(template.document), "utf-8")
    try:
        done = subprocess.run([*shlex.split(command), str(path)], check=False)  # noqa: S603 - the user's own editor
    except (OSError, ValueError) as error:  # the second over quotes
        why = getattr(error, "strerror", None) or error
        raise InputError(f"The editor `{command}` cannot be started: {why}.") from error
    if done.returncode:
        raise InputError(f"The editor `{command}` ended with an error; nothing is saved.")
    return path


class _Dumper(yaml.SafeDumper):
    """Texts of several lines stay several lines."""


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
