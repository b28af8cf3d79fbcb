"""Find regions, clusters, subclusters and industries by name or code, in any vintage.

Accents, case and typos are forgiven, also in one of several words. Codes that are gone lead to
what holds their place today.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from clusteratlas import classification
from clusteratlas.atlas.manifest import Manifest
from clusteratlas.atlas.near_words import Vocabulary
from clusteratlas.atlas.records import Cluster, Hit, Region

KIND_ORDER = {"region": 0, "cluster": 0, "subcluster": 1, "industry": 2}
LETTERS = {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "ß": "ss", "æ": "ae", "đ": "d", "ð": "d"}
EVERY_CLUSTER = 1e12
FEWEST_LETTERS_RUN_TOGETHER = 6
MOST_STEPS = 4
MOST_LETTERS = 200
"""Of what was typed; the rest is not looked at."""


def folded(text: str) -> str:
    """Return the text in lower case, without accents and punctuation.

    >>> folded("Île-de-France,  Łódź")
    'ile de france lodz'
    """
    for letter, plain in LETTERS.items():
        text = text.replace(letter, plain)
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", plain))


@dataclass(frozen=True, slots=True)
class SearchWords:
    """How an index names things: English, or the words of another language."""

    cluster: Callable[[str], str] = str
    industry_in: str = "industry in %(cluster)s"
    subcluster_in: str = "subcluster of %(cluster)s"
    former_industry: str = "former code (NAICS %(vintages)s); today %(codes)s"
    former_region: str = "former code; today %(codes)s"


@dataclass(frozen=True, slots=True)
class _Entry:
    hit: Hit
    name: str
    code: str
    words: tuple[str, ...]
    weight: float
    together: str


@dataclass(slots=True)
class SearchIndex:
    """All names of a release in memory: some thousand entries, a few milliseconds a search.

    ``industries`` are (definition, cluster, industry, title), ``subclusters`` (definition,
    cluster, subcluster), ``jobs`` the jobs of each (scheme, region): large ones come first.
    """

    regions: Iterable[Region]
    clusters: Iterable[Cluster]
    industries: Iterable[tuple[str, str, str, str]]
    subclusters: Iterable[tuple[str, str, str]]
    jobs: Mapping[tuple[str, str], int]
    manifest: Manifest
    words: SearchWords = field(default_factory=SearchWords)
    _entries: list[_Entry] = field(init=False)
    _with_word: dict[str, list[int]] = field(init=False)
    _vocabulary: Vocabulary = field(init=False)

    def __post_init__(self) -> None:
        """Fold all names, and remember which entries hold each word."""
        self._entries = [
            *self._places(list(self.regions)),
            *self._groups(list(self.clusters), list(self.subclusters), list(self.industries)),
        ]
        self._with_word = defaultdict(list)
        for place, entry in enumerate(self._entries):
            for word in dict.fromkeys(entry.words):
                self._with_word[word].append(place)
        self._vocabulary = Vocabulary(self._with_word)

    def _places(self, regions: list[Region]) -> Iterable[_Entry]:
        schemes = {scheme.scheme: scheme for scheme in self.manifest.schemes}
        known = {(each.scheme, each.region): each for each in regions}
        for each in regions:
            hit = Hit(
                "region",
                each.scheme,
                schemes[each.scheme].definition,
                each.region,
                each.name,
                each.kind,
            )
            yield _entry(hit, float(self.jobs.get((each.scheme, each.region), 0)))
        for scheme, info in schemes.items():
            for code in classification.codes_with_others(scheme):
                if (scheme, code) in known:
                    continue
                heirs = _heirs(scheme, code, known)
                name = classification.former_county_names().get(code, "")
                for heir in heirs:
                    told = self.words.former_region % {
                        "codes": ", ".join(each.region for each in heirs)
                    }
                    hit = Hit(
                        "region",
                        scheme,
                        info.definition,
                        heir.region,
                        heir.name,
                        f"{code} {name}: {told}".replace(" :", ":"),
                    )
                    yield _entry(hit, 0.0, code=code, names=f"{code} {name}")

    def _groups(
        self,
        clusters: list[Cluster],
        subclusters: list[tuple[str, str, str]],
        industries: list[tuple[str, str, str, str]],
    ) -> Iterable[_Entry]:
        group = {each.definition: each.group_word for each in self.manifest.definitions}
        names = {(each.definition, each.cluster): each.name for each in clusters}
        said = {key: self.words.cluster(name) for key, name in names.items()}
        for (definition, cluster), name in names.items():
            shown = said[definition, cluster]
            hit = Hit("cluster", "", definition, cluster, shown, group[definition])
            yield _entry(hit, EVERY_CLUSTER)
            if shown != name:
                yield _entry(hit, EVERY_CLUSTER, names=name)
        for definition, cluster, subcluster in subclusters:
            key = definition, cluster
            if folded(subcluster) == folded(names[key]):
                continue
            shown = self.words.cluster(subcluster)
            detail = self.words.subcluster_in % {"cluster": said[key]}
            hit = Hit("subcluster", "", definition, cluster, shown, detail)
            yield _entry(hit, 1.0, code="")
            if shown != subcluster:
                yield _entry(hit, 1.0, code="", names=subcluster)
        belongs: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for definition, cluster, industry, title in industries:
            belongs[industry].append((definition, cluster))
            if folded(title) == folded(names[definition, cluster]):
                continue
            detail = self.words.industry_in % {"cluster": said[definition, cluster]}
            hit = Hit("industry", "", definition, cluster, f"{title} ({industry})", detail)
            yield _entry(hit, 0.0, code=industry)
        if not any(each.classification.startswith("naics-") for each in self.manifest.schemes):
            return
        for former in classification.former_industries().values():
            if former.industry in belongs:
                continue
            told = self.words.former_industry % {
                "vintages": ", ".join(map(str, former.vintages)),
                "codes": ", ".join(former.successors),
            }
            homes = {home for heir in former.successors for home in belongs.get(heir, ())}
            for definition, cluster in sorted(homes):
                name = f"{former.title} ({former.industry})" if former.title else former.industry
                hit = Hit("industry", "", definition, cluster, name, told)
                yield _entry(hit, -1.0, code=former.industry)

    def search(self, text: str, limit: int) -> list[Hit]:
        """Return the best hits: exact code, exact name, start of name, all words, near names."""
        asked = folded(text[:MOST_LETTERS])
        if not asked:
            return []
        found = self._scored(asked)
        if not found:
            found = self._near(asked)
        ordered = sorted(
            found.items(),
            key=lambda pair: (
                pair[1],
                KIND_ORDER[self._entries[pair[0]].hit.kind],
                -self._entries[pair[0]].weight,
                self._entries[pair[0]].name,
                self._entries[pair[0]].hit.scheme,
                pair[0],
            ),
        )
        hits = dict.fromkeys(self._entries[place].hit for place, _ in ordered)
        return list(hits)[:limit]

    def _scored(self, asked: str) -> dict[int, float]:
        together = asked.replace(" ", "")
        joined = len(together) >= FEWEST_LETTERS_RUN_TOGETHER
        found: dict[int, float] = {}
        for place, entry in enumerate(self._entries):
            if entry.code == asked:
                found[place] = 0
            elif entry.name == asked:
                found[place] = 1
            elif entry.name.startswith(asked):
                found[place] = 2
            elif len(asked) > 2 and entry.code.startswith(asked):
                found[place] = 4
            elif joined and entry.together.startswith(together):
                found[place] = 5
        for place in self._with_all(asked.split(), typos=False):
            found.setdefault(place, 3)
        return found

    def _near(self, asked: str) -> dict[int, float]:
        """Entries that hold each word, some of them with typos; the fewest typos first."""
        words = asked.split()
        found = self._with_all(words, typos=True)
        if not found and len(words) > 1:
            # two words for one: "stutt gart"
            found = self._with_all(["".join(words)], typos=True)
        if not found and len(words) == 1 and len(asked) >= FEWEST_LETTERS_RUN_TOGETHER:
            # one word for two, with a typo: "sanjoze"
            starts = Vocabulary({entry.together[: len(asked)] for entry in self._entries})
            near = starts.near(asked)
            for place, entry in enumerate(self._entries):
                typos = near.get(entry.together[: len(asked)])
                if typos:
                    found[place] = typos
        return {place: 10 + typos for place, typos in found.items()}

    def _with_all(self, words: list[str], *, typos: bool) -> dict[int, float]:
        """Entries that hold a word beginning with (or near) each of these, with their typos."""
        found: dict[int, float] | None = None
        for word in words:
            fits: dict[str, int] = dict.fromkeys(self._vocabulary.beginning(word), 0)
            if typos:
                for near, count in self._vocabulary.near(word).items():
                    fits.setdefault(near, count)
            here: dict[int, float] = {}
            for fit, count in fits.items():
                for place in self._with_word[fit]:
                    here[place] = min(here.get(place, 9), count)
            if found is None:
                found = here
            else:
                found = {
                    place: before + here[place] for place, before in found.items() if place in here
                }
            if not found:
                return {}
        return found or {}


def _heirs(scheme: str, code: str, known: Mapping[tuple[str, str], Region]) -> list[Region]:
    """Return the regions at hand that hold the place of a code, the nearest vintage's."""
    seen, step = {code}, [code]
    for _ in range(MOST_STEPS):
        others = dict.fromkeys(
            other.region for each in step for other in classification.other_codes(scheme, each)
        )
        step = [each for each in others if each not in seen]
        found = [known[scheme, each] for each in step if (scheme, each) in known]
        if found:
            return found
        seen |= set(step)
    return []


def _entry(hit: Hit, weight: float, *, code: str | None = None, names: str = "") -> _Entry:
    name = folded(names or hit.name)
    own = folded(hit.code if code is None else code)
    return _Entry(hit, name, own, tuple(name.split()), weight, name.replace(" ", ""))
