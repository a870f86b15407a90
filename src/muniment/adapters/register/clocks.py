"""Which records of the register keep true times, and which tell the times of a script, as an example does."""

import json

from muniment.adapters.register.faults import reading
from muniment.adapters.register.models import LedgerEntry


def of_true_times(*, using: str) -> tuple[str, ...]:
    """The contracts whose record does not say of itself that its times are scripted, in the order of their ids."""
    with reading(using):
        first = LedgerEntry.objects.using(using).filter(seq=1).order_by("contract")
        opened = list(first.values_list("contract", "content"))
    return tuple(contract for contract, content in opened if json.loads(content)["payload"].get("clock") != "scripted")
