"""Mitigations, disputes, locks and restatements as the ledger has them; what cannot have happened is named as such."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from muniment.domain.assessment.disputes import DisputeResolved, ResultDisputed, disputes_known
from muniment.domain.assessment.mitigation import (
    Decision,
    MitigationDecided,
    MitigationRequested,
    MitigationWithdrawn,
    mitigations_known,
)
from muniment.domain.assessment.month_lock import MonthLocked, StatementSigned, locks_known, version_locked
from muniment.domain.assessment.restatement import (
    RestatementDecided,
    RestatementOutcome,
    RestatementProposed,
    VersionDifference,
    restatements_known,
)
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month, Period
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry, Payload
from muniment.domain.record.replay import payload_of
from muniment.domain.regime.terms import DeemedBasis
from tests.domain.assessment.conftest import RECORDED, make_kpi, make_mitigation, record

JUNE, JULY, AUGUST = (Month(2019, number) for number in (6, 7, 8))
SUPPLIER, AUTHORITY = Act("p.lane", "supplier", "asked for"), Act("m.okafor", "authority", "as agreed")
G1, D1, R1, JULY_R1 = "cssc/K1/2019-06/g1", "cssc/K1/2019-06/d1", "cssc/2019-06/r1", "cssc/2019-07/r1"
ASKED = MitigationRequested("K1", "flood", JUNE, JULY)
GRANTED, REFUSED = MitigationDecided("granted", "no_points"), MitigationDecided("refused", None)
SEALED: dict[str, Json] = {"statement": {"points": 12}}
SEAL = sealed_fingerprint(SEALED)


def by(act: Act, payload: Payload, subject: str = G1) -> Draft:
    return Draft(subject, payload, act)


def problem_of(known: Callable[[tuple[Entry, ...]], object], drafts: Sequence[Draft]) -> str:
    """What is wrong with the record, which is named at its last line."""
    with pytest.raises(ProblemsFoundError) as found:
        known(record(*drafts))
    (problem,) = found.value.problems
    assert problem.place.line == len(drafts)
    return problem.what


@pytest.mark.parametrize(
    ("drafts", "what"),
    [
        ([by(AUTHORITY, ASKED)], "was not asked for by the supplier"),
        ([by(SUPPLIER, ASKED), by(SUPPLIER, ASKED)], "was asked for before"),
        ([by(AUTHORITY, GRANTED)], "is decided, but there is no open request"),
        ([by(SUPPLIER, ASKED), by(AUTHORITY, REFUSED), by(AUTHORITY, GRANTED)], "is decided, but there is no open"),
        ([by(SUPPLIER, ASKED), by(SUPPLIER, GRANTED)], "was decided by the supplier, or by whoever asked for it"),
        ([by(SUPPLIER, ASKED), by(replace(SUPPLIER, actor="q"), GRANTED)], "was decided by the supplier"),
        ([by(SUPPLIER, ASKED), by(replace(AUTHORITY, actor="P.Lane"), GRANTED)], "or by whoever asked for it"),
        ([by(SUPPLIER, MitigationWithdrawn())], "is withdrawn, but there is no open request"),
        ([by(SUPPLIER, ASKED), by(AUTHORITY, MitigationWithdrawn())], "is withdrawn, but there is no open request"),
        (
            [by(SUPPLIER, ASKED), by(AUTHORITY, GRANTED), by(SUPPLIER, MitigationWithdrawn())],
            "is withdrawn, but there is no open request",
        ),
        (
            [
                by(SUPPLIER, ASKED),
                by(AUTHORITY, MitigationDecided("refused", None, deemed=DeemedBasis(date(2019, 8, 9), "cl. 7"))),
            ],
            "is deemed decided before 2019-08-09 was over",
        ),
    ],
)
def test_only_an_open_request_of_the_supplier_is_decided_and_by_another_person_of_the_authority(
    drafts: list[Draft], what: str
) -> None:
    assert what in problem_of(mitigations_known, drafts)


@pytest.mark.parametrize(
    ("drafts", "state", "is_open"),
    [
        ([], "requested", True),
        ([by(AUTHORITY, GRANTED)], "granted", False),
        ([by(AUTHORITY, REFUSED)], "refused", False),
        ([by(AUTHORITY, MitigationDecided("granted_in_part", "no_points", ("C-1",)))], "granted_in_part", False),
        ([by(SUPPLIER, MitigationWithdrawn())], "withdrawn", False),
        (
            [by(AUTHORITY, MitigationDecided("refused", None, deemed=DeemedBasis(date(2019, 8, 7), "cl. 7")))],
            "refused",
            False,
        ),
    ],
)
def test_a_request_is_open_until_it_is_decided_or_withdrawn(drafts: list[Draft], state: str, is_open: bool) -> None:
    (found,) = mitigations_known(record(by(SUPPLIER, ASKED), *drafts))
    assert (found.state, found.is_open) == (state, is_open)


def test_only_a_grant_in_part_for_that_kpi_and_the_whole_period_relieves_named_rows() -> None:
    whole = replace(make_mitigation(make_kpi(), JUNE, JULY), kpi="K1")
    in_part = replace(whole, decision=Decision("granted_in_part", "no_points", RECORDED, ("C-1",)))
    assert in_part.relieves(kpi="K1", period=Period(JUNE, JULY), in_part=True)
    assert not in_part.relieves(kpi="K2", period=Period(JUNE, JULY), in_part=True)
    assert not in_part.relieves(kpi="K1", period=Period(JUNE, AUGUST), in_part=True)
    assert not whole.relieves(kpi="K1", period=Period(JUNE, JULY), in_part=True)


def test_a_whole_grant_covers_by_the_same_rule_as_one_in_part() -> None:
    whole = replace(
        make_mitigation(make_kpi(), JUNE, JULY), kpi="K1", decision=Decision("granted", "no_points", RECORDED)
    )
    periods = [Period(JUNE, JULY), Period(JULY, JULY), Period(JUNE, AUGUST), Period(JUNE.plus(-1), JUNE)]
    in_part = replace(whole, decision=Decision("granted_in_part", "no_points", RECORDED, ("C-1",)))
    for grant, is_in_part in ((whole, False), (in_part, True)):
        relieved = [grant.relieves(kpi="K1", period=period, in_part=is_in_part) for period in periods]
        assert relieved == [True, True, False, False]
        assert not grant.relieves(kpi="K2", period=periods[0], in_part=is_in_part)
        assert not grant.relieves(kpi="K1", period=periods[0], in_part=not is_in_part)


@pytest.mark.parametrize(
    ("first", "last", "overlaps"),
    [
        (JUNE.plus(-2), JUNE.plus(-1), False),
        (JUNE.plus(-2), JUNE, True),
        (JULY, AUGUST, True),
        (AUGUST, AUGUST, False),
    ],
)
def test_mitigations_overlap_where_they_share_a_month(first: Month, last: Month, overlaps: bool) -> None:
    assert make_mitigation(make_kpi(), JUNE, JULY).overlaps(first=first, last=last) is overlaps


DISPUTED = by(SUPPLIER, ResultDisputed("K1", JUNE, "97 %", "95 %"), D1)
UPHELD = by(AUTHORITY, DisputeResolved("upheld"), D1)


@pytest.mark.parametrize("drafts", [[UPHELD], [DISPUTED, UPHELD, UPHELD]])
def test_only_an_open_dispute_is_resolved(drafts: list[Draft]) -> None:
    assert problem_of(disputes_known, drafts) == f"{D1} is not an open dispute"


def test_a_dispute_is_open_until_it_is_resolved() -> None:
    (raised,), (resolved,) = disputes_known(record(DISPUTED)), disputes_known(record(DISPUTED, UPHELD))
    assert (raised.id, raised.disputed.supplier_value, raised.outcome, raised.is_open) == (D1, "97 %", None, True)
    assert (resolved.outcome, resolved.is_open) == ("upheld", False)
    assert resolved.resolved is not None
    assert resolved.resolved.actor == "m.okafor"


def signed(month: Month, known: date) -> Draft:
    return by(AUTHORITY, StatementSigned(month, SEAL, known, 1), f"cssc/{month}/v1")


def locked(month: Month, number: int) -> Draft:
    return by(AUTHORITY, MonthLocked(month, number, SEAL, SEALED, 1), f"cssc/{month}/v{number}")


@pytest.mark.parametrize(("numbers", "before"), [((2,), 0), ((1, 1), 1), ((1, 3), 1)])
def test_versions_of_a_statement_are_locked_one_after_the_other(numbers: tuple[int, ...], before: int) -> None:
    what = problem_of(locks_known, [locked(JUNE, number) for number in numbers])
    assert what == f"cssc/2019-06/v{numbers[-1]} does not follow v{before}"


def test_the_first_version_has_a_first_signature_and_a_restatement_has_none() -> None:
    entries = record(signed(JUNE, date(2019, 7, 8)), signed(JULY, date(2019, 8, 8)), locked(JUNE, 1), locked(JUNE, 2))
    (v1, v2) = locks_known(entries)[JUNE]
    assert v1.first is not None
    assert (v1.first.signed.known, v2.first) == (date(2019, 7, 8), None)


def test_a_lock_is_of_both_sides_unless_it_says_that_the_authority_signed_alone() -> None:
    alone = replace(MonthLocked(JULY, 1, SEAL, SEALED, 1), is_authority_alone=True)
    entries = record(locked(JUNE, 1), by(AUTHORITY, alone, "cssc/2019-07/v1"))
    found = locks_known(entries)
    assert [found[month][0].locked.is_authority_alone for month in (JUNE, JULY)] == [False, True]


def test_the_version_locked_is_the_months_own_last_one() -> None:
    entries = record(locked(JUNE, 1), locked(JUNE, 2), locked(JULY, 1))
    assert [version_locked(entries, month) for month in (JUNE, JULY, AUGUST)] == ["v2", "v1", None]


def proposed(month: Month, *, goes_with: str | None = None) -> Draft:
    differs = (VersionDifference("K1/value", "95.00", "97.00"),)
    proposal = RestatementProposed(
        month, 2, "revision", "late evidence", SEAL, SEALED, 12, differs, goes_with=goes_with
    )
    return by(AUTHORITY, proposal, f"cssc/{month}/r1")


def decided(restatement: str, outcome: RestatementOutcome) -> Draft:
    return by(AUTHORITY, RestatementDecided(outcome), restatement)


OF_JUNE, OF_JULY = proposed(JUNE), proposed(JULY, goes_with=R1)


@pytest.mark.parametrize("drafts", [[], [OF_JUNE, decided(R1, "refused")]])
def test_only_an_open_proposal_to_restate_is_decided(drafts: list[Draft]) -> None:
    assert problem_of(restatements_known, [*drafts, decided(R1, "approved")]) == f"{R1} is not an open proposal"


@pytest.mark.parametrize("of_june", [[], [decided(R1, "refused")]])
def test_months_restated_together_are_not_decided_apart(of_june: list[Draft]) -> None:
    what = problem_of(restatements_known, [OF_JUNE, OF_JULY, *of_june, decided(JULY_R1, "approved")])
    assert what == f"{JULY_R1} goes with {R1}, and is approved without it"


@pytest.mark.parametrize("outcome", ["approved", "refused"])
def test_months_restated_together_are_decided_together(outcome: RestatementOutcome) -> None:
    entries = record(OF_JUNE, OF_JULY, decided(R1, outcome), decided(JULY_R1, outcome))
    assert [(found.month_thing, found.outcome, found.is_open) for found in restatements_known(entries)] == [
        ("cssc/2019-06", outcome, False),
        ("cssc/2019-07", outcome, False),
    ]
    assert [found.is_open for found in restatements_known(entries[:2])] == [True, True]


@pytest.mark.parametrize(
    "differences",
    [
        "K1/value",
        ["abc"],
        [["K1/value", "95.00"]],
        [["K1/value", "95.00", "97.00", "late"]],
        [[1, "95.00", "97.00"]],
        [["K1/value", 95, "97.00"]],
        [["K1/value", "95.00", None]],
    ],
)
def test_a_difference_gives_what_before_and_after_as_texts(differences: Json) -> None:
    (entry,) = record(OF_JUNE)
    assert payload_of(entry, RestatementProposed) == OF_JUNE.payload
    with pytest.raises(ProblemsFoundError, match="'differences' must"):
        payload_of(replace(entry, payload={**entry.payload, "differences": differences}), RestatementProposed)


def test_a_locked_version_is_called_by_its_number() -> None:
    assert [MonthLocked(JUNE, number, SEAL, SEALED, 1).name for number in (1, 12)] == ["v1", "v12"]


def test_what_is_deemed_is_granted_whole() -> None:
    deemed = MitigationDecided("granted_in_part", "no_points", ("C-1",), deemed=DeemedBasis(date(2019, 8, 7), "cl. 7"))
    assert "a deemed decision grants the whole or refuses it" in problem_of(
        lambda entries: payload_of(entries[0], MitigationDecided), [by(AUTHORITY, deemed)]
    )
