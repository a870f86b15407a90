"""The contract itself: its parties, term and calendars, and what each evidence table must hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from muniment.domain.kernel.bank_holidays import FIRST_YEAR, LAST_YEAR, bank_holidays
from muniment.domain.kernel.calendars import BusinessDays, Calendar, OpeningHours, parse_hours, parse_weekdays
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month, Period
from muniment.domain.kernel.problem import Problem, suggestion
from muniment.domain.language.columns import Column
from muniment.domain.regime import nodes
from muniment.domain.regime.text import CalendarText, ContractText, EvidenceText, TableText

BUSINESS_DAY = "business_day"


@dataclass(frozen=True)
class Table:
    """`key`: the columns that name a row. `dated_by`: the date or datetime column that decides its month.
    `due_business_days`: how long after the period the evidence is due."""

    name: str
    row_is: str
    key: tuple[str, ...]
    dated_by: str
    columns: tuple[Column, ...]
    due_business_days: int = 5

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError where there is none."""
        return self.by_name[name]

    @property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}


@dataclass(frozen=True)
class Contract:
    """The parties, the term and what does not change by notice. `opening_credits`: due before the record began."""

    id: str
    title: str
    authority: str
    supplier: str
    term_first: date
    term_last: date
    zone: str
    record_from: Month
    consecutive_failures: Mapping[str, int]
    opening_credits: Money
    areas: Mapping[str, str]
    tables: Mapping[str, Table]
    calendars: Mapping[str, Calendar]

    @property
    def start(self) -> Month:
        return Month.of(self.term_first)

    @property
    def end(self) -> Month:
        return Month.of(self.term_last)

    @property
    def months(self) -> Period:
        """Those of the term."""
        return Period(self.start, self.end)

    def contract_month(self, month: Month) -> int:
        """1 for the first month of the term."""
        return month.since(self.start) + 1


def contract_from_text(
    *,
    text: ContractText,
    evidence: EvidenceText,
    node: nodes.MappingNode,
    evidence_node: nodes.MappingNode,
    known: date | None,
) -> tuple[Contract, tuple[Problem, ...]]:
    """The contract as known on a day (bank holidays are proclaimed late), and what is wrong with it."""
    problems = [*_contract_problems(text, node)]
    calendars: dict[str, Calendar] = {}
    for name, calendar in text.calendars.items():
        try:
            calendars[name] = _calendar(calendar, known)
        except ValueError as error:
            what, _, remedy = str(error).partition(" - ")
            problems.append(Problem(nodes.place_at(node, ("calendars", name)), "R040", what, remedy or "correct it"))
            calendars[name] = _never_open(calendar)
    tables: dict[str, Table] = {}
    for name, table in evidence.tables.items():
        problems.extend(_table_problems(name, table, evidence_node))
        tables[name] = _table(name, table)
    contract = Contract(
        id=text.contract,
        title=text.title,
        authority=text.authority.name,
        supplier=text.supplier.name,
        term_first=text.term.first,
        term_last=_last_day(text),
        zone=text.zone,
        record_from=text.record_from or Month.of(text.term.first),
        consecutive_failures=text.opening.consecutive_failures,
        opening_credits=text.opening.credits_to_date or Money(0),
        areas=text.areas,
        tables=tables,
        calendars=calendars,
    )
    return contract, tuple(problems)


def _contract_problems(text: ContractText, node: nodes.MappingNode) -> Iterator[Problem]:
    if text.term.last < text.term.first:
        yield Problem(
            nodes.place_at(node, ("term",)), "R041", "the term ends before it begins", "correct 'from' or 'to'"
        )
    elif _last_day(text) < text.term.first:
        place = nodes.place_at(node, ("confirmed_to",))
        yield Problem(place, "R041", "the contract is confirmed to a day before its term", "write a day of the term")
    if text.term.first.day != 1:
        place = nodes.place_at(node, ("term", "from"))
        yield Problem(
            place, "R042", "the term does not begin on the first of a month", "write the first day of a month"
        )
    yield from _reach_problems(text, node)
    start = Month.of(text.term.first)
    if text.record_from is not None and not start <= text.record_from <= Month.of(text.term.last):
        place = nodes.place_at(node, ("record_from",))
        yield Problem(place, "R044", "the record begins outside the term", "write a month of the term")
    for name, calendar in text.calendars.items():
        if calendar.zone not in (None, text.zone):
            place = nodes.place_at(node, ("calendars", name, "zone"))
            what = f"the calendar's zone is '{calendar.zone}', the contract's is '{text.zone}'"
            yield Problem(place, "R045", what, "leave it out: a contract has one zone")
    for charge, amounts in text.charges.items():
        for area in amounts:
            if area not in text.areas:
                place = nodes.key_place_at(node, ("charges", charge, area))
                remedy = suggestion(area, text.areas, "add it to 'areas:'")
                yield Problem(place, "R046", f"there is no area '{area}'", remedy)


