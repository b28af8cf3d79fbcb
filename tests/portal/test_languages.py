"""Every word of the portal is translated, and a page in another language is whole in it."""

from __future__ import annotations

import gettext
import importlib.util
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel import Locale
from django.test import Client
from django.utils import translation
from django.utils.translation import trans_real

from clusteratlas.atlas import Release

from .test_pages import PAGES

ROOT = Path(__file__).parents[2]
LANGUAGES = ("de", "fr", "es")
OPEN, CLOSE = "\u27e6", "\u27e7"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
BRACED = re.compile(r"\{(\w+)\}")
"""Places in sentences of partner suggestions."""
KEPT = re.compile(
    r"\b(Bay|Cluster|Atlas|API|CSV|XLSX|SVG|PNG|PDF|JSON|NDJSON|SHA|Parquet|OpenAPI|BibTeX|APA|HTML|NUTS|NACE"
    r"|NAICS|English|Deutsch|Français|Español|curl|GET|USD|EUR|Atom|Enter|Esc|Escape)\b"
)
"""Words that are the same in every language."""


def _messages():
    path = ROOT / "scripts" / "messages.py"
    spec = importlib.util.spec_from_file_location("messages", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


messages = _messages()


class Marked(gettext.NullTranslations):
    """A language in which every translated text stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"{OPEN}{message.rpartition(chr(4))[2]}{CLOSE}"

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.gettext(one if count == 1 else many)

    def language(self) -> str:
        return "de"

    def to_language(self) -> str:
        return "de"


class Text(HTMLParser):
    """Collects what a person reads or hears of a page, without what is marked as foreign."""

    SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-said")
    SILENT = ("script", "style", "code", "pre", "textarea", "template")
    EMPTY = ("meta", "link", "input", "br", "img", "hr", "path", "rect", "circle", "line")

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._quiet: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        foreign = given.get("translate") == "no" or given.get("lang") not in (None, "de")
        if tag not in self.EMPTY and (self._quiet or foreign or tag in self.SILENT):
            self._quiet.append(tag)
            return
        if not self._quiet and not foreign:
            self.said += [given[name] or "" for name in self.SPOKEN if name in given]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._quiet:
            self.said += [dict(attrs)[name] or "" for name in self.SPOKEN if name in dict(attrs)]

    def handle_endtag(self, tag: str) -> None:
        if self._quiet and tag not in self.EMPTY:
            self._quiet.pop()

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.said.append(data)


def outside(pieces: list[str]) -> Iterator[str]:
    """What of each piece is in no brackets; a sentence with links goes on over several pieces."""
    depth = 0
    for text in pieces:
        kept = []
        for letter in text:
            depth += (letter == OPEN) - (letter == CLOSE)
            if not depth and letter != CLOSE:
                kept.append(letter)
        yield "".join(kept)


@pytest.fixture(scope="module")
def given_words(sample_release: Release) -> frozenset[str]:
    """Names that the release gives: places, industries, sources; countries in German."""
    said: set[str] = set(Locale("de").territories.values())
    for scheme in sample_release.manifest.schemes:
        names = {region.name for region in sample_release.regions(scheme.scheme)}
        said |= names | {name.partition(",")[0] for name in names}
        said |= {scheme.source_line, scheme.scheme, *scheme.source_line.split("; ")}
    for definition in sample_release.manifest.definitions:
        said |= {definition.citation, definition.definition}
    said |= set(sample_release.table("industries").column("title").to_pylist())
    provenance = sample_release.table("provenance")
    for name in ("publisher", "title", "licence", "covers", "source", "parameters"):
        said |= {each for each in provenance.column(name).to_pylist() if each}
    return frozenset(said)


@pytest.fixture
def marked() -> Iterator[None]:
    held = dict(trans_real._translations)
    trans_real._translations["de"] = Marked()
    yield
    trans_real._translations.clear()
    trans_real._translations.update(held)
    translation.activate("en")


def left(html: str, given: frozenset[str]) -> list[str]:
    """The pieces of a page that nobody translated."""
    reader = Text()
    reader.feed(html)
    found = []
    longest_first = None
    for piece in outside(reader.said):
        rest = piece.strip()
        if not re.search(r"[^\W\d_]{3,}", rest) or rest in given:
            continue
        longest_first = longest_first or sorted(given, key=len, reverse=True)
        for name in longest_first:
            if name in rest:
                rest = rest.replace(name, " ")
        rest = KEPT.sub(" ", rest)
        if re.search(r"[^\W\d_]{3,}", rest):
            found.append(" ".join(rest.split()))
    return found


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())
def test_no_word_is_left_in_english(
    portal: Client, marked: None, given_words: frozenset[str], address: str
) -> None:
    response = portal.get(f"/de{address}")
    assert response.status_code == 200
    assert not left(response.content.decode(), given_words)


def said_by_hand(catalog) -> list[str]:
    return [str(each.id) for each in catalog if each.id and not messages.is_translated(each.string)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", [messages.LOCALE, messages.NAMES], ids=["words", "names"])
def test_a_catalogue_holds_every_message_of_today(folder: Path, language: str) -> None:
    today = {(each.id, each.context) for each in messages.template(folder) if each.id}
    catalog = messages.read(folder, language)
    held = {(each.id, each.context) for each in catalog if each.id}
    assert not today - held, "run `make messages` and translate what is new"
    assert not held - today, "run `make messages`"
    assert not said_by_hand(catalog)
    assert not [each.id for each in catalog if each.id and each.fuzzy]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", [messages.LOCALE, messages.NAMES], ids=["words", "names"])
def test_translations_keep_their_placeholders(folder: Path, language: str) -> None:
    wrong = []
    for each in messages.read(folder, language):
        if not each.id:
            continue
        asked = each.id if isinstance(each.id, tuple) else (each.id,)
        given = each.string if isinstance(each.string, tuple) else (each.string,)
        wanted = set().union(*(PLACEHOLDER.findall(text) for text in asked))
        # the singular of some languages may leave its number out
        held = set(PLACEHOLDER.findall(given[-1]))
        broken = [text for text in given if "%" in PLACEHOLDER.sub("", text).replace("%%", "")]
        if "%(" in "".join(asked) and (held != wanted or broken):
            wrong.append((each.id, each.string))
        if folder == messages.NAMES and set(BRACED.findall(asked[0])) != set(
            BRACED.findall(given[0])
        ):
            wrong.append((each.id, each.string))
    assert not wrong


def test_a_page_in_another_language_is_whole_in_it(portal: Client) -> None:
    german = portal.get("/de/regions/us-cbsa/41940/").content.decode()
    assert '<html lang="de">' in german
    for path in ("map", "regions", "clusters", "compare", "builder", "learn"):
        assert f'href="/de/{path}/"' in german
    assert "95.290" in german
    assert "95,290" not in german
    assert "Informationstechnologie" in german
    assert set(re.findall(r'hreflang="(\w+)"', german)) == {"en", "de", "fr", "es"}
    # addresses of the page stay in its language; the API has none
    links = re.findall(r'href="(/[^"#]*)"', german.split("<main", 1)[1])
    away = [each for each in links if not each.startswith(("/de/", "/api/v1/", "/static/"))]
    assert not [each for each in away if not each.startswith(("/fr/", "/es/", "/regions/us-cbsa"))]
    spanish = portal.get("/es/regions/us-cbsa/41940/").content.decode()
    assert "95.290" in spanish
    assert "7857" in spanish, "four digits are not grouped in Spanish"
    english = portal.get("/regions/us-cbsa/41940/").content.decode()
    assert 'href="/builder/"' in english
    assert "95,290" in english
