"""A condition as a sqlglot expression over the normalised store: true or false for every row, never unknown."""

from sqlglot import exp

from muniment.adapters.engines.amounts import COMPARISONS, compare_numbers, day_expression
from muniment.adapters.engines.columns import Columns, cell
from muniment.domain.language.tree import (
    Always,
    Amount,
    Both,
    ColumnValue,
    ComparisonCondition,
    ComparisonOperator,
    Condition,
    DayConstant,
    Either,
    IsOneOf,
    IsOpen,
    IsPresent,
    IsYes,
    LoweredText,
    Not,
    StartsWith,
    TextConstant,
)

CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def expression_of(condition: Condition, columns: Columns) -> exp.Expr:
    """Whether a row meets the condition. Every test is wrapped IS TRUE, so that a missing cell never spreads."""
    match condition:
        case Always():
            return exp.true()
        case Both():
            return exp.paren(exp.and_(*(expression_of(part, columns) for part in condition.parts)))
        case Either():
            return exp.paren(exp.or_(*(expression_of(part, columns) for part in condition.parts)))
        case Not():
            return exp.paren(exp.not_(exp.paren(expression_of(condition.part, columns))))
        case IsPresent():
            return exp.paren(exp.not_(exp.Is(this=columns.sameness(condition.column), expression=exp.null())))
        case _:
            return _two_valued(_test(condition, columns))


def _two_valued(test: exp.Expr) -> exp.Expr:
    return exp.paren(exp.Is(this=exp.paren(test), expression=exp.true()))


def _test(condition: IsYes | IsOpen | StartsWith | IsOneOf | ComparisonCondition, columns: Columns) -> exp.Expr:
    match condition:
        case IsYes():
            return cell(condition.column)
        case IsOpen():
            return columns.clock("is_open", cell=condition.at, calendar=condition.calendar)
        case StartsWith():
            return exp.StartsWith(this=_text(condition.text), expression=exp.Literal.string(condition.prefix))
        case IsOneOf():
            return _is_one_of(condition, columns)
        case ComparisonCondition():
            return _compare(condition.operator, condition.left, condition.right, columns)


def _is_one_of(condition: IsOneOf, columns: Columns) -> exp.Expr:
    item, options = condition.item, condition.options
    if isinstance(item, ColumnValue | LoweredText) and all(isinstance(option, TextConstant) for option in options):
        return exp.In(this=_text(item), expressions=[_text(option) for option in options])
    return exp.or_(*(_two_valued(_compare("=", item, option, columns)) for option in options))


def _compare(operator: ComparisonOperator, left: Amount, right: Amount, columns: Columns) -> exp.Expr:
    kind = COMPARISONS[operator]
    if isinstance(left, TextConstant | LoweredText) or (isinstance(left, ColumnValue) and left.type == "text"):
        return kind(this=_text(left), expression=_text(right))
    if isinstance(left, DayConstant) or (isinstance(left, ColumnValue) and left.type == "date"):
        return kind(this=_day(left, columns), expression=_day(right, columns))
    if isinstance(left, ColumnValue) and left.type == "datetime":
        return kind(this=_instant(left, columns), expression=_instant(right, columns))
    return compare_numbers(operator, left, right, columns)


def _text(amount: Amount) -> exp.Expr:
    match amount:
        case TextConstant(value):
            return exp.Literal.string(value)
        case LoweredText(text):
            alphabets = (exp.Literal.string(CAPITALS), exp.Literal.string(CAPITALS.lower()))
            return exp.Anonymous(this="translate", expressions=[_text(text), *alphabets])
        case ColumnValue(name, "text"):
            return cell(name)
        case _:
            raise TypeError(f"{amount} is not a text: the condition was never checked")


def _day(amount: Amount, columns: Columns) -> exp.Expr:
    if not isinstance(amount, ColumnValue | DayConstant):
        raise TypeError(f"{amount} is not a day: the condition was never checked")
    return day_expression(amount, columns)


def _instant(amount: Amount, columns: Columns) -> exp.Expr:
    if not isinstance(amount, ColumnValue):
        raise TypeError(f"{amount} is not a moment: the condition was never checked")
    return columns.sameness(amount.column)
