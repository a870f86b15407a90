"""One tiny broken file per mistake, and its exact messages: `file:line:col: what is wrong - what to do`."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.regime.agreed import AgreedText, read_agreed_text

HERE = Path(__file__).parent
PACKAGES = [HERE.parents[2] / "src" / "muniment" / "domain" / package for package in ("regime", "portfolio")]
NAMES = sorted(path.stem for path in (HERE / "broken").glob("*.txt"))

# These are no mistakes of one small file: each has a test of its own below.
ASKED_OR_LARGE = {"R062", "R100", "R101"}


@pytest.mark.parametrize("name", NAMES)
def test_a_mistake_gives_exactly_these_messages(
    name: str,
    mistake_in: Callable[[str], tuple[Mapping[str, str], tuple[str, ...]]],
    messages_of: Callable[[Mapping[str, str]], tuple[str, ...]],
) -> None:
    files, messages = mistake_in(name)
    assert messages_of(files) == messages
    assert messages != ()


def test_the_text_without_a_mistake_gives_none(
    good: Mapping[str, str], messages_of: Callable[[Mapping[str, str]], tuple[str, ...]]
) -> None:
    assert messages_of(good) == ()


def test_every_problem_that_the_source_can_report_has_a_mistake_that_shows_it() -> None:
    source = "".join(path.read_text(encoding="utf-8") for package in PACKAGES for path in sorted(package.glob("*.py")))
    reported = set(re.findall(r'"([RY]\d{3})"', source))
    shown = {
        line.split()[1]
        for name in NAMES
        for line in (HERE / "broken" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        if line.startswith(">> ")
    }
    assert len(reported) > 60
    assert reported - shown == ASKED_OR_LARGE
    assert {code for code in shown if code[0] != "L"} - reported == set()


def test_a_measure_has_at_most_99_left_out_rules(
    good: Mapping[str, str], messages_of: Callable[[Mapping[str, str]], tuple[str, ...]]
) -> None:
    rules = "".join(f"      rule {number}: wait > {number}\n" for number in range(100))
    regime = good["regime.yaml"].replace("      test calls: test_call\n", rules)
    assert messages_of({**good, "regime.yaml": regime}) == (
        (
            "R062 regime.yaml:43:7: the measure 'calls_abandoned' has more than 99 left-out rules"
            " - join some of them with 'or'"
        ),
    )


@pytest.mark.parametrize(
    ("on", "known", "message"),
    [
        (
            date(2022, 4, 1),
            None,
            (
                "contract.yaml:1:1: 2022-04-01 is outside the term, 2019-04-01 to 2022-03-31"
                " - ask for a period inside the term"
            ),
        ),
        (
            date(2019, 4, 1),
            date(2019, 2, 28),
            (
                "regime.yaml:1:1: the regime was signed on 2019-03-01, so it was not known on 2019-02-28"
                " - ask as known on a later day"
            ),
        ),
    ],
)
def test_no_regime_outside_the_term_or_before_it_was_signed(
    agreed: Callable[[], AgreedText], on: date, known: date | None, message: str
) -> None:
    with pytest.raises(ProblemsFoundError) as refused:
        agreed().regime_at(on=on, known=known)
    assert str(refused.value) == message


def test_a_contract_confirmed_to_an_earlier_day_can_be_read_to_that_day_only(
    good: Mapping[str, str], agreed: Callable[[Mapping[str, str]], AgreedText]
) -> None:
    contract = good["contract.yaml"].replace("to: 2022-03-31}", "to: 2040-03-31}\nconfirmed_to: 2023-03-31")
    text = agreed({"contract.yaml": contract})
    assert text.contract(known=None).end == Month(2023, 3)
    with pytest.raises(ProblemsFoundError, match="outside the term"):
        text.regime_at(on=date(2023, 4, 1), known=None)


def test_a_calendar_without_bank_holidays_has_no_last_year(
    good: Mapping[str, str], agreed: Callable[[Mapping[str, str]], AgreedText]
) -> None:
    contract = good["contract.yaml"].replace("england-and-wales", "none").replace("2022-03-31", "2060-03-31")
    assert agreed({"contract.yaml": contract}).contract(known=None).end == Month(2060, 3)


def test_a_kpi_may_say_that_it_has_no_points_at_all(
    good: Mapping[str, str], agreed: Callable[[Mapping[str, str]], AgreedText]
) -> None:
    text = agreed(
        {"regime.yaml": good["regime.yaml"].replace("    unit: calls\n", "    unit: calls\n    points: {}\n")}
    )
    kpi = text.regime_at(on=date(2019, 4, 1), known=None).kpis["LONG_WAITS"]
    assert kpi.is_monitored


def test_a_folder_without_any_file_is_told_of_each() -> None:
    text, problems = read_agreed_text({})
    assert text is None
    assert [problem.what for problem in problems] == [
        "there is no contract.yaml",
        "there is no evidence.yaml",
        "there is no regime.yaml",
    ]
