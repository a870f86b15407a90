"""Columns, values and calendars named in a condition: looked up or read, or reported with what to write instead."""

from collections.abc import Mapping
from decimal import Decimal

from muniment.domain.kernel.calendars import BusinessDays, Calendar, OpeningHours
from muniment.domain.kernel.problem import suggestion
from muniment.domain.language.columns import Column, ColumnType
from muniment.domain.language.findings import Findings
from muniment.domain.language.functions import BUSINESS_DAY_CALENDAR
from muniment.domain.language.syntax import LiteralPhrase, NamePhrase, parsed_date
from muniment.domain.language.tree import (
    Amount,
    BusinessDayCount,
    ColumnValue,
    DayConstant,
    DayCount,
    Duration,
    LoweredText,
    NumberConstant,
    OpenHours,
    Sum,
    TextConstant,
)

LITERAL_WHOLE_DIGITS = 18
LITERAL_DECIMAL_DIGITS = 12
"""The longest number that a condition may hold; every engine keeps such numbers exactly."""

TYPE_WORDS: Mapping[ColumnType, str] = {
    "number": "a number",
    "text": "a text",
    "date": "a date",
    "datetime": "a datetime",
    "yes_no": "a yes/no column",
}


def type_of(amount: Amount) -> ColumnType:
    """What an amount is; everything that is not a text, a day or a cell is a number."""
    match amount:
        case ColumnValue():
            return amount.type
        case TextConstant() | LoweredText():
            return "text"
        case DayConstant():
            return "date"
        case NumberConstant() | Duration() | DayCount() | BusinessDayCount() | OpenHours() | Sum():
            return "number"


class ConditionTerms:
    """The columns and calendars that a condition may name."""

    def __init__(self, *, columns: Mapping[str, Column], calendars: Mapping[str, Calendar], findings: Findings) -> None:
        self.columns = columns
        self.calendars = calendars
        self.findings = findings

    def cell(self, word: NamePhrase) -> ColumnValue | None:
        column = self.columns.get(word.name)
        if column is None:
            what, remedy = f"there is no column '{word.name}'", self._instead_of(word.name)
            self.findings.add(at=word.at, code="L003", what=what, remedy=remedy)
            return None
        return ColumnValue(word.name, column.type)

    def _instead_of(self, name: str) -> str:
        if any(name in column.one_of for column in self.columns.values()):
            return f"write a text in single quotes: '{name}'"
        if name == "true":
            return "'true' stands alone, for every row; a yes/no column is asked by its name alone"
        if name in ("false", "yes", "no"):
            return "to ask a yes/no column write its name alone, or 'not' and its name"
        known = ", ".join(self.columns) or "none"
        return suggestion(name, self.columns, f"the columns are: {known}; a text is written in quotes: '{name}'")

    def value(self, written: LiteralPhrase) -> NumberConstant | TextConstant | DayConstant | None:
        if written.kind == "text":
            return TextConstant(written.text)
        return self.day(written) if written.kind == "date" else self._number(written)

    def day(self, written: LiteralPhrase) -> DayConstant | None:
        found = parsed_date(written.text)
        if found is None:
            what, remedy = f"there is no day {written.text}", "write a date as year-month-day: 2019-10-01"
            self.findings.add(at=written.at, code="L015", what=what, remedy=remedy)
            return None
        return DayConstant(found)

    def _number(self, written: LiteralPhrase) -> NumberConstant | None:
        whole, _, decimals = written.text.partition(".")
        if len(whole.lstrip("0")) > LITERAL_WHOLE_DIGITS or len(decimals) > LITERAL_DECIMAL_DIGITS:
            what = "this number has too many digits"
            remedy = f"write at most {LITERAL_WHOLE_DIGITS} before the point and {LITERAL_DECIMAL_DIGITS} after it"
            self.findings.add(at=written.at, code="L015", what=what, remedy=remedy)
            return None
        return NumberConstant(Decimal(written.text))

    def opening_hours(self, word: NamePhrase) -> str | None:
        """The name of a calendar of service hours."""
        if isinstance(self.calendars.get(word.name), OpeningHours):
            return word.name
        hours = [name for name, calendar in self.calendars.items() if isinstance(calendar, OpeningHours)]
        if word.name in self.calendars:
            what = f"the calendar '{word.name}' has no opening hours"
        else:
            what = f"there is no calendar '{word.name}'"
        otherwise = f"calendars with opening hours are: {', '.join(hours) or 'none'}"
        remedy = suggestion(word.name, hours, otherwise)
        self.findings.add(at=word.at, code="L007", what=what, remedy=remedy)
        return None

    def business_days(self, *, at: int) -> str | None:
        """The name of the contract's calendar of Business Days."""
        calendar = self.calendars.get(BUSINESS_DAY_CALENDAR)
        if isinstance(calendar, BusinessDays):
            return BUSINESS_DAY_CALENDAR
        if calendar is None:
            what = f"business_days needs a calendar named '{BUSINESS_DAY_CALENDAR}', and there is none"
        else:
            what = f"business_days needs days, but the calendar '{BUSINESS_DAY_CALENDAR}' has opening hours"
        remedy = "give the contract one, as in {days: Mon-Fri, holidays: england-and-wales}"
        self.findings.add(at=at, code="L007", what=what, remedy=remedy)
        return None
