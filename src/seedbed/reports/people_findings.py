"""What the figures of privacy and bias mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .finding import BELOW, RECIPE, Action, Finding, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


AGAINST = Action("dedup", {"against": "real"})


def privacy(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    """Whether records are copies of real ones."""
    total, copies, runs = whole["records"], found["exact"] + found["near"], found["copied_runs"]
    if copies:
        text = f"{copies:,} of {total:,} records ({percent(found['share'])}) are copies of real ones, or nearly so."
        yield Finding("privacy", "bad", text, "`seedbed dedup --against` leaves them out.", (AGAINST,))
    elif runs["records"]:
        text = f"No record is a copy, but {runs['records']:,} hold {runs['words']} words in a row of a real one."
        yield Finding("privacy", "note", text, "Look whether these words say who somebody is.", (BELOW,))
    else:
        text = f"No record is a copy of a real one, and none holds {runs['words']} words in a row of one."
        yield Finding("privacy", "good", text)
    nearest = found["nearest"]
    if nearest and nearest["closer"] > 2 * nearest["expected"]:
        text = (
            f"{percent(nearest['closer'])} of these records are as near to a real one as only "
            f"{percent(nearest['expected'])} of other real records are."
        )
        todo = "They follow single real records too closely: show the model fewer."
        yield Finding("privacy", "bad", text, todo, (RECIPE,))
    personal = found.get("personal")
    if personal and personal["records"]:
        text = f"{personal['records']:,} of {personal['sample']:,} records looked at seem to hold personal data."
        actions = (Action("figure", {"key": "personal"}), RECIPE)
        yield Finding("privacy", "note", text, "Look at them; the check `pii` refuses such records.", actions)


def bias(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    """Whether labels go with groups of people."""
    del whole
    for kind, one in found.items():
        for skewed in one.get("skewed", ())[:2]:
            more = "more" if skewed["share"] > skewed["elsewhere"] else "less"
            text = (
                f"Under `{skewed['label']}`, {percent(skewed['share'])} of the records that speak of a {kind} speak of "
                f"“{skewed['group']}”, elsewhere {percent(skewed['elsewhere'])}: {more} than chance would have it."
            )
            open_them = Action("records", {"label": str(skewed["label"])})
            yield Finding("bias", "note", text, "A classifier may learn that instead of the label.", (open_them,))
    judged = [one["skewed"] for one in found.values() if "skewed" in one]
    if judged and not any(judged):
        yield Finding("bias", "good", "No label is met more often with men or women, or with a country, than others.")
