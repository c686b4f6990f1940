"""Beyond two axes cells may be further from their exact share than one record: by how much is said."""

from __future__ import annotations

from seedbed.recipe.document import Recipe

DOCUMENT = {
    "name": "replies",
    "model": "scripted",
    "generator": {
        "kind": "classification",
        "instruction": "one reply",
        "count": 10,
        "labels": ["polite", "neutral", "impolite"],
        "axes": {"channel": ["email", "chat"], "tone": ["calm", "loud"]},
    },
}


def test_the_largest_deviation_is_said_before_and_after(shell):
    recipe = shell.recipe(DOCUMENT)
    expected = round(Recipe.of(DOCUMENT).quota().deviation, 3)
    assert 0 < expected != 1
    words = f"exact share: {expected:g} records"
    assert shell("estimate", recipe, "--json").json["deviation"] == expected
    assert words in shell("estimate", recipe).out
    assert words in shell("generate", recipe).err
    assert shell("generate", recipe, "--json").json["deviation"] == expected
    assert shell("runs", "show", "replies-1", "--json").json["deviation"] == expected


def test_up_to_two_axes_there_is_none_to_speak_of(shell):
    del DOCUMENT["generator"]["axes"]["tone"]
    recipe = shell.recipe(DOCUMENT)
    assert "deviation" not in shell("estimate", recipe, "--json").json
    assert "deviation" not in shell("generate", recipe, "--json").json
    assert "exact share" not in shell("generate", recipe).err
