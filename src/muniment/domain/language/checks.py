"""Checks the types in a condition and builds its typed tree; reports every fault, not only the first."""

from collections.abc import Mapping

from muniment.domain.kernel.problem import suggestion
from muniment.domain.kernel.quantity import parse_decimal
from muniment.domain.language.calls import Calls
from muniment.domain.language.columns import ColumnType
from muniment.domain.language.functions import FUNCTIONS
from muniment.domain.language.syntax import (
    CallPhrase,
    ComparisonPhrase,
    JunctionPhrase,
    LiteralPhrase,
    NamePhrase,
    NegationPhrase,
    OneOfPhrase,
    Phrase,
    PresencePhrase,
    SumPhrase,
)
from muniment.domain.language.terms import TYPE_WORDS, ConditionTerms, type_of
from muniment.domain.language.tree import (
    Amount,
    Both,
    ColumnValue,
    ComparisonCondition,
    Condition,
    DayConstant,
    Either,
    IsOneOf,
    IsOpen,
    IsPresent,
    IsYes,
    Not,
    NumberConstant,
    StartsWith,
    Sum,
    TextConstant,
)

NEXT_STEP: Mapping[ColumnType, str] = {
    "number": "compare it, as in <= 5",
    "text": "compare it, as in = 'text'",
    "date": "compare it, as in >= 2019-10-01",
    "datetime": "compare it with another datetime, or write 'is present'",
}


