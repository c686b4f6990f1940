"""Languages by their ISO 639-1 codes: their English names, and which one a text is in."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any

from ..errors import MissingExtra
from ..part import shaped

NAMES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}

Code = Annotated[str, shaped("[a-z]{2}", "must be a code of two letters, such as en")]

SHORT = 20
"""Nobody can tell the language of fewer characters (of scripts with few letters a word)."""

ALIKE = ({"no", "nb", "nn", "da"}, {"hr", "sr", "bs"}, {"id", "ms"}, {"cs", "sk"})
"""Languages that short texts cannot be told apart in."""


def name_of(code: str) -> str:
    """Its English name, or the code itself."""
    return NAMES.get(code, code)


def language_of(text: str) -> str:
    """The code of the language a text is most likely in.

    Raises:
        MissingExtra: the library for it is not installed.
    """
    found: str = _identifier().classify(text)[0]
    return found


def is_in(text: str, code: str) -> bool:
    """Whether a text is in a language, as far as can be told: short ones are believed."""
    if len(text) < SHORT:
        return True
    found = language_of(text)
    return found == code or any({found, code} <= group for group in ALIKE)


@lru_cache(maxsize=1)
def _identifier() -> Any:
    try:
        import py3langid
    except ImportError as error:
        raise MissingExtra("Telling languages apart", "language") from error
    return py3langid
