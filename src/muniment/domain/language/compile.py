"""Compiles a condition: parses its text, and gives the checked tree or every problem found."""

from collections.abc import Mapping

from muniment.domain.kernel.calendars import Calendar
from muniment.domain.kernel.problem import Place, Problem
from muniment.domain.language.checks import Checks
from muniment.domain.language.columns import Column
from muniment.domain.language.expectations import ConditionSyntaxError
from muniment.domain.language.findings import Findings
from muniment.domain.language.grammar import (
    DEEPEST_CONDITION,
    LONGEST_CONDITION,
    first_bracket_deeper_than,
    parse_phrases,
)
from muniment.domain.language.guards import unguarded
from muniment.domain.language.syntax import Phrase, first_deeper_than
from muniment.domain.language.terms import ConditionTerms
from muniment.domain.language.tree import Always, Condition


def compile_condition(
    *, text: str, place: Place, columns: Mapping[str, Column], calendars: Mapping[str, Calendar]
) -> tuple[Condition | None, tuple[Problem, ...]]:
    """The condition that `text` says, or None and its problems in the order of the file.

    `place` is where the first character of `text` stands. `true` alone is every row. Never raises, whatever the text.
    """
    if text.strip() == "true":
        return Always(), ()
    findings = Findings(text=text, place=place)
    phrase = _phrase(text, findings)
    if phrase is None:
        return None, findings.problems
    condition = Checks(ConditionTerms(columns=columns, calendars=calendars, findings=findings)).condition(phrase)
    for word in unguarded(phrase, columns=columns):
        what, remedy = f"compares '{word.name}', which may be missing", f"add `{word.name} is present and`"
        findings.add(at=word.at, code="L014", what=what, remedy=remedy)
    return (None if findings.problems else condition), findings.problems


def _phrase(text: str, findings: Findings) -> Phrase | None:
    if len(text) > LONGEST_CONDITION:
        what = f"a condition of {len(text):,} characters is too long"
        findings.add(at=0, code="L002", what=what, remedy=f"say it in at most {LONGEST_CONDITION:,} characters")
        return None
    bracket = first_bracket_deeper_than(text, DEEPEST_CONDITION)
    if bracket is not None:
        _too_deep(findings, at=bracket)
        return None
    try:
        phrase = parse_phrases(text)
    except ConditionSyntaxError as fault:
        findings.add(at=fault.at, code="L001", what=fault.what, remedy=fault.remedy)
        return None
    deep = first_deeper_than(phrase, DEEPEST_CONDITION)
    if deep is not None:
        _too_deep(findings, at=deep.at)
        return None
    return phrase


def _too_deep(findings: Findings, *, at: int) -> None:
    remedy = "take out brackets and 'not's, or add up in fewer steps"
    findings.add(at=at, code="L017", what=f"this is nested more than {DEEPEST_CONDITION} levels deep", remedy=remedy)
