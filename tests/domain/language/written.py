"""A condition back as text, and the columns that it reads: what the properties of the language are tried with."""

from collections.abc import Iterator
from decimal import Decimal

from muniment.domain.language.tree import (
    Always,
    Amount,
    Both,
    BusinessDayCount,
    Cell,
    Compared,
    Condition,
    Day,
    DayCount,
    Duration,
    Either,
    IsOneOf,
    IsOpen,
    IsPresent,
    IsYes,
    Lowered,
    Not,
    Number,
    OpenHours,
    StartsWith,
    Sum,
    Text,
)


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


def _bracketed(part: Condition, *, needs: bool) -> str:
    return f"({describe(part)})" if needs else describe(part)


def _test(condition: IsPresent | Compared | IsOneOf | IsYes | IsOpen | StartsWith | Always) -> str:
    match condition:
        case IsPresent():
            return f"{condition.column} is present"
        case Compared():
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
        case Number():
            return _plain(amount.value)
        case Text():
            return _quoted(amount.value)
        case Day():
            return amount.value.isoformat()
        case Cell():
            return amount.column
        case Lowered():
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


def _columns(condition: Condition) -> Iterator[str]:
    match condition:
        case IsPresent() | IsYes():
            yield condition.column
        case IsOpen():
            yield condition.at.column
        case _:
            for part in _parts(condition):
                yield from _columns(part)
            for amount in _amounts(condition):
                if isinstance(amount, Cell):
                    yield amount.column


def _parts(condition: Condition) -> tuple[Condition, ...]:
    match condition:
        case Both() | Either():
            return condition.parts
        case Not():
            return (condition.part,)
        case _:
            return ()


def _amounts(condition: Condition) -> Iterator[Amount]:
    """Every amount directly under a condition, and the amounts within it."""
    match condition:
        case Compared():
            tops: tuple[Amount, ...] = (condition.left, condition.right)
        case IsOneOf():
            tops = (condition.item, *condition.options)
        case StartsWith():
            tops = (condition.text,)
        case _:
            tops = ()
    for top in tops:
        yield from _within(top)


def _within(amount: Amount) -> Iterator[Amount]:
    yield amount
    match amount:
        case Lowered():
            yield from _within(amount.text)
        case Duration() | DayCount() | BusinessDayCount() | OpenHours():
            yield from (amount.start, amount.end)
        case Sum():
            yield from _within(amount.left)
            yield from _within(amount.right)
        case _:
            pass
