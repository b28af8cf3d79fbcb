"""The words of the portal in its languages.

`python scripts/messages.py extract` renews the catalogues after words changed; translate what is
empty in `src/clusteratlas/portal/locale*/*/LC_MESSAGES/django.po`: `locale` holds the texts of the
portal, `locale_names` the names of clusters, the words that a release uses, the pick-lists of
profiles and the sentences of partner suggestions. `compile` makes what the portal reads; the
Makefile calls it.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from clusteratlas.atlas.schemes import EUROPEAN_SCHEMES, EUROPEAN_TOTALS, US_SCHEMES, US_TOTALS
from clusteratlas.classification.definitions import BENCHMARK, DIVISIONS, definition
from clusteratlas.matching.reasons import SENTENCES, WORDS_OF_PARTS
from clusteratlas.organisations import PICKS
from clusteratlas.programmes import report
from clusteratlas.programmes.account import words as account_words
from clusteratlas.programmes.register import PICKS as REGISTER_PICKS

PORTAL = Path(__file__).parents[1] / "src" / "clusteratlas" / "portal"
LOCALE, NAMES = PORTAL / "locale", PORTAL / "locale_names"
LANGUAGES = ("de", "fr", "es")
FUNCTIONS = ("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext", "npgettext")
Message = str | tuple[str, ...]
WORDS_OF_RELEASES = (
    "jobs",
    "persons employed",
    "USD 1,000",
    "EUR 1,000",
    "United States",
    "Europe",
    "metro area",
    "micro area",
    "rest of state",
    "part",
    "NUTS 1",
    "NUTS 2",
    "region",
    "regions",
    "whole",
    "wholes",
    US_TOTALS,
    EUROPEAN_TOTALS,
)
"""What a release calls its units, references and kinds of regions; see `clusteratlas.atlas`."""


def found_messages() -> Iterator[tuple[str, Message, str | None]]:
    """Yield (file, message, context) of every text of the portal that is to be translated."""
    for path in sorted(PORTAL.rglob("*.py")):
        yield from _of_source(path, path.read_text(encoding="utf-8"))
    for path in sorted((PORTAL / "templates").rglob("*")):
        if path.is_file():
            yield from _of_source(path, templatize(path.read_text(encoding="utf-8")))


def _of_source(path: Path, source: str) -> Iterator[tuple[str, Message, str | None]]:
    name = path.relative_to(PORTAL).as_posix()
    found = extract_python(
        io.BytesIO(source.encode()), dict.fromkeys(FUNCTIONS), (), {"encoding": "utf-8"}
    )
    for _line, function, said, _comments in found:
        parts = list(said) if isinstance(said, list | tuple) else [said]
        context = parts.pop(0) if function in ("pgettext", "npgettext") else None
        message = (
            tuple(parts[:2]) if "ngettext" in function or function == "npgettext" else parts[0]
        )
        if message and all(part is not None for part in message):
            yield name, message, context


def names_of_releases() -> Iterator[tuple[str, Message, str | None]]:
    """Yield (origin, text, context) of the names and words that the packaged figures bring."""
    for name, classification in ((BENCHMARK, "naics-2017"), (DIVISIONS, "nace-2")):
        found = definition(name, classification)
        for text in (found.title, found.group_word, found.group_words):
            yield "definitions", text, "word"
        for text in sorted(found.clusters.column("name").unique().to_pylist()):
            yield "clusters", text, "cluster"
        for text in sorted(filter(None, found.industries.column("subcluster").to_pylist())):
            yield "subclusters", text, "cluster"
    for plan in (*US_SCHEMES, *EUROPEAN_SCHEMES):
        for text in (plan.title, plan.region_word, plan.region_words):
            yield "schemes", text, "word"
    for text in WORDS_OF_RELEASES:
        yield "releases", text, "word"
    for words in (*PICKS.values(), *REGISTER_PICKS.values()):
        for text in words.values():
            yield "picks", text, "word"
    for text in (*SENTENCES.values(), *WORDS_OF_PARTS.values()):
        yield "partners", text, "word"
    for text in (*account_words.texts(), *report.texts()):
        yield "programmes", text, "word"


def template(folder: Path) -> Catalog:
    """Return every message of the portal, or every name, untranslated."""
    catalog = Catalog(domain="django", charset="utf-8")
    found = found_messages() if folder == LOCALE else names_of_releases()
    for name, message, context in found:
        catalog.add(message, locations=[(name, 0)], context=context)
    return catalog


def path_of(folder: Path, language: str) -> Path:
    """Return the catalogue of a language."""
    return folder / language / "LC_MESSAGES" / "django.po"


def read(folder: Path, language: str) -> Catalog:
    """Return a catalogue, empty where there is none yet."""
    path = path_of(folder, language)
    if not path.is_file():
        return Catalog(locale=language, domain="django", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def extract() -> None:
    """Bring every catalogue up to the words of today; what is gone is dropped."""
    for folder in (LOCALE, NAMES):
        today = template(folder)
        for language in LANGUAGES:
            catalog = read(folder, language)
            catalog.update(today, no_fuzzy_matching=True)
            catalog.obsolete.clear()
            path = path_of(folder, language)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                write_po(
                    file,
                    catalog,
                    width=100,
                    omit_header=True,
                    sort_output=True,
                    include_lineno=False,
                )
            missing = sum(not is_translated(each.string) for each in catalog if each.id)
            print(f"{folder.name} {language}: {len(catalog)} messages, {missing} to translate")


def is_translated(said: object) -> bool:
    """Say whether a message has its words, in every plural form."""
    return all(said) if isinstance(said, list | tuple) else bool(said)


def compile_all() -> None:
    """Write what the portal reads beside each catalogue."""
    for folder in (LOCALE, NAMES):
        for path in sorted(folder.rglob("django.po")):
            catalog = read(folder, path.parents[1].name)
            with path.with_suffix(".mo").open("wb") as file:
                write_mo(file, catalog)


if __name__ == "__main__":
    settings.configure(USE_I18N=True)
    match sys.argv[1:]:
        case ["extract"]:
            extract()
        case ["compile"]:
            compile_all()
        case _:
            sys.exit(__doc__)
