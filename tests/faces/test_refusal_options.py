"""A refusal names no option, for pages show it too; the command line adds the one that says so."""

import pytest

from muniment.domain.record.refused import Refused
from muniment.faces.cli.failing import reported


@pytest.mark.parametrize(
    ("rule", "what", "who_could", "option"),
    [
        ("reason_given", "the act has no reason", "say why in a sentence", "(--reason)"),
        ("evidence_accepted", "calls is overdue", "accept it, or say why the month is settled without it",
         "(--overdue TABLE='why')"),
        ("granted_in_part", "it names nothing", "name rows or days, or grant it whole", "(--row, --day)"),
        ("said", "the reported figure has no 'where'", "give it", "(--where)"),
        ("silence", "nothing is said", "it could be decided without resting on the silence", "(without --by-silence)"),
        ("late_evidence", "it is late", "a contract manager could propose it", "(--outside-window)"),
        ("four_eyes", "it is the same person", "another person could", ""),
    ],
)  # fmt: skip
def test_the_command_line_adds_the_option(
    rule: str, what: str, who_could: str, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> int:
        raise Refused(rule, what, who_could)

    assert reported(refuse) == 1
    assert capsys.readouterr().err == f"refused: {what} - {who_could}{f' {option}' if option else ''}\n"
