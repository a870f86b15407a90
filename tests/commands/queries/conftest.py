"""A small library contract, its calls in memory, and what had come of them by some day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from muniment.commands.queries.reading import Reading
from muniment.domain.assessment.mitigation import Mitigation
from muniment.domain.evidence.engine import Row
from muniment.domain.evidence.reference import ReferenceEngine
from muniment.domain.kernel.period import Moment, Month
from muniment.domain.language.columns import Value
from muniment.domain.regime.agreed import AgreedText, read_agreed_text

GOOD = Path(__file__).parents[2] / "domain" / "regime" / "good"


@dataclass
class Calls:
    """Which months came, and their calls."""

    rows: list[Row] = field(default_factory=list)
    months: set[Month] = field(default_factory=set)

    def has(self, *, table: str, month: Month) -> bool:
        return table == "calls" and month in self.months

    def of(self, _: str) -> Iterable[Row]:
        return self.rows


def agreed(**changes: str) -> AgreedText:
    """The small contract, with texts of its files put in place of others: `was => now`, by file."""
    files = {path.relative_to(GOOD).as_posix(): path.read_text(encoding="utf-8") for path in GOOD.rglob("*.yaml")}
    for name, change in changes.items():
        was, now = change.split(" => ")
        file = f"{name}.yaml"
        assert was in files[file]
        files[file] = files[file].replace(was, now)
    text, problems = read_agreed_text(files)
    assert problems == ()
    assert text is not None
    return text


def call(month: Month, number: int, *, answered: bool, test: bool = False, wait: int = 10) -> Row:
    """One call, offered at noon on the first of the month."""
    at = Moment(0, month.first_day, 43_200)
    cells: dict[str, Value | None] = {
        "call_id": f"{month}-{number:03}",
        "offered_at": at,
        "answered_at": at if answered else None,
        "wait": Decimal(wait),
        "fee": Decimal(1),
        "test_call": test,
    }
    return Row(f"{month}-{number:03}", month.first_day, cells)


def calls_of(**of_month: str) -> Calls:
    """For each month, '<abandoned> of <calls>[, <tests> tests][, <long> long]': m2019_04='6 of 100, 2 tests'."""
    found = Calls()
    for name, said in of_month.items():
        month = Month.parse(name[1:].replace("_", "-"))
        abandoned, of = (int(number) for number in said.split(",")[0].split(" of "))
        more = {words.split()[1]: int(words.split()[0]) for words in said.split(", ")[1:]}
        found.months.add(month)
        for number in range(of):
            wait = 601 if number < more.get("long", 0) else 10
            found.rows.append(call(month, number, answered=number >= abandoned, wait=wait))
        for number in range(more.get("tests", 0)):
            found.rows.append(call(month, 900 + number, answered=True, test=True))
    return found


@pytest.fixture
def reading() -> Callable[..., Reading]:
    """The contract as known on a day, with these calls; `text` as in `agreed`, months as in `calls_of`."""

    def read(
        known: date | None,
        /,
        text: dict[str, str] | None = None,
        mitigations: tuple[Mitigation, ...] = (),
        **of_month: str,
    ) -> Reading:
        calls = calls_of(**of_month)
        contract = agreed(**(text or {}))
        engine = ReferenceEngine(rows=calls.of, calendars=contract.contract(known=known).calendars)
        return Reading(text=contract, known=known, engine=engine, received=calls, mitigations=mitigations)

    return read
