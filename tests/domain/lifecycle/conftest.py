"""A record kept nowhere, open, with its people appointed."""

import pytest

from muniment.domain.record.in_memory import MemoryLedger
from tests.domain.lifecycle.evidence_acts import appointed, fresh_ledger


@pytest.fixture
def ledger() -> MemoryLedger:
    """Contract c, with the ten people of month_model.py; the day is 15 October 2019."""
    made = fresh_ledger()
    appointed(made)
    return made
