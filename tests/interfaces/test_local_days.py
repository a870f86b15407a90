"""Days in a report are those of the contract's zone: in summer an hour of each begins on the evening before in UTC."""

from pathlib import Path

from muniment.application.load import open_contract, read_contract
from muniment.commands.queries.report.failures import mitigations_of
from muniment.domain.assessment.mitigation import MitigationDecided, MitigationRequested
from tests.interfaces.small_contract import JUNE, make_small_contract


def test_a_grant_after_midnight_in_summer_is_of_the_new_day(tmp_path: Path) -> None:
    made = make_small_contract(tmp_path / "contract")
    made.clock.move_to("2019-07-15T09:00:00Z")
    asked = MitigationRequested(kpi="SEEN", ground="authority_act", first=JUNE, last=JUNE)
    made.record(subject="tiny/SEEN/2019-06/g1", payload=asked, side="supplier", actor="p-2")
    made.clock.move_to("2019-07-15T23:30:00Z")
    made.record(subject="tiny/SEEN/2019-06/g1", payload=MitigationDecided("granted", "no_points"))
    reading = read_contract(opened=open_contract(folder=made.folder, known=None), engine="duckdb", elsewhere={})
    (june,) = mitigations_of(reading=reading, results=reading.results(first=JUNE, last=JUNE))
    assert june.decided.startswith("Granted for the authority on 16 July 2019.")
