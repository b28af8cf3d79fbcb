"""Logs of a programme that never was, with the gaps that real logs have.

The same seed writes the same logs. Nothing in them stands for a real firm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np

from clusteratlas.programmes.account.layout import LAYOUTS

FIRST, LAST = 2018, 2025
YEARS: Final = tuple(range(FIRST, LAST + 1))
COMPANIES: Final = 96
GROUPS: Final = 8
"""Corporate groups that have two companies."""

Cells = dict[str, str]
Tables = dict[str, list[Cells]]

_FIELDS: Final = ("Sensor", "Optics", "Battery", "Textile", "Polymer", "Robot", "Timber", "Water",
                  "Drive", "Print", "Laser", "Foundry")  # fmt: skip
_HOUSES: Final = ("Works", "House", "Partners", "Systems", "Lab", "Makers", "Mill", "Company")
_EVENTS: Final = ("network", "workshop", "training", "matchmaking")
_SERVICES: Final = ("advice", "introduction", "scouting")
_AGREEMENTS: Final = (
    ("A1", "Imaginary Medicon Harbour", "international", "2019-03-01", ""),
    ("A2", "Musternetz Fahrzeugbau Stuttgart", "international", "2020-09-15", "2023-06-30"),
    ("A3", "Imaginary Network Without a Base", "regional", "2021-02-01", ""),
    ("A4", "Vlaams Voorbeeldcluster Chemie", "international", "2022-05-10", ""),
)
_STAFF: Final = (("management", 1.0, 0.0), ("advisers", 1.5, 0.25), ("events", 0.5, 0.1))


def fictional_logs(seed: int = 2018) -> Tables:
    """Return every log of the fictional programme as rows of text.

    Some companies state no size, some events do not say whether they cost a fee, the attendance of
    2018 was not kept, and the survey began in 2020 and is answered by some three in five.

    Parameters
    ----------
    seed
        Of the random numbers; the same seed gives the same logs.

    Example
    -------
    >>> logs = fictional_logs()
    >>> logs["events"][0]["date"][:4], len(logs["organisations"])
    ('2018', 106)
    """
    made = _Maker(np.random.default_rng(seed))
    made.organisations()
    made.memberships()
    made.events()
    made.services()
    made.projects()
    made.survey()
    made.rest()
    return {name: made.tables[name] for name in LAYOUTS}


class _Maker:
    """Writes one log after the other; each draws from the same stream of random numbers."""

    def __init__(self, chance: np.random.Generator) -> None:
        self.chance = chance
        self.tables: Tables = {name: [] for name in LAYOUTS}
        self.companies = [f"C{number:03d}" for number in range(1, COMPANIES + 1)]
        self.others = [f"K{number:02d}" for number in range(1, 7)] + [
            f"P{number:02d}" for number in range(1, 5)
        ]
        self.eager = dict(
            zip(self.companies + self.others, self._share(len(self.companies) + 10), strict=True)
        )
        self.joined: dict[str, int] = {}
        self.left: dict[str, int] = {}

    def _share(self, many: int) -> list[float]:
        return [float(each) for each in self.chance.beta(1.3, 3.0, many)]

    def _chosen(self, of: Sequence[str], chance: float, year: int) -> list[str]:
        """Those of them who come: the eager more often, members more than guests."""
        drawn = self.chance.random(len(of))
        return [
            each
            for each, luck in zip(of, drawn, strict=True)
            if luck < chance * self.eager[each] * (2.0 if self._is_member(each, year) else 0.6)
        ]

    def _is_member(self, organisation: str, year: int) -> bool:
        joined = self.joined.get(organisation)
        return joined is not None and joined <= year < self.left.get(organisation, LAST + 1)

    def _day(self, year: int, first: int = 15, last: int = 350) -> str:
        days = int(self.chance.integers(first, last))
        return (date(year, 1, 1) + timedelta(days=days)).isoformat()

    def _put(self, log: str, /, **cells: object) -> None:
        row = {each.name: "" for each in LAYOUTS[log].columns}
        row.update({name.rstrip("_"): _text(cell) for name, cell in cells.items()})
        self.tables[log].append(row)

    def organisations(self) -> None:
        """Companies, some of one group, knowledge institutes and public bodies, with sizes."""
        for place, code in enumerate(self.companies):
            group = f"G{place % GROUPS + 1:02d}" if place < 2 * GROUPS else ""
            name = f"Imaginary {_FIELDS[place % len(_FIELDS)]} {_HOUSES[place // len(_FIELDS) % 8]}"
            self._put("organisations", organisation=code, name=name, group=group, kind="company")
            staff = int(np.exp(self.chance.normal(3.4, 1.4))) + 1
            if self.chance.random() < 0.06:
                continue
            for year in (2018, 2022):
                turnover = round(staff * float(self.chance.uniform(0.1, 0.22)), 1)
                self._put("sizes", organisation=code, year=year, staff=staff, turnover=turnover)
                staff = max(1, int(staff * float(self.chance.uniform(0.9, 1.35))))
        for code in self.others:
            institute = code.startswith("K")
            kind = "knowledge-institute" if institute else "public-body"
            name = f"Imaginary {'Institute' if institute else 'Agency'} {code}"
            self._put("organisations", organisation=code, name=name, kind=kind)

    def memberships(self) -> None:
        """Some join each year and a few leave; associates pay nothing."""
        for code in self.companies + self.others:
            if self.chance.random() > 0.35 + 0.6 * self.eager[code]:
                continue
            year = int(self.chance.choice(YEARS, p=_WHEN))
            pays = code.startswith("C") and self.chance.random() < 0.85
            self.joined[code] = year
            until = ""
            if self.chance.random() < 0.15 and year < LAST - 1:
                self.left[code] = int(self.chance.integers(year + 1, LAST + 1))
                until = f"{self.left[code]}-01-31"
            self._put(
                "members",
                organisation=code,
                type="full" if pays else "associate",
                paying=pays,
                from_=f"{year}-02-01",
                until=until,
            )

    def events(self) -> None:
        """Ten events a year or more, and who came."""
        number = 0
        for year in YEARS:
            for _ in range(9 + (year - FIRST)):
                number += 1
                kind = _EVENTS[int(self.chance.integers(len(_EVENTS)))]
                paid: bool | str = bool(self.chance.random() < 0.3)
                code = f"E{number:03d}"
                self._put(
                    "events",
                    event=code,
                    date=self._day(year),
                    title=f"{kind.capitalize()} {number} of Imaginary Cluster Boost",
                    kind=kind,
                    paid="" if self.chance.random() < 0.02 else paid,
                    innovative=kind in ("workshop", "matchmaking")
                    and bool(self.chance.random() < 0.6),
                )
                if year == FIRST:
                    continue
                for each in self._chosen(self.companies + self.others, 0.28, year):
                    people = 1 + int(self.chance.poisson(0.4))
                    self._put("attendance", event=code, organisation=each, people=people)
        self.tables["events"].sort(key=lambda row: (row["date"], row["event"]))

    def services(self) -> None:
        """Advice to one company at a time; the log begins with the second year."""
        number = 0
        for year in YEARS[1:]:
            for each in self._chosen(self.companies, 0.55, year):
                number += 1
                hours = round(float(self.chance.gamma(2.5, 5.0)), 1)
                self._put(
                    "services",
                    service=f"S{number:03d}",
                    date=self._day(year),
                    organisation=each,
                    kind=_SERVICES[int(self.chance.integers(len(_SERVICES)))],
                    hours=hours,
                    innovative=bool(self.chance.random() < 0.45),
                )

    def projects(self) -> None:
        """Some four projects are decided a year; each has partners and an end."""
        kinds = ("cluster-project", "inter-cluster-project", "eu-project", "initiative")
        number = 0
        for year in YEARS:
            for _ in range(3 + int(self.chance.integers(0, 3))):
                number += 1
                code = f"J{number:02d}"
                kind = str(self.chance.choice(kinds, p=(0.5, 0.15, 0.1, 0.25)))
                decided = date.fromisoformat(self._day(year, 20, 240))
                started = decided + timedelta(days=int(self.chance.integers(20, 110)))
                ended = started + timedelta(days=int(self.chance.integers(300, 1_000)))
                self._put(
                    "projects",
                    project=code,
                    title=f"Imaginary project {number}",
                    kind=kind,
                    innovative=bool(self.chance.random() < 0.75),
                    linked=kind != "eu-project" or bool(self.chance.random() < 0.6),
                    earmarked=kind == "cluster-project",
                    decided=decided.isoformat(),
                    started=started.isoformat(),
                    ended=ended.isoformat() if ended.year <= LAST else "",
                )
                partners = self._chosen(self.companies + self.others, 0.2, year)
                partners = partners or [self.companies[number]]
                for place, each in enumerate(partners):
                    role = "partner" if place else "lead"
                    self._put("participants", project=code, organisation=each, role=role)

    def survey(self) -> None:
        """Members of the year are asked from 2020 on; some three in five answer."""
        for year in YEARS[2:]:
            asked = [each for each in self.companies if self._is_member(each, year)]
            for each in asked:
                self._put("asked", year=year, organisation=each)
            for each in asked:
                if self.chance.random() > 0.45 + 0.5 * self.eager[each]:
                    continue
                gain = self.eager[each] * float(self.chance.gamma(1.2, 90_000))
                happy = min(100, max(0, int(self.chance.normal(72, 14))))
                answers: list[tuple[str, float, str]] = [
                    ("extra-turnover", round(gain, -3), "EUR"),
                    ("extra-jobs", round(gain / 120_000, 1), ""),
                    ("extra-investment", round(gain / 4, -3), "EUR"),
                    ("satisfaction-membership", happy, ""),
                    ("satisfaction-organisation", min(100, happy + 4), ""),
                ]
                for question, answer, currency in answers:
                    self._put("answers", year=year, organisation=each, question=question,
                              answer=answer, currency=currency)  # fmt: skip

    def rest(self) -> None:
        """Agreements, staff, and which years each log is complete for."""
        for agreement, partner, scope, signed, ended in _AGREEMENTS:
            self._put("agreements", agreement=agreement, partner=partner, scope=scope,
                      signed=signed, ended=ended)  # fmt: skip
        for year in YEARS:
            for role, first, more in _STAFF:
                self._put(
                    "staff", year=year, role=role, fte=round(first + more * (year - FIRST), 2)
                )
        begun = {"attendance": 2019, "services": 2019, "asked": 2020, "answers": 2020}
        checked = {
            "projects": "Imaginary Court of Audit",
            "participants": "Imaginary Court of Audit",
        }
        for name, layout in LAYOUTS.items():
            if layout.periods:
                self._put("coverage", log=name, from_=begun.get(name, FIRST), until=LAST,
                          verified_by=checked.get(name, ""))  # fmt: skip


_WHEN: Final = (0.3, 0.14, 0.12, 0.12, 0.1, 0.1, 0.07, 0.05)


def _text(cell: object) -> str:
    if isinstance(cell, bool | np.bool_):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:g}" if abs(cell) < 1e6 else str(int(cell))
    return str(cell)


def rows_of(tables: Mapping[str, Sequence[Cells]], name: str) -> list[list[str]]:
    """Return a log as rows of cells under its header."""
    header = [each.name for each in LAYOUTS[name].columns]
    return [header, *([row[column] for column in header] for row in tables[name])]
