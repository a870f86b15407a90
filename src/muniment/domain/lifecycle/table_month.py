"""The state machine of one evidence table in one month: from its file to its acceptance."""

from muniment.domain.lifecycle.machine import Rule, StateRow, machine_of

_CLOSINGS = ("uphold", "uphold_deemed", "withdraw_challenge", "leave_unresolved")

_NOTHING = Rule("nothing_submitted", "nothing was submitted for {thing}", "the supplier's preparer could submit it")
_APPROVE_FIRST = Rule(
    "approved_first",
    "the latest submission of {thing} is not approved by the supplier yet",
    "the supplier's approver, who did not prepare it, could approve it",
)
_APPROVED = Rule(
    "approved_once", "the latest submission of {thing} is approved already", "a contract officer could act"
)
_NOT_ACCEPTED = Rule(
    "not_accepted", "no submission of {thing} is accepted", "a contract officer could accept one first"
)
_NO_CHALLENGE = Rule(
    "no_challenge", "no challenge is open on {thing}", "a contract officer could challenge what is approved"
)
_ONE_CHALLENGE = Rule(
    "one_challenge", "a challenge was raised on this submission of {thing}", "a contract officer could close or accept"
)
_OPEN_CHALLENGE = Rule("open_challenge", "a challenge is open on {thing}", "a contract officer could close it first")
_ANSWERED = Rule("answered_once", "the challenge on {thing} is answered", "a contract officer could close it")
_NOT_ANSWERED = Rule(
    "not_answered",
    "the challenge on {thing} is not answered",
    "the supplier's preparer could answer it; a contract officer could withdraw it, leave it unresolved, or uphold it "
    "as deemed where the agreed text says so and its time is over",
)
_ACCEPTED = Rule(
    "accepted_once",
    "the submission of {thing} is accepted already",
    "a contract officer could withdraw the acceptance before the lock; the supplier could propose a new one",
)
_AFTER_ACCEPTANCE = Rule(
    "after_acceptance",
    "the submission of {thing} is accepted and cannot be taken back",
    "the supplier's preparer could submit a new one, as a proposal",
)
_PROPOSAL = Rule(
    "accepted_counts",
    "what waits for {thing} is a proposal: the accepted submission counts, and there is nothing to challenge",
    "a contract officer could accept the proposal or leave it",
)

TABLE_MONTH_MACHINE = machine_of(
    name="table_month",
    title="The evidence of one table for one month",
    states={
        "awaiting": "no submission stands",
        "submitted": "a submission waits for the supplier's approver",
        "approved": "a submission waits for the contract officer",
        "challenged": "the authority asked about it",
        "answered": "the supplier answered",
        "disputed": "a challenge was left unresolved",
        "accepted": "the accepted submission counts",
        "proposed": "the accepted one counts; a later one waits for the supplier's approver",
        "proposal_approved": "the accepted one counts; a later one waits for the contract officer",
    },
    words={
        "submitted": "submitted, to be approved",
        "approved": "approved, to be accepted",
        "answered": "challenge answered",
        "proposed": "accepted; a new file is proposed",
        "proposal_approved": "accepted; a new file is approved",
    },
    events={
        "submit": "a file is submitted",
        "approve": "the supplier approves it",
        "withdraw": "the supplier takes it back",
        "accept": "the authority accepts it",
        "withdraw_acceptance": "the acceptance is withdrawn",
        "challenge": "the authority challenges it",
        "answer": "the supplier answers",
        "uphold": "the answered challenge is upheld",
        "uphold_deemed": "nobody answered in time, and it is upheld as the agreed text says",
        "withdraw_challenge": "the challenge is withdrawn",
        "leave_unresolved": "the challenge is left unresolved",
    },
    rows=(
        StateRow(
            "awaiting",
            {"submit": "!submitted"},
            [(_NOTHING, ("approve", "withdraw", "accept", "withdraw_acceptance", "challenge", "answer", *_CLOSINGS))],
        ),
        StateRow(
            "submitted",
            {"submit": "!submitted", "approve": "approved", "withdraw": "!awaiting"},
            [
                (_APPROVE_FIRST, ("accept", "challenge")),
                (_NOT_ACCEPTED, ("withdraw_acceptance",)),
                (_NO_CHALLENGE, ("answer", *_CLOSINGS)),
            ],
        ),
        StateRow(
            "approved",
            {"submit": "!submitted", "withdraw": "!awaiting", "accept": "!accepted", "challenge": "challenged"},
            [
                (_APPROVED, ("approve",)),
                (_NOT_ACCEPTED, ("withdraw_acceptance",)),
                (_NO_CHALLENGE, ("answer", *_CLOSINGS)),
            ],
        ),
        StateRow(
            "challenged",
            {
                "submit": "!submitted",
                "withdraw": "!awaiting",
                "answer": "answered",
                "uphold_deemed": "approved",
                "withdraw_challenge": "approved",
                "leave_unresolved": "!disputed",
            },
            [
                (_APPROVED, ("approve",)),
                (_OPEN_CHALLENGE, ("accept",)),
                (_NOT_ACCEPTED, ("withdraw_acceptance",)),
                (_ONE_CHALLENGE, ("challenge",)),
                (_NOT_ANSWERED, ("uphold",)),
            ],
        ),
        StateRow(
            "answered",
            {
                "submit": "!submitted",
                "withdraw": "!awaiting",
                "uphold": "approved",
                "withdraw_challenge": "approved",
                "leave_unresolved": "!disputed",
            },
            [
                (_APPROVED, ("approve",)),
                (_OPEN_CHALLENGE, ("accept",)),
                (_NOT_ACCEPTED, ("withdraw_acceptance",)),
                (_ONE_CHALLENGE, ("challenge",)),
                (_ANSWERED, ("answer", "uphold_deemed")),
            ],
        ),
        StateRow(
            "disputed",
            {"submit": "!submitted", "withdraw": "!awaiting", "accept": "!accepted"},
            [
                (_APPROVED, ("approve",)),
                (_NOT_ACCEPTED, ("withdraw_acceptance",)),
                (_ONE_CHALLENGE, ("challenge",)),
                (_NO_CHALLENGE, ("answer", *_CLOSINGS)),
            ],
        ),
        StateRow(
            "accepted",
            {"submit": "proposed", "withdraw_acceptance": "!approved"},
            [
                (_ACCEPTED, ("approve", "accept", "challenge")),
                (_AFTER_ACCEPTANCE, ("withdraw",)),
                (_NO_CHALLENGE, ("answer", *_CLOSINGS)),
            ],
        ),
        StateRow(
            "proposed",
            {
                "submit": "proposed",
                "approve": "proposal_approved",
                "withdraw": "accepted",
                "withdraw_acceptance": "!submitted",
            },
            [(_APPROVE_FIRST, ("accept",)), (_PROPOSAL, ("challenge",)), (_NO_CHALLENGE, ("answer", *_CLOSINGS))],
        ),
        StateRow(
            "proposal_approved",
            {
                "submit": "proposed",
                "withdraw": "accepted",
                "accept": "!accepted",
                "withdraw_acceptance": "!approved",
            },
            [(_APPROVED, ("approve",)), (_PROPOSAL, ("challenge",)), (_NO_CHALLENGE, ("answer", *_CLOSINGS))],
        ),
    ),
)
