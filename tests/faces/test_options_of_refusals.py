"""A refusal is the same on every face; the command line adds the option by which it is answered."""

from collections.abc import Callable
from pathlib import Path

from tests.faces.conftest import Ran

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
