"""The reasons of partner suggestions in the language spoken now."""

from __future__ import annotations

from clusteratlas.matching.reasons import SENTENCES, WORDS_OF_PARTS
from clusteratlas.matching.records import Parameter, Reason
from clusteratlas.portal import figures, words
from clusteratlas.portal.language import number
from clusteratlas.portal.registry import names
from clusteratlas.portal.sheets import MARKS

CLUSTERS = ("field", "other", "claim", "subclusters")
"""Places of sentences that hold names of clusters; all others of these codes hold other names."""
PICKED = ("tag", "tags", "what", "parts")
TECHNOLOGY = ("technology_near",)
SHARES = ("score", "low", "high")


def part_words(name: str) -> str:
    """Return what a part of a score is called."""
    return words.word(WORDS_OF_PARTS[name])


def said(reason: Reason) -> str:
    """Return a reason as a sentence in the language spoken now."""
    shown = {name: _shown(reason.code, name, value) for name, value in reason.parameters.items()}
    return words.word(SENTENCES[reason.code]).format_map(shown)


def _shown(code: str, name: str, value: Parameter) -> str:
    if value is None:
        return figures.NOTHING
    if isinstance(value, tuple):
        return figures.listed([_text(code, name, each) for each in value])
    if isinstance(value, float):
        written = number(f"{value:,.2f}")
        return figures.quotient(value) if name == "quotient" else written
    return figures.whole(value) if isinstance(value, int) else _text(code, name, value)


def _text(code: str, name: str, text: str) -> str:
    if name == "status":
        return str(MARKS.get(text, text))
    if name == "languages":
        return names.language(text)
    if name in PICKED or code in TECHNOLOGY or code in ("budget_both", "label_both"):
        return words.word(text)
    return words.cluster(text) if name in CLUSTERS else text
