"""A refusal names no option, for pages show it too; the command line adds the one by which it is answered."""

from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.domain.record.act import RefusedError
from muniment.interfaces.cli.errors import run_reporting_errors
from tests.interfaces.conftest import Ran

Muniment = Callable[..., Ran]
MANAGER = ("--as", "m.okafor", "--for", "authority", "--reason", "as agreed")
SUPPLIER = ("--as", "p.lane", "--for", "supplier", "--reason", "the new system came late")
REQUEST = ("CSC_KPI_04", "--ground", "third_party", "--from", "2019-09", "--to", "2019-09")
G1 = "cssc/CSC_KPI_04/2019-09/g1"


def test_whoever_saw_an_older_entry_is_told_with_which_option_to_go_on(muniment: Muniment, texts_only: Path) -> None:
    assert muniment("open", texts_only, *MANAGER).exit == 0
    muniment("request-mitigation", texts_only, *REQUEST, *SUPPLIER)
    muniment("decide-mitigation", texts_only, G1, "--outcome", "refused", *MANAGER)
    late = muniment("withdraw", texts_only, G1, *SUPPLIER, "--seen", "2")
    assert late.err.endswith("look at what happened, and repeat it if it still holds (--seen 3)\n")
    again = muniment("withdraw", texts_only, G1, *SUPPLIER, "--seen", "3")
    assert "--seen" not in again.err


def test_a_refusal_that_no_option_answers_names_none(muniment: Muniment, texts_only: Path) -> None:
    assert muniment("open", texts_only, *MANAGER).exit == 0
    refused = muniment("request-mitigation", texts_only, *REQUEST, *MANAGER)
    assert (refused.exit, "--" in refused.err) == (1, False)


@pytest.mark.parametrize(
    ("rule", "what", "who_could", "option"),
    [
        ("reason_given", "the act has no reason", "say why in a sentence", "(--reason)"),
        ("evidence_accepted", "calls is overdue", "accept it, or say why the month is settled without it",
         "(--overdue TABLE='why')"),
        ("granted_in_part", "it names nothing", "name rows or days, or grant it whole", "(--row, --day)"),
        ("said", "the reported figure has no 'where'", "give it", "(--where)"),
        ("silence", "nothing is said", "it could be decided without being deemed", "(without --deemed)"),
        ("late_evidence", "it is late", "a contract manager could propose it", "(--outside-window)"),
        ("four_eyes", "it is the same person", "another person could", ""),
    ],
)  # fmt: skip
def test_the_command_line_adds_the_option(
    rule: str, what: str, who_could: str, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> int:
        raise RefusedError(rule, what, who_could)

    assert run_reporting_errors(refuse) == 1
    assert capsys.readouterr().err == f"refused: {what} - {who_could}{f' {option}' if option else ''}\n"
