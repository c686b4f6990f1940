"""Reads recipes from files, so that every error names the file and the line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from seedbed.core.errors import InputError
from seedbed.core.fields import FieldError, FieldPath
from seedbed.recipe.document import Recipe

if TYPE_CHECKING:
    from typing import Self

Document = dict[str, Any]


class _Loader(yaml.SafeLoader):
    """YAML 1.2's idea of plain values: `no`, `on`, dates, 9:30 and 1_000 are texts; a key given twice is an error."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":null", ":merge"))]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if key_node.tag == MERGE:
                continue
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, str | int | float) and key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"`{key}` is given twice", key_node.start_mark)
            seen.add(key if isinstance(key, str | int | float) else repr(key))
        return super().construct_mapping(node, deep)


MERGE = "tag:yaml.org,2002:merge"
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    # Python reads no numbers of thousands of digits.
    ("int", r"[-+]?(?:0|[1-9][0-9]{0,99})", "-+0123456789"),
    ("float", r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)", "-+.0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))


class RecipeFile:
    """A recipe's text with its place, before validation.

    Args:
        text: YAML or JSON.
        name: what the text is called in messages (the file's name).
        folder: where the recipe's own input files are looked for.

    Raises:
        InputError: the text is no YAML, or no mapping.
    """

    noun = "recipe"
    fields = "fields such as name, model and generator"
    hint = "`seedbed init` writes a commented starter."

    def __init__(self, text: str, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        self._changed: dict[FieldPath, str] = {}
        try:
            document = _json(text) or yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
            # For the lines; a JSON file may be indented by tabs, which YAML does not allow.
            self._tree = yaml.compose(
                text.replace("\t", " ") if text.lstrip().startswith(("{", "[")) else text, _Loader
            )
        except yaml.YAMLError as error:
            raise _not_yaml(name, error) from error
        except RecursionError as error:
            raise InputError(f"{name}: its lists or mappings are nested too deeply.", "Write it flatter.") from error
        self.document: Document = self.shaped(document)

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """The file at a path.

        Raises:
            InputError: it cannot be read.
        """
        path = Path(path)
        try:
            text = path.read_text("utf-8")
        except FileNotFoundError as error:
            raise InputError(f"There is no {cls.noun} file {path}.", cls.hint) from error
        except UnicodeDecodeError as error:
            raise InputError(f"The {cls.noun} {path} cannot be read: it is no text.", "Save it as UTF-8.") from error
        except OSError as error:
            problem = "it is a folder" if path.is_dir() else error.strerror
            raise InputError(f"The {cls.noun} {path} cannot be read: {problem}.", cls.hint) from error
        return cls(text, str(path), path.absolute().parent)

    def shaped(self, document: Any) -> Document:
        """The document as a mapping.

        Raises:
            InputError: it is none.
        """
        if not isinstance(document, dict):
            raise InputError(f"{self.name}: a {self.noun} is a mapping of {self.fields}.", self.hint)
        return document

    def change(self, path: str, value: Any, by: str = "--set") -> None:
        """Sets the field at a dotted path; `by` is who says so if the value is wrong, instead of file and line.

        Raises:
            InputError: the path goes through something that holds no fields.
        """
        steps = [int(step) if step.isdigit() else step for step in path.replace("[", ".").replace("]", "").split(".")]
        place: Any = self.document
        for step in steps[:-1]:
            if isinstance(place, dict):
                place = place.setdefault(step, {})
            elif isinstance(place, list) and isinstance(step, int) and step < len(place):
                place = place[step]
            else:
                raise InputError(
                    f"--set {path}: there is no `{step}` to set something in.",
                    "Name a field of the file, such as generator.count.",
                )
        last: Any = steps[-1]
        if not isinstance(place, dict) and not (
            isinstance(place, list) and isinstance(last, int) and last < len(place)
        ):
            raise InputError(
                f"--set {path}: there is no `{last}` to set.", "Name a field of the file, such as generator.count."
            )
        place[last] = value
        self._changed[tuple(steps)] = by

    def generator(self) -> str:
        """The dotted path of the generator that makes the dataset: of several steps the last that makes records."""
        steps = self.document.get("steps")
        makers = [i for i, step in enumerate(steps if isinstance(steps, list) else []) if _makes(step)]
        return f"steps.{makers[-1]}.generator" if makers else "generator"

    def recipe(self, workspace: str | Path | None = None) -> Recipe:
        """The validated recipe, with the templates it names filled in from a workspace.

        Raises:
            InputError: a field is wrong; the message names file, line and field.
        """
        from .templates import resolve

        with self.located():
            return Recipe.of(resolve(self.document, workspace))

    @contextmanager
    def located(self) -> Iterator[None]:
        """Fields found wrong inside are named with file and line.

        Raises:
            InputError: instead of a `FieldError`.
        """
        try:
            yield
        except FieldError as error:
            end = "" if error.message.endswith((".", "?", "!")) else "."
            raise InputError(f"{self.place(error.path)}: {error.message}{end}", error.hint) from error

    def place(self, path: FieldPath) -> str:
        """Where a field is: its file and line, or the option that set it."""
        changed = [by for set_path, by in self._changed.items() if path[: len(set_path)] == set_path]
        line = self.line(path)
        return changed[-1] if changed else f"{self.name}, line {line}" if line else self.name

    def line(self, path: FieldPath) -> int:
        """The line a field stands in, or the nearest one around it; 0 for the whole."""
        node, line = self._tree, 1
        for step in path:
            found = _child(node, step)
            if found is None:
                break
            line, node = found
        return line if path else 0


def _makes(step: Any) -> bool:
    return isinstance(step, dict) and isinstance(step.get("generator"), dict)


def set_value(text: str) -> tuple[str, Any]:
    """`path=value` of `--set`; the value is read as YAML.

    Raises:
        InputError: there is no `=`, or the value is no YAML.
    """
    path, equals, value = text.partition("=")
    if not equals or not path:
        raise InputError(f"--set {text}: it must be of the form path=value.", "For example: --set generator.count=10")
    try:
        return path, yaml.load(value, _Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise InputError(f"--set {path}: the value cannot be read.", "Put a text with signs in quotes.") from error


def _json(text: str) -> Any:
    """The document if the text is JSON, which YAML's rules for escapes and tabs do not quite cover."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text, object_pairs_hook=_no_doubles)
    except ValueError:
        return None


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")  # YAML's reading says which, and where
    return found


def _child(node: Any, step: str | int) -> tuple[int, Any] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line + 1, node.value[step]
    if isinstance(node, yaml.SequenceNode):
        return next(((one.start_mark.line + 1, one) for one in node.value if one.value == step), None)
    return None


_SAID = {
    "is given twice": "{}; keep one of them",
    "'\\t'": "a tab stands where only spaces may; indent with spaces",
    "mapping values": "a `:` too many; put a text that holds `: ` in quotes, begin fields of one level in one column",
    "cannot start any token": "a text cannot begin with this sign; put it in quotes",
    "undefined alias": "a text cannot begin with `*`; put it in quotes",
    "unhashable key": "a name cannot be a list or mapping; put a text that begins with { or [ in quotes",
    "expected <block end>": "this does not go with what is before it; put a text that begins with { or [ in quotes",
    "another document": "a second document begins here; a file holds one recipe, so remove the `---`",
    "end of stream": "a quote is not closed; close it where its text ends",
}
"""Words of the YAML library → what to say."""


def _not_yaml(name: str, error: yaml.YAMLError) -> InputError:
    problem = str(getattr(error, "problem", None) or error).splitlines()[0].strip().rstrip(".")
    begun = "end of stream" in problem  # where the quote is, not where the file ends
    mark = getattr(error, "context_mark" if begun else "problem_mark", None)
    where = f"{name}, line {mark.line + 1}" if mark else name
    said = next((ours for words, ours in _SAID.items() if words in problem), "{}")
    return InputError(f"{where}: {said.replace('{}', problem)}.", "Mend the YAML there.")
