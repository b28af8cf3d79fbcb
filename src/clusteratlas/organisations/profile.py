"""What a cluster organisation says of itself: one versioned, open schema for file, form and API."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from babel import Locale
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from clusteratlas.organisations.picks import PICKS

SCHEMA_VERSION: Final = 1
EARLIEST: Final = 1600
_ENGLISH: Final = Locale("en")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MIDNIGHT: Final = re.compile(r"[T ]00:00:00(\.0+)?Z?$")
_MAIL: Final = re.compile(r"[^\s@<>\"',;:]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_STEERING: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def clean_text(text: str) -> str:
    """Return a text as it is unless it holds characters that steer a terminal or turn its order.

    >>> clean_text("Netzwerk für Optik")
    'Netzwerk für Optik'
    """
    if _STEERING.search(text):
        raise ValueError("a control character stands in the text")
    return text


def visible_name(text: str) -> str:
    """Return a name that shows something; spaces of no width alone are none.

    >>> visible_name("Optics")
    'Optics'
    """
    if all(unicodedata.category(letter) in ("Cf", "Zs") for letter in text):
        raise ValueError("the name shows no letter")
    return text


def folded_name(text: str) -> str:
    """Return what two names have in common that are one: case, spaces and spelling of accents.

    >>> folded_name("\u00c9cole  d'Optique") == folded_name("e\u0301cole d'optique\u200b")
    True
    """
    shown = (each for each in text if unicodedata.category(each) != "Cf")
    return unicodedata.normalize("NFKC", " ".join("".join(shown).split())).casefold()


def stated_number(value: object) -> object:
    """Return what is given for a number; true and false are none, and never one and zero.

    >>> stated_number(3)
    3
    """
    if isinstance(value, bool):
        raise ValueError("yes and no are no number")
    return value


def stated_day(value: object) -> object:
    """Return what is given for a day; a bare number is none, whatever it may count.

    >>> stated_day("2025-03-31T00:00:00")
    '2025-03-31'
    """
    if isinstance(value, str):
        value = _MIDNIGHT.sub("", value.strip())
        given = bool(_DAY.fullmatch(value))
    else:
        given = value is None or isinstance(value, date)
    if not given:
        raise ValueError("not a day; write year, month and day, such as 2025-03-31")
    return value


def web_address(text: str) -> str:
    """Return an address of the web; only http and https, with a host and no sign-in, lead there.

    >>> web_address("https://example.org/about")
    'https://example.org/about'
    """
    try:
        parts = urlsplit(text)
        host = None if "@" in parts.netloc else parts.hostname
    except ValueError:
        host = None
    odd = re.search(r"[\s\\]", text) or _STEERING.search(text)
    if text and (not host or odd or parts.scheme not in ("http", "https")):
        raise ValueError("not an address of the web, such as https://example.org")
    return text


def mail_address(text: str) -> str:
    """Return a mail address that has the shape of one.

    >>> mail_address("office@example.org")
    'office@example.org'
    """
    if text and not _MAIL.fullmatch(text):
        raise ValueError("not a mail address, such as office@example.org")
    return text


def country_code(text: str) -> str:
    """Return the two letters of a country (ISO 3166-1).

    >>> country_code("DE")
    'DE'
    """
    if text and (len(text) != 2 or not text.isupper() or text not in _ENGLISH.territories):
        raise ValueError("not a country's two letters (ISO 3166-1), such as DE or US")
    return text


def language_code(text: str) -> str:
    """Return the two letters of a language (ISO 639-1).

    >>> language_code("fr")
    'fr'
    """
    if len(text) != 2 or text not in _ENGLISH.languages:
        raise ValueError("not a language's two letters (ISO 639-1), such as de or en")
    return text


@dataclass(frozen=True)
class Picked:
    """Lets a field hold only codes of a pick-list, which the schema names too."""

    name: str
    lists: Mapping[str, Mapping[str, str]] = field(
        default_factory=lambda: PICKS, compare=False, repr=False
    )

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), "enum": ["", *self.lists[self.name]]}

    def _check(self, code: str) -> str:
        known = self.lists[self.name]
        if code and code not in known:
            near = get_close_matches(code, known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(known)}"
            raise ValueError(f"not in the list of this field; {hint}")
        return code


def _text(most: int, least: int = 0) -> object:
    return StringConstraints(strip_whitespace=True, max_length=most, min_length=least)


Name = Annotated[str, _text(200, 1), AfterValidator(clean_text), AfterValidator(visible_name)]
Line = Annotated[str, _text(200), AfterValidator(clean_text)]
Text = Annotated[str, _text(4_000), AfterValidator(clean_text)]
Web = Annotated[str, _text(500), AfterValidator(web_address)]
Mail = Annotated[str, _text(254), AfterValidator(clean_text), AfterValidator(mail_address)]
Country = Annotated[str, AfterValidator(country_code)]
Language = Annotated[str, AfterValidator(language_code)]
Code = Annotated[str, _text(60, 1), AfterValidator(clean_text)]
Number = BeforeValidator(stated_number)
Year = Annotated[int, Field(ge=EARLIEST, le=2200), Number]
Count = Annotated[int, Field(ge=0, le=1_000_000), Number]
Day = Annotated[date, BeforeValidator(stated_day)]


class Part(BaseModel):
    """Part of a profile; frozen, and an unknown field is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RegionRef(Part):
    """A region of the atlas where the organisation is at home."""

    scheme: Code
    region: Code


