"""What the doctor found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a thing is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    check
        What was looked at, such as ``database``.
    verdict
        In order, worth a look, or broken.
    said
        What was found, as a sentence without its full stop.
    hint
        What to do; empty where all is well.
    """

    check: str
    verdict: Verdict
    said: str
    hint: str = ""


def ok(check: str, said: str) -> Finding:
    """Say that something is in order."""
    return Finding(check, Verdict.OK, said)


def warn(check: str, said: str, hint: str) -> Finding:
    """Say that something is worth a look."""
    return Finding(check, Verdict.WARN, said, hint)


def fail(check: str, said: str, hint: str) -> Finding:
    """Say that something is broken or unsafe."""
    return Finding(check, Verdict.FAIL, said, hint)
