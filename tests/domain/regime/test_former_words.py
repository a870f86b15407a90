"""Adopted text in former words is read as it was meant, and its fingerprint stays that of the text as written."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.problem import Problem
from muniment.domain.regime.agreed import AgreedText, read_agreed_text
from muniment.domain.regime.nodes import canonical_node
from muniment.domain.regime.notices import consolidated
from muniment.domain.regime.regime import Regime

APRIL, OCTOBER, JANUARY = date(2019, 4, 1), date(2019, 10, 1), date(2020, 1, 1)
DEEMED = "deemed:\n  supplier_on_challenge: {within: 10 business days, then: upheld, clause: Sch 3 para 4}\n"
HARD = "  hard: {after: 3, multiply: 3, mitigated_period: breaks}\n"
NOTICE = """change: CCN-02
title: Triple after three
signed: 2019-08-20
effective: 2019-10-01
amend:
  - kpi: LONG_WAITS
    was: {repeat_failure: repeat}
    set: {repeat_failure: hard}
  - kpi: SHORT_WAITS
    add: {title: Short waits, area: desk, measure: long_waits, unit: calls, round: 0 dp half up,
          target: at most 900, minimum: at most 950, repeat_failure: hard}
"""
NEW_NOTICE = """change: CCN-03
title: Double again
signed: 2019-12-01
effective: 2020-01-01
amend:
  - kpi: LONG_WAITS
    was: {repeat_failure: hard}
    set: {repeat_failure: repeat}
  - kpi: ABANDONED
    was: {repeat_failure: repeat}
    set: {repeat_failure: hard}
