"""What the figures of a report mean, in sentences, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Level = Literal["good", "note", "bad"]
Figures = "Mapping[str, Any]"


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
        text = f"zlib makes the texts {found['compression']:.1f} times smaller; what people write, 2 to 3 times."
        yield Finding("diversity", "note", text, "Much is said again: see the repeated phrases.")
    if real and not 0.5 < found["words"]["median"] / max(1, real["words"]["median"]) < 2:
        text = f"Half of the texts have {found['words']['median']:g} words or fewer, of the real ones half have "
        yield Finding("diversity", "note", f"{text}{real['words']['median']:g}.", "Ask for the length of real texts.")


def _privacy(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    total, copies, runs = whole["records"], found["exact"] + found["near"], found["copied_runs"]
    if copies:
        text = f"{copies:,} of {total:,} records ({percent(found['share'])}) are copies of real ones, or nearly so."
        yield Finding("privacy", "bad", text, "`seedbed dedup --against` leaves them out.")
    elif runs["records"]:
        text = f"No record is a copy, but {runs['records']:,} hold {runs['words']} words in a row of a real one."
        yield Finding("privacy", "note", text, "Look whether these words say who somebody is.")
    else:
        text = f"No record is a copy of a real one, and none holds {runs['words']} words in a row of one."
        yield Finding("privacy", "good", text)
    nearest = found["nearest"]
    if nearest and nearest["closer"] > 2 * nearest["expected"]:
        text = (
            f"{percent(nearest['closer'])} of these records are as near to a real one as only "
            f"{percent(nearest['expected'])} of other real records are."
        )
        yield Finding("privacy", "bad", text, "They follow single real records too closely: show the model fewer.")
    personal = found.get("personal")
    if personal and personal["records"]:
        text = f"{personal['records']:,} of {personal['sample']:,} records looked at seem to hold personal data."
        yield Finding("privacy", "note", text, "Look at them; the check `pii` refuses such records.")


def _bias(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    del whole
    for kind, one in found.items():
        for skewed in one.get("skewed", ())[:2]:
            more = "more" if skewed["share"] > skewed["elsewhere"] else "less"
            text = (
                f"Under `{skewed['label']}`, {percent(skewed['share'])} of the records that speak of a {kind} speak of "
                f"“{skewed['group']}”, elsewhere {percent(skewed['elsewhere'])}: {more} than chance would have it."
            )
            yield Finding("bias", "note", text, "A classifier may learn that instead of the label.")
    judged = [one["skewed"] for one in found.values() if "skewed" in one]
    if judged and not any(judged):
        yield Finding("bias", "good", "No label is met more often with men or women, or with a country, than others.")


def _cost(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    del whole
    if found["cost"]:
        text = f"The records cost ${found['cost']:.2f} in all, ${found['per_accepted']:.5f} for each that was accepted."
        yield Finding("cost", "good", text)


def _compare(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    del whole
    rows = found["rows"]
    for text in filter(None, (_repeats(rows), _differs(rows), _accepts(rows), _costs(rows))):
        yield Finding("compare", "note", text)


def _repeats(rows: Mapping[str, Any]) -> str:
    least, most = (pick(rows, key=lambda name: rows[name]["duplicates"]["share"]) for pick in (min, max))
    low, high = rows[least]["duplicates"], rows[most]["duplicates"]
    if low["interval"][1] >= high["interval"][0]:
        return "None repeats itself more than another: the intervals of their shares of duplicates meet."
    text = f"`{least}` repeats itself least ({percent(low['share'])} of its records), `{most}` most"
    same = f"; among as many records of each {percent(low['same_size'])} and {percent(high['same_size'])}"
    return f"{text} ({percent(high['share'])}){same if rows[least]['records'] != rows[most]['records'] else ''}."


def _differs(rows: Mapping[str, Any]) -> str:
    best, worst = (pick(rows, key=lambda name: rows[name]["diversity"]["distinct_2"]) for pick in (max, min))
    high, low = (rows[name]["diversity"]["distinct_2"] for name in (best, worst))
    tighter = rows[worst]["diversity"]["compression"] > rows[best]["diversity"]["compression"]
    if high <= 1.1 * low or not tighter:  # one figure alone may come of the length of the texts
        return ""
    text = f"The texts of `{best}` differ most from each other (distinct pairs of words {high:g}), those of `{worst}`"
    return f"{text} least ({low:g})."


def _accepts(rows: Mapping[str, Any]) -> str:
    known = {name: one for name, one in rows.items() if "acceptance" in one}
    if len(known) < 2:
        return ""
    best, worst = (pick(known, key=lambda name: known[name]["acceptance"]) for pick in (max, min))
    if known[worst]["acceptance_interval"][1] >= known[best]["acceptance_interval"][0]:
        return ""
    high, low = (percent(known[name]["acceptance"]) for name in (best, worst))
    return f"Of what `{best}` made {high} was accepted, of what `{worst}` made {low}."


def _costs(rows: Mapping[str, Any]) -> str:
    known = {name: one["per_accepted"] for name, one in rows.items() if one.get("per_accepted") is not None}
    if len(known) < 2 or len(set(known.values())) < 2:
        return ""
    cheap, dear = (pick(known, key=lambda name: known[name]) for pick in (min, max))
    text = f"An accepted record of `{cheap}` costs least, ${known[cheap]:.6f}, one of `{dear}` most, ${known[dear]:.6f}"
    return f"{text} ({known[dear] / known[cheap]:.1f} times as much)." if known[cheap] else f"{text}."


def _faithfulness(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    del whole
    grounded, evidence, covered = found.get("grounded"), found["evidence"], found.get("coverage")
    if grounded:
        low, high = grounded["interval"]
        text = (
            f"{grounded['grounded']:,} of {grounded['judged']:,} answers ({percent(grounded['share'])}; 95 % interval "
            f"{percent(low)} to {percent(high)}) rest on their evidence, judged by {grounded['judged_by']}."
        )
        level: Level = "good" if grounded["share"] >= 0.95 else "note" if grounded["share"] >= 0.8 else "bad"
        yield Finding(
            "faithfulness", level, text, "" if level == "good" else "The check `grounded` rejects the others."
        )
    else:
        text = "Nobody has judged whether the answers rest on their evidence."
        yield Finding("faithfulness", "note", text, "Let a model do so: `--grounded-with connection:model`.")
    if evidence["lost"]:
        text = f"{evidence['lost']:,} quotes do not stand word for word in the text that they are said to be from."
        yield Finding("faithfulness", "bad", text, "Leave these records out, or make them again.")
    if covered and covered["share"] < 0.8:
        text = f"{covered['covered']:,} of {covered['chunks']:,} chunks of the documents ({percent(covered['share'])}) "
        rest = f"are asked about; {covered['untouched']:,} of {covered['documents']:,} documents not at all."
        todo = "Make more questions of these: `per_chunk` asks about every chunk."
        yield Finding("faithfulness", "note", text + rest, todo)
    elif covered:
        text = f"{covered['covered']:,} of {covered['chunks']:,} chunks of the documents are asked about."
        yield Finding("faithfulness", "good", text)
    if found.get("missing_kinds"):
        text = f"There is no question of the kind {', '.join(found['missing_kinds'])}, which was asked for."
        yield Finding("faithfulness", "bad", text, "Continue the run, or look why such questions were rejected.")


def _judges(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
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
        yield Finding("judges", "note", text, "Look at the lowest marks, and at the prompt of that kind.")


_SAYS = {
    "compare": _compare,
    "balance": _balance,
    "duplicates": _duplicates,
    "diversity": _diversity,
    "privacy": _privacy,
    "bias": _bias,
    "faithfulness": _faithfulness,
    "judges": _judges,
    "cost": _cost,
}
