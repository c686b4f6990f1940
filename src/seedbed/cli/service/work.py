"""Augment, fill, report, labels and dedup of datasets: those of a server, by its jobs, or of the workspace here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError

from ..console import counted, result, result_json, say
from ..stages import Stages
from .benches import dataset_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seedbed.app.remote.server import Server
    from seedbed.app.reports.labels.reviewed import Acceptance
    from seedbed.augmentation.slots import SlotTemplate

    from .benches import Bench


def augment_at(
    bench: Bench, given: str, plan: Mapping[str, Any], into: str | None, output: Path | None, **shown: Any
) -> None:
    """Changed copies as a dataset, and as a file here if one is named."""
    asked = {"plan": dict(plan), "into": into}
    figures = bench.work("augment", bench.dataset(given), asked, json=shown["json"])
    _made(bench, {**figures, "input": given}, output, **shown)


def plan_of(file: Path | None, transforms: Sequence[tuple[str, float | None]], **changes: Any) -> dict[str, Any]:
    """A plan as a server takes it: that of a file, with transforms added and fields changed.

    Raises:
        InputError: the file is none.
    """
    from seedbed.app.recipe_file import RecipeFile

    document: dict[str, Any] = dict(RecipeFile.read(file).document) if file else {}
    added = [{"kind": name, **({"share": share} if share is not None else {})} for name, share in transforms]
    if added:
        document["transforms"] = [*(document.get("transforms") or []), *added]
    return document | {name: value for name, value in changes.items() if value is not None}


def fill_at(
    bench: Bench, templates: Sequence[SlotTemplate], wish: Mapping[str, Any], output: Path | None, **shown: Any
) -> None:
    """Sentences with their slots filled as a dataset, and as a file here if one is named."""
    n = {"n": wish["per_template"]}
    body: dict[str, Any] = {"templates": [_template(one) | n for one in templates], "into": wish["into"]}
    body |= {name: wish[name] for name in ("values", "faker", "seed") if wish.get(name) is not None}
    if wish.get("data"):
        body["dataset"] = bench.dataset(wish["data"])
    _made(bench, bench.work("fill", "", body, json=shown["json"]), output, **shown)


def templates_at(bench: Bench, names: Sequence[str], inline: Sequence[str]) -> list[SlotTemplate]:
    """Templates of files here, of the place of the datasets, and as they were typed.

    Raises:
        InputError: there is no such file or template.
    """
    from seedbed.app.data import slot_files
    from seedbed.app.data.given import distinct, is_text

    found = [slot_files.given(text, number) for number, text in enumerate(inline, 1)]
    for number, name in enumerate(names, 1):
        path = Path(name)
        if is_text(name):
            found.append(slot_files.given(name, number))
        elif path.is_file() or path.suffix.lower() in slot_files.SUFFIXES:
            found += slot_files.read(path)[0]
        else:
            called = name
            found += slot_files.entries(bench.template(name), lambda _, called=called: called)  # type: ignore[misc]
    return distinct(found)


def values_at(lexicon: Path | None) -> dict[str, Any] | None:
    """The values by slot of a file, as a server takes them: lists.

    Raises:
        InputError: a slot has something else.
    """
    from seedbed.app.recipe_file import RecipeFile

    if lexicon is None:
        return None
    values = dict(RecipeFile.read(lexicon).document)
    for slot, given in values.items():
        if not isinstance(given, list):
            raise InputError(f"--lexicon: at a server the values of {slot} are a list.", "Write them as a list.")
    return {slot: [str(one) for one in given] for slot, given in values.items()}


def report_at(server: Server, given: str, asked: Mapping[str, Any], html: Path | None, *, json: bool) -> None:
    """The report of a dataset of the server, which is kept there; as a page here if one is named."""
    done = _done(server, "/reports", {"dataset": dataset_at(server, given), **asked}, json=json)
    item = server.wire.get(f"/reports/{done['report']}")
    if html:
        server.wire.download(f"/reports/{done['report']}/page", html)
    tell_report(item, html, json=json)


def tell_report(item: Mapping[str, Any], html: Path | None, *, json: bool) -> None:
    """Says what a report that is kept has found, and where its page is."""
    if json:
        page = {"html": str(html.absolute())} if html else {}
        result_json({**item["figures"], "findings": item["findings"], "report": item["id"], **page})
        return
    result(f"{item['dataset']}: {counted(item['figures']['records'], 'record')}")
    for one in item["findings"]:
        mark = {"good": "ok", "note": "look", "bad": "mend"}.get(one["level"], one["level"])
        todo = f" {one['todo']}" if one["todo"] and one["level"] != "good" else ""
        result(f"{one['section']:12} {mark:5} {one['words']}{todo}")
    say(f"The page is {html}." if html else f"It is kept as {item['id']}. All figures: --json.")


def suspects_at(server: Server, given: str, asked: Mapping[str, Any], *, json: bool) -> None:
    """How many labels of a dataset of the server are doubted, and the first of them."""
    name = dataset_at(server, given)
    found = _done(server, "/label-suspects", {"dataset": name, **asked}, json=json)
    if json:  # as it is printed of data here
        flagged = {name: found[name] for name in ("flagged", "decided") if asked.get("flag")}
        result_json({**found["figures"], **flagged, "input": given, "output": None})
        return
    for one in found["examples"]:
        result(f"{one['score']:.2f}  {one['record']}: {one['label']} → {one['suggested']}?  {one['text'][:90]}")
    say(f"{found['suspects']:,} of {found['records']:,} labels are doubted.")
    at = f"--server {server.wire.address}"
    if asked.get("flag"):
        say(f"Flagged {counted(found['flagged'], 'record')}. See them: seedbed review list {name} --doubted {at}")
        say(f"Accept what is suggested: seedbed labels fix {name} --accept score:0.9 {at}")
    else:
        say("Flag them in the review: --flag")


def fix_at(server: Server, given: str, acceptance: Acceptance, label: str, *, json: bool) -> None:
    """Gives records the labels that are accepted of those for which they are flagged in the review."""
    from seedbed.app.review import doubts
    from seedbed.core.review.entry import Change, Wanted

    name = dataset_at(server, given)
    desk: Any = server.review(name)
    fixing = doubts.flagged_fixing(desk, lambda: iter(server.read(name)), acceptance, label)
    new = fixing.changed()
    entries = [one for one in desk.every(Wanted("", decision="flagged", doubted=True)) if one.record.id in new]
    if label == "label":
        desk.relabel({entry.record.id: new[entry.record.id] for entry in entries})
    else:
        for entry in entries:
            values = {**entry.record.values, label: new[entry.record.id]}
            desk.change([Change(entry.record.id, entry.version, decision="todo", reason="", values=values)])
    if json:
        result_json({"changed": len(new), "input": given})
        return
    say(f"Changed {len(new):,} labels of {name}. See each: seedbed review show {name} RECORD")


def dedup_at(bench: Bench, given: str, asked: Mapping[str, Any], output: Path | None, **shown: Any) -> None:
    """What stays of a dataset without what is said twice, as a dataset and, if one is named, as a file here."""
    figures = bench.work("dedup", bench.dataset(given), asked, json=shown["json"])
    _made(bench, {**figures, "input": given}, output, **shown)


def _done(server: Server, path: str, body: Mapping[str, Any], *, json: bool) -> dict[str, Any]:
    with Stages(quiet=json) as stages:
        return server.job(path, body, stages.watch)


def _made(
    bench: Bench,
    figures: Mapping[str, Any],
    output: Path | None,
    *,
    json: bool,
    told: Callable[[Any, str], None] | None = None,
    **written: Any,
) -> None:
    """Writes a dataset that was made to a file if one is named, and says what was made, as `told` does of data
    here: the figures, and where it is."""
    name = str(figures["dataset"])
    if output:
        bench.write(name, output, **written)
    if json:
        result_json({**figures, "output": str(output.absolute()) if output else None})
        return
    if told:
        told(figures, f"the dataset {name} {bench.owner}" + (f", and to {output}" if output else ""))
        return
    for message in figures.get("messages") or ():
        say(str(message))
    where = f"; they are in {output}" if output else ""
    say(f"The dataset {name} {bench.owner} has {counted(figures['records'], 'record')} now{where}.")


def _template(one: SlotTemplate) -> dict[str, Any]:
    columns = dict(one.columns)
    label = columns.pop("label", "")
    return {"text": one.text, "label": str(label or ""), "columns": columns}
