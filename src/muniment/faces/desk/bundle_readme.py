"""The words that come with a bundle, for somebody who has never seen one."""

from collections.abc import Mapping

from muniment.domain.kernel.fingerprint import Json

TEXT = """\
{title}
{rule}
{standing}
As known on {known}. Fingerprint of the statement: {statement}
Head of the ledger in this bundle: {head}

WHAT IS IN IT
  manifest.json            every other file with its sha256; contract, month, version, files of rows
  text/                    the agreed text and its change notices, as adopted
  rows/<table>/<month>     the files of evidence {rows}
  ledger/proof.jsonl       the record's chain of entries up to when this was made, without the free texts
  decisions.json           the entries up to the lock that decide something{texts}
  calendars.json           weekdays, hours and bank holidays as they were known
  expected/statement.json  the statement and what it was computed from; its sha256 is its fingerprint
  expected/results.json    the same, KPIs only
  sql/<KPI>.sql            the generated SQL: from the submitted files to numerator and denominator,
                           and to those without the rows that a mitigation granted in part relieves
  audit.xlsx               the rows with their dispositions, and live formulas that give every figure
  engine.json              the engine that computed the statement, and its version
  verify.py                the checker: one file, Python 3.8 or newer, nothing to install

The rows go back to the first month of the record, not only to this month: a KPI that fails again earns more points, so
the months before are part of the working, and are to be computed again, not believed.

IS IT WHAT WAS RECORDED?
  python verify.py BUNDLE.zip --head {head}
Take the head from where the maker of this bundle could not change it: a published report, a mail of that time, the
other party's copy. Take verify.py from there too if you can: a forger would have changed the one in here.
It checks every file against the manifest, rows, text and decisions against the ledger, and the statement against its
lock. It does not compute figures; the next three do.

DO THE FIGURES FOLLOW? Three ways, each without the others:
  1. The same engine:   muniment reperform BUNDLE.zip          (or --engine reference: row by row, no database)
  2. The SQL alone:     muniment reperform BUNDLE.zip --sql    or, without Muniment, unpack the bundle and run
                        duckdb < sql/<KPI>.sql in its folder
  3. A spreadsheet:     open audit.xlsx, recalculate, read the sheet KPIs
"""
PSEUDONYMISED = """
PSEUDONYMS
The keys of rows were replaced by an HMAC under a salt that the authority keeps; equal keys of a table stay equal.
Columns that the agreed text does not declare were left out, optional texts that no measure reads were emptied. All
figures re-perform. The sha256 in the manifest is that of each file as it was submitted; who holds the salt and those
files can make this bundle again. No entry of the ledger vouches for rows so changed: verify.py wants --unvouched.
Pseudonyms: {pseudonyms}
Emptied: {emptied}
"""


def readme(described: Mapping[str, Json], *, head: str) -> str:
    """README.txt. `described`: the manifest without its members."""
    version, hidden = described["version"], described["pseudonymised"]
    title = f"Statement {described['contract']}/{described['month']}" + (f"/v{version}" if version else "")
    standing = "Locked: both signatures are in the ledger." if version else "NOT LOCKED: computed, signed by nobody."
    text = TEXT.format(
        title=title,
        rule="=" * len(title),
        standing=standing,
        known=described["known"] or "the day it was made",
        statement=described["statement"],
        head=head,
        rows="with pseudonyms for keys, see below" if hidden is not None else "exactly as they were submitted",
        texts="; its reasons are left out" if hidden is not None else ", with the reasons given",
    )
    if not isinstance(hidden, dict):
        return text
    return text + PSEUDONYMISED.format(pseudonyms=_named(hidden, "pseudonyms"), emptied=_named(hidden, "emptied"))


def _named(hidden: Mapping[str, Json], how: str) -> str:
    """visits.visit, parcels.parcel"""
    found = []
    for table, of_table in hidden.items():
        columns = of_table[how] if isinstance(of_table, dict) else []
        found += [f"{table}.{column}" for column in columns] if isinstance(columns, list) else []
    return ", ".join(found) or "none"
