"""The credit of a locked statement as a file of one line, which an accounting system can take."""

import csv
import io

from muniment.commands.queries.locked_statements import LockedStatement, difference
from muniment.domain.kernel.money import Money


def credit_csv(*, contract: str, found: LockedStatement, before: LockedStatement | None) -> str:
    """A heading and a line: amounts as plain decimals (GBP), blank where there is none, and the fingerprint that proves
    them. `before`: the version before, which may have been paid already; None for v1."""
    amounts = {
        "base": found.base,
        "before_cap": found.before_cap,
        "cap": found.cap,
        "credit": found.due,
        "credit_before": before.due if before else None,
        "difference": difference(found, before),
    }
    locked, out = found.lock.locked, io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["contract", "month", "statement", "points", *amounts, "working", "fingerprint"])
    shown = (plain_amount(amount) or "" for amount in amounts.values())
    version = [contract, str(locked.month), f"v{locked.number}", found.points]
    writer.writerow([*version, *shown, found.working, found.statement])
    return out.getvalue()


def plain_amount(amount: Money | None) -> str | None:
    """1250.00, without a sign or thousands; None for none."""
    return None if amount is None else str(amount.decimal)


def credit_file_name(*, contract: str, found: LockedStatement) -> str:
    """cssc-2019-09-v1-credit.csv"""
    return f"{contract}-{found.lock.locked.month}-v{found.lock.locked.number}-credit.csv"