class Checks:
    """Reads phrases into conditions and amounts; None stands for a part that was found faulty."""

    def __init__(self, terms: ConditionTerms) -> None:
        self._terms = terms
        self._findings = terms.findings
        self._calls = Calls(terms)

    def condition(self, phrase: Phrase) -> Condition | None:
        match phrase:
            case JunctionPhrase():
                return self._joined(phrase)
            case NegationPhrase():
                part = self.condition(phrase.part)
                return None if part is None else Not(part)
            case ComparisonPhrase():
                return self._compared(phrase)
            case OneOfPhrase():
                return self._listed(phrase)
            case PresencePhrase():
                return self._presence(phrase)
            case CallPhrase() if phrase.name in FUNCTIONS and FUNCTIONS[phrase.name].is_condition:
                called = self._calls.read(phrase)
                return called if isinstance(called, IsOpen | StartsWith) else None
            case _:
                return self._true_or_false(phrase)

    def _true_or_false(self, phrase: Phrase) -> Condition | None:
        amount = self._amount(phrase)
        if amount is None:
            return None
        if isinstance(amount, ColumnValue) and amount.type == "yes_no":
            return IsYes(amount.column)
        kind = type_of(amount)
        what = f"this must be true or false for each row, but it is {TYPE_WORDS[kind]}"
        self._findings.add(at=phrase.at, code="L011", what=what, remedy=NEXT_STEP[kind])
        return None

    def _joined(self, phrase: JunctionPhrase) -> Condition | None:
        read = [self.condition(part) for part in phrase.parts]
        parts = tuple(part for part in read if part is not None)
        if len(parts) < len(read):
            return None
        return Both(parts) if phrase.word == "and" else Either(parts)

    def _presence(self, phrase: PresencePhrase) -> Condition | None:
        if not isinstance(phrase.item, NamePhrase):
            what = "only a column can be missing or present"
            self._findings.add(at=phrase.at, code="L016", what=what, remedy="write the column's name before 'is'")
            return None
        cell = self._terms.cell(phrase.item)
        if cell is None:
            return None
        return IsPresent(cell.column) if phrase.is_present else Not(IsPresent(cell.column))

    def _compared(self, phrase: ComparisonPhrase) -> Condition | None:
        yes_no = [side for side in (phrase.left, phrase.right) if self._is_yes_no(side)]
        if yes_no:
            for side in yes_no:
                self._refuse_yes_no(side)
            return None
        left, right = self._amount(phrase.left), self._amount(phrase.right)
        if left is None or right is None or not self._comparable(phrase, left, right):
            return None
        if phrase.operator in ("=", "!="):
            self._hold_value_to_column(left, right, phrase.right)
            self._hold_value_to_column(right, left, phrase.left)
        return ComparisonCondition(phrase.operator, left, right)

    def _comparable(self, phrase: ComparisonPhrase, left: Amount, right: Amount) -> bool:
        kinds = (type_of(left), type_of(right))
        if kinds[0] != kinds[1]:
            self._clash(at=phrase.operator_at, left=kinds[0], right=kinds[1])
            return False
        if kinds[0] == "text" and phrase.operator not in ("=", "!="):
            what, remedy = f"texts have no order, so '{phrase.operator}' cannot compare them", "use = or !="
            self._findings.add(at=phrase.operator_at, code="L009", what=what, remedy=remedy)
            return False
        return True

    def _clash(self, *, at: int, left: ColumnType, right: ColumnType) -> None:
        what = f"compares {TYPE_WORDS[left]} with {TYPE_WORDS[right]}"
        remedy = "both sides must be of one type"
        if {left, right} == {"number", "text"}:
            remedy = "a text stands in single quotes, a number does not"
        elif {left, right} == {"date", "datetime"}:
            remedy = "count the days between them: days(start, end)"
        elif {left, right} <= {"number", "date", "datetime"}:
            remedy = "count the time between two columns first: days(start, end), seconds(start, end)"
        self._findings.add(at=at, code="L008", what=what, remedy=remedy)

    def _listed(self, phrase: OneOfPhrase) -> Condition | None:
        if self._is_yes_no(phrase.item):
            self._refuse_yes_no(phrase.item)
            return None
        item = self._amount(phrase.item)
        options = [self._option(option, item) for option in phrase.options]
        known = tuple(option for option in options if option is not None)
        return None if item is None or len(known) < len(options) else IsOneOf(item, known)

    def _option(self, phrase: Phrase, item: Amount | None) -> NumberConstant | TextConstant | DayConstant | None:
        if not isinstance(phrase, LiteralPhrase):
            what, remedy = "a list holds values as written", "write numbers, texts in single quotes or dates"
            if isinstance(phrase, NamePhrase):
                what = f"a list holds values as written, and {phrase.name} is not in quotes"
                remedy = f"write '{phrase.name}' for a text; compare columns with ="
            self._findings.add(at=phrase.at, code="L013", what=what, remedy=remedy)
            return None
        value = self._terms.value(phrase)
        if value is None or item is None:
            return value
        if type_of(value) != type_of(item):
            what = f"looks for {TYPE_WORDS[type_of(item)]} in a list that holds {TYPE_WORDS[type_of(value)]}"
            self._findings.add(at=phrase.at, code="L013", what=what, remedy="all must be of one type")
            return None
        self._hold_value_to_column(item, value, phrase)
        return value

    def _hold_value_to_column(self, cell: Amount, value: Amount, phrase: Phrase) -> None:
        """A column that declares its values never equals another one."""
        if not isinstance(cell, ColumnValue) or not isinstance(value, NumberConstant | TextConstant | DayConstant):
            return
        column = self._terms.columns[cell.column]
        if not column.one_of or any(_same(text, value) for text in column.one_of):
            return
        quote = "'" if isinstance(value, TextConstant) else ""
        shown = phrase.text if isinstance(phrase, LiteralPhrase) else ""
        values = ", ".join(f"{quote}{text}{quote}" for text in column.one_of)
        what = f"'{column.name}' is never {quote}{shown}{quote}"
        near = column.one_of if isinstance(value, TextConstant) else ()
        remedy = suggestion(shown, near, f"its values are {values}")
        self._findings.add(at=phrase.at, code="L012", what=what, remedy=remedy)

    def _is_yes_no(self, phrase: Phrase) -> bool:
        column = self._terms.columns.get(phrase.name) if isinstance(phrase, NamePhrase) else None
        return column is not None and column.type == "yes_no"

    def _refuse_yes_no(self, phrase: Phrase) -> None:
        name = phrase.name if isinstance(phrase, NamePhrase) else ""
        what = f"'{name}' is a yes/no column: it is not compared"
        self._findings.add(at=phrase.at, code="L010", what=what, remedy=f"write `{name}` or `not {name}`")

    def _amount(self, phrase: Phrase) -> Amount | None:
        match phrase:
            case NamePhrase():
                return self._terms.cell(phrase)
            case LiteralPhrase():
                return self._terms.value(phrase)
            case SumPhrase():
                return self._sum(phrase)
            case CallPhrase() if phrase.name not in FUNCTIONS or not FUNCTIONS[phrase.name].is_condition:
                called = self._calls.read(phrase)
                return None if isinstance(called, IsOpen | StartsWith) else called
            case _:
                if self.condition(phrase) is not None:
                    what = "this is true or false for each row already"
                    remedy = "do not compare or add it; join conditions with 'and' and 'or'"
                    self._findings.add(at=phrase.at, code="L010", what=what, remedy=remedy)
                return None

    def _sum(self, phrase: SumPhrase) -> Amount | None:
        left, right = self._addend(phrase.left), self._addend(phrase.right)
        return None if left is None or right is None else Sum(phrase.operator, left, right)

    def _addend(self, phrase: Phrase) -> Amount | None:
        amount = self._amount(phrase)
        if amount is None or type_of(amount) == "number":
            return amount
        what = f"+ and - take numbers, but this is {TYPE_WORDS[type_of(amount)]}"
        remedy = "use a number column, or count time with days(start, end) or seconds(start, end)"
        self._findings.add(at=phrase.at, code="L018", what=what, remedy=remedy)
        return None


def _same(text: str, value: NumberConstant | TextConstant | DayConstant) -> bool:
    """Whether a declared value is the one written; numbers are compared as numbers, so 1.0 is 1."""
    if isinstance(value, NumberConstant):
        try:
            return parse_decimal(text) == value.value
        except ValueError:
            return False
    return text == (value.value if isinstance(value, TextConstant) else value.value.isoformat())