class Claim(Part):
    """A field that the organisation says it works in: a cluster, or a subcluster of it."""

    definition: Code
    cluster: Code
    subcluster: Line = ""
    weight: Literal["main", "side"] = "main"


class IndustryRef(Part):
    """An industry of a classification, such as naics-2017 or nace-2."""

    classification: Code
    industry: Code


class Members(Part):
    """How many members of each kind (pick-list ``member``), and on which day that was so."""

    counts: dict[Annotated[str, Picked("member")], Count] = Field(default_factory=dict)
    as_of: Day | None = None

    @property
    def total(self) -> int | None:
        """Members in all; none where no count is stated."""
        return sum(self.counts.values()) if self.counts else None

    @property
    def kinds(self) -> int:
        """Kinds that have at least one member."""
        return sum(count > 0 for count in self.counts.values())


class Label(Part):
    """A label of cluster management that the organisation holds."""

    label: Annotated[str, Picked("label")]
    name: Line = ""
    valid_until: Day | None = None


class Interest(Part):
    """Something offered or sought: a topic, a kind of cooperation, and with whom.

    ``countries`` and ``clusters`` say where and in which fields partners are sought; empty means
    anywhere.
    """

    topic: Name
    kind: Annotated[str, Picked("cooperation")] = ""
    countries: tuple[Country, ...] = ()
    clusters: tuple[Claim, ...] = ()
    technologies: tuple[Annotated[str, Picked("technology")], ...] = ()
    text: Text = ""


class Partnership(Part):
    """A partnership that exists or existed; ``partners`` are names or addresses of profiles."""

    name: Name
    partners: tuple[Name, ...] = ()
    programme: Line = ""
    since: Year | None = None
    until: Year | None = None

    @field_validator("until")
    @classmethod
    def _in_order(cls, until: int | None, given: ValidationInfo) -> int | None:
        since = given.data.get("since")
        if until is not None and since is not None and until < since:
            raise ValueError("the partnership ends before it begins")
        return until


class Contact(Part):
    """A person to write to. Shown to others only with consent, and since when that is given."""

    name: Name
    role: Line = ""
    mail: Mail = ""
    phone: Annotated[str, _text(40), AfterValidator(clean_text)] = ""
    consent: bool = False
    consent_on: Day | None = None


class Evidence(Part):
    """Something that bears the profile out: a strategy, statutes, a report."""

    title: Name
    address: Web = ""
    on: Day | None = None


class Profile(Part):
    """A cluster organisation in its own words, with codes that tie it to the map.

    An empty field means *not stated*; it is never read as zero or as none. Fields that hold codes
    of the atlas (regions, claims, industries) are checked against a release elsewhere
    (`clusteratlas.organisations.codes`), because a profile outlives releases.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    name: Name
    short_name: Annotated[str, _text(60), AfterValidator(clean_text)] = ""
    identifier: Annotated[str, _text(80), AfterValidator(clean_text)] = ""
    fictional: bool = False
    kind: Annotated[str, Picked("kind")] = ""
    legal_form: Annotated[str, Picked("legal_form")] = ""
    sector: Annotated[str, Picked("sector")] = ""
    founded: Year | None = None
    summary: Text = ""
    website: Web = ""
    country: Country = ""
    street: Line = ""
    postcode: Annotated[str, _text(20), AfterValidator(clean_text)] = ""
    town: Line = ""
    latitude: Annotated[float, Field(ge=-90, le=90), Number] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180), Number] | None = None
    regions: tuple[RegionRef, ...] = ()
    claims: tuple[Claim, ...] = ()
    industries: tuple[IndustryRef, ...] = ()
    technologies: tuple[Annotated[str, Picked("technology")], ...] = ()
    priorities: tuple[Name, ...] = ()
    ecosystems: tuple[Annotated[str, Picked("ecosystem")], ...] = ()
    emerging_industries: tuple[Annotated[str, Picked("emerging")], ...] = ()
    members: Members = Members()
    staff: Annotated[float, Field(ge=0, le=100_000), Number] | None = None
    budget: Annotated[str, Picked("budget")] = ""
    budget_currency: Annotated[str, StringConstraints(pattern="^([A-Z]{3})?$")] = ""
    services: tuple[Annotated[str, Picked("service")], ...] = ()
    focus: tuple[Annotated[str, Picked("focus")], ...] = ()
    labels: tuple[Label, ...] = ()
    languages: tuple[Language, ...] = ()
    offers: tuple[Interest, ...] = ()
    seeks: tuple[Interest, ...] = ()
    partnerships: tuple[Partnership, ...] = ()
    contacts: tuple[Contact, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def for_the_public(self) -> Profile:
        """Return the profile without the contacts that gave no consent.

        >>> Profile(name="Optics", contacts=[Contact(name="A. B.")]).for_the_public().contacts
        ()
        """
        return self.model_copy(
            update={"contacts": tuple(each for each in self.contacts if each.consent)}
        )
