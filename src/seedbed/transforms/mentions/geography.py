"""Countries by region and income, well-known cities, and how they are named in English."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from seedbed.core.errors import MissingExtra

from ..word_lists import word_lists

if TYPE_CHECKING:
    from collections.abc import Mapping

Region = Literal["Africa", "Americas", "Asia", "Europe", "Oceania"]
REGIONS: tuple[Region, ...] = ("Africa", "Americas", "Asia", "Europe", "Oceania")
Income = Literal["low", "lower_middle", "upper_middle", "high"]

_INCOMES: tuple[Income | None, ...] = (None, "low", "lower_middle", "upper_middle", "high")
CITIES = word_lists("places")["cities"].strip().splitlines()
UNCLEAR = word_lists("places")["unclear"].split()


class Country(NamedTuple):
    """A country by its usual name in English, without "the"; `income` is None where the World Bank gives none."""

    name: str
    region: Region
    income: Income | None


@cache
def countries() -> Mapping[str, Country]:
    """Country by each of its names.

    Raises:
        MissingExtra: pycountry is not installed.
    """
    try:
        import pycountry
    except ImportError as error:
        raise MissingExtra("The transform `replace_countries`", "augment") from error
    lists = word_lists("places")
    own, aliases = ([line.split(" ", 1) for line in lists[one].strip().splitlines()] for one in ("names", "aliases"))
    named: dict[str, str] = dict(own)
    codes: dict[str, Country] = {}
    for region in REGIONS:
        for code, income in ((one[:2], int(one[2])) for one in lists[region].split()):
            entry: Any = pycountry.countries.get(alpha_2=code)
            name = named.get(code) or getattr(entry, "common_name", entry.name)
            codes[code] = Country(name, region, _INCOMES[income])
    return {country.name: country for country in codes.values()} | {name: codes[code] for code, name in aliases}
