"""From a statistical office's own file to the employment table."""

from clusteratlas.sources.bundled import read_sample
from clusteratlas.sources.census_table import read_census_table
from clusteratlas.sources.county_business_patterns import read_county_business_patterns
from clusteratlas.sources.eurostat import read_eurostat_sbs
from clusteratlas.sources.own_table import read_own_table
from clusteratlas.sources.recognise import read_any
from clusteratlas.sources.source import Source, SourceTable

__all__ = [
    "Source",
    "SourceTable",
    "read_any",
    "read_census_table",
    "read_county_business_patterns",
    "read_eurostat_sbs",
    "read_own_table",
    "read_sample",
]
