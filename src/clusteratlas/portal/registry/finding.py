"""Find organisations by words of their name, place and fields; accents and typos forgiven."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from clusteratlas.atlas.near_words import Vocabulary
from clusteratlas.atlas.search import folded
from clusteratlas.organisations import Profile, words_of

IN_NAME, ELSEWHERE = 0, 1
LONGEST = 200
"""Letters of what was typed that are looked at."""


class Finder:
    """The words of all profiles, folded."""

    def __init__(self, profiles: Iterable[tuple[str, Profile]]) -> None:
        self._with_word: dict[str, dict[str, int]] = defaultdict(dict)
        self._names: dict[str, str] = {}
        for slug, profile in profiles:
            self._names[slug] = folded(profile.name)
            for text, place in _texts(profile):
                for word in folded(text).split():
                    before = self._with_word[word].get(slug, ELSEWHERE)
                    self._with_word[word][slug] = min(before, place)
        self._vocabulary = Vocabulary(self._with_word)

    def find(self, text: str) -> list[str]:
        """Return the slugs of the profiles that hold all words, those named so first."""
        asked = folded(text[:LONGEST])
        if not asked:
            return []
        found = self._with_all(asked.split(), typos=False)
        found = found or self._with_all(asked.split(), typos=True)
        return sorted(
            found,
            key=lambda slug: (
                not self._names[slug].startswith(asked),
                found[slug],
                self._names[slug],
                slug,
            ),
        )

    def _with_all(self, words: list[str], *, typos: bool) -> dict[str, int]:
        """Slugs that hold a word beginning with (or near) each of these, with how well."""
        found: dict[str, int] | None = None
        for word in words:
            fits = dict.fromkeys(self._vocabulary.beginning(word), 0)
            if typos:
                for near, count in self._vocabulary.near(word).items():
                    fits.setdefault(near, count)
            here: dict[str, int] = {}
            for fit, count in fits.items():
                for slug, place in self._with_word[fit].items():
                    here[slug] = min(here.get(slug, 99), 2 * count + place)
            if found is None:
                found = here
            else:
                found = {slug: best + here[slug] for slug, best in found.items() if slug in here}
            if not found:
                return {}
        return found or {}


def _texts(profile: Profile) -> Iterator[tuple[str, int]]:
    """The texts of a profile by which it is found, and whether they are its name."""
    yield profile.name, IN_NAME
    yield profile.short_name, IN_NAME
    for text in (profile.town, profile.summary, *profile.priorities):
        yield text, ELSEWHERE
    for code in profile.technologies:
        yield words_of("technology", code), ELSEWHERE
    for each in (*profile.offers, *profile.seeks):
        yield each.topic, ELSEWHERE
