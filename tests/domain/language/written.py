"""A condition back as text, the columns that it reads, and guards for them: what conditions are tried with."""

from collections.abc import Collection, Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Literal

from muniment.domain.language.tree import (
    Always,
    Amount,
    Both,
    BusinessDayCount,
    ColumnValue,
    ComparisonCondition,
    Condition,
    DayConstant,
    DayCount,
    Duration,
    Either,
    IsOneOf,
    IsOpen,
    IsPresent,
    IsYes,
    LoweredText,
    Not,
    NumberConstant,
    OpenHours,
    StartsWith,
    Sum,
    TextConstant,
)

Guarding = Literal["present and", "missing or"]


def describe(condition: Condition) -> str:
    """The canonical text of a condition. Read again, it gives the same tree."""
    match condition:
        case Both():
            return " and ".join(_bracketed(part, needs=isinstance(part, Both | Either)) for part in condition.parts)
        case Either():
            return " or ".join(_bracketed(part, needs=isinstance(part, Either)) for part in condition.parts)
        case Not(IsPresent(column)):
            return f"{column} is missing"
        case Not(part):
            return f"not {_bracketed(part, needs=not isinstance(part, IsYes | IsOpen | StartsWith))}"
        case _:
            return _test(condition)


def columns_of(condition: Condition) -> frozenset[str]:
    """The columns that a condition reads."""
    return frozenset(_columns(condition))


def guarded(use: Condition, *, by: Guarding, missable: Collection[str] | None = None) -> Condition:
    """The use behind guards for its columns that may be missing, written in one of two ways; None: they all may."""
    read = columns_of(use)
    guards = [IsPresent(column) for column in sorted(read if missable is None else read.intersection(missable))]
    if not guards:
        return use
    if by == "present and":
        return Both((*guards, use))
    return Either((*(Not(guard) for guard in guards), use))


def _bracketed(part: Condition, *, needs: bool) -> str:
    return f"({describe(part)})" if needs else describe(part)


def _test(condition: IsPresent | ComparisonCondition | IsOneOf | IsYes | IsOpen | StartsWith | Always) -> str:
    match condition:
        case IsPresent():
            return f"{condition.column} is present"
        case ComparisonCondition():
            return f"{_amount(condition.left)} {condition.operator} {_amount(condition.right)}"
        case IsOneOf():
            return f"{_amount(condition.item)} in ({', '.join(_amount(option) for option in condition.options)})"
        case IsYes():
            return condition.column
        case IsOpen():
            return f"open({condition.at.column}, {condition.calendar})"
        case StartsWith():
            return f"starts_with({_amount(condition.text)}, {_quoted(condition.prefix)})"
        case Always():
            return "true"


def _amount(amount: Amount) -> str:
    match amount:
        case NumberConstant():
            return _plain(amount.value)
        case TextConstant():
            return _quoted(amount.value)
        case DayConstant():
            return amount.value.isoformat()
        case ColumnValue():
            return amount.column
        case LoweredText():
            return f"lower({_amount(amount.text)})"
        case Duration() | DayCount():
            return f"{amount.unit}({_amount(amount.start)}, {_amount(amount.end)})"
        case BusinessDayCount():
            return f"business_days({_amount(amount.start)}, {_amount(amount.end)})"
        case OpenHours():
            return f"open_hours({amount.start.column}, {amount.end.column}, {amount.calendar})"
        case Sum():
            right = f"({_amount(amount.right)})" if isinstance(amount.right, Sum) else _amount(amount.right)
            return f"{_amount(amount.left)} {amount.operator} {right}"


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _columns(node: object) -> Iterator[str]:
    """Of a condition, an amount, or several of them."""
    if isinstance(node, ColumnValue | IsPresent | IsYes):
        yield node.column
    elif isinstance(node, tuple):
        for part in node:
            yield from _columns(part)
    elif is_dataclass(node):
        for field in fields(node):
            yield from _columns(getattr(node, field.name))
