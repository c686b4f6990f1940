"""The transforms there are, by name."""

from __future__ import annotations

from seedbed.core.registry import Registry
from seedbed.core.transform import Transform

_MODULES = {
    "case": "uppercase lowercase titlecase swapcase_random",
    "punctuation": "add_punctuation strip_punctuation strip_all_punctuation",
    "typos": "add_typo",
    "spacing": "add_new_lines add_tabs add_whitespace",
    "letters": "unicode_confusables accents_removed",
    "emoji": "emoji_added",
    "order": "word_drop word_swap",
    "context": "add_context",
    "ocr": "add_ocr_typo",
    "confusion": "add_speech_to_text_typo dyslexia_word_swap",
    "spelling": "american_to_british british_to_american",
    "contractions": "add_contraction expand_contraction",
    "shortening": "add_abbreviation add_slangs",
    "numerals": "number_to_word word_to_number",
    "synonyms": "synonym_swap antonym_swap",
    "mentions.ages": "randomize_age",
    "mentions.entities": "swap_entities",
    "mentions.pronouns": "replace_to_male_pronouns replace_to_female_pronouns replace_to_neutral_pronouns",
    "mentions.names": "replace_names",
    "mentions.countries": "replace_countries",
    "mentions.locations": "replace_locations",
    "mentions.dates": "replace_dates",
    "mentions.amounts": "replace_numbers",
    "chain": "multiple_perturbations",
}


def _class_name(kind: str) -> str:
    return "".join(word.capitalize() for word in kind.split("_"))


transforms: Registry[Transform] = Registry(
    "transform",
    "seedbed.transforms",
    {
        kind: f"seedbed.transforms.{module}:{_class_name(kind)}"
        for module, kinds in _MODULES.items()
        for kind in kinds.split()
    },
)
