"""Finds telephone numbers in a text; needs Google's phonenumbers, which comes with Presidio.

Presidio's own recogniser asks that library for every region in turn, at 0.8 ms each, and finds no made-up numbers
(555-0123), which are most of what models write.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from phonenumbers import NumberParseException, is_possible_number, is_valid_number, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "PL", "SE", "BR", "MX", "IN", "CN", "JP", "KR", "AU", "ZA")
CONTEXT = (
    *("phone", "mobile", "cell", "call ", "dial", "text me", "whatsapp", "reach me", "fax", "sms", "tel.", "tel:"),
    *("telefon", "handy", "ruf", "téléphone", "portable", "appel", "teléfono", "móvil", "llam", "telefono", "celular"),
    *("телефон", "звон", "电话", "手机", "致电", "電話", "携帯", "전화", "휴대폰", "فون", "هاتف"),
)
SURE = 0.7

_NUMBER = re.compile(
    r"(?<![\w./@#$€£+-])(?<!\d[,:])(?:\+|00)?\(?\+?\d(?:[ .\-/()\u00a0\u2011]{0,2}\d){6,14}(?![\w@]|[.,:/-]\d)"
)
_NO_PHONE = re.compile(
    r"(?:19|20)\d\d[-/. ]\d\d?[-/. ]\d\d?(?!\d)|\d\d?[-/. ]\d\d?[-/. ]\d{4}(?!\d)|\d{1,3}(?:\.\d{1,3}){3}"
    r"|\d{1,3}(?:[. ]000)+|(?:\d{4} ?){4}|\d+\.\d+\Z"
)
_AMERICAN = re.compile(r"(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}")
_OTHER = re.compile(
    r"(?:\babout|regarding|concerning|wegen|order|invoice|ticket|track|refer|booking|confirm|serial|policy|account"
    r"|article|isbn|item|part n|case n|\bsku|\bid|bestell|auftrag|rechnung|sendung|kunden"
    r"|pedido|factura|commande|facture|ordine|fattura)[^.!?]{0,15}$",
    re.I,
)
_SEPARATOR = re.compile(r"\d[ .\-/()\u00a0\u2011]+(?=\d)")


def phone_numbers(text: str) -> Iterator[tuple[int, int, float]]:
    """Start, end and how sure it is that this is a telephone number (0–1)."""
    for found in _NUMBER.finditer(text):
        number = found[0]
        if _NO_PHONE.match(number):
            continue
        score = _score(number)
        if score > SURE or not _OTHER.search(text[max(0, found.start() - 30) : found.start()]):
            yield found.start(), found.end(), score


def _score(number: str) -> float:
    """International ones are sure, those written like one are probable, bare digits need a word before them."""
    international = re.sub(r"^\(?(?:00|\+)", "+", number)
    if international.startswith("+") and _fits(international, None):
        return 0.75 if "+" in number else 0.6
    if _AMERICAN.fullmatch(number):
        return 0.6
    if any(_fits(number, region) for region in REGIONS):
        return 0.6 if _SEPARATOR.search(number) and number.startswith(("0", "(")) else 0.4
    return 0.2


def _fits(number: str, region: str | None) -> bool:
    try:
        parsed = parse(number, region)
    except NumberParseException:
        return False
    return is_valid_number(parsed) if region else is_possible_number(parsed)