def _last_day(text: ContractText) -> date:
    return min(text.term.last, text.confirmed_to or text.term.last)


def _reach_problems(text: ContractText, node: nodes.MappingNode) -> Iterator[Problem]:
    """A month for which the bank holidays are not known is refused, never guessed."""
    if all(calendar.holidays == "none" for calendar in text.calendars.values()):
        return
    if _last_day(text).year > LAST_YEAR:
        place = nodes.place_at(node, ("term", "to") if text.confirmed_to is None else ("confirmed_to",))
        what = f"the bank holidays are known to the end of {LAST_YEAR} only"
        yield Problem(place, "R043", what, "give 'confirmed_to:' no later than that")
    if (text.record_from or Month.of(text.term.first)).year < FIRST_YEAR:
        place = nodes.place_at(node, ("term", "from") if text.record_from is None else ("record_from",))
        what = f"the bank holidays are known from the beginning of {FIRST_YEAR} only"
        yield Problem(place, "R043", what, "give 'record_from:' no earlier than that")


def _calendar(text: CalendarText, known: date | None) -> Calendar:
    holidays = bank_holidays(division=text.holidays, known=known)
    if (text.days is None) == (text.open is None):
        raise ValueError(
            "a calendar has either 'days:' or 'open:' - write 'days: Mon-Fri' or 'open: {Mon-Fri: 08:00-18:00}'"
        )
    if text.days is not None:
        return BusinessDays(frozenset(parse_weekdays(text.days)), holidays)
    hours: dict[int, tuple[int, int]] = {}
    for days, between in (text.open or {}).items():
        for weekday in parse_weekdays(days):
            if weekday in hours:
                raise ValueError(f"'{days}' opens a day that is open already - give each day one time range")
            hours[weekday] = parse_hours(between)
    return OpeningHours(tuple((day, *hours[day]) for day in sorted(hours)), holidays)


def _never_open(text: CalendarText) -> Calendar:
    """Stands in for a calendar that is wrong, so that conditions which name it can still be checked."""
    return OpeningHours((), frozenset()) if text.days is None else BusinessDays(frozenset(), frozenset())


def _table(name: str, text: TableText) -> Table:
    columns = tuple(
        Column(
            name=column,
            type=form.type,
            may_be_missing=form.may_be == "missing",
            one_of=tuple(form.one_of),
            source=form.source,
            format=form.format,
        )
        for column, form in text.columns.items()
    )
    return Table(name, text.row_is, tuple(text.key), text.dated_by, columns, text.due)


def _table_problems(name: str, text: TableText, node: nodes.MappingNode) -> Iterator[Problem]:
    here = ("tables", name)
    if not text.key:
        yield Problem(nodes.place_at(node, (*here, "key")), "R050", "the table has no key column", "name at least one")
    for position, column in enumerate((*text.key, text.dated_by)):
        path = (*here, "key", position) if position < len(text.key) else (*here, "dated_by")
        form = text.columns.get(column)
        if form is None:
            remedy = suggestion(column, text.columns, "name a column of this table")
            yield Problem(nodes.place_at(node, path), "R051", f"there is no column '{column}'", remedy)
        elif form.may_be is not None:
            what = f"'{column}' may be missing, so it cannot key or date a row"
            yield Problem(nodes.place_at(node, path), "R052", what, "choose a column that is always there")
        elif path[-1] == "dated_by" and form.type not in ("date", "datetime"):
            what = f"'{column}' is a {form.type}, so it cannot date a row"
            yield Problem(nodes.place_at(node, path), "R053", what, "choose a date or datetime column")
    yield from _column_problems(name, text, node)


def _column_problems(name: str, text: TableText, node: nodes.MappingNode) -> Iterator[Problem]:
    sources: dict[str, str] = {}
    for column, form in text.columns.items():
        path = ("tables", name, "columns", column)
        if form.format is not None and form.type not in ("date", "datetime"):
            what = f"'{column}' is a {form.type}: only dates have a format"
            yield Problem(nodes.place_at(node, (*path, "format")), "R054", what, "remove 'format:'")
        if form.one_of and form.type not in ("text", "number"):
            what = f"'{column}' is a {form.type}: only texts and numbers have a list of values"
            yield Problem(nodes.place_at(node, (*path, "one_of")), "R055", what, "remove 'one_of:'")
        other = sources.setdefault(form.source or column, column)
        if other != column:
            what = f"'{column}' and '{other}' are read from the same column of the file"
            yield Problem(nodes.key_place_at(node, path), "R056", what, "give one of them another 'source:'")
