"""The report to a board for a range of months and a meeting: the answer first, then what changed, then the rest."""

from collections.abc import Sequence
from datetime import date

from muniment.commands.queries.reading import Reading
from muniment.commands.queries.report.areas import areas_of
from muniment.commands.queries.report.failures import (
    credits_of,
    failures_of,
    failures_summary,
    mitigations_of,
    mitigations_summary,
    statements_of,
)
from muniment.commands.queries.report.figures import kpi_count, money_figure, value_figure
from muniment.commands.queries.report.projects import projects_of
from muniment.domain.assessment.failure_notes import current_notes, failure_notes_known
from muniment.domain.assessment.result import Result
from muniment.domain.assessment.statement import Statement
from muniment.domain.assessment.status import Category
from muniment.domain.assessment.summary import Table1Column, headline, table_1
from muniment.domain.assessment.words import VERDICTS
from muniment.domain.board.report import BoardReport, MonthHeading, ProjectsSection, Provenance, SummaryColumn
from muniment.domain.board.words import Figure, Words
from muniment.domain.kernel.fingerprint import short
from muniment.domain.kernel.money import total
from muniment.domain.kernel.period import Month, Period, long_date, months_from
from muniment.domain.portfolio.select import policy_at
from muniment.domain.portfolio.text import BoardPortfolio
from muniment.domain.portfolio.updates import project_updates_known
from muniment.domain.record.entry import Entry


def board_report(
    reading: Reading,
    *,
    first: Month,
    last: Month,
    meeting: date,
    followed: BoardPortfolio,
    entries: Sequence[Entry],
    head: str | None,
    made_by: str,
) -> BoardReport:
    """Assemble the report. `entries` are those known on the reading's day; `made_by` names the program and the engine.

    Raises ProblemsFoundError for months outside the term."""
    months = tuple(months_from(first, last))
    earlier = max(reading.contract.start, min(first, last.plus(-1)))
    with_before = reading.results(first=earlier, last=last)
    results = tuple(result for result in with_before if result.month >= first)
    columns = table_1(results)
    statements = statements_of(reading=reading, months=months)
    notes = current_notes(failure_notes_known(entries))
    failures = failures_of(results=results, notes=notes)
    mitigations = mitigations_of(reading=reading, results=results)
    known = reading.known or meeting
    return BoardReport(
        report_id=f"{reading.contract.id}/{meeting}",
        version="draft",
        title=headline(columns[-1]),
        contract=reading.contract.title,
        authority=reading.contract.authority,
        supplier=reading.contract.supplier,
        board=followed.board,
        meeting=meeting,
        months=tuple(MonthHeading(column.month, column.contract_month) for column in columns),
        coverage=_coverage(reading, first, last),
        changed_since=last.plus(-1).name,
        changed=_changes(with_before, last),
        waiting=_waiting(reading, failures_missing=[f.code for f in failures if f.cause.plain == "not yet explained"]),
        summary=tuple(
            _summary_column(column, statement) for column, statement in zip(columns, statements, strict=True)
        ),
        failures_summary=failures_summary(failures, last=last),
        failures=failures,
        mitigations_summary=mitigations_summary(mitigations, results=results, last=last),
        mitigations=mitigations,
        credits_summary=_credits_summary(statements),
        credits=credits_of(statements),
        projects=_projects(reading, followed, entries, meeting, last),
        areas=areas_of(reading=reading, results=results, months=months),
        provenance=Provenance(
            as_known=f"As known on {long_date(known)}",
            known_on=known,
            ledger_head=short(head) if head else "no record kept",
            engine=made_by,
        ),
    )


def _summary_column(column: Table1Column, statement: Statement) -> SummaryColumn:
    month = column.month
    credit = statement.credit
    return SummaryColumn(
        heading=MonthHeading(month, column.contract_month),
        counts=tuple(kpi_count(column.counts[category], name=category, month=month) for category in Category),
        total=kpi_count(column.total, name="kpis", month=month),
        credit=money_figure(credit.due, fact=f"credit/due/{month}") if credit is not None else None,
    )


def _coverage(reading: Reading, first: Month, last: Month) -> Words:
    contract = reading.contract
    span = Period(first, last).name
    numbers = f"{contract.contract_month(first)} to {contract.contract_month(last)}"
    known = f", as known on {long_date(reading.known)}" if reading.known else ""
    sentence = f"This report covers {span}, contract months {numbers}{known}."
    following = last.plus(1)
    is_over = reading.known is not None and following.last_day <= reading.known
    if is_over and following <= contract.end:
        came = any(reading.received.has(table=table, month=following) for table in contract.tables)
        why = "its evidence is under review" if came else "no evidence for it has been submitted"
        sentence += f" {following.name} is not in it: {why}."
    return Words.of(sentence)


def _changes(results: Sequence[Result], last: Month) -> tuple[Words, ...]:
    """A sentence per KPI that stands elsewhere than a month before, and per KPI that came or went."""
    before = {result.kpi.code: result for result in results if result.month == last.plus(-1)}
    now = {result.kpi.code: result for result in results if result.month == last}
    changes = []
    for code, result in now.items():
        earlier = before.get(code)
        if earlier is None and before:
            changes.append(Words.of(f"{code} ({result.kpi.title}) came into force."))
        elif earlier is not None and earlier.standing.status != result.standing.status:
            changes.append(_change(result, earlier))
    changes += [Words.of(f"{code} is no longer in force.") for code in before if code not in now]
    return tuple(changes)


def _change(result: Result, earlier: Result) -> Words:
    was = VERDICTS[earlier.standing.status]
    head = f"{result.kpi.code} ({result.kpi.title}) {VERDICTS[result.standing.status]}"
    if result.measurement is None:
        return Words.of(f"{head} in {result.month.name}; in {earlier.month.name} it {was}.")
    tail = "; it is mitigated" if result.is_mitigated else ""
    return Words.of(f"{head} at ", value_figure(result), f"; in {earlier.month.name} it {was}{tail}.")


def _waiting(reading: Reading, *, failures_missing: Sequence[str]) -> tuple[Words, ...]:
    supplier, authority = reading.contract.supplier, reading.contract.authority
    found = [
        Words.of(f"{authority} must decide mitigation request {mitigation.id}.")
        for mitigation in reading.mitigations
        if mitigation.is_open
    ]
    unexplained = dict.fromkeys(failures_missing)
    found += [Words.of(f"{supplier} must explain the failure of {code}.") for code in unexplained]
    return tuple(found)


def _credits_summary(statements: Sequence[Statement]) -> Words:
    due = [statement.credit.due for statement in statements if statement.credit is not None]
    if not due:
        return Words.of("The contract has no service credits.")
    span = Period(statements[0].month, statements[-1].month)
    amount = total(due)
    figure: Figure = money_figure(amount, fact=f"credit/due/{span}")
    return Words.of("Service credits due for the months covered come to ", figure, ", before VAT.")


def _projects(
    reading: Reading, followed: BoardPortfolio, entries: Sequence[Entry], meeting: date, last: Month
) -> ProjectsSection | None:
    in_force = policy_at(policies=followed.policies, applies_to="projects", on=meeting)
    if in_force is None or not followed.projects:
        return None
    return projects_of(
        reading=reading,
        followed=followed,
        standings=project_updates_known(entries, up_to=meeting),
        policy_name=in_force.name,
        policy=in_force.policy,
        last=last,
    )
