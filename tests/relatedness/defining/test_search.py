"""The search: ranks, resumes, repeats; the consensus and its stability."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import numpy as np
import pytest
from tests.relatedness.defining.planted import economy, planted

from clusteratlas.relatedness.colocation import colocation_of
from clusteratlas.relatedness.defining.comparison import adjusted_rand
from clusteratlas.relatedness.defining.consensus import consensus, panel_bases
from clusteratlas.relatedness.defining.engine import define_clusters, stability_of_definition
from clusteratlas.relatedness.defining.search import search
from clusteratlas.relatedness.defining.stability import resampled, stability
from clusteratlas.relatedness.defining.written import scores_bytes
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.tables import CannotAnswer

CHOICE = {"counts": (6, 8, 10), "methods": ("ward", "k-means", "average"), "starts": 2}
BASES = ("colocation", "colocation+input_output+occupations")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_best_candidate_is_the_planted_set():
    similarities, groups = planted()
    found = search(similarities, **CHOICE)
    assert adjusted_rand(found.best.groups, groups) > 0.9
    scores = [each.score for each in found.candidates]
    assert scores == sorted(scores, reverse=True)
    assert len(found.candidates) % 9 == 0


def test_composites_come_nearer_than_single_measures():
    similarities, groups = planted(noise=1.0)
    found = search(similarities, counts=(8,), methods=("ward-eigenvectors",))

    def near(basis):
        return next(
            adjusted_rand(each.groups, groups) for each in found.candidates if each.basis == basis
        )

    assert near("colocation+input_output+occupations") > near("colocation")


def test_interrupted_between_candidates_and_resumed_the_bytes_are_equal(tmp_path):
    similarities, _ = planted()
    whole = search(similarities, folder=tmp_path / "whole", bases=BASES, **CHOICE)

    class StopError(Exception):
        pass

    calls = count()

    def stop(stage, share):
        if next(calls) == 3:
            raise StopError

    with pytest.raises(StopError):
        search(similarities, folder=tmp_path / "part", progress=stop, bases=BASES, **CHOICE)
    done = len(contents(tmp_path / "part"))
    assert 0 < done < len(contents(tmp_path / "whole"))
    again = search(similarities, folder=tmp_path / "part", bases=BASES, **CHOICE)
    assert again.resumed == done
    assert contents(tmp_path / "part") == contents(tmp_path / "whole")
    assert scores_bytes(again) == scores_bytes(whole)


def test_another_input_or_seed_is_not_taken_up_and_damage_is_mended(tmp_path):
    similarities, _ = planted()
    search(similarities, folder=tmp_path, bases=BASES, **CHOICE)
    assert search(planted(seed=1)[0], folder=tmp_path, bases=BASES, **CHOICE).resumed == 0
    assert search(similarities, folder=tmp_path, seed=1, bases=BASES, **CHOICE).resumed == 0
    before = search(similarities, folder=tmp_path, bases=BASES, **CHOICE)
    for path in tmp_path.iterdir():
        path.write_text(path.read_text()[:50])
    mended = search(similarities, folder=tmp_path, bases=BASES, **CHOICE)
    assert mended.resumed == 0
    assert scores_bytes(mended) == scores_bytes(before)


def test_a_usual_basis_that_lacks_industries_is_named_an_asked_one_refused():
    similarities, _ = planted()
    components = {name: each.copy() for name, each in similarities.components.items()}
    components["occupations"][0] = components["occupations"][:, 0] = np.nan
    given = Similarities(similarities.labels, components)
    found = search(given, **CHOICE)
    assert any("on occupations: no similarity is known" in each for each in found.refused)
    with pytest.raises(CannotAnswer, match="no similarity is known of 1 industries"):
        search(given, bases=["occupations"], **CHOICE)
    with pytest.raises(CannotAnswer, match="not at hand"):
        search(given, bases=["patents"], **CHOICE)


def test_the_consensus_is_the_planted_set_and_says_how_sure_it_is():
    similarities, groups = planted()
    found = consensus(similarities, 8)
    assert adjusted_rand(found.groups, groups) > 0.9
    assert found.certainty.min() > 0.5
    assert np.array_equal(found.groups, consensus(similarities, 8).groups)
    values = np.random.default_rng(0).normal(size=(48, 48))
    noise = Similarities(similarities.labels, {"input_output": values + values.T})
    assert np.nanmean(consensus(noise, 8).certainty) < np.nanmean(found.certainty)


def test_the_number_of_clusters_is_found_where_there_are_many():
    similarities, groups = planted(24, 6, noise=0.8)
    found = consensus(similarities, range(18, 32))
    assert abs(found.clusters - 24) <= 2
    assert adjusted_rand(found.groups, groups) > 0.9


def test_a_panel_uses_what_is_at_hand():
    similarities, _ = planted()
    assert len(panel_bases(similarities)) == 2
    only = Similarities(
        similarities.labels, {"colocation_employment": similarities.components["input_output"]}
    )
    assert panel_bases(only) == ("colocation",)


def sample_of(jobs, units):
    codes = [f"{at:03}" for at in range(jobs.shape[1])]

    def sample(rows):
        found = colocation_of(jobs[rows], units[rows], industries=codes)
        kept = {k: v for k, v in found.components.items() if k != "cooccurrence"}
        return Similarities(found.labels, kept)

    return sample


def test_stability_over_halves_is_high_where_clusters_are_real():
    jobs, units, groups = economy()
    sample = sample_of(jobs, units)
    found = stability_of_definition(sample, len(jobs), 6)
    assert found.mean > 0.7
    assert np.mean(found.held_out) > 0.8
    assert adjusted_rand(consensus(sample(np.arange(len(jobs))), 6).groups, groups) > 0.9
    draw = np.random.default_rng(2)
    noise = sample_of(draw.gamma(1, 9, jobs.shape), draw.gamma(1, 9, jobs.shape))
    assert stability_of_definition(noise, len(jobs), 6).mean < 0.2


def test_few_regions_are_refused():
    jobs, units, _ = economy(50)
    with pytest.raises(CannotAnswer, match="halves of 50 regions are too small"):
        stability(sample_of(jobs, units), 50, lambda rows: np.zeros(36))
    with pytest.raises(CannotAnswer, match="20 regions are too few"):
        sample_of(jobs, units)(np.arange(20))


def test_the_whole_way_twice_is_the_same():
    similarities, groups = planted()
    one, other = (define_clusters(similarities, range(6, 11), methods=["ward"]) for _ in range(2))
    assert one.definition == other.definition
    assert one.log == other.log
    found = [one.definition[code] for code in similarities.labels]
    assert adjusted_rand(found, groups) > 0.9
    assert one.after.score >= one.before.score


def test_samples_of_regions_are_drawn_alike_and_of_the_same_industries():
    jobs, units, _ = economy()
    sample = sample_of(jobs, units)
    one, other = (resampled(sample, len(jobs), 2, seed=4) for _ in range(2))
    for mine, theirs in zip(one, other, strict=True):
        assert mine.labels == theirs.labels
        for name, matrix in mine.components.items():
            assert np.array_equal(matrix, theirs.components[name], equal_nan=True)
    found = consensus(sample(np.arange(len(jobs))), 6, samples=one)
    assert found.panel % 3 == 0
    with pytest.raises(CannotAnswer, match="other industries"):
        consensus(planted()[0], 6, samples=one)
