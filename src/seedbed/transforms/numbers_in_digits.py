"""Numbers in digits, and how they are spoken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any

from seedbed.core.errors import InputError, MissingExtra, nearest

from .grammar import ADVERBS, DETERMINERS, PLACES, STOPS, ending_word, last_token, last_word, next_word, words_of
from .swaps import opens

Spoken = Callable[[str, str], str]
"""The words for a whole number, in a form: cardinal, ordinal or year."""

_NUMBER = re.compile(
    r"(?<![\w.,:/\\–—−+#@'’°*=^~&|<>\[$£€¥-])(?P<currency>[$£€¥])?(?P<whole>[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,5})"
    r"(?P<part>\.[0-9]+)?(?P<ordinal>(?:st|nd|rd|th)\b)?(?P<percent> ?%)?"
    r"(?(currency)(?P<scale> (?:hundred|thousand|million|billion|trillion)\b)?)"
    r"(?![\w°/\\+*=^~@&#\]'’″′$£€¥%–—−]| ['’]s\b| [+/=]| [-–—] [0-9]|[.,:][0-9]|-[^a-zA-Z])"
)
_DIGITS = re.compile("[0-9$£€¥]+")
"""Where a number may begin: found in a fraction of the time."""

_SIMPLE = re.compile(r" ([1-9][0-9]{1,2}|[135-9]\.[0-9])(?= [a-z])")
"""Neither a year nor a time, nor the 2 and 4 of textspeak."""

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DATE = re.compile(rf"\b{_MONTH}[a-z]*(?: ?\.)? (?:[0-9]{{1,2}}(?:st|nd|rd|th)? ?, )?$")
_UNIT = re.compile(
    r" ?(?:[ap]\.? ?m\b|[mkcnµ]?[gmlVWs]\b|[kMGT]?(?:Hz|B|bps|W|b)\b|lbs?\b|oz\b|ft\b|in\.|mph\b|km/h|bn\b|hrs?\b|"
    rf"o['’]clock|[°′″]|mins?\b|secs?\b|[x×] ?[0-9])|(?: (?:to|and|or) [0-9]{{1,2}})? (?:{_MONTH}"
    r"|(?:jan(uary)?|feb(ruary)?|apr(il)?|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)\b)"
)
_CAPITAL = re.compile(r"\b[A-Z][\w'’.]*\Z")
_LABELS = words_of("labels")
_SIGNS = frozenset(["$", "£", "€", "¥", "#", "@", "&", "+", "=", "*", "~", "^", "|", "<", ">", "&lt;", "&gt;"])
"""What makes something else of a number behind it: an amount of money, an emoticon (<3)."""
_DASHES = frozenset("-–—")
"""Between two numbers they make a score, or "from … to", of them."""
_AFTER_TO_AND_FOR = DETERMINERS | words_of("verbs") | words_of("after to and for")
"""Words before which 2 and 4 are "to" and "for"."""
_MONEY = {"$": "dollar", "£": "pound", "€": "euro", "¥": "yen"}
_COINS = {"$": ("cent", "cents"), "£": ("penny", "pence"), "€": ("cent", "cents")}
_AFTER_AMOUNTS = PLACES | STOPS | ADVERBS | words_of("after amounts") | {""}


@cache
def speaker(lang: str) -> Spoken:
    """The words of a language for numbers.

    Raises:
        MissingExtra: the package that knows them is not installed.
        InputError: it does not know the language.
    """
    try:
        from num2words import CONVERTER_CLASSES, num2words
    except ImportError:
        raise MissingExtra("The transform `number_to_word`", "augment") from None
    if lang not in CONVERTER_CLASSES:
        raise InputError(f"Numbers cannot be put into words in `{lang}`.", nearest(lang, CONVERTER_CLASSES))

    @lru_cache(1 << 14)
    def words(digits: str, form: str) -> str:
        try:
            spoken: Any = num2words(int(digits.replace(",", "")), lang=lang, to=form)
        except (NotImplementedError, AttributeError):
            spoken = num2words(int(digits.replace(",", "")), lang=lang)
        return str(spoken).replace(",", "")

    return words


def numbers(text: str) -> Iterator[re.Match[str]]:
    """The numbers for themselves: no part of a date, time, code, phone number, measure, title or name."""
    for digits in _DIGITS.finditer(text):
        found = _NUMBER.match(text, digits.start())
        if found and _plain(text, found):
            yield found


def simple_number(text: str) -> tuple[int, int] | None:
    """Where a number stands between two words in small letters, as most do, so that the words for it are sure."""
    found = _SIMPLE.search(text)
    if not found:
        return None
    start, end = found.span(1)
    last = last_token(text, start)
    sure = last.isalpha() and last.islower() and last not in _LABELS and not _UNIT.match(text, end)
    return (start, end) if sure else None


def _plain(text: str, found: re.Match[str]) -> bool:
    (start, end), whole = found.span(), found["whole"]
    last, beside = last_token(text, start), text[end : end + 2]
    if (whole[0] == "0" and len(whole) > 1) or beside[1:].isdigit():
        return False
    if not (last.isalpha() and last.islower()):
        if _in_name_or_date(text, start, last) or (last in _DASHES and text[: start - 2].rstrip()[-1:].isdigit()):
            return False
        last = ending_word(last)
    clock = last in ("at", "by", "from", "till", "until") and len(found["part"] or "") == 3
    listed = beside[:1] in (".", ")") and opens(text, start)
    titled = beside[:1] == " " and beside[1:].isupper() and not _like_year(whole)
    textspeak = whole in ("2", "4") and next_word(text, end) in _AFTER_TO_AND_FOR
    return not (clock or listed or titled or textspeak or last in _LABELS or _UNIT.match(text, end))


def _in_name_or_date(text: str, start: int, last: str) -> bool:
    """Whether a name, a date, another number or a sign ends with what stands before a number."""
    end = last[-1:]
    if end.isdigit() or last in _SIGNS:
        return True
    name = _CAPITAL.search(last) if last != last.lower() else None
    if name and not opens(text, start - 1 - len(last) + name.start()):
        return True
    if end == "," and not text[max(0, start - 4) : start].rstrip(" ,")[-1:].isalnum():  # no day of a month
        return False
    return (end.isalpha() or end in (".", ",")) and _DATE.search(text, max(0, start - 30), start) is not None


def in_others(text: str, found: re.Match[str], spoken: Spoken) -> str:
    """The words for a number, if it is a whole one; "" if not."""
    digits = found[0]
    if not digits.isdigit() or digits in ("0", "1") or text.startswith("-", found.end()):
        return ""
    return spoken(digits, "year" if _like_year(digits) else "cardinal")


def in_english(text: str, found: re.Match[str], spoken: Spoken) -> str:
    """The words for a number, or "" where they would not be right."""
    whole, part, end = found["whole"], found["part"] or "", found.end()
    if found["currency"]:
        return _money(text, found, spoken)
    if found["ordinal"]:
        return "" if part or found["percent"] else spoken(whole, "ordinal")
    form = "cardinal" if part or found["percent"] or not _like_year(whole) else _year_or_count(text, found)
    words = _amount(whole, part, spoken, form) if form else ""
    if found["percent"]:
        return f"{words} percent"
    return "" if text.startswith("-", end) and not words.isalpha() else words


@lru_cache(1 << 14)
def _amount(whole: str, part: str, spoken: Spoken, form: str = "cardinal") -> str:
    digits = "".join(f" {spoken(digit, 'cardinal')}" for digit in part[1:])
    return spoken(whole, form) + (f" point{digits}" if part else "")


def _like_year(digits: str) -> bool:
    return len(digits) == 4 and "1100" <= digits <= "2099"


def _year_or_count(text: str, found: re.Match[str]) -> str:
    """The form of a number of four digits; "" if it could be a year or a count: "in 1500 homes"."""
    follower = next_word(text, found.end())
    counted = follower not in _AFTER_AMOUNTS and text[found.end() + 1].islower() and found[0] < "1900"
    if not counted:
        return "year"
    return "" if last_word(text, found.start()) in DETERMINERS | PLACES | {"since", "until"} else "cardinal"


def _money(text: str, found: re.Match[str], spoken: Spoken) -> str:
    """An amount of money; singular before a noun ("a five million dollar deal"), and "" if that is not sure."""
    sign, whole, part, scale = found["currency"], found["whole"], found["part"] or "", found["scale"] or ""
    coins = part[1:] if part and not scale else ""
    if text.startswith("-", found.end()) or (coins and (len(coins) != 2 or sign not in _COINS)):
        return ""
    noun = next_word(text, found.end()) not in _AFTER_AMOUNTS
    if noun and (coins or last_word(text, found.start()) not in DETERMINERS):
        return ""
    one = noun or sign == "¥" or (whole == "1" and not scale)
    words = _amount(whole, "" if coins else part, spoken) + scale + f" {_MONEY[sign]}" + ("" if one else "s")
    if not coins or coins == "00":
        return words
    return f"{words} and {spoken(coins.lstrip('0'), 'cardinal')} {_COINS[sign][coins != '01']}"
