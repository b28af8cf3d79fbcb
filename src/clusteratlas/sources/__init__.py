"""From a statistical office's own file to the employment table, and to the tables beside it."""

from clusteratlas.sources.accounts.bea_codes import read_bea_codes
from clusteratlas.sources.accounts.input_output import read_input_output
from clusteratlas.sources.bundled import read_sample
from clusteratlas.sources.census.census_table import read_census_table
from clusteratlas.sources.census.county_business_patterns import read_county_business_patterns
from clusteratlas.sources.census.local_mapping import LocalMapping, read_local_mapping
from clusteratlas.sources.census.zip_business_patterns import (
    LocalTable,
    read_local_establishments,
)
from clusteratlas.sources.census.zip_places import read_local_places
from clusteratlas.sources.eurostat.labour_force import read_eurostat_lfs
from clusteratlas.sources.eurostat.structural_business import read_eurostat_sbs
from clusteratlas.sources.indicators.own_indicators import Places, read_indicators
from clusteratlas.sources.indicators.patents import read_county_patents
from clusteratlas.sources.labor.occupations import (
    read_industry_occupations,
    read_regional_occupations,
)
from clusteratlas.sources.labor.quarterly_census import read_qcew
from clusteratlas.sources.own.own_table import read_mapped_table, read_own_table
from clusteratlas.sources.recognise import read_any
from clusteratlas.sources.source import Source, SourceTable
from clusteratlas.sources.taken import IndicatorTable, TakenTable

__all__ = [
    "IndicatorTable",
    "LocalMapping",
    "LocalTable",
    "Places",
    "Source",
    "SourceTable",
    "TakenTable",
    "read_any",
    "read_bea_codes",
    "read_census_table",
    "read_county_business_patterns",
    "read_county_patents",
    "read_eurostat_lfs",
    "read_eurostat_sbs",
    "read_indicators",
    "read_industry_occupations",
    "read_input_output",
    "read_local_establishments",
    "read_local_mapping",
    "read_local_places",
    "read_mapped_table",
    "read_own_table",
    "read_qcew",
    "read_regional_occupations",
    "read_sample",
]
