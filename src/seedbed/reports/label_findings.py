"""What the figures of label noise mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .finding import REPORT, SPOT_CHECK, SUSPECTS, Action, Finding, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .finding import Level

SKILLED = 0.8
"""A classifier that agrees with fewer labels than this takes too many for wrong (docs/report.md)."""


def labels(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    """How many labels are wrong by estimate, and how far a second labelling agrees."""
    del whole
    noise = found["noise"]
    if noise["too_few"] and not noise.get("too_many"):
        names = ", ".join([*noise["too_few"]][:5]) + (" …" if len(noise["too_few"]) > 5 else "")
        text = f"Labels with fewer than {noise['fewest']} different texts are not judged: {names}."
        own = tuple(Action("records", {"label": label}) for label in [*noise["too_few"]][:3] if label)
        yield Finding("labels", "note", text, "Add records for them, or look at them yourself.", own)
    if noise.get("too_many"):
        text = "There are too many labels for a sample to tell which are wrong."
        todo = "`seedbed labels suspects` examines all records, which takes its time."
        yield Finding("labels", "note", text, todo, (SUSPECTS,))
    if noise["records"]:
        yield _noise(noise)
    if "agreement" in found:
        yield from _agreement(found["agreement"])


def _noise(noise: Mapping[str, Any]) -> Finding:
    agrees, commonest = noise["classifier"]["agrees"], noise["classifier"]["commonest"]
    if agrees < commonest + 0.1 * (1 - commonest):
        text = (
            f"A classifier agrees with {percent(agrees)} of the labels, and always the commonest one would be right in "
            f"{percent(commonest)}: by their words, the labels cannot be told apart."
        )
        todo = "Look at a sample yourself, or let a second model label it: --relabel-with CONNECTION:MODEL"
        return Finding("labels", "note", text, todo, (SPOT_CHECK, REPORT))
    sample = f" of a sample of {noise['records']:,} records" if noise["sample"] else ""
    if noise["share"] < 0.005:
        text = f"Hardly any label{sample} looks wrong: {percent(noise['share'])} by estimate."
        return Finding("labels", "good", text)
    often = [f", most often {one['label']} where {one['suggested']} fits better" for one in noise["pairs"][:1]]
    estimate = f"{percent(noise['share'])} of the labels{sample} are wrong ({noise['wrong']:,}){''.join(often)}."
    todo = "`seedbed labels suspects` writes them as a queue, the likeliest first."
    if agrees < SKILLED:
        text = (
            f"A classifier agrees with only {percent(agrees)} of the labels: by words they are hard to tell apart, or "
            f"many are wrong. By its estimate, which may be far too high, {estimate}"
        )
        return Finding("labels", "note", text, todo, (SUSPECTS,))
    # Where a classifier contradicts many labels and is sure of few, the fault is its own.
    level: Level = "bad" if noise["share"] >= max(0.02, (1 - agrees) / 2) else "note"
    return Finding("labels", level, f"By estimate {estimate}", todo, (SUSPECTS,))


def _agreement(found: Mapping[str, Any]) -> Iterator[Finding]:
    if found["unanswered"]:
        text = f"{found['model']} gave {found['unanswered']:,} records no label. {found.get('message', '')}".strip()
        yield Finding("labels", "note", text, "The same report made again asks for those, and for no other.", (REPORT,))
    if not found["records"]:
        return
    low, high = found["interval"]
    value, (least, most) = found["kappa"], found["kappa_interval"]
    interval = f"(95 % interval {percent(low)} to {percent(high)}); kappa is {value:.2f} ({least:.2f} to {most:.2f})"
    same = f"{percent(found['share'])} of {found['records']:,} records the label they have"
    text = f"{found['model']}, asked blind, gives {same} {interval}."
    if found["pairs"]:
        pair = found["pairs"][0]
        text += f" Most often it says {pair['second']} for {pair['label']}."
    level: Level = "good" if value >= 0.8 else "note" if value >= 0.6 else "bad"
    todo = "Where they differ, one of them is wrong: `seedbed labels suspects` lists these for a person to decide."
    yield Finding("labels", level, text, todo, (SUSPECTS,))