"""
BY_V0_1_0 = {
    APRIL: "45f69caee852af3f420087bae6b9f9300725637ef586942266ec42fc85e090cf",
    OCTOBER: "a35a9a3614bf4a5549d5bc80cae22ff7b0a74c13346866adaadfd6b92ab44151",
}
"""The fingerprints that v0.1.0 gave the text in former words."""


def in_former_words(files: Mapping[str, str]) -> dict[str, str]:
    words = {"repeat_failures:": "ratchets:", "repeat_failure:": "ratchet:", "deemed:": "if_silent:"}
    found = dict(files)
    for now, former in words.items():
        found = {path: text.replace(now, former) for path, text in found.items()}
    return found


@pytest.fixture
def now(good: Mapping[str, str]) -> Mapping[str, str]:
    """The small contract with a second rule on repeat failure, a KPI that names it, a notice, and what is deemed."""
    regime = good["regime.yaml"]
    regime = regime.replace("service_credits:\n", HARD + "service_credits:\n")
    regime = regime.replace("    measure: long_waits\n", "    measure: long_waits\n    repeat_failure: repeat\n")
    contract = good["contract.yaml"] + DEEMED
    return {**good, "regime.yaml": regime, "contract.yaml": contract, "changes/CCN-02.yaml": NOTICE}


@pytest.fixture
def former(now: Mapping[str, str]) -> Mapping[str, str]:
    """The same contract, in the words of v0.1.0."""
    return in_former_words(now)


def read(files: Mapping[str, str], *, adopted: Mapping[str, str] | None = None) -> AgreedText:
    text, problems = read_agreed_text(files, adopted=files if adopted is None else adopted)
    assert [str(problem) for problem in problems] == []
    assert text is not None
    return text


def regime(text: AgreedText, day: date) -> Regime:
    return text.regime_at(on=day, known=None)


def as_written(text: AgreedText) -> dict[str, Json]:
    """What the fingerprint of the text with all its notices is made of."""
    found = canonical_node(consolidated(text.root, sorted(text.notices, key=lambda notice: notice.order)))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("day", [APRIL, OCTOBER])
def test_adopted_text_in_former_words_has_the_fingerprint_that_v0_1_0_gave_it(
    former: Mapping[str, str], day: date
) -> None:
    assert regime(read(former), day).fingerprint == BY_V0_1_0[day]


@pytest.mark.parametrize("day", [APRIL, OCTOBER])
def test_it_gives_the_same_rules_as_the_same_contract_in_the_words_of_now(
    now: Mapping[str, str], former: Mapping[str, str], day: date
) -> None:
    one, other = regime(read(now), day), regime(read(former), day)
    assert one.fingerprint != other.fingerprint
    assert {code: kpi.repeat_failure for code, kpi in one.kpis.items()} == {
        code: kpi.repeat_failure for code, kpi in other.kpis.items()
    }
    assert replace(one, fingerprint="") == replace(other, fingerprint="")
    assert other.terms.supplier_on_challenge is not None


def test_a_notice_in_the_words_of_now_amends_what_stands_in_former_words(former: Mapping[str, str]) -> None:
    files = {**former, "changes/CCN-03.yaml": NEW_NOTICE}
    text = read(files, adopted=former)
    multiplied = {
        code: kpi.repeat_failure.multiply
        for code, kpi in regime(text, JANUARY).kpis.items()
        if kpi.repeat_failure is not None
    }
    assert multiplied == {"ABANDONED": 3, "LONG_WAITS": 2, "FEES": 2, "SHORT_WAITS": 3}
    assert regime(text, OCTOBER).fingerprint == BY_V0_1_0[OCTOBER]
    assert regime(text, JANUARY).fingerprint not in BY_V0_1_0.values()


def test_the_text_after_that_notice_is_fingerprinted_with_each_part_as_it_was_written(
    former: Mapping[str, str],
) -> None:
    written = as_written(read({**former, "changes/CCN-03.yaml": NEW_NOTICE}, adopted=former))
    kpis = written["kpis"]
    assert isinstance(kpis, dict)
    assert {"ratchets", "repeat_failures"} & {*written} == {"ratchets"}
    words = {code: {"ratchet", "repeat_failure"} & {*kpi} for code, kpi in kpis.items() if isinstance(kpi, dict)}
    assert words == {
        "ABANDONED": {"repeat_failure"}, "LONG_WAITS": {"repeat_failure"}, "FEES": set(), "SHORT_WAITS": {"ratchet"},
    }  # fmt: skip


def test_what_a_new_notice_says_was_is_held_against_what_stands_in_former_words(former: Mapping[str, str]) -> None:
    untrue = NEW_NOTICE.replace("was: {repeat_failure: hard}", "was: {repeat_failure: repeat}")
    _, problems = read_agreed_text({**former, "changes/CCN-03.yaml": untrue}, adopted=former)
    (problem,) = problems
    assert str(problem) == (
        "changes/CCN-03.yaml:7:27: CCN-03 says LONG_WAITS repeat_failure was 'repeat', but before this change it is "
        "'hard' - correct 'was:' or the notice's dates"
    )


def test_only_the_file_that_was_not_adopted_is_refused(former: Mapping[str, str]) -> None:
    files = {**former, "changes/CCN-03.yaml": in_former_words({"a": NEW_NOTICE})["a"]}
    _, problems = read_agreed_text(files, adopted=former)
    assert {(problem.code, problem.place.file) for problem in problems} == {("R006", "changes/CCN-03.yaml")}
    _, problems = read_agreed_text(former, adopted=former.keys() - {"regime.yaml"})
    assert {(problem.code, problem.place.file) for problem in problems} == {("R006", "regime.yaml")}


def test_a_problem_of_adopted_text_stands_where_the_former_word_does(former: Mapping[str, str]) -> None:
    files = {**former, "regime.yaml": former["regime.yaml"].replace("  ratchet: repeat\n", "  ratchet: repeats\n", 1)}
    _, problems = read_agreed_text(files, adopted=files)
    (problem,) = (problem for problem in problems if problem.place.file == "regime.yaml")
    assert isinstance(problem, Problem)
    assert str(problem) == ("regime.yaml:18:12: there is no repeat-failure rule 'repeats' - did you mean 'repeat'?")


def test_names_that_people_chose_are_no_former_words(good: Mapping[str, str]) -> None:
    regime_text = (
        good["regime.yaml"]
        .replace("  LONG_WAITS:\n", "  ratchet:\n")
        .replace("  standard: {below_target", "  ratchets: {below_target: 9}\n  standard: {below_target")
        .replace("  repeat: {after", "  ratchet: {after")
        .replace("repeat_failure: repeat", "repeat_failure: ratchet")
    )
    contract = good["contract.yaml"].replace("areas:\n", "areas:\n  ratchet: Ratchets\n")
    contract = contract.replace('{desk: "£100000.00"}', '{desk: "£100000.00", ratchet: "£5.00"}')
    notice = (
        "change: CCN-04\ntitle: Other sums\nsigned: 2019-11-01\neffective: 2020-01-01\namend:\n"
        '  - charges: monthly\n    was: {ratchet: "£5.00"}\n    set: {ratchet: "£6.00"}\n'
    )
    files = {**good, "regime.yaml": regime_text, "contract.yaml": contract, "changes/CCN-04.yaml": notice}
    text = read(files, adopted={})
    assert regime(text, JANUARY).charges["monthly"]["ratchet"].pence == 600
    assert "ratchet" in regime(text, JANUARY).kpis
