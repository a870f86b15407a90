"""The words of v0.1.0 and the words that took their place, as the comparisons of the two trees apply them.

Whoever renames something that is printed adds a row. A row is literal. One that begins or ends in a letter holds for
whole words only (a hyphen parts words, an underscore does not); a capital at its beginning is kept. The first row that
fits wins, so longer rows stand before shorter ones.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence

Rows = Sequence[tuple[str, str]]

WORDS: Rows = (
    # an address register is one still
    ("address register", "address register"),
    ("from the register one by one", "from the register one by one"),
    # the database
    ("a register cannot be kept on", "contracts cannot be kept on"),
    ("muniment register", "muniment database"),
    ("register:", "database:"),
    ("register.clock-behind", "database.clock-behind"),
    ("register", "database"),
    ("registers", "databases"),
    # import and export
    ("carry-in", "import"),
    ("carry-out", "export"),
    ("that was carried before", "that was exported before"),
    ("carried", "imported"),
    ("nothing to carry", "nothing to import"),
    ("no record to carry", "no record to import"),
    ("carry it as", "import it as"),
    ("carry the folder in first", "import the folder first"),
    # repeat failures
    ("name of a ratchet", "name of a rule on repeated failure"),
    ("there is no ratchet", "there is no repeat-failure rule"),
    ("RatchetText", "RepeatFailureText"),
    ("ratchets", "repeat_failures"),
    ("ratchet", "repeat_failure"),
    # deemed decisions
    ("is decided by silence before", "is deemed decided before"),
    ("is closed by silence before", "is deemed upheld before"),
    ("a silence counts when the time for a decision is over", "a decision is deemed when the time for it is over"),
    (
        "a silence counts when the time for an answer is over",
        "a challenge is deemed upheld when the time for an answer is over",
    ),
    ("without resting on the silence", "without being deemed"),
    ("is_by_silence", "is_deemed"),
    ("Is By Silence", "Is Deemed"),
    ("by_silence", "deemed"),
    ("by-silence", "deemed"),
    ("if_silent", "deemed"),
    ("IfSilentText", "DeemedText"),
    ("SilenceOnChallengeText", "DeemedOnChallengeText"),
    ("SilenceOnMitigationText", "DeemedOnMitigationText"),
    ("by silence", "deemed"),
    # after the lock
    ("muniment overtaken", "muniment since-lock"),
    ("statements/{month}/keep", "statements/{month}/confirm"),
    ("keep its statement", "confirm its statement"),
    ("could keep it (keep-statement)", "could confirm it (confirm-statement)"),
    ("keep-statement", "confirm-statement"),
    ("keep_statement", "confirm_statement"),
    ("Keep a locked statement", "Confirm a locked statement"),
    ("keep a locked statement", "confirm a locked statement"),
    # the audit trail
    ("muniment log", "muniment audit-trail"),
    # reckoning before deciding
    ("weighed", "impact"),
    ("Ripple", "Knock On"),
    ("ripple", "knock_on"),
)
"""Old -> new, in whatever v0.1.0 printed, wrote or described."""

WORDS_OF: Mapping[str, Rows] = {
    "openapi.json": (("`wrong`", "`error`"), ('"wrong"', '"error"'), ('"Wrong"', '"Error"')),
    "help/muniment": (("overtaken", "since-lock"), ("log", "audit-trail")),
    "database/export": (("Carried", "Exported"),),
    "example/ledger.jsonl": (("ripple", "ripple"),),
    "reference/ledger.md": (
        ("ripple", "ripple"),
        (
            "the term that gives the silence its meaning, and its clause",
            "the term by which it is deemed, and its clause",
        ),
    ),
    "reference/problems.md": (
        ("`ripple`", "`ripple`"),
        ("in the log", "in the audit trail"),
        ("says nothing of a silence on ...", "says nothing of ... where nobody answers"),
        ("a silence on a ... amounts to '...'", "a ... that nobody answers is deemed '...'"),
    ),
    "reference/change.json": (
        (
            "name of the term on silence or late evidence that",
            "name of the deemed term, or of that on late evidence, that",
        ),
    ),
    "reference/contract.json": (("what the silence amounts to after that", "what is deemed after that"),),
    "example/README.md": (("the same contract as a register", "the same contract in a database"),),
}
"""Rows of one output, before the others: a word that became another there, or stays there as v0.1.0 wrote it."""

EXPECTED: Mapping[str, str] = {
    '"description": "Where the record begins when the contract is older than it (ruling 3).",': (
        "a published schema cited a ruling that the project does not hold"
    ),
    '"description": "Where the record begins when the contract is older than it.",': "the same without the ruling",
    "R006 '...' is now '...' - keep one of the two, as '...'": "new: a former word beside its new one",
    "R006 '...' is now '...' - write '...'": "new: a former word in a text that no entry adopted",
    "G011 what is projected is of a former version - rebuild the projections": "new: a database of version 0.1",
    "G021 the site cannot do '...': ... - run 'python -m django ...' to see all that it says": (
        "one command of the site is left, and named"
    ),
    "G021 the site cannot do 'bring_up_to_date': ... - run 'python -m django bring_up_to_date' to see all that it "
    "says": ("the same with its name"),
    "W020 ...expected ... ..., computed ... - take MUNIMENT_DEMO away": "the list gave the remedy of another module",
    "W020 ...expected ... ..., computed ... - correct the example, or the text that it works": "its own remedy",
}
"""Lines that differ for another reason than a word, and the reason."""

COMPONENTS: Mapping[str, str] = {
    "Credit": "CreditFigures",
    "FailureNote": "ExplainedFailure",
    "Level": "AgreedLevel",
    "Measure": "AgreedMeasure",
    "Result": "KpiMonth",
    "RowWrong": "RowError",
    "Silent": "Deemed",
    "WeighedMonth": "ImpactOfMonth",
    "WrongField": "FieldError",
    "WrongPlace": "PlaceError",
}
"""Old -> new, of the components in the description of the API."""

ARGUMENTS: Mapping[str, str] = {
    "carry-in": "import",
    "carry-out": "export",
    "register": "database",
    "keep-statement": "confirm-statement",
    "overtaken": "since-lock",
    "log": "audit-trail",
    "register:": "database:",
    "register:cssc": "database:cssc",
    "--by-silence": "--deemed",
}
"""What is typed: an argument of v0.1.0's command line -> the same now."""

