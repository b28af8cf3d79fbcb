"""Intent: whether what one offers meets what the other seeks, and the other way round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from clusteratlas.matching.affinity import rarity
from clusteratlas.matching.ground import Ground, Known, beyond_related
from clusteratlas.matching.scores import Floats, Places, Scores, harmonic, ratio_of
from clusteratlas.matching.words import stems, vocabulary
from clusteratlas.organisations import PICKS, Interest, Profile

TOPIC, SOUGHT_FIELDS, OFFERED_FIELDS, TECHNOLOGIES = 0.4, 0.25, 0.15, 0.2
"""What the parts of a fit weigh: words of topics, fields sought, fields offered to, tags."""

OTHER_KIND: Final = np.float32(0.5)
"""What a fit is worth for another kind of cooperation; where one kind is not said, it is half
way between this and 1."""

RELATED_FIELD: Final = np.float32(0.5)
"""What a field sought is worth at most where the other claims only a related one."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """Offers or requests, one a row, in the order of their organisations.

    Attributes
    ----------
    owner
        Row of the organisation among those looked at.
    words, worded
        Words of topic and text by rarity, length 1; whether it is said at all, else only the
        profile speaks.
    kind
        Place of the kind of cooperation; -1 where not said.
    countries, anywhere
        Countries wanted; whether none are named.
    fields, named
        Fields wanted, each row of sum 1; 0 where none are named.
    technologies, open
        Technologies named, 0 or 1; whether there may be more, as an offer or the profile says none.
    """

    owner: Places
    words: sparse.csr_matrix
    worded: Floats
    kind: Places
    countries: Floats
    anywhere: Floats
    fields: Floats
    named: Floats
    technologies: Floats
    open: Floats

    def of(self, rows: Places) -> Wishes:
        """Return those of some of the organisations, which are numbered anew."""
        start = np.searchsorted(self.owner, rows)
        count = np.searchsorted(self.owner, rows, side="right") - start
        owner = np.repeat(np.arange(len(rows), dtype=np.intp), count)
        first = np.repeat(start - np.append(0, np.cumsum(count)[:-1]), count)
        at = first + np.arange(len(owner), dtype=np.intp)
        return Wishes(
            owner,
            self.words[at],
            self.worded[at],
            self.kind[at],
            self.countries[at],
            self.anywhere[at],
            self.fields[at],
            self.named[at],
            self.technologies[at],
            self.open[at],
        )


@dataclass(frozen=True, slots=True)
class IntentSide:
    """What organisations seek and offer, and what they are for those who seek."""

    seeks: Wishes
    offers: Wishes
    country: Places
    covers: Floats
    claiming: Floats
    organisations: int

    def of(self, rows: Places) -> IntentSide:
        """Return those of some of the organisations."""
        return IntentSide(
            self.seeks.of(rows),
            self.offers.of(rows),
            self.country[rows],
            self.covers[rows],
            self.claiming[rows],
            len(rows),
        )


class Intent:
    """The part ``intent``.

    Definition
    ----------
    A request fits an offer by the mean of: words of the topics (cosine, by rarity), the share of
    the fields sought that the other claims (related ones up to a half), the share of the fields an
    offer is for, the share of technologies sought. Another kind of cooperation halves it; a country
    that is not among those named makes it 0. Of all requests of one and offers of the other the
    best fit counts; of the two directions the harmonic mean, so that what nobody returns is none.

    An organisation that states no offer is met by its profile alone: country, fields, technologies.

    Missing data
    ------------
    What is not named is not asked for and drops out. Not known where one of the two states no
    request: nobody knows what it would return.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._kind = {code: at for at, code in enumerate(PICKS["cooperation"])}
        self._technology = {code: at for at, code in enumerate(PICKS["technology"])}
        texts = [
            words_of(wish)
            for each in ground.organisations
            for wish in (*each.profile.seeks, *each.profile.offers)
        ]
        self._words = vocabulary(texts)
        counts = np.array([count for _, count in self._words.values()], np.float64)
        self.rarity = rarity(counts, max(len(texts), 1)) if len(counts) else counts
        self.all = self.side(ground.all)

    def side(self, known: Known) -> IntentSide:
        """Return the arrays of organisations."""
        profiles = [each.profile for each in known.organisations]
        seeks = [
            (row, each, profiles[row])
            for row in range(len(profiles))
            for each in profiles[row].seeks
        ]
        offers: list[tuple[int, Interest | None, Profile]] = []
        for row, profile in enumerate(profiles):
            offers += [(row, each, profile) for each in profile.offers] or [(row, None, profile)]
        same = (known.claims > 0).astype(np.float32)
        return IntentSide(
            self._wishes(seeks, own=False),
            self._wishes(offers, own=True),
            known.country,
            np.maximum(same, RELATED_FIELD * beyond_related(known.near)),
            known.claiming.astype(np.float32),
            len(profiles),
        )

    def scores(self, mine: IntentSide, theirs: IntentSide) -> dict[str, Scores]:
        """Return the part for each pair."""
        return {"intent": harmonic(self.wanted(mine, theirs), self.wanted(theirs, mine).transposed)}

    def wanted(self, mine: IntentSide, theirs: IntentSide) -> Scores:
        """Return how well what each of theirs offers meets what each of mine seeks."""
        found = Scores.unknown((mine.organisations, theirs.organisations))
        if len(mine.seeks.owner) and theirs.organisations:
            fits = _fits(mine, theirs)
            seeking = np.unique(mine.seeks.owner)
            for each, whole in zip(
                (fits.value, fits.low, fits.high), (found.value, found.low, found.high), strict=True
            ):
                whole[seeking] = _best(each, mine.seeks.owner, theirs.offers.owner)
        return found

    def _wishes(
        self, wishes: Sequence[tuple[int, Interest | None, Profile]], *, own: bool
    ) -> Wishes:
        count, ground = len(wishes), self._ground
        countries = {code: at for at, code in enumerate(ground.countries)}
        kind = np.full(count, -1, dtype=np.intp)
        wanted = np.zeros((count, len(countries)), np.float32)
        anywhere = np.ones(count, np.float32)
        fields = np.zeros((count, len(ground.fields)), np.float32)
        named = np.array([bool(wish and wish.clusters) for _, wish, _ in wishes], np.float32)
        tags = np.zeros((count, len(self._technology)), np.float32)
        for row, (_, wish, profile) in enumerate(wishes):
            for code in (
                *(wish.technologies if wish else ()),
                *(profile.technologies if own else ()),
            ):
                tags[row, self._technology[code]] = 1
            if wish is None:
                continue
            kind[row] = self._kind.get(wish.kind, -1)
            anywhere[row] = not wish.countries
            for code in wish.countries:
                if code in countries:
                    wanted[row, countries[code]] = 1
            for claim in wish.clusters:
                # A field that nobody knows is sought all the same: the others share what is left.
                at = ground.place.get((claim.definition, claim.cluster))
                if at is not None:
                    fields[row, at] = 1 / len(wish.clusters)
        more = np.array(
            [not (wish and profile.technologies) for _, wish, profile in wishes], np.float32
        )
        words = self._matrix([words_of(wish) if wish else [] for _, wish, _ in wishes])
        worded = np.array([bool(wish) for _, wish, _ in wishes], np.float32)
        owner = np.array([row for row, _, _ in wishes], dtype=np.intp)
        return Wishes(owner, words, worded, kind, wanted, anywhere, fields, named, tags, more)

    def _matrix(self, texts: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        rows, columns, values = [], [], []
        for row, words in enumerate(texts):
            held: Mapping[str, int] = {word: words.count(word) for word in set(words)}
            heavy = {
                word: number * float(self.rarity[self._words[word][0]])
                if word in self._words
                else float(number)
                for word, number in held.items()
            }
            length = float(np.sqrt(sum(each**2 for each in heavy.values()))) or 1.0
            for word in sorted(heavy.keys() & self._words.keys()):
                rows.append(row)
                columns.append(self._words[word][0])
                values.append(heavy[word] / length)
        shape = (len(texts), max(len(self._words), 1))
        return sparse.csr_matrix((np.array(values, np.float32), (rows, columns)), shape=shape)


def words_of(wish: Interest) -> list[str]:
    """Return the words of an offer or request; those of the topic count twice.

    >>> words_of(Interest(topic="Recycling", text="of film"))
    ['recycl', 'recycl', 'film']
    """
    return [*stems(wish.topic), *stems(wish.topic), *stems(wish.text)]


def best_wishes(mine: IntentSide, theirs: IntentSide) -> tuple[float, int, int]:
    """Return the best fit of one organisation to another: how well, which request, which offer."""
    fits = np.nan_to_num(_fits(mine, theirs).value)
    sought, offered = np.unravel_index(int(fits.argmax()), fits.shape)
    return round(float(fits[sought, offered]), 6), int(sought), int(offered)


def _fits(mine: IntentSide, theirs: IntentSide) -> Scores:
    """How well each offer of theirs meets each request of mine.

    The weighted mean of what the class says, times kind and countries. Which parts are known, and
    which apply, is a matter of the request and of the offer apart, so that two products of small
    matrices give their weights for all pairs.
    """
    seeks, offers = mine.seeks, theirs.offers
    said = offers.worded
    number = seeks.technologies.sum(axis=1)
    always, tagged = np.ones_like(said), offers.technologies.sum(axis=1) > 0
    for_some = np.maximum(offers.named, 1 - said)
    weights = (TOPIC, SOUGHT_FIELDS, OFFERED_FIELDS, TECHNOLOGIES)
    one = np.ones_like(number)
    able = _weighed(weights, one, seeks.named, _claiming(mine), number > 0)
    asking = _weighed(weights, one, seeks.named, one, number > 0)
    known = able @ _weighed(None, said, said * _claims(theirs), said * offers.named, tagged).T
    whole = asking @ _weighed(None, always, always, for_some, always).T
    share = TECHNOLOGIES / np.where(number > 0, number, 1)
    tags = _single(seeks.technologies * share[:, None])
    met = tags @ offers.technologies.T
    found = met + np.float32(TOPIC) * (seeks.words @ offers.words.T).toarray()
    found += np.float32(SOUGHT_FIELDS) * ((seeks.fields @ theirs.covers.T)[:, offers.owner] * said)
    found += np.float32(OFFERED_FIELDS) * (mine.covers @ offers.fields.T)[seeks.owner]
    more = np.outer(TECHNOLOGIES * (number > 0), offers.open * tagged) - met * offers.open
    low = found / whole
    high = np.minimum((found + whole - known + more) / whole, 1)
    value = np.clip(ratio_of(found, known), low, high)
    return _times(Scores(value, low, high), mine, theirs)


def _times(subject: Scores, mine: IntentSide, theirs: IntentSide) -> Scores:
    """What fits, times what the kind of cooperation and the countries leave of it."""
    seeks, offers = mine.seeks, theirs.offers
    wanted, surely = _countries(seeks, theirs.country, offers.owner)
    back, surely_back = _countries(offers, mine.country, seeks.owner)
    able = wanted * back.T
    likely, least, most = (_KINDS[end][seeks.kind + 1][:, offers.kind + 1] for end in range(3))
    return Scores(
        subject.value * (able * likely),
        subject.low * (surely * surely_back.T * least),
        subject.high * (able * most),
    )


def _kinds() -> Floats:
    """Value, low and high by kind sought and kind offered, both behind a first one: not said."""
    size = len(PICKS["cooperation"]) + 1
    same = np.where(np.eye(size, dtype=bool), np.float32(1), OTHER_KIND)
    found = np.stack([same, same, same])
    found[:, 0, :] = found[:, :, 0] = np.array([(1 + OTHER_KIND) / 2, OTHER_KIND, 1])[:, None]
    return _single(found)


def _claiming(side: IntentSide) -> Floats:
    return side.claiming[side.seeks.owner]


def _claims(side: IntentSide) -> Floats:
    return side.claiming[side.offers.owner]


def _weighed(weights: Sequence[float] | None, *columns: npt.NDArray[Any]) -> Floats:
    stacked = np.column_stack(columns).astype(np.float32)
    return stacked if weights is None else _single(stacked * np.array(weights, np.float32))


def _single(values: Floats) -> Floats:
    return np.asarray(values, dtype=np.float32)


_KINDS: Final = _kinds()


def _countries(wishes: Wishes, country: Places, rows: Places) -> tuple[Floats, Floats]:
    """Whether the country of each of these organisations may be, and surely is, among those wanted.

    Behind the countries known here stand one that nobody names, and one that is not stated.
    """
    count = wishes.countries.shape[1]
    columns = np.append(wishes.countries, np.zeros((len(wishes.owner), 2), np.float32), axis=1)
    surely = np.maximum(columns, wishes.anywhere[:, None]) * wishes.worded[:, None]
    perhaps = np.maximum(surely, 1 - wishes.worded[:, None])
    perhaps[:, count + 1] = 1
    place = np.where(country < 0, count + 1, country)[rows]
    return perhaps[:, place], surely[:, place]


def _best(fits: Floats, mine: Places, theirs: Places) -> Floats:
    """The best fit of each pair of organisations, NaN where none is known."""
    rows = np.fmax.reduceat(fits, np.flatnonzero(np.diff(mine, prepend=-1)), axis=0)
    # Long rows are reduced fast, short ones slowly: the second time the table is turned.
    turned = np.ascontiguousarray(rows.T)
    return np.fmax.reduceat(turned, np.flatnonzero(np.diff(theirs, prepend=-1)), axis=0).T
