"""Where a text holds personal data: Presidio's patterns, telephone numbers, and names if there is a spaCy model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from seedbed.core.errors import InputError, MissingExtra
from seedbed.core.tokens import UNSPACED

if TYPE_CHECKING:
    from collections.abc import Iterator

ENTITIES = {
    "EMAIL_ADDRESS": "EmailRecognizer",
    "PHONE_NUMBER": "",
    "CREDIT_CARD": "CreditCardRecognizer",
    "IBAN_CODE": "IbanRecognizer",
    "IP_ADDRESS": "IpRecognizer",
    "MAC_ADDRESS": "MacAddressRecognizer",
    "CRYPTO": "CryptoRecognizer",
    "CN_ID": "",
    "DE_SOCIAL_SECURITY": "DeSocialSecurityRecognizer",
    "ES_NIE": "EsNieRecognizer",
    "ES_NIF": "EsNifRecognizer",
    "FI_PERSONAL_IDENTITY_CODE": "FiPersonalIdentityCodeRecognizer",
    "IT_FISCAL_CODE": "ItFiscalCodeRecognizer",
    "KR_RRN": "KrRrnRecognizer",
    "SG_NRIC_FIN": "SgFinRecognizer",
    "UK_NINO": "UkNinoRecognizer",
    "US_ITIN": "UsItinRecognizer",
    "US_SSN": "UsSsnRecognizer",
}
"""What is looked for if nothing is said, and the recogniser of Presidio that finds it; ours where it is empty."""

MORE = {
    "AU_MEDICARE": "AuMedicareRecognizer",
    "AU_TFN": "AuTfnRecognizer",
    "CA_SIN": "CaSinRecognizer",
    "DATE_TIME": "DateRecognizer",
    "DE_TAX_ID": "DeTaxIdRecognizer",
    "IN_AADHAAR": "InAadhaarRecognizer",
    "IN_PAN": "InPanRecognizer",
    "PL_PESEL": "PlPeselRecognizer",
    "SE_PERSONNUMMER": "SePersonnummerRecognizer",
    "TH_TNIN": "ThTninRecognizer",
    "TR_NATIONAL_ID": "TrNationalIdRecognizer",
    "UK_NHS": "NhsRecognizer",
    "URL": "UrlRecognizer",
    "US_DRIVER_LICENSE": "UsLicenseRecognizer",
    "US_PASSPORT": "UsPassportRecognizer",
    "ZA_ID_NUMBER": "ZaIdNumberRecognizer",
}
"""What is looked for if it is named: any order number may look like one of these, or it is not personal."""

NAMED = {"PERSON": ("PERSON", "PER"), "LOCATION": ("GPE", "LOC"), "ORGANIZATION": ("ORG",), "NRP": ("NORP",)}
"""What a spaCy model finds, and what it calls that."""

MODEL_SCORE = 0.85
CONTEXT_SCORE = 0.35
CONTEXT_LENGTH = 40
_CN_ID = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])")
_SIGNS = re.compile(r"[\d@:]")
_FILES = ("gif", "jpg", "jpeg", "js", "png", "svg", "webp")

Finder = Callable[[str], Iterable[tuple[int, int, float]]]


class Found(NamedTuple):
    """A stretch of a text that is personal data of some kind, and how sure that is (0–1)."""

    start: int
    end: int
    entity: str
    score: float


def personal_data(
    text: str, entities: tuple[str, ...] | None = None, threshold: float = 0.5, model: str | None = None
) -> list[Found]:
    """What is found in a text, in order, no two overlapping; arguments as in `Pii`.

    Raises:
        MissingExtra: Presidio is not installed.
        InputError: the model is not installed.
    """
    wanted = entities or (*ENTITIES, *(("PERSON", "LOCATION") if model else ()))
    found = [*_by_patterns(text, wanted), *(_by_model(text, model, wanted) if model else ())]
    return joined(one for one in found if one.score >= threshold)


def joined(found: Iterable[Found]) -> list[Found]:
    """In order; what overlaps is one, of the surest kind."""
    apart: list[Found] = []
    for one in sorted(found):
        last = apart[-1] if apart else None
        if last is None or one.start >= last.end:
            apart.append(one)
        else:
            surest = max(last, one, key=lambda one: (one.score, one.end - one.start))
            apart[-1] = surest._replace(start=last.start, end=max(last.end, one.end))
    return apart


def _by_patterns(text: str, wanted: Iterable[str]) -> Iterator[Found]:
    plain = text if text.isascii() else text.translate(_PLAIN)
    looked_for = [entity for entity in wanted if entity not in NAMED]
    if not _SIGNS.search(plain):  # most texts have none, and only web addresses do without
        looked_for = [entity for entity in looked_for if entity == "URL"]
    for entity in looked_for:
        find, context = _finder(entity)
        for start, end, score in find(plain):
            near = score < MODEL_SCORE and _names(text[max(0, start - CONTEXT_LENGTH) : start], context)
            yield Found(start, end, entity, min(1.0, score + CONTEXT_SCORE) if near else score)


def _names(before: str, words: Iterable[str]) -> bool:
    """Whether a word such as "phone" goes before (Presidio's own way of looking for it needs a model)."""
    folded = before.casefold()
    return any(word in folded for word in words)


class _Plain(dict[int, int]):
    """Letters of scripts without spaces become `;`, full-width signs plain: patterns look for the ends of words."""

    def __missing__(self, code: int) -> int:
        if 0xFF01 <= code <= 0xFF5E:
            fate = code - 0xFEE0
        else:
            spaceless = any(first <= code <= last for first, last in (*UNSPACED, (0xAC00, 0xD7A3)))
            fate = ord(";") if spaceless else code
        self[code] = fate
        return fate


_PLAIN = _Plain()


@lru_cache(maxsize=64)
def _finder(entity: str) -> tuple[Finder, tuple[str, ...]]:
    """What finds a kind, and the words that make it surer."""
    if entity == "CN_ID":
        return lambda text: ((*one.span(), 0.6) for one in _CN_ID.finditer(text)), ("身份证",)
    try:
        import presidio_analyzer.predefined_recognizers as presidio

        from .phones import CONTEXT, phone_numbers
    except ImportError as error:
        raise MissingExtra("Looking for personal data", "privacy") from error
    if entity == "PHONE_NUMBER":
        return phone_numbers, CONTEXT
    recognizer = getattr(presidio, {**ENTITIES, **MORE}[entity])()
    if entity == "EMAIL_ADDRESS":  # its own look at the domain fetches a list from the network
        recognizer.validate_result = _is_domain

    def find(text: str) -> Iterable[tuple[int, int, float]]:
        return ((one.start, one.end, one.score) for one in recognizer.analyze(text, [entity], None))

    return find, tuple(word.casefold() for word in recognizer.context or ())


def _is_domain(address: str) -> bool:
    top = address.rpartition(".")[2]
    return len(top) > 1 and top.isalpha() and top.casefold() not in _FILES


def _by_model(text: str, model: str, wanted: Iterable[str]) -> Iterator[Found]:
    kinds = {label: entity for entity in wanted for label in NAMED.get(entity, ())}
    for one in _spacy_model(model)(text).ents:
        if one.label_ in kinds:
            yield Found(one.start_char, one.end_char, kinds[one.label_], MODEL_SCORE)


@lru_cache(maxsize=2)
def _spacy_model(name: str) -> Any:
    try:
        import spacy

        return spacy.load(name)
    except ImportError as error:
        raise MissingExtra("Looking for names and places", "privacy") from error
    except OSError as error:
        hint = f"Install it with: python -m spacy download {name}"
        raise InputError(f"There is no spaCy model `{name}` here.", hint) from error
