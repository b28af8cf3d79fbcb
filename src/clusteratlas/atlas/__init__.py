"""Build a release in one run; open a release and ask it questions."""

from clusteratlas.atlas.build import build
from clusteratlas.atlas.dataset import Dataset, sample_datasets
from clusteratlas.atlas.indicators import RegionIndicator, places_of, with_indicators
from clusteratlas.atlas.manifest import DefinitionInfo, Manifest, SchemeInfo
from clusteratlas.atlas.progress import Progress
from clusteratlas.atlas.records import (
    Cluster,
    ClusterProfile,
    Hit,
    Provenance,
    Region,
    RegionalCluster,
    RegionalIndustry,
    RegionalSubcluster,
    RegionProfile,
)
from clusteratlas.atlas.release import Release, open_release
from clusteratlas.atlas.store import current_id

__all__ = [
    "Cluster",
    "ClusterProfile",
    "Dataset",
    "DefinitionInfo",
    "Hit",
    "Manifest",
    "Progress",
    "Provenance",
    "Region",
    "RegionIndicator",
    "RegionProfile",
    "RegionalCluster",
    "RegionalIndustry",
    "RegionalSubcluster",
    "Release",
    "SchemeInfo",
    "build",
    "current_id",
    "open_release",
    "places_of",
    "sample_datasets",
    "with_indicators",
]
