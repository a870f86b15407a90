"""The contract of v0_1_0/: its agreed text in the words of v0.1.0, and the rows of its evidence."""

from collections.abc import Iterator

CONTRACT = """\
contract: wolds
title: Reception Contract
authority: {name: Wolds County Council}
supplier:  {name: Castlegate Services Ltd}
term: {from: 2019-04-01, to: 2021-03-31}
zone: Europe/London
opening: {consecutive_failures: {LOST: 1}, credits_to_date: "£250.00"}
areas: {front: Reception, post: Post room}
calendars:
  business_day: {days: Mon-Fri, holidays: england-and-wales}
  front_hours:  {open: {Mon-Fri: 08:00-18:00}, holidays: england-and-wales}
charges:
  monthly: {front: "£8000.00", post: "£2000.00"}
if_silent:
  supplier_on_challenge:   {within: 5 business days, then: upheld, clause: Sch 1 para 4}
  authority_on_mitigation: {within: 5 business days, then: granted, clause: Sch 1 para 7}
late_evidence: {window: 3 months, restate_when: status_or_credit, clause: Sch 1 para 6}
"""
EVIDENCE = """\
tables:
  visits:
    row_is: one visitor at the front
    key: [visit]
    dated_by: came_at
    due: 5 business days after period end
    columns:
      visit:    {type: text}
      came_at:  {type: datetime}
      seen_at:  {type: datetime, may_be: missing}
      purpose:  {type: text, one_of: [meeting, delivery, other]}
      note:     {type: text, may_be: missing}
  parcels:
    row_is: one parcel
    key: [parcel]
    dated_by: due_on
    due: 5 business days after period end
    columns:
      parcel:   {type: text, source: Parcel No}
      due_on:   {type: date, format: "%d/%m/%Y"}
      value:    {type: number}
      lost:     {type: number}
"""
REGIME = """\
regime: wolds
schedule: Schedule 1 (Performance)
signed: 2019-03-01
effective: 2019-04-01
points_scales:
  standard: {below_target: 1, below_minimum: 3}
ratchets:
  repeat: {after: 2, multiply: 2, mitigated_period: skip}
  steep:  {after: 2, multiply: 3, mitigated_period: breaks}
service_credits: {free_points: 1, per_point: 1%, of: monthly, cap: 10%, round: 2 dp half up}
mitigation_grounds:
  authority_act:
    {title: Act of the Authority, clause: cl. 1, request_within: 5 business days, effect: no_points}
  exceptional:
    {title: Exceptional demand, clause: cl. 2, request_within: 5 business days, effect: no_points, longest: 3 months}
defaults: {unit: percent, period: month, round: 2 dp half up, points: standard, ratchet: repeat,
           no_activity: not_applicable, no_evidence: below_minimum}
kpis:
  SEEN:
    {title: "% of visitors seen within ten minutes", area: front, measure: seen_in_time, clause: Sch 1 row 1,
     target: at least 90%, minimum: at least 60%}
  LOST:
    {title: "% of parcels lost, by value", area: post, measure: value_lost, round: 1 dp half even, ratchet: steep,
     target: at most 1.0%, minimum: at most 2.0%}
  LATE:
    {title: Visitors never seen, area: front, measure: never_seen, unit: visitors, round: 0 dp half up,
     bands: {good: at most 0, poor: at most 2, bad: anything worse}, points: {poor: 1, bad: 4}}
  MEET:
    {title: "% of meetings that began in time", area: front, measure: meetings_in_time, ratchet: repeat,
     target: at least 95%, minimum: at least 50%, small_volume: {fewer_than: 6, then: report_only}}
  QUARTER:
    {title: "% of meetings seen at all", area: front, measure: meetings_seen, period: quarter,
     target: at least 95%, minimum: at least 90%}
measures:
  seen_in_time:
    from: visits
    leave_out:
      deliveries: purpose = 'delivery'
      outside hours: "not open(came_at, front_hours)"
    count_all: true
    count_if: "seen_at is present and seconds(came_at, seen_at) <= 600"
  value_lost:
    from: parcels
    sum_all: value
    sum_counted: lost
  never_seen:
    from: visits
    number_of: seen_at is missing
  meetings_in_time:
    from: visits
    count_all: purpose = 'meeting'
    count_if: "seen_at is present and seconds(came_at, seen_at) <= 600"
  meetings_seen:
    from: visits
    count_all: purpose = 'meeting'
    count_if: seen_at is present
"""
REPORTING = """\
board: The Reception Board
policies:
  every-project:
    title: Every project, every time
    applies_to: projects
    effective: 2019-04-01
    decided_by: the Board at its first meeting
    show: [{all: true}]
    order: [priority]
"""
PROJECTS = """\
projects:
  chairs:
    title: New chairs
    owner: supplier
    priority: 1
    description: Replaces every chair at the front.
    figures:
      - {measure: never_seen, label: visitors never seen}
"""
EXAMPLES = """\
- example: Sch 1 worked example 1, the second failure running counts threefold
  kpi: LOST
  given: {2019-04: 0.5%, 2019-05: 1.5%, 2019-06: 1.5%}
  expect: {status: [met_target, below_target, below_target], points: [0, 1, 3]}
"""
FIRST_TEXTS = {
    "contract.yaml": CONTRACT,
    "evidence.yaml": EVIDENCE,
    "regime.yaml": REGIME,
    "reporting.yaml": REPORTING,
    "projects.yaml": PROJECTS,
    "examples/worked.yaml": EXAMPLES,
}
FIRST_NOTICE = """\
change: CCN-001
title: One rule on repeated failure, a week to answer, and a KPI on short visits
signed: 2019-06-21
effective: 2019-07-01
amend:
  - kpi: LOST
    was: {ratchet: steep}
    set: {ratchet: repeat}
  - kpi: SHORT
    add:
      title: "% of deliveries seen within five minutes"
      area: post
      measure: deliveries_in_time
      target: at least 99%
      minimum: at least 10%
      ratchet: steep
  - measure: deliveries_in_time
    add:
      from: visits
      count_all: purpose = 'delivery'
      count_if: "seen_at is present and seconds(came_at, seen_at) <= 300"
  - charges: monthly
    was: {post: "£2000.00"}
    set: {post: "£2500.00"}
  - term: supplier_on_challenge
    was: {within: 5 business days}
    set: {within: 7 days}
"""
SECOND_NOTICE = """\
change: CCN-002
title: No points for short visits in September
signed: 2019-09-27
suspend: {what: points, kpis: [SHORT], from: 2019-09, to: 2019-09}
"""
THIRD_NOTICE = """\
change: CCN-003
title: More visitors are to be seen
signed: 2019-09-27
effective: 2020-01-01
amend:
  - kpi: SEEN
    was: {target: at least 90%}
    set: {target: at least 92%}
"""
TABLES = ("visits", "parcels")
SLOW = {"2019-04": 4, "2019-05": 4, "2019-06": 3, "2019-07": 0, "2019-08": 2, "2019-09": 3, "2019-10": 1}
"""How many of the month's twelve visitors wait a quarter of an hour."""


