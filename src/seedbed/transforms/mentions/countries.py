"""Countries for others, by region and income."""

from __future__ import annotations

from typing import ClassVar

from seedbed.core.errors import InputError

from .geography import UNCLEAR, Income, Region, countries
from .places import Places, Table, table_of


class ReplaceCountries(Places):
    """A country becomes another one: "in Japan", "in the Netherlands".

    `region` (of the United Nations) and `income` (the World Bank's class for its fiscal year 2026) say which ones come
    in; a country that already is of that kind stays. `values` are countries of one's own instead. People of a country
    ("Japanese") and names that hold one ("Bank of China") stay.
    """

    kind: ClassVar[str] = "replace_countries"
    source: ClassVar[str] = "pycountry (LGPL); regions and classes of income: own table"
    region: Region | None = None
    income: Income | None = None

    def table(self) -> Table:
        """See `Places.table`."""
        known = countries()
        new = self.values or [one.name for one in dict.fromkeys(known.values()) if self._wanted(one.name)]
        new = [name for name in new if self.values or name not in UNCLEAR]
        if not new:
            raise InputError("There is no country of that region and income.", "Change `region` or `income`.")
        return table_of(new, (name for name in known if name not in UNCLEAR and self.fits(name)))

    def fits(self, name: str) -> bool:
        """See `Places.fits`."""
        name = self.same(name)
        if name not in countries() or name == "Georgia":
            return False
        if self.values:
            return name not in map(self.same, self.values)
        return not (self.region or self.income) or not self._wanted(name)

    def same(self, name: str) -> str:
        """See `Places.same`."""
        country = countries().get(name) or countries().get(name.title())
        return country.name if country else name.casefold()

    def _wanted(self, name: str) -> bool:
        one = countries()[name]
        return (self.region is None or one.region == self.region) and (self.income is None or one.income == self.income)
