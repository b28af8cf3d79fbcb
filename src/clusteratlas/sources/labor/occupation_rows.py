"""From cells of the OEWS files to typed rows, as questions to the engine."""

from __future__ import annotations


def figure(cell: str) -> str:
    """Return the expression that turns a cell into a number; marks and empty cells are null."""
    return f"try_cast({cell} as double)"


TYPED = f"""
select row, {{part}} as part, {{text}}, {{o_group}} as level,
       cast({figure("{tot_emp}")} as bigint) as employment,
       case when {{tot_emp}} in ('**', '*') then 'withheld' else 'reported' end as status,
       {figure("{emp_prse}")} as relative_standard_error,
       {figure("{jobs_1000}")} as jobs_per_1000,
       {figure("{loc_quotient}")} as location_quotient,
       {figure("{pct_total}")} / 100 as share_of_industry,
       {figure("{a_mean}")} as mean_annual_wage,
       case {{a_mean}} when '*' then 'not available' when '**' then 'not available'
            when '#' then 'top-coded' end as wage_note
from cells {{only}}
"""

_OCCUPATION = """
       case when length(occ_code) = 6 then left(occ_code, 2) || '-' || right(occ_code, 4)
            else occ_code end as occupation,
       occ_title as occupation_title, nullif(level, '') as occupation_level,
       cast($year as smallint) as year, $source as source,
       employment, status, relative_standard_error, mean_annual_wage, wage_note, row, part
"""

INDUSTRY_ROWS = f"""
select $classification as classification, naics as industry, naics_title as industry_title,
       i_group as industry_level, own_code as ownership, combined.covers as covers,
       share_of_industry, {_OCCUPATION}
from given left join combined on combined.title = naics_title
"""

AREA_ROWS = f"""
with placed as (
    select *, case area_type when '1' then 'us-nation' when '2' then 'us-state'
                             when '3' then 'us-territory' when '6' then 'oews-nonmetro'
                             else 'metro' end as kind,
           case area_type when '1' then 'US' when '2' then lpad(area, 2, '0')
                          when '3' then lpad(area, 2, '0') when '6' then lpad(area, 7, '0')
                          else right(lpad(area, 7, '0'), 5) end as region
    from given
)
select case when kind <> 'metro' then kind
            when region in (select region from known) then 'us-cbsa'
            else 'oews-metro' end as scheme,
       region, area_title as region_title, jobs_per_1000, location_quotient, {_OCCUPATION}
from placed
"""
