"""Nothing in a ledger can be altered, taken out, put in or moved without being seen; erasing a text can."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.domain.assessment.failure_notes import FailureExplained
from muniment.domain.evidence.submissions import SubmissionReceived
from muniment.domain.kernel.period import Month
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.chain import sealed_onto, verify_chain
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.in_memory import ScriptedSalts
from muniment.domain.record.lines import line_of, read_ledger
from muniment.domain.record.opened import RecordOpened
from muniment.domain.record.replay import head, known_on

SALTS = ScriptedSalts("tests")
OFFICER = Act("m.okafor", "authority", "as agreed")
SUPPLIER = Act("p.lane", "supplier", "monthly return")


def _note(cause: str) -> Draft:
    explained = FailureExplained("CSC_KPI_04", Month(2019, 9), cause, "callers waited", "more staff at noon")
    return Draft("cssc/CSC_KPI_04/2019-09/f1", explained, OFFICER)


def _submission(rows: int) -> Draft:
    received = SubmissionReceived("calls", Month(2019, 9), "calls.csv", "csv", "a" * 64, rows, None)
    return Draft("cssc/calls/2019-09/s1", received, SUPPLIER)


def _chain(transactions: list[list[Draft]]) -> tuple[Entry, ...]:
    opened = Draft("cssc", RecordOpened("cssc", "scripted"), OFFICER)
    entries: tuple[Entry, ...] = ()
    for day, drafts in enumerate([[opened], *transactions], start=1):
        last = entries[-1] if entries else None
        entries += sealed_onto(last, drafts=drafts, recorded_at=f"2019-05-{day:02d}T09:30:00Z", salts=SALTS)
    return entries


drafts = st.one_of(st.text(min_size=1, max_size=20).map(_note), st.integers(0, 10**9).map(_submission))
chains = st.lists(st.lists(drafts, min_size=1, max_size=3), min_size=1, max_size=5).map(_chain)


def _text(entries: tuple[Entry, ...]) -> bytes:
    return b"".join(line_of(entry) for entry in entries)


def _is_sound_with_head(data: bytes, printed_head: str | None) -> bool:
    reading = read_ledger(data)
    return not reading.problems and not verify_chain(reading.entries, printed_head=printed_head)


@given(chains)
def test_a_chain_that_nobody_touched_holds_and_reads_back_as_it_was(chain: tuple[Entry, ...]) -> None:
    reading = read_ledger(_text(chain))
    assert (reading.entries, reading.problems, reading.unfinished) == (chain, (), len(_text(chain)))
    assert verify_chain(chain, printed_head=head(chain)) == ()


@given(chains, st.data())
def test_any_changed_byte_is_found(chain: tuple[Entry, ...], data: st.DataObject) -> None:
    text = bytearray(_text(chain))
    place = data.draw(st.integers(0, len(text) - 1))
    text[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != text[place]))
    assert not _is_sound_with_head(bytes(text), head(chain))


@given(chains, st.data())
def test_any_line_taken_out_is_found(chain: tuple[Entry, ...], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    assert not _is_sound_with_head(_text(chain[:place] + chain[place + 1 :]), head(chain))


@given(chains, st.data())
def test_any_two_lines_changing_places_are_found(chain: tuple[Entry, ...], data: st.DataObject) -> None:
    one, other = sorted(data.draw(st.lists(st.integers(0, len(chain) - 1), min_size=2, max_size=2, unique=True)))
    moved = list(chain)
    moved[one], moved[other] = moved[other], moved[one]
    assert not _is_sound_with_head(_text(tuple(moved)), head(chain))


@given(chains, st.data())
def test_a_ledger_cut_short_never_had_the_printed_head(chain: tuple[Entry, ...], data: st.DataObject) -> None:
    text = _text(chain)
    cut = data.draw(st.integers(0, len(text) - 2))
    assert not _is_sound_with_head(text[:cut], head(chain))


@given(chains, st.data())
def test_a_chain_forged_anew_from_an_edit_has_another_head(chain: tuple[Entry, ...], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    forged = list(chain)
    forged[place] = replace(chain[place], actor="somebody.else").sealed()
    for at in range(place + 1, len(chain)):
        forged[at] = replace(chain[at], previous=forged[at - 1].hash).sealed()
    assert verify_chain(forged) == ()
    assert [problem.code for problem in verify_chain(forged, printed_head=head(chain))] == ["C009"]


@given(chains)
def test_an_older_printed_head_still_belongs_to_the_grown_ledger(chain: tuple[Entry, ...]) -> None:
    assert all(verify_chain(chain, printed_head=entry.hash[:12]) == () for entry in chain)


@given(chains, st.data())
def test_erasing_a_text_keeps_the_chain_and_the_head(chain: tuple[Entry, ...], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    name = data.draw(st.sampled_from(sorted(chain[place].texts)))
    erased = (*chain[:place], chain[place].without_text(name), *chain[place + 1 :])
    assert verify_chain(erased, printed_head=head(chain)) == ()
    assert read_ledger(_text(erased)).problems == ()
    assert erased[place].text(name) == "[text erased]"


def test_a_text_put_in_the_place_of_another_is_found() -> None:
    chain = _chain([[_note("a system was down")]])
    other = replace(chain[1].texts["cause"], text="nothing happened")
    changed = replace(chain[1], texts={**chain[1].texts, "cause": other})
    problem = verify_chain((chain[0], changed))[0]
    assert str(problem).startswith("ledger.jsonl:2:1: the text 'cause' is not the one that was recorded - ")


def test_every_broken_line_is_named_with_its_number() -> None:
    lines = [line_of(entry) for entry in _chain([[_submission(1)], [_submission(2)], [_submission(3)]])]
    lines[1] = lines[1].replace(b'"rows":1', b'"rows":9')
    lines[2] = b'{"seq":\n'
    problems = read_ledger(b"".join(lines)).problems
    assert [(problem.place.line, problem.code) for problem in problems] == [(2, "C003"), (3, "C001")]


def test_a_line_with_a_fraction_is_no_entry() -> None:
    line = line_of(_chain([])[0]).replace(b'"seq":1', b'"seq":1.0')
    assert [problem.what for problem in read_ledger(line).problems] == [
        "the line is not an entry of a ledger: 1.0 is not a whole number"
    ]


def test_spaces_that_change_nothing_are_found_too() -> None:
    line = line_of(_chain([])[0]).replace(b'"seq":1', b'"seq": 1')
    assert [problem.code for problem in read_ledger(line).problems] == ["C001"]


def test_a_transaction_without_its_end_does_not_count() -> None:
    chain = _chain([[_submission(1)], [_submission(2), _submission(3)]])
    whole = _text(chain[:2])
    reading = read_ledger(_text(chain[:3]))
    assert (reading.entries, reading.unfinished, reading.problems) == (chain[:2], len(whole), ())


def test_an_entry_is_never_dated_before_the_one_it_follows() -> None:
    chain = _chain([[_submission(1)]])
    later = sealed_onto(chain[-1], drafts=[_submission(2)], recorded_at="2019-05-01T09:30:00Z", salts=SALTS)
    assert later[0].recorded_at == chain[-1].recorded_at
    back = replace(later[0], recorded_at="2001-01-01T00:00:00Z").sealed()
    assert [problem.code for problem in verify_chain((*chain, back))] == ["C004"]


def test_a_clock_that_is_more_than_a_day_behind_records_nothing() -> None:
    chain = _chain([[_submission(1)]])
    with pytest.raises(
        RefusedError, match="the clock of this machine says 2019-05-01T09:29:59Z, and entry 2 was"
    ) as refused:
        sealed_onto(chain[-1], drafts=[_submission(2)], recorded_at="2019-05-01T09:29:59Z", salts=SALTS)
    assert refused.value.rule == "clock"
    assert "restore a copy of the record from before it" in refused.value.who_could


def test_known_on_a_day_is_what_was_recorded_before_the_day_was_over() -> None:
    chain = _chain([[_submission(1)], [_submission(2)]])
    assert known_on(chain, until="2019-05-02T09:30:00Z") == chain[:1]
    assert known_on(chain, until="2019-05-02T09:30:01Z") == chain[:2]
    assert head(known_on(chain, until="2019-01-01T00:00:00Z")) is None