def evidence(month: str) -> dict[str, str]:
    return {"visits": visits(month), "parcels": parcels(month)}


def visits(month: str, *, late: int | None = None, note: str = "") -> str:
    """Twelve, of which `late` wait a quarter of an hour, and one is never seen in every second month."""
    return "\n".join(["visit,came_at,seen_at,purpose,note", *_visits(month, late, note)]) + "\n"


def _visits(month: str, late: int | None, note: str) -> Iterator[str]:
    slow = SLOW[month] if late is None else late
    for number in range(12):
        at = f"{month}-{number + 1:02d} {8 + number % 9:02d}"
        waited = 15 if number < slow else 4
        seen = "" if number == 11 and int(month[-2:]) % 2 == 1 else f"{at}:{30 + waited}:00"
        purpose = ("meeting", "meeting", "other", "delivery", "meeting", "other")[number % 6]
        yield f"V{month}-{number:02d},{at}:30:00,{seen},{purpose},{note or ('=SUM(A1)', '')[number % 2]}"


def parcels(month: str) -> str:
    """200.00 pounds of parcels; 2.50 lost is 1.25 %, which half even is 1.2."""
    lost = "0" if month == "2019-08" else "2.50"
    year, number = month.split("-")
    rows = [f"P-{month}-{each},10/{number}/{year},50.00,{lost if each == 0 else 0}" for each in range(4)]
    return "\n".join(["Parcel No,due_on,value,lost", *rows]) + "\n"
