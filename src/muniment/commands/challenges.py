"""Commands on challenges: the authority asks about evidence, the supplier answers, the authority closes it."""

from collections.abc import Sequence
from dataclasses import replace

from muniment.commands.recording import record_entry
from muniment.commands.spec import CHALLENGE_ID, SUBMISSION_ID, CommandField, CommandSpec, moves
from muniment.domain.evidence.challenges import (
    CHALLENGE_OUTCOMES,
    ChallengeAnswered,
    ChallengeClosed,
    EvidenceChallenged,
    challenges_known,
)
from muniment.domain.lifecycle.appointments import day_of_act
from muniment.domain.lifecycle.deemed import DeemedProposal, confirm_deemed
from muniment.domain.lifecycle.policies import latest_of, must_say, one_of, open_challenge
from muniment.domain.lifecycle.subjects import subject_of
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger

CHALLENGE = CommandSpec(
    name="challenge",
    says="challenge evidence",
    roles=("contract_officer", "contract_manager"),
    entry_kind=EvidenceChallenged,
    event=moves(EvidenceChallenged),
    preconditions=(latest_of,),
    line="challenge",
    summary="ask about a submission, whole or by rows",
    fields=(
        SUBMISSION_ID,
        CommandField("question", "what is asked", "TEXT", "text", "question"),
        CommandField("rows", "a row in question", "ROW", option="row", is_needed=False, is_repeated=True),
    ),
)
ANSWER = CommandSpec(
    name="answer",
    says="answer a challenge",
    roles=("supplier_preparer", "supplier_approver"),
    entry_kind=ChallengeAnswered,
    event=moves(ChallengeAnswered),
    preconditions=(open_challenge,),
    line="answer",
    summary="answer a challenge",
    fields=(CHALLENGE_ID, CommandField("answer", "the answer", "TEXT", "text", "answer")),
    perform=lambda acting, given: answer_challenge(
        ledger=acting.ledger, act=acting.act, challenge=given.text("challenge"), answer=given.text("answer")
    ),
)
CLOSE_CHALLENGE = CommandSpec(
    name="close_challenge",
    says="close a challenge",
    roles=("contract_officer", "contract_manager"),
    entry_kind=ChallengeClosed,
    event=moves(ChallengeClosed),
    preconditions=(open_challenge,),
    line="close-challenge",
    summary="close a challenge",
    fields=(
        CHALLENGE_ID,
        CommandField("outcome", "how it ends", kind="choice", option="outcome", choices=CHALLENGE_OUTCOMES),
        CommandField(
            "is_deemed", "because nobody answered in time, as the agreed text says (deemed)", kind="flag",
            option="deemed", is_needed=False,
        ),
    ),
    perform=lambda acting, given: close_challenge(
        ledger=acting.ledger, act=acting.act, challenge=given.text("challenge"), outcome=given.text("outcome"),
        is_deemed=given.is_set("is_deemed"),
        deemed=acting.deemed_proposal(given.text("challenge")) if given.is_set("is_deemed") else None,
    ),
)  # fmt: skip
COMMANDS = (CHALLENGE, ANSWER, CLOSE_CHALLENGE)


def challenge_evidence(*, ledger: Ledger, act: Act, submission: str, question: str, rows: Sequence[str] = ()) -> Entry:
    """`rows`: ids of the rows in question; none where it is the whole."""
    subject = subject_of(submission, letter="s", what="submission")
    challenged = EvidenceChallenged(submission, question, tuple(rows))
    must_say(challenged.texts())

    def decide(entries: Sequence[Entry]) -> Draft:
        CHALLENGE.must_be_allowed(entries, thing=subject.thing, subject=subject)
        number = 1 + sum(known.table_month == subject.thing for known in challenges_known(entries))
        return Draft(f"{subject.thing}/q{number}", challenged, act)

    return record_entry(ledger=ledger, act=act, command=CHALLENGE, decide=decide, thing=subject.thing)


def answer_challenge(*, ledger: Ledger, act: Act, challenge: str, answer: str) -> Entry:
    """`challenge`: its id, cssc/calls/2019-09/q1."""
    subject = subject_of(challenge, letter="q", what="challenge")
    answered = ChallengeAnswered(answer)
    must_say(answered.texts())

    def decide(entries: Sequence[Entry]) -> Draft:
        ANSWER.must_be_allowed(entries, thing=subject.thing, subject=subject)
        return Draft(challenge, answered, act)

    return record_entry(ledger=ledger, act=act, command=ANSWER, decide=decide, thing=subject.thing)


def close_challenge(
    *,
    ledger: Ledger,
    act: Act,
    challenge: str,
    outcome: str,
    is_deemed: bool = False,
    deemed: DeemedProposal | None = None,
) -> Entry:
    """`outcome`: upheld, withdrawn or unresolved. `is_deemed`: because nobody answered in time. `deemed`: what the
    agreed text says of that."""
    subject = subject_of(challenge, letter="q", what="challenge")
    closed = ChallengeClosed(one_of(outcome, words=CHALLENGE_OUTCOMES, what="outcome"))

    def decide(entries: Sequence[Entry]) -> Draft:
        is_upheld_deemed = is_deemed and closed.outcome == "upheld"
        says = "upheld deemed" if is_upheld_deemed else closed.outcome
        CLOSE_CHALLENGE.must_be_allowed(entries, thing=subject.thing, outcome=says, subject=subject)
        if not is_deemed:
            return Draft(challenge, closed, act)
        day = day_of_act(act, entries=entries)
        ground = confirm_deemed(deemed, of=challenge, on="challenge", outcome=closed.outcome, day=day)
        return Draft(challenge, replace(closed, deemed=ground), act)

    return record_entry(ledger=ledger, act=act, command=CLOSE_CHALLENGE, decide=decide, thing=subject.thing)
