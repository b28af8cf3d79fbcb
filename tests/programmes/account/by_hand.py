"""Logs small enough to be counted by hand, and a count that shares no code with the room."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from clusteratlas.programmes.account import Life, Logs, read_logs

Row = dict[str, str]
Written = dict[str, str]

SMALL: Written = {
    "organisations": """organisation,name,group,kind
F1,Works,G,company
F2,House,G,company
F3,Mill,,company
F4,Lab,,company
F5,Guest,,company
U1,Institute,,knowledge-institute
U2,Far Institute,,knowledge-institute
B1,Agency,,public-body
""",
    "sizes": """organisation,year,size,staff,turnover,balance
F1,2019,small,,,
F2,2019,,300,80,90
F3,2019,,30,8,
F4,2021,large,,,
""",
    "members": """organisation,type,paying,from,until
F1,full,yes,2019-01-01,2020-06-30
F3,full,yes,2020-12-31,
U1,associate,no,2019-01-01,
B1,associate,,2019-01-01,2019-12-31
""",
    "events": """event,date,kind,paid,innovative
E1,2020-02-01,network,no,yes
E2,2020-03-01,network,no,yes
E3,2020-04-01,training,yes,no
E4,2021-01-01,network,,no
""",
    "attendance": """event,organisation,people
E1,F4,2
E2,F4,
E3,F5,1
E1,F5,1
E4,F2,1
E4,F5,1
""",
    "services": """service,date,organisation,kind,hours,innovative
S1,2020-05-01,F3,advice,2.5,yes
S2,2020-06-01,F3,advice,4,
S3,2021-06-01,F3,advice,,no
""",
    "projects": """project,kind,innovative,linked,decided,started,ended
P1,cluster-project,yes,,2019-06-01,2019-09-01,2020-01-01
P2,eu-project,yes,yes,2020-07-01,2020-10-01,
P3,inter-cluster-project,yes,no,2020-08-01,,
P4,initiative,yes,,2020-08-01,2020-09-01,
P5,cluster-project,,,2021-02-01,2021-03-01,
""",
    "participants": """project,organisation
P1,F2
P1,F3
P1,F4
P2,F1
P2,F3
P2,F5
P2,U1
P4,U1
P5,F5
""",
    "agreements": """agreement,partner,scope,signed,ended
A1,North,regional,2018-01-01,2020-01-01
A2,South,international,2021-01-01,
""",
    "staff": """year,role,fte
2020,management,1
2020,advisers,1.5
""",
    "asked": "year,organisation\n" + "".join(f"2020,F{n}\n" for n in range(1, 6)),
    "answers": """year,organisation,question,answer,currency
2020,F1,extra-turnover,1000,EUR
2020,F3,extra-turnover,3000,EUR
2020,F3,extra-jobs,0.5,
""",
    "coverage": """log,from,until,verified_by
