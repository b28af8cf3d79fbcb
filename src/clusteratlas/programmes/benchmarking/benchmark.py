"""One call from a round to everything that is told of it: the benchmark of an organisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clusteratlas.organisations.profile import Label
from clusteratlas.programmes.benchmarking.answers import Assessment, Round
from clusteratlas.programmes.benchmarking.drift import Drift, drift
from clusteratlas.programmes.benchmarking.health import ClusterHealth
from clusteratlas.programmes.benchmarking.known import Disagreement, Known, disagreements
from clusteratlas.programmes.benchmarking.labels import LabelCheck, check_label, next_label
from clusteratlas.programmes.benchmarking.peers import Chosen
from clusteratlas.programmes.benchmarking.positions import Position, positions
from clusteratlas.programmes.benchmarking.questionnaire import Questionnaire
from clusteratlas.programmes.benchmarking.rule import BenchmarkRule, benchmark_rule
from clusteratlas.programmes.benchmarking.scoring import Score, score
from clusteratlas.tables import CannotAnswer


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Everything that is told of the latest round of an organisation.

    ``positions`` is empty where there are no peers or nothing is told of them: see ``chosen``.
    """

    questionnaire: Questionnaire
    rule: BenchmarkRule
    round: Round
    score: Score
    drift: Drift | None
    label: LabelCheck | None
    chosen: Chosen | None
    positions: tuple[Position, ...]
    disagreements: tuple[Disagreement, ...]
    health: tuple[ClusterHealth, ...]


def benchmark(
    assessment: Assessment,
    questionnaire: Questionnaire,
    *,
    chosen: Chosen | None = None,
    label: str = "",
    held: tuple[Label, ...] = (),
    known: Sequence[Known] = (),
    health: tuple[ClusterHealth, ...] = (),
    rule: BenchmarkRule | None = None,
) -> Benchmark:
    """Return the benchmark of an organisation: score, positions, gaps, drift and checks.

    Parameters
    ----------
    assessment
        The organisation with its rounds; the latest counts, the one before it is compared with.
    questionnaire
        What they answer.
    chosen
        Its peers (`peers.choose`), if any.
    label
        The label to measure the way to; by default the first that is not held.
    held
        Labels of the profile.
    known
        What the registry, the map and logs say (`known`).
    health
        The measured state of its clusters (`health.health_of`).

    Raises
    ------
    CannotAnswer
        Without a round, or where the rounds answer another questionnaire.
    """
    if assessment.questionnaire != questionnaire.key:
        raise CannotAnswer(
            "the rounds answer another questionnaire",
            value=assessment.questionnaire,
            hint=f"rounds are compared within {questionnaire.key} alone",
        )
    latest = assessment.latest
    if latest is None:
        raise CannotAnswer("there is no round yet", value=assessment.organisation.name)
    found = score(latest, questionnaire)
    since = drift(assessment.before, latest, questionnaire) if assessment.before else None
    code = label or (next_label(questionnaire, held).code if questionnaire.label else "")
    return Benchmark(
        questionnaire,
        rule or benchmark_rule(),
        latest,
        found,
        since,
        check_label(latest, questionnaire, code, since=since, held=held) if code else None,
        chosen,
        positions(found, chosen, questionnaire, rule=rule) if chosen else (),
        disagreements(latest, questionnaire, known),
        health,
    )
