"""Label Studio's labelling configs: which control holds labels, which spans, and what either may hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from re import search
from typing import TYPE_CHECKING, Literal
from xml.etree import ElementTree as ET  # what makes it unsafe is refused before it parses

from seedbed.core.errors import InputError, nearest

from .streams import reading

if TYPE_CHECKING:
    from collections.abc import Sequence

Tag = Literal["Choices", "Labels"]

_ENTRIES: dict[Tag, str] = {"Choices": "Choice", "Labels": "Label"}
_NOT_XML = "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"


@dataclass(slots=True)
class Control:
    """A control of a config; `given` says that its labels are the only ones allowed."""

    name: str
    labels: dict[str, None] = field(default_factory=dict)
    given: bool = False
    several: bool = False

    def take(self, label: str, place: str) -> None:
        """Takes note of a label.

        Raises:
            InputError: the config does not have it, or no config can.
        """
        if label in self.labels:
            return
        if self.given:
            raise InputError(
                f"{place}: the labelling config has no `{label}` in `{self.name}`.", nearest(label, self.labels)
            )
        if search(_NOT_XML, label):
            raise InputError(
                f"{place}: the label {label!r} holds a character that XML has no form for.", "Rename the label."
            )
        self.labels[label] = None


@dataclass(slots=True)
class Labelling:
    """What a config says of one text: its object's name, the field of the data, and the controls there are."""

    to_name: str
    field: str
    choices: Control | None = None
    spans: Control | None = None

    @classmethod
    def read(cls, path: str, names: Sequence[str]) -> Labelling:
        """The config in a file; of several controls of a kind, the one that is among `names`.

        Raises:
            InputError: it is no config for texts, or it is not clear which control is meant.
        """
        root = _parsed(path)
        texts = {node.get("name"): node.get("value", "").removeprefix("$") for node in root.iter("Text")}
        choices, spans = (_control(root, tag, names, path) for tag in _ENTRIES)
        if choices is not None and spans is not None and choices.get("toName") != spans.get("toName"):
            choices, spans = (node if node.get("name") in names else None for node in (choices, spans))
        targets = {node.get("toName", "") for node in (choices, spans) if node is not None}
        if len(targets) != 1 or not targets <= texts.keys():
            raise InputError(
                f"{path} has no Choices or Labels for one and the same Text.",
                "Where there are several, say which one with from_name.",
            )
        (to_name,) = targets
        return cls(to_name, texts[to_name], _given(choices), _given(spans))

    def write(self, path: str) -> None:
        """Writes the config.

        Raises:
            InputError: the file cannot be written.
        """
        view = ET.Element("View")
        ET.SubElement(view, "Text", name=self.to_name, value=f"${self.field}")
        if self.choices:
            several = "multiple" if self.choices.several else "single"
            _add(view, "Choices", self.choices, {"toName": self.to_name, "choice": several})
        if self.spans:
            _add(view, "Labels", self.spans, {"toName": self.to_name})
        ET.indent(view)
        try:
            Path(path).write_text(ET.tostring(view, encoding="unicode") + "\n", encoding="utf-8")
        except OSError as error:
            raise InputError(
                f"{path} cannot be written: {error.strerror or error}.",
                "Choose a folder you may write to that has room.",
            ) from error


def _parsed(path: str) -> ET.Element:
    with reading(path) as stream:
        text = stream.read().decode("utf-8-sig")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise InputError(
            f"{path} declares a document type or entities, which a labelling config does not need.",
            "Take these lines out of it.",
        )
    try:
        return ET.fromstring(text)  # noqa: S314 - see above
    except ET.ParseError as error:
        raise InputError(
            f"{path} is no labelling config: {error}.", "Copy the config from the project's settings in Label Studio."
        ) from error


def _control(root: ET.Element, tag: Tag, names: Sequence[str], path: str) -> ET.Element | None:
    found = {node.get("name", ""): node for node in root.iter(tag)}
    meant = [node for name, node in found.items() if name in names] or list(found.values())
    if len(meant) > 1:
        raise InputError(f"{path} has several {tag}: {', '.join(found)}.", "Say which one with from_name.")
    return meant[0] if meant else None


def _given(node: ET.Element | None) -> Control | None:
    if node is None:
        return None
    tag: Tag = "Choices" if node.tag == "Choices" else "Labels"
    entries = {entry.get("alias") or entry.get("value") or "": None for entry in node.iter(_ENTRIES[tag])}
    return Control(node.get("name", ""), entries, given=bool(entries))


def _add(view: ET.Element, tag: Tag, control: Control, attributes: dict[str, str]) -> None:
    node = ET.SubElement(view, tag, {"name": control.name, **attributes})
    for label in control.labels:
        ET.SubElement(node, _ENTRIES[tag], value=label)
