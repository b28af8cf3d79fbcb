"""One publication: who gives it out, under which address, and what it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from clusteratlas.tables import CannotAnswer

Media = Literal["zip", "gzip", "csv", "page"]

YEAR, AREA, QUARTER = "year", "area", "quarter"


@dataclass(frozen=True)
class Publication:
    """What we know about a publication.

    Attributes
    ----------
    id
        Its name on the command line, such as ``cbp-county``.
    publisher, title
        Who publishes it, and under which title.
    table
        The table that it becomes.
    page
        The publisher's page about it, for people.
    address, file
        Address and name of a file; ``{year}``, ``{yy}``, ``{area}`` and ``{quarter}`` stand for
        what is asked for. No address: the figures are the user's own.
    media
        What the publisher answers with.
    first, last
        First and last year; ``None`` for a last one that is still to come, or for no years.
    size
        Size of one file, in words.
    licence
        Terms of reuse.
    confirmed
        Whether the address was seen to work, or in use by others.
    note
        What one must know, such as what could not be confirmed.
    """

    id: str
    publisher: str
    title: str
    table: str
    page: str
    address: str
    file: str
    media: Media
    first: int | None
    last: int | None
    size: str
    licence: str
    confirmed: bool
    note: str = ""

    @property
    def years(self) -> str:
        """The years on offer, in words.

        >>> Publication("a", "", "", "", "", "", "", "csv", 2010, None, "", "", True).years
        '2010-'
        """
        if self.first is None:
            return ""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last or ''}"

    @property
    def own(self) -> bool:
        """Whether the figures are the user's own, with nothing to fetch."""
        return not self.address

    def takes(self, word: str) -> bool:
        """Return whether the address asks for that: year, area or quarter."""
        return f"{{{word}}}" in self.address or (word == YEAR and "{yy}" in self.address)

    def asked(
        self, year: int | None = None, area: str | None = None, quarter: str = "a"
    ) -> tuple[str, str]:
        """Return the address and the name of the file that is asked for.

        Raises
        ------
        CannotAnswer
            There is nothing to fetch, or not for that year, or the area is no code.

        Example
        -------
        >>> from clusteratlas.sources.catalogue.publications import publication
        >>> publication("cbp-county").asked(2021)[1]
        'cbp21co.zip'
        """
        if self.own:
            raise CannotAnswer(
                f"{self.id} names your own figures: there is nothing to fetch",
                hint="give the file to `sources check` or `sources import`",
            )
        if self.takes(YEAR) and year is None:
            raise CannotAnswer(f"{self.id} has one file a year: say which", hint=self._years_hint())
        if year is not None and self.first is not None and not self._offered(year):
            raise CannotAnswer(
                f"{self.id} has no such year", value=str(year), hint=self._years_hint()
            )
        if self.takes(AREA) and not area:
            raise CannotAnswer(
                f"{self.id} has one file an area: say which",
                hint="such as 06085 (a county), 06000 (a state), US000, C4194 (a metro area)",
            )
        if self.takes(AREA) and not (area and area.isascii() and area.isalnum()):
            raise CannotAnswer(
                "an area is a code of letters and digits", value=area or "", hint="such as 06085"
            )
        if quarter not in {"a", "1", "2", "3", "4"}:
            raise CannotAnswer("a quarter is 1, 2, 3 or 4, and a the year", value=quarter)
        words = {
            "year": str(year),
            "yy": f"{(year or 0) % 100:02d}",
            "area": area or "",
            "quarter": quarter,
        }
        return self.address.format(**words), self.file.format(**words)

    def _offered(self, year: int) -> bool:
        return (self.first or year) <= year <= (self.last or year)

    def _years_hint(self) -> str:
        return f"add --year; there is {self.years}" if self.first else "add --year"

    @property
    def host(self) -> str:
        """The host of the address."""
        return urlsplit(self.address).hostname or ""
