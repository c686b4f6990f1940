"""Towns for others."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from seedbed.core.errors import InputError, MissingExtra

from ..word_lists import word_set
from .entities import takes_the
from .geography import CITIES, countries
from .people import Locale
from .places import Places, Table, table_of

_CITIES_DRAWN = 300
_NO_TOWNS = word_set("places", "regions") | word_set("places", "no towns")
"""Last words of names of countries' parts, streets, buildings and the like."""


class ReplaceLocations(Places):
    """A city becomes another one, of about 150 well-known ones, of Faker's for a `locale`, or of your `values`.

    In spans any place is replaced but countries, continents, what has "the" before it ("the Pacific") and what its name
    says to be no town ("Golf Club").
    """

    kind: ClassVar[str] = "replace_locations"
    source: ClassVar[str] = "own list of cities; Faker (MIT)"
    locale: Locale | None = None

    def table(self) -> Table:
        """See `Places.table`."""
        countries()
        return table_of(self.values or (_cities(self.locale) if self.locale else CITIES), CITIES, "|, [A-Z]")

    def fits(self, name: str) -> bool:
        """See `Places.fits`."""
        known = countries()
        region = name in known or name.title() in known or name.title().rpartition(" ")[2] in _NO_TOWNS
        return not (region or takes_the(name) or takes_the(name.title()) or re.search(r"[^\W\d_]", name) is None)


def _cities(locale: str) -> list[str]:
    """Cities as Faker makes them, always the same ones.

    Raises:
        InputError: Faker is not there, or does not know the locale.
    """
    try:
        from faker import Faker

        source: Any = Faker(locale)
    except ImportError as error:
        raise MissingExtra("The transform `replace_locations`", "augment") from error
    except AttributeError as error:
        raise InputError(f"Faker does not know the locale `{locale}`.", "Write one such as de_DE or en_GB.") from error
    source.seed_instance(0)
    return list(dict.fromkeys(source.city() for _ in range(_CITIES_DRAWN)))