members,2019,2021,Auditor
events,2019,2021,Auditor
attendance,2019,2021,Auditor
services,2019,2021,
projects,2019,2021,
participants,2019,2021,
agreements,2019,2021,
staff,2019,2021,
asked,2019,2021,
answers,2019,2021,
""",
}


def logs_of(written: Written, folder: Path, life: Life | None = None) -> Logs:
    """Read logs that are given as text."""
    for name, text in written.items():
        (folder / f"{name}.csv").write_text(text)
    return read_logs(folder, life)


# The same rules, told once more in loops


def counted_by_loops(rows: dict[str, list[Row]], year: int) -> dict[str, tuple[int, int]]:
    """Return what the Flemish rules count where every cell but sizes is stated."""
    own = {row["organisation"]: row for row in rows["organisations"]}
    group = {code: row["group"] or code for code, row in own.items()}
    first, last = date(year, 1, 1).isoformat(), date(year, 12, 31).isoformat()

    def lasts(start: str, end: str) -> bool:
        return bool(start) and start <= last and (not end or end >= first)

    members = [row for row in rows["members"] if lasts(row["from"], row["until"])]
    paying = {row["organisation"] for row in members if row["paying"] == "yes"}
    events = {row["event"]: row for row in rows["events"] if row["date"][:4] == str(year)}
    came = [(row["organisation"], row["event"]) for row in rows["attendance"]
            if row["event"] in events]  # fmt: skip
    projects = {row["project"]: row for row in rows["projects"]
                if lasts(row["started"], row["ended"])}  # fmt: skip
    takes_part = [(row["organisation"], row["project"]) for row in rows["participants"]
                  if row["project"] in projects]  # fmt: skip
    services = [row for row in rows["services"] if row["date"][:4] == str(year)]

    actors = {group[each] for each in paying}
    for each in own:
        if own[each]["kind"] == "knowledge-institute" and (
            any(row["organisation"] == each for row in members)
            or any(who == each for who, _ in came + takes_part)
        ):
            actors.add(group[each])
    for each in set(group.values()):
        been = {event for who, event in came if group[who] == each}
        if (
            sum(events[event]["paid"] == "yes" for event in been) >= 1
            or sum(events[event]["paid"] == "no" for event in been) >= 2
        ):
            actors.add(each)
    active = set()
    for each in actors:
        mine = {project for who, project in takes_part if group[who] == each}
        new = [project for project in mine if projects[project]["innovative"] == "yes"]
        core = [p for p in new if projects[p]["kind"] == "cluster-project"]
        others = len(new) - len(core)
        others += sum(group[row["organisation"]] == each and row["innovative"] == "yes"
                      for row in services)  # fmt: skip
        others += len({event for who, event in came
                       if group[who] == each and events[event]["innovative"] == "yes"})  # fmt: skip
        if core or others >= 2:
            active.add(each)

    latest: dict[str, tuple[str, str]] = {}
    for row in rows["sizes"]:
        if row["year"] <= str(year) and row["year"] >= latest.get(row["organisation"], ("", ""))[0]:
            latest[row["organisation"]] = (row["year"], row["size"])

    def small(codes: list[str]) -> bool | None:
        sizes = [latest[each][1] for each in codes if each in latest]
        return None if not sizes else "large" not in sizes

    named = {row["organisation"] for row in members + services}
    named |= {who for who, _ in came + takes_part}
    companies = {group[each] for each in named if own[each]["kind"] == "company"}
    sizes = [small([each for each in own if group[each] == one]) for one in active & companies]
    used = [(row["organisation"], row["service"]) for row in services] + came
    active_members = {
        each
        for each in own
        if own[each]["kind"] == "company"
        and (
            each in paying
            or sum(who == each for who, _ in used) >= 2
            or any(who == each for who, _ in takes_part)
        )
    }
    of_three = {
        project
        for project in projects
        if sum(p == project and own[who]["kind"] == "company" for who, p in takes_part) >= 3
    }
    firms = {who for who, p in takes_part if p in of_three and own[who]["kind"] == "company"}
    decided = [
        row
        for row in rows["projects"]
        if row["decided"][:4] == str(year)
        and row["innovative"] == "yes"
        and (
            row["kind"] == "cluster-project"
            or (row["kind"] in ("eu-project", "inter-cluster-project") and row["linked"] == "yes")
        )
    ]

    def sure(count: int) -> tuple[int, int]:
        return count, count

    return {
        "flemish-clusters-2025-dbc1": sure(sum(own[each]["kind"] == "company" for each in paying)),
        "flemish-clusters-2025-dbc2": sure(
            len({row["organisation"] for row in members if row["type"] == "associate"})
        ),
        "flemish-clusters-2025-dbc3": sure(len(actors)),
        "flemish-clusters-2025-cpi1": sure(len(active)),
        "flemish-clusters-2025-cpi2": (
            sum(each is True for each in sizes),
            sum(each is not False for each in sizes),
        ),
        "flemish-clusters-2025-cpi3": sure(len(decided)),
        "flemish-clusters-1-c-1": sure(len(active_members)),
        "flemish-clusters-1-c-2": sure(sum(row["kind"] == "network" for row in events.values())),
        "flemish-clusters-1-c-3": sure(
            len({who for who, _ in came if own[who]["kind"] == "company"})
        ),
        "flemish-clusters-1-c-4": sure(len(of_three)),
        "flemish-clusters-1-c-5": sure(len(firms)),
    }
