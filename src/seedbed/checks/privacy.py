"""Does the text hold personal data?"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple

from pydantic import AfterValidator, Field

from seedbed.core.attempt import PASSED, Verdict
from seedbed.core.errors import InputError, MissingExtra, nearest
from seedbed.core.tokens import UNSPACED

from .phones import phone_numbers
from .text import TextCheck

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seedbed.core.attempt import Context
    from seedbed.core.part import Task
    from seedbed.core.record import Record

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

NAMED = {"PERSON": "PERSON", "PER": "PERSON", "GPE": "LOCATION", "LOC": "LOCATION", "ORG": "ORGANIZATION", "NORP": "NRP"}
"""What a spaCy model calls what Presidio calls otherwise."""

MODEL_SCORE = 0.85
CONTEXT_SCORE = 0.35
CONTEXT_LENGTH = 40
CN_ID = r"(?<!\d)[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])"
RESERVED = ("example", "invalid", "local", "localhost", "test")
"""Top-level domains that nobody owns: addresses that models make up end with them."""

KNOWN = (*ENTITIES, *MORE, *dict.fromkeys(NAMED.values()))


def _known(entity: str) -> str:
    if entity not in KNOWN:
        raise ValueError(f"there is no kind of personal data `{entity}`. {nearest(entity, KNOWN)}")
    return entity


class Found(NamedTuple):
    """A stretch of a text that is personal data of some kind, and how sure that is (0–1)."""

    start: int
    end: int
    entity: str
    score: float


class Pii(TextCheck):
    """Fails texts with personal data: the patterns of Presidio, and with a spaCy `model` also names and places.

    `entities` says which kinds (EMAIL_ADDRESS, PHONE_NUMBER, CREDIT_CARD …, with a model PERSON, LOCATION,
    ORGANIZATION, NRP); `threshold` how sure it must be. Without `column` all columns the model writes are looked at.
    What was found is told by its kind, never by its value.
    """

    kind: ClassVar[str] = "pii"
    entities: Annotated[tuple[Annotated[str, AfterValidator(_known)], ...], Field(min_length=1)] | None = None
    threshold: Annotated[float, Field(gt=0, le=1)] = 0.5
    model: str | None = None

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        found = [
            one
            for text in self.texts(record, task)
            for one in personal_data(text, self.entities, self.threshold, self.model)
        ]
        if not found:
            return PASSED
        kinds = dict.fromkeys(one.entity for one in found)
        return Verdict(False, self.kind, f"contains {', '.join(kinds)}", max(one.score for one in found))


def masked(
    text: str, entities: tuple[str, ...] | None = None, threshold: float = 0.5, model: str | None = None
) -> tuple[str, Counter[str]]:
    """The text with `<EMAIL_ADDRESS>` and the like in place of personal data, and how often each kind was masked.

    A value that was found in one place is masked wherever it stands. Arguments as in `Pii`.
    """
    found = personal_data(text, entities, threshold, model)
    everywhere = {*found}
    for one in found:
        value, at = text[one.start : one.end], -1
        while (at := text.find(value, at + 1)) >= 0:
            everywhere.add(Found(at, at + len(value), one.entity, one.score))
    kept, end, counts = [], 0, Counter[str]()
    for one in _apart(everywhere):
        kept += [text[end : one.start], f"<{one.entity}>"]
        end = one.end
        counts[one.entity] += 1
    return "".join([*kept, text[end:]]), counts


def personal_data(text: str, entities: tuple[str, ...] | None, threshold: float, model: str | None) -> list[Found]:
    """What is found in a text, in order, no two overlapping; arguments as in `Pii`.

    Raises:
        MissingExtra: Presidio is not installed.
        InputError: the model is not installed.
    """
    wanted = entities or (*ENTITIES, *(dict.fromkeys(NAMED.values()) if model else ()))
    plain = text if text.isascii() else text.translate(_APART)
    found = {*_by_patterns(text, plain, wanted), *(_by_model(text, model, wanted) if model else ())}
    return _apart(one for one in found if one.score >= threshold)


class _Spaced(dict[int, int]):
    """Letters of scripts without spaces become spaces, full-width signs plain ones: patterns look for word ends."""

    def __missing__(self, code: int) -> int:
        if 0xFF01 <= code <= 0xFF5E:
            fate = code - 0xFEE0
        else:
            unspaced = any(first <= code <= last for first, last in (*UNSPACED, (0xAC00, 0xD7A3)))
            fate = 0x20 if unspaced else code
        self[code] = fate
        return fate


_APART = _Spaced()


def _by_patterns(text: str, plain: str, wanted: Iterable[str]) -> Iterator[Found]:
    for entity in wanted:
        recognizer = _recognizer(entity)
        if recognizer is None:
            continue
        if entity == "PHONE_NUMBER":
            hits = [Found(start, end, entity, score) for start, end, score in phone_numbers(plain)]
        else:
            results = recognizer.analyze(plain, [entity], None)
            hits = [Found(one.start, one.end, entity, one.score) for one in results]
        context = recognizer.context or ()
        for one in hits:
            yield one if one.score >= MODEL_SCORE else one._replace(score=_in_context(text, one, context))


def _in_context(text: str, found: Found, words: Iterable[str]) -> float:
    """The score, higher after a word such as "phone" (Presidio's own way of doing so needs a model)."""
    before = text[max(0, found.start - CONTEXT_LENGTH) : found.start].casefold()
    return min(1.0, found.score + CONTEXT_SCORE) if any(word in before for word in words) else found.score


def _apart(found: Iterable[Found]) -> list[Found]:
    """Of those that overlap the surest, then the longest."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (-one.score, one.start - one.end, one)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept)
