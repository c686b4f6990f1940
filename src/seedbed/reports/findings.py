"""What the figures of a report mean, in sentences, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Level = Literal["good", "note", "bad"]
Figures = "Mapping[str, Any]"

SKILLED = 0.8
"""A classifier that agrees with fewer labels than this takes too many for wrong (docs/report.md)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about a section of a report, how serious it is, and what to do."""

    section: str
    level: Level
    text: str
    todo: str = ""

    def document(self) -> dict[str, str]:
        """It as plain data."""
        return asdict(self)


def findings(figures: Mapping[str, Any]) -> list[Finding]:
    """All that is to be said about the sections that are there, in their order."""
    return [found for name, says in _SAYS.items() if figures.get(name) for found in says(figures[name], figures)]


def percent(part: float) -> str:
    """A share in words: 41 %, 0.4 %."""
    return f"{100 * part:.0f} %" if part >= 0.1 or not part else f"{100 * part:.1f} %"


def _balance(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    del whole
    cells = found.get("cells")
    if cells and cells["missing"]:
        text = f"{cells['missing']:,} of {cells['wanted']:,} combinations that were asked for have no record."
        yield Finding("balance", "bad", text, "Continue the run, or lower what is asked.")
    elif cells and cells["exact"] == cells["wanted"]:
        yield Finding("balance", "good", f"All {cells['wanted']:,} combinations hold exactly what was asked for.")
    elif cells:
        text = (
            f"{cells['wanted'] - cells['exact']:,} of {cells['wanted']:,} combinations hold more or fewer than asked."
        )
        yield Finding("balance", "note", text, "They are listed below.")
    for name, axis in found["axes"].items():
        counts = [one["records"] for one in axis["values"].values()]
        if not cells and len(counts) > 1 and max(counts) > 3 * max(1, min(counts)):
            text = f"The largest value of `{name}` has {max(counts):,} records, the smallest {min(counts):,}."
            yield Finding("balance", "note", text, "A classifier will favour the large one; add records for the small.")


def _duplicates(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    total, again = whole["records"], found["exact"] + found["near"]
    part = again / total if total else 0.0
    if not again:
        yield Finding("duplicates", "good", f"No record repeats another one, at a threshold of {found['threshold']}.")
    else:
        text = (
            f"{again:,} of {total:,} records ({percent(part)}) repeat another one with the same label: "
            f"{found['exact']:,} word for word, {found['near']:,} in nearly the same words."
        )
        level: Level = "bad" if part > 0.02 else "note"
        yield Finding("duplicates", level, text, "`seedbed dedup` leaves one of each.")
    if found["cross_label"]:
        text = f"{found['cross_label']:,} records say the same as one with another label: one of the two is wrong."
        yield Finding("duplicates", "bad", text, "They are listed below; decide which label is right.")
    against = found.get("reference")
    if against and (leaked := against["exact"] + against["near"]):
        text = f"{leaked:,} records ({percent(against['share'])}) are in the reference file, too."
        todo = (
            "A model trained on these and tested there looks better than it is: `seedbed dedup --against` drops them."
        )
        yield Finding("duplicates", "bad", text, todo)
    elif against:
        yield Finding("duplicates", "good", "No record is in the reference file.")


def _diversity(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    del whole
    if found["openings"] and found["openings"][0]["share"] >= 0.1 and found["records"] >= 20:
        first = found["openings"][0]
        text = f"{percent(first['share'])} of the texts begin with “{first['opening']} …”."
        yield Finding("diversity", "note", text, "Give the generator more examples, styles or topics to begin from.")
    real = found.get("real")
    if real and found["compression"] > 1.25 * real["compression"]:
        times = f"{found['compression']:.1f} times smaller, real ones {real['compression']:.1f} times"
        text = f"zlib makes these texts {times}: they repeat themselves more than people do."
        yield Finding("diversity", "note", text, "Raise the temperature, or vary what the prompts ask for.")
    elif not real and found["compression"] > 5:
        text = (
            f"zlib makes the texts {found['compression']:.1f} times smaller; what people write it makes 2 to 3 times."
        )
        yield Finding("diversity", "note", text, "Much is said again: see the repeated phrases.")
    if real and not 0.5 < found["words"]["median"] / max(1, real["words"]["median"]) < 2:
        text = f"Half of the texts have {found['words']['median']:g} words or fewer, of the real ones half have "
        yield Finding("diversity", "note", f"{text}{real['words']['median']:g}.", "Ask for the length of real texts.")


def _labels(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    del whole
    noise = found["noise"]
    if noise["too_few"] and not noise.get("too_many"):
        names = ", ".join([*noise["too_few"]][:5]) + (" …" if len(noise["too_few"]) > 5 else "")
        text = f"Labels with fewer than {noise['fewest']} different texts are not judged: {names}."
        yield Finding("labels", "note", text, "Add records for them, or look at them yourself.")
    if noise.get("too_many"):
        text = "There are too many labels for a sample to tell which are wrong."
        yield Finding("labels", "note", text, "`seedbed labels suspects` examines all records, which takes its time.")
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
        return Finding("labels", "note", text, todo)
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
        return Finding("labels", "note", text, todo)
    # Where a classifier contradicts many labels and is sure of few, the fault is its own.
    level: Level = "bad" if noise["share"] >= max(0.02, (1 - agrees) / 2) else "note"
    return Finding("labels", level, f"By estimate {estimate}", todo)


def _agreement(found: Mapping[str, Any]) -> Iterator[Finding]:
    if found["unanswered"]:
        text = f"{found['model']} gave {found['unanswered']:,} records no label. {found.get('message', '')}".strip()
        yield Finding("labels", "note", text, "The same command asks for those again, and for no other.")
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
    yield Finding("labels", level, text, todo)


_SAYS = {"balance": _balance, "duplicates": _duplicates, "diversity": _diversity, "labels": _labels}