NAMES: Rows = (
    ("carried_in", "imported"),
    ("carried_out", "exported"),
    ("carry_in", "import"),
    ("carry_out", "export"),
    ("by_silence", "deemed"),
    ("the_door", "ingestion"),
    ("register", "database"),
    ("registers", "databases"),
    ("ratchet", "repeat_failure"),
    ("name of a ratchet", "name of a rule on repeated failure"),
    ("there is no ratchet", "there is no repeat-failure rule"),
    ("RatchetText", "RepeatFailureText"),
    ("ratchets", "repeat_failures"),
    ("ripple", "knock_on"),
    ("foresee", "precheck"),
    ("overtaken", "since_lock"),
    ("shape", "schema"),
    ("shapes", "schemas"),
    ("verb", "command"),
    ("verbs", "commands"),
)
"""Old -> new, in names of tests: whole words between underscores, one or several."""


class Table:
    """A table of words that is applied to outputs, and counts which of its rows were needed."""

    def __init__(self, rows: Rows, rows_of: Mapping[str, Rows], components: Mapping[str, str]) -> None:
        self.used: Counter[str] = Counter()
        self._written = {old for old, _ in rows}
        self._components = components
        self._rows = _with_capitals(rows)
        self._rows_of = {name: _with_capitals([*more, *rows]) for name, more in rows_of.items()}

    def apply(self, text: str, *, name: str = "") -> str:
        """An output with every old word replaced, in one pass, so that no replacement is replaced again."""
        if name == "openapi.json" and self._components and "{" in text:
            text = self._with_components(text)
        rows = self._rows_of.get(name, self._rows)

        def replaced(found: re.Match[str]) -> str:
            old, new = found[0], rows[found[0]]
            self.used[old if old in self._written else old[:1].lower() + old[1:]] += old != new
            return new

        return re.sub("|".join(map(_whole, rows)), replaced, text) if rows else text

    def unused(self) -> list[str]:
        """Rows that nothing needed."""
        return [old for old in self._rows if old in self._written and not self.used[old]]

    def _with_components(self, text: str) -> str:
        """The description of the API with its components under the names of today."""
        head, brace, body = text.partition("{")
        described = json.loads(brace + body)
        schemas = described["components"]["schemas"]
        for old, new in self._components.items():
            if old in schemas:
                schemas[new] = {**schemas.pop(old)}
                if schemas[new].get("title") == old:
                    schemas[new]["title"] = new
        written = head + json.dumps(described, indent=2, ensure_ascii=False)
        return re.sub(
            r'(?<="#/components/schemas/)(\w+)(?=")',
            lambda found: self._components.get(found[0], found[0]),
            written,
        )


def name_now(name: str, rows: Rows = NAMES) -> str:
    """A test's name with the old words between its underscores replaced."""
    table = dict(reversed(rows))
    either = "|".join(re.escape(old) for old in sorted(table, key=len, reverse=True))
    return re.sub(rf"(?<![^_.])(?:{either})(?![^_.])", lambda found: table[found[0]], name) if table else name


def _with_capitals(rows: Rows) -> dict[str, str]:
    """Old -> new, also where it begins a sentence; of two rows for one word the first."""
    found: dict[str, str] = {}
    for old, new in rows:
        found.setdefault(old, new)
        found.setdefault(old[:1].upper() + old[1:], new[:1].upper() + new[1:])
    return found


def _whole(old: str) -> str:
    """A pattern for a literal, at the edges of words where it begins or ends in a letter."""
    before = r"(?<![A-Za-z0-9_])" if old[:1].isalnum() else ""
    after = r"(?![A-Za-z0-9_])" if old[-1:].isalnum() else ""
    return f"{before}{re.escape(old)}{after}"
