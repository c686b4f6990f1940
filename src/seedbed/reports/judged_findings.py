"""What the figures of faithfulness and of judges mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .finding import BELOW, RECIPE, SPOT_CHECK, Action, Finding, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .finding import Level


def faithfulness(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    """Whether answers rest on their evidence, and the evidence is of all documents."""
    del whole
    grounded, evidence, covered = found.get("grounded"), found["evidence"], found.get("coverage")
    if grounded:
        low, high = grounded["interval"]
        text = (
            f"{grounded['grounded']:,} of {grounded['judged']:,} answers ({percent(grounded['share'])}; 95 % interval "
            f"{percent(low)} to {percent(high)}) rest on their evidence, judged by {grounded['judged_by']}."
        )
        level: Level = "good" if grounded["share"] >= 0.95 else "note" if grounded["share"] >= 0.8 else "bad"
        todo, actions = ("", ()) if level == "good" else ("The check `grounded` rejects the others.", (BELOW, RECIPE))
        yield Finding("faithfulness", level, text, todo, actions)
    else:
        text = "Nobody has judged whether the answers rest on their evidence."
        yield Finding(
            "faithfulness", "note", text, "Let a model do so: `--grounded-with connection:model`.", (SPOT_CHECK,)
        )
    if evidence["lost"]:
        text = f"{evidence['lost']:,} quotes do not stand word for word in the text that they are said to be from."
        lost = Action("figure", {"key": "evidence"})
        yield Finding("faithfulness", "bad", text, "Leave these records out, or make them again.", (lost,))
    if covered and covered["unknown"]:
        names = ", ".join(covered["unknown"][:3]) + (" …" if len(covered["unknown"]) > 3 else "")
        text = f"There is evidence from documents that are not among those named: {names}."
        yield Finding("faithfulness", "note", text, "Name them, too, with `--documents`.", (RECIPE,))
    if covered and covered["share"] < 0.8:
        text = f"{covered['covered']:,} of {covered['chunks']:,} chunks of the documents ({percent(covered['share'])}) "
        rest = f"are asked about; {covered['untouched']:,} of {covered['documents']:,} documents not at all."
        todo = "Make more questions of these: `per_chunk` asks about every chunk."
        yield Finding("faithfulness", "note", text + rest, todo, (RECIPE,))
    elif covered:
        text = f"{covered['covered']:,} of {covered['chunks']:,} chunks of the documents are asked about."
        yield Finding("faithfulness", "good", text)
    if found.get("missing_kinds"):
        text = f"There is no question of the kind {', '.join(found['missing_kinds'])}, which was asked for."
        todo = "Continue the run, or look why such questions were rejected."
        yield Finding("faithfulness", "bad", text, todo, (Action("run"),))


def judged(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    """What judges think of the records."""
    del whole
    for name, one in found.items():
        if not one["records"]:
            continue
        low, high = one["interval"]
        text = (
            f"`{name}` gives {one['records']:,} records {one['mean']:g} on average (95 % interval {low:g} to {high:g})."
        )
        yield Finding("judges", "note", text)
        for by in ("label", "model"):
            yield from _apart(name, by, one)


def _apart(name: str, by: str, one: Mapping[str, Any]) -> Iterator[Finding]:
    """The value that is judged worst, if its interval lies below that of the best."""
    groups = {value: each for value, each in one.get(f"by_{by}", {}).items() if each["records"]}
    if len(groups) < 2:
        return
    worst, best = (pick(groups, key=lambda value: groups[value]["mean"]) for pick in (min, max))
    if groups[worst]["interval"][1] < groups[best]["interval"][0]:
        text = (
            f"`{name}` likes the {by} `{worst}` least: {groups[worst]['mean']:g} on average, "
            f"and `{best}` {groups[best]['mean']:g}; their intervals do not meet."
        )
        yield Finding(
            "judges", "note", text, "Look at the lowest marks, and at the prompt of that kind.", (BELOW, RECIPE)
        )
