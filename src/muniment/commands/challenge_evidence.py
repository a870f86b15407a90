"""Challenge evidence: the authority asks about an approved submission, whole or by rows."""

from collections.abc import Sequence

from muniment.commands.recording import record
from muniment.domain.evidence.challenges import EvidenceChallenged, challenges_known
from muniment.domain.lifecycle.policies import latest_of, must_say
from muniment.domain.lifecycle.states import allowed
from muniment.domain.lifecycle.subjects import subject_of
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger


def challenge_evidence(*, ledger: Ledger, act: Act, submission: str, question: str, rows: Sequence[str] = ()) -> Entry:
    """`rows`: ids of the rows in question; none where it is the whole."""
    subject = subject_of(submission, letter="s", what="submission")
    challenged = EvidenceChallenged(submission, question, tuple(rows))
    must_say(challenged.texts())

    def decide(entries: Sequence[Entry]) -> Draft:
        allowed(entries, machine="table_month", thing=subject.thing, event="challenge")
        latest_of(entries, subject=subject)
        number = 1 + sum(known.table_month == subject.thing for known in challenges_known(entries))
        return Draft(f"{subject.thing}/q{number}", challenged, act)

    return record(ledger=ledger, act=act, verb="challenge", kind=EvidenceChallenged, decide=decide, thing=subject.thing)
