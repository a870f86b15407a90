"""docs/reference/conditions.md: the condition language, from its grammar, its functions and its own messages."""

from collections.abc import Mapping

from scripts.reference.markdown import code, page, table

from muniment.domain.kernel.calendars import BusinessDays, Calendar, OpeningHours
from muniment.domain.kernel.problem import Place
from muniment.domain.language.columns import Column
from muniment.domain.language.compile import compile_condition
from muniment.domain.language.functions import FUNCTIONS, Parameter
from muniment.domain.language.grammar import DEEPEST_CONDITION, GRAMMAR, LONGEST_CONDITION
from muniment.domain.language.terms import LITERAL_DECIMAL_DIGITS, LITERAL_WHOLE_DIGITS

GIVES: Mapping[str, tuple[str, str]] = {
    "seconds": ("whole number", "seconds from start to end; negative where end is earlier"),
    "minutes": ("number", "the same in minutes, exactly"),
    "days": ("whole number", "days from start to end: the day after the start is day 1"),
    "months": ("whole number", "whole months from start to end"),
    "business_days": ("whole number", "business days after the start, up to and including the end, by `business_day`"),
    "open_hours": ("number", "hours of service between start and end, by that calendar, exactly"),
    "open": ("condition", "whether the calendar is open at that time; at closing time it is closed"),
    "starts_with": ("condition", "whether a text begins so; capitals matter, unless it is `lower(...)`"),
    "lower": ("text", "the text with A to Z as a to z; no other letter changes"),
}
"""Name of the function -> what it gives, and what that is."""
TAKES: Mapping[Parameter, str] = {
    "datetime": "a datetime column",
    "day": "a date or datetime column, or a date",
    "text": "a text column, or a text",
    "text_or_lower": "a text column, or `lower(...)` of one",
    "prefix": "a text in quotes",
    "calendar": "the name of a calendar with `open:`",
}
COLUMNS = {
    column.name: column
    for column in (
        Column("answered_at", "datetime", may_be_missing=True),
        Column("offered_at", "datetime"),
        Column("ended_at", "datetime"),
        Column("ended_by", "text", one_of=("caller", "agent", "ivr", "system")),
        Column("priority", "number"),
        Column("hold_hours", "number"),
        Column("resolved_at", "datetime", may_be_missing=True),
        Column("paid_on", "date", may_be_missing=True),
        Column("due_on", "date"),
        Column("reference", "text"),
        Column("test_call", "yes_no"),
    )
}
CALENDARS: Mapping[str, Calendar] = {
    "business_day": BusinessDays(frozenset(range(5)), frozenset()),
    "csc_hours": OpeningHours(tuple((day, 28_800, 64_800) for day in range(5)), frozenset()),
}
SOUND: Mapping[str, str] = {
    "true": "every row",
    "test_call": "a yes/no column is asked by its name alone",
    "not open(offered_at, csc_hours)": "outside service hours",
    "priority in (1, 2)": "one of several values",
    "answered_at is missing and ended_by = 'caller' and seconds(offered_at, ended_at) > 5": "an abandoned call",
    "resolved_at is present and open_hours(offered_at, resolved_at, csc_hours) - hold_hours <= 4":
        "resolved within four service hours, less those on hold",
    "paid_on is missing or paid_on > due_on": "not paid in time, and perhaps not yet",
    "business_days(due_on, 2019-12-02) >= 3": "a date stands as it is, without quotes",
    "starts_with(lower(reference), 'req-')": "whatever the capitals",
}  # fmt: skip
BROKEN = (
    "answered_at > offered_at",
    "ended_by = ivr",
    "ended_by = 'operator'",
    "priority == 1",
    "hold_hours < -1",
    "test_call = 'yes'",
    "priority in (1, 2",
    "paid_on - due_on > 3",
    "day(offered_at) > 3",
)


def conditions_page() -> str:
    return page(
        title="Conditions",
        parts=[
            (
                "A condition says of one row whether it is so. Measures are made of conditions: "
                "`count_all`, `count_if`, "
                "`number_of`, `sum_if` and every rule of `leave_out`."
            ),
            "## Examples",
            table(("Condition", "What it says"), [(f"`{_sound(text)}`", says) for text, says in SOUND.items()]),
            "## Values",
            (
                "- A **number** has digits and perhaps a point: `4`, `12.5`. It has no sign, no "
                "thousands separator, and at "
                f"most {LITERAL_WHOLE_DIGITS} digits before the point and {LITERAL_DECIMAL_DIGITS} after it. "
                f"Minus five is `0 - 5`.\n"
                "- A **text** stands in single quotes: `'ivr'`. A quote within it is written twice. "
                "Texts are compared as "
                "they are, and only with `=` and `!=`.\n"
                "- A **date** stands as it is: `2019-10-01`. It is read before any minus sign.\n"
                "- A **column** is written by its name. A **yes/no column** is a condition by itself.\n"
                "- Both sides of a comparison are of one type. A date and a datetime are not: count "
                "the days between them.\n"
                "- `+` and `-` take numbers, from left to right. `and` binds closer than `or`, `not` closer than both."
            ),
            "## Functions",
            table(("Function", "Takes", "Gives", "Which is"), _functions()),
            "## Missing values",
            (
                "A column whose cells may be empty (`may_be: missing`) is compared only where the "
                "condition has made sure "
                "that it is there. It is read from left to right, so `paid_on is present and paid_on "
                "<= due_on` is sound, "
                "and so is `paid_on is missing or paid_on > due_on`; the other way round is not. A rule of `leave_out` "
                "makes nothing sure for the conditions after it: each stands alone. `is missing` and "
                "`is present` ask a "
                "column and nothing else."
            ),
            "## What is said of a mistake",
            "Every fault of a condition is reported, at the character where it is:",
            code("\n\n".join(f"{text}\n{_broken(text)}" for text in BROKEN)),
            "All messages are in [problems.md](problems.md#conditions).",
            "## Grammar",
            (
                f"At most {LONGEST_CONDITION:,} characters, and {DEEPEST_CONDITION} levels deep. "
                f"As the parser (Lark) reads it:"
            ),
            code(GRAMMAR.strip()),
        ],
    )


def _functions() -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for name, function in FUNCTIONS.items():
        takes = dict.fromkeys(TAKES[parameter] for parameter in function.parameters)
        rows.append((f"`{function.usage}`", "; ".join(takes), *GIVES[name]))
    return rows


def _sound(text: str) -> str:
    _, problems = compile_condition(text=text, place=Place("x"), columns=COLUMNS, calendars=CALENDARS)
    if problems:
        raise ValueError(f"the reference shows a condition that is none: {problems[0]}")
    return text


def _broken(text: str) -> str:
    place = Place("regime.yaml", 12, 15)
    _, problems = compile_condition(text=text, place=place, columns=COLUMNS, calendars=CALENDARS)
    if not problems:
        raise ValueError(f"the reference shows as broken what is a condition: {text}")
    return "\n".join(str(problem) for problem in problems)
