"""Build a release in one run; open a release and ask it questions."""

from clusteratlas.atlas.build import build
from clusteratlas.atlas.changes import (
    Changes,
    FigureChange,
    ReleaseEntry,
    changes_between,
    releases,
)
from clusteratlas.atlas.cluster_standing import (
    ClusterStandings,
    Standing,
    all_standings,
    cluster_standings,
    wage_of,
)
from clusteratlas.atlas.completeness import Completeness
from clusteratlas.atlas.dataset import Dataset, sample_datasets
from clusteratlas.atlas.explained_records import (
    ClusterOccupation,
    Mechanism,
    MissingSkill,
    RegionalOccupation,
)
from clusteratlas.atlas.given_local import GivenLocal, read_local
from clusteratlas.atlas.given_occupations import GivenOccupations, read_occupations
from clusteratlas.atlas.given_relatedness import GivenRelatedness, read_relatedness
from clusteratlas.atlas.indicator_standing import (
    PATENTS,
    IndicatorStanding,
    KnownIndicator,
    indicator_standings,
    known_indicators,
)
from clusteratlas.atlas.indicators import RegionIndicator, places_of, with_indicators
from clusteratlas.atlas.manifest import DefinitionInfo, Manifest, SchemeInfo
from clusteratlas.atlas.opened_local import LocalCluster, LocalView
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
    RegionalYear,
    RegionProfile,
)
from clusteratlas.atlas.related_records import (
    Coded,
    IndustryPair,
    Option,
    OptionSkill,
    Peer,
    RelatedCluster,
)
from clusteratlas.atlas.release import Release, open_release
from clusteratlas.atlas.store import current_id
from clusteratlas.atlas.stream import contract_of, stream
from clusteratlas.atlas.subcluster_standing import (
    PlacedSubcluster,
    SubclusterStanding,
    subcluster_standings,
)

__all__ = [
    "PATENTS",
    "Changes",
    "Cluster",
    "ClusterOccupation",
    "ClusterProfile",
    "ClusterStandings",
    "Coded",
    "Completeness",
    "Dataset",
    "DefinitionInfo",
    "FigureChange",
    "GivenLocal",
    "GivenOccupations",
    "GivenRelatedness",
    "Hit",
    "IndicatorStanding",
    "IndustryPair",
    "KnownIndicator",
    "LocalCluster",
    "LocalView",
    "Manifest",
    "Mechanism",
    "MissingSkill",
    "Option",
    "OptionSkill",
    "Peer",
    "PlacedSubcluster",
    "Progress",
    "Provenance",
    "Region",
    "RegionIndicator",
    "RegionProfile",
    "RegionalCluster",
    "RegionalIndustry",
    "RegionalOccupation",
    "RegionalSubcluster",
    "RegionalYear",
    "RelatedCluster",
    "Release",
    "ReleaseEntry",
    "SchemeInfo",
    "Standing",
    "SubclusterStanding",
    "all_standings",
    "build",
    "changes_between",
    "cluster_standings",
    "contract_of",
    "current_id",
    "indicator_standings",
    "known_indicators",
    "open_release",
    "places_of",
    "read_local",
    "read_occupations",
    "read_relatedness",
    "releases",
    "sample_datasets",
    "stream",
    "subcluster_standings",
    "wage_of",
    "with_indicators",
]
