"""Checks function calls in a condition: the name, the number of arguments, and the type of each."""

from muniment.domain.kernel.problem import suggestion
from muniment.domain.language.functions import FUNCTIONS, Function
from muniment.domain.language.syntax import CallPhrase, LiteralPhrase, NamePhrase, Phrase
from muniment.domain.language.terms import TYPE_WORDS, ConditionTerms
from muniment.domain.language.tree import (
    BusinessDayCount,
    ColumnValue,
    DayConstant,
    DayCount,
    Duration,
    IsOpen,
    LoweredText,
    OpenHours,
    StartsWith,
    TextConstant,
)

CalledAmount = Duration | DayCount | BusinessDayCount | OpenHours | LoweredText
CalledCondition = IsOpen | StartsWith


class Calls:
    """Builds the nodes of calls, or says why it cannot. The arguments of a call are all checked."""

    def __init__(self, terms: ConditionTerms) -> None:
        self._terms = terms
        self._findings = terms.findings

    def read(self, call: CallPhrase) -> CalledAmount | CalledCondition | None:
        function = FUNCTIONS.get(call.name)
        if function is None:
            remedy = suggestion(call.name, FUNCTIONS, f"the functions are: {', '.join(FUNCTIONS)}")
            self._findings.add(at=call.at, code="L004", what=f"there is no function '{call.name}'", remedy=remedy)
            return None
        expected, given = len(function.parameters), len(call.arguments)
        if given != expected:
            what = f"{call.name} takes {expected} argument{'s' if expected > 1 else ''}, not {given}"
            self._findings.add(at=call.at, code="L005", what=what, remedy=f"write {function.usage}")
            return None
        return self._built(call, function)

    def _built(self, call: CallPhrase, function: Function) -> CalledAmount | CalledCondition | None:
        match call.name:
            case "seconds" | "minutes":
                return self._duration(call, function)
            case "days" | "months":
                return self._day_count(call, function)
            case "business_days":
                return self._business_days(call, function)
            case "open_hours":
                return self._open_hours(call, function)
            case "open":
                return self._is_open(call, function)
            case "starts_with":
                return self._starts_with(call, function)
            case _:
                return self._lowered(call, function)

    def _duration(self, call: CallPhrase, function: Function) -> Duration | None:
        start, end = (self._datetime(argument, function) for argument in call.arguments)
        if start is None or end is None:
            return None
        return Duration("seconds" if call.name == "seconds" else "minutes", start, end)

    def _day_count(self, call: CallPhrase, function: Function) -> DayCount | None:
        start, end = (self._day(argument, function) for argument in call.arguments)
        if start is None or end is None:
            return None
        return DayCount("days" if call.name == "days" else "months", start, end)

    def _business_days(self, call: CallPhrase, function: Function) -> BusinessDayCount | None:
        start, end = (self._day(argument, function) for argument in call.arguments)
        calendar = self._terms.business_days(at=call.at)
        if start is None or end is None or calendar is None:
            return None
        return BusinessDayCount(start, end, calendar)

    def _open_hours(self, call: CallPhrase, function: Function) -> OpenHours | None:
        start, end = (self._datetime(argument, function) for argument in call.arguments[:2])
        calendar = self._calendar(call.arguments[2], function)
        if start is None or end is None or calendar is None:
            return None
        return OpenHours(start, end, calendar)

    def _is_open(self, call: CallPhrase, function: Function) -> IsOpen | None:
        at, calendar = self._datetime(call.arguments[0], function), self._calendar(call.arguments[1], function)
        return None if at is None or calendar is None else IsOpen(at, calendar)

    def _starts_with(self, call: CallPhrase, function: Function) -> StartsWith | None:
        first, second = call.arguments
        text = self._column_or_lower(first, function)
        if not isinstance(second, LiteralPhrase) or second.kind != "text":
            self._unfit(second, wants="a beginning in single quotes", function=function)
            return None
        return None if text is None else StartsWith(text, second.text)

    def _column_or_lower(self, phrase: Phrase, function: Function) -> ColumnValue | LoweredText | None:
        if isinstance(phrase, CallPhrase) and phrase.name == "lower":
            lowered = self.read(phrase)
            return lowered if isinstance(lowered, LoweredText) else None
        return self._cell(phrase, function, wants="a text column or lower(...)", types=("text",))

    def _lowered(self, call: CallPhrase, function: Function) -> LoweredText | None:
        argument = call.arguments[0]
        if isinstance(argument, LiteralPhrase) and argument.kind == "text":
            return LoweredText(TextConstant(argument.text))
        cell = self._cell(argument, function, wants="a text column", types=("text",))
        return None if cell is None else LoweredText(cell)

    def _datetime(self, phrase: Phrase, function: Function) -> ColumnValue | None:
        return self._cell(phrase, function, wants="a datetime column", types=("datetime",))

    def _day(self, phrase: Phrase, function: Function) -> ColumnValue | DayConstant | None:
        if isinstance(phrase, LiteralPhrase) and phrase.kind == "date":
            return self._terms.day(phrase)
        wants = "a date or datetime column (or a date such as 2019-10-01)"
        return self._cell(phrase, function, wants=wants, types=("date", "datetime"))

    def _calendar(self, phrase: Phrase, function: Function) -> str | None:
        if isinstance(phrase, NamePhrase):
            return self._terms.opening_hours(phrase)
        self._unfit(phrase, wants="the name of a calendar", function=function)
        return None

    def _cell(self, phrase: Phrase, function: Function, *, wants: str, types: tuple[str, ...]) -> ColumnValue | None:
        """The plain column that an argument names; nothing else is nested in a call."""
        if not isinstance(phrase, NamePhrase):
            self._unfit(phrase, wants=wants, function=function)
            return None
        cell = self._terms.cell(phrase)
        if cell is None or cell.type in types:
            return cell
        what = f"{_name(function)} takes {wants} here, but '{cell.column}' is {TYPE_WORDS[cell.type]}"
        remedy = "count dates with days(start, end)" if cell.type == "date" else f"write {function.usage}"
        self._findings.add(at=phrase.at, code="L006", what=what, remedy=remedy)
        return None

    def _unfit(self, phrase: Phrase, *, wants: str, function: Function) -> None:
        found = f"not {_KINDS[phrase.kind]}" if isinstance(phrase, LiteralPhrase) else "not a calculation"
        found = "not a column" if isinstance(phrase, NamePhrase) else found
        what = f"{_name(function)} takes {wants} here, {found}"
        self._findings.add(at=phrase.at, code="L006", what=what, remedy=f"write {function.usage}")


_KINDS = {"number": "a number", "text": "a text", "date": "a written date"}


def _name(function: Function) -> str:
    return function.usage.partition("(")[0]
