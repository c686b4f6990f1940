"""Where a text holds personal data: Presidio's patterns, telephone numbers, and names if there is a spaCy model."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from seedbed.core.errors import InputError, MissingExtra
from seedbed.core.tokens import UNSPACED

if TYPE_CHECKING:
    from collections.abc import Iterator

_USUAL = (
    "EMAIL_ADDRESS:Email PHONE_NUMBER: CREDIT_CARD:CreditCard IBAN_CODE:Iban IP_ADDRESS:Ip MAC_ADDRESS:MacAddress "
    "CRYPTO:Crypto CN_ID: DE_SOCIAL_SECURITY:DeSocialSecurity ES_NIE:EsNie ES_NIF:EsNif IT_FISCAL_CODE:ItFiscalCode "
    "FI_PERSONAL_IDENTITY_CODE:FiPersonalIdentityCode KR_RRN:KrRrn SG_NRIC_FIN:SgFin UK_NINO:UkNino US_ITIN:UsItin "
    "US_SSN:UsSsn"
)
_MORE = (
    "AU_MEDICARE:AuMedicare AU_TFN:AuTfn CA_SIN:CaSin DATE_TIME:Date DE_TAX_ID:DeTaxId IN_AADHAAR:InAadhaar "
    "IN_PAN:InPan PL_PESEL:PlPesel SE_PERSONNUMMER:SePersonnummer TH_TNIN:ThTnin TR_NATIONAL_ID:TrNationalId "
    "UK_NHS:Nhs URL:Url US_DRIVER_LICENSE:UsLicense US_PASSPORT:UsPassport ZA_ID_NUMBER:ZaIdNumber"
)
"""Kinds and the recognisers of Presidio that find them (ours where there is none). More of them are looked for if they
are named: any order number may look like one of these, or they are not personal."""

ENTITIES = tuple(one.partition(":")[0] for one in _USUAL.split())
RECOGNIZERS = dict(one.split(":") for one in f"{_USUAL} {_MORE}".split())
NAMED = {"PERSON": ("PERSON", "PER"), "LOCATION": ("GPE", "LOC"), "ORGANIZATION": ("ORG",), "NRP": ("NORP",)}
"""What a spaCy model finds, and what it calls that."""

MODEL_SCORE = 0.85
CONTEXT_SCORE = 0.35
CONTEXT_LENGTH = 40
_CN_ID = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])")
_SIGNS = re.compile(r"[\d@:]")
_SPACELESS = re.compile("".join(["[", *(f"{chr(first)}-{chr(last)}" for first, last in UNSPACED), "\uac00-\ud7a3]"]))
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
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
    # Patterns look for the ends of words, which are not to be seen in scripts without spaces.
    plain = text if text.isascii() else _SPACELESS.sub(";", text.translate(_FULL_WIDTH))
    signs = _SIGNS.search(plain)  # most texts have none, and only web addresses do without
    for entity in wanted:
        if entity in NAMED:
            continue
        find, context = _finder(entity)  # also where there is nothing to find: a missing library is told at once
        for start, end, score in find(plain) if signs or entity == "URL" else ():
            near = score < MODEL_SCORE and _names(text[max(0, start - CONTEXT_LENGTH) : start], context)
            yield Found(start, end, entity, min(1.0, score + CONTEXT_SCORE) if near else score)


def _names(before: str, words: Iterable[str]) -> bool:
    """Whether a word such as "phone" goes before (Presidio's own way of looking for it needs a model)."""
    folded = before.casefold()
    return any(word in folded for word in words)


@lru_cache(maxsize=64)
def _finder(entity: str) -> tuple[Finder, tuple[str, ...]]:
    """What finds a kind, and the words that make it surer."""
    if entity == "CN_ID":
        return lambda text: ((*one.span(), 0.6) for one in _CN_ID.finditer(text)), ("身份证",)
    # Presidio loads transformers, if it is there, which tells the world where torch is missing; nobody needs it here.
    logging.getLogger("transformers").addFilter(lambda said: "PyTorch was not found" not in said.getMessage())
    try:
        import presidio_analyzer.predefined_recognizers as presidio

        from .phones import CONTEXT, phone_numbers
    except ImportError as error:
        raise MissingExtra("Looking for personal data", "privacy") from error
    if entity == "PHONE_NUMBER":
        return phone_numbers, CONTEXT
    recognizer = getattr(presidio, f"{RECOGNIZERS[entity]}Recognizer")()
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
