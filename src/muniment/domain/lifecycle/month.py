"""The state machine of a month: two signatures, the lock, and what comes after it."""

from muniment.domain.lifecycle.machine import Rule, StateRow, machine_of

_NOT_SIGNED = Rule("signed_first", "nobody has signed the statement of {thing}", "a contract manager could sign it")
_LOCKED = Rule(
    "locked",
    "{thing} is locked, and a locked statement never changes",
    "a contract manager could propose a restatement",
)
_NOT_LOCKED = Rule(
    "not_locked", "{thing} is not locked, so there is nothing to restate", "it could be signed and locked"
)
_NO_PROPOSAL = Rule("no_proposal", "no restatement of {thing} is proposed", "a contract manager could propose one")
_ONE_PROPOSAL = Rule(
    "one_proposal", "a restatement of {thing} waits for a decision", "a decision maker could decide it"
)
_CHANGED_SINCE_PROPOSAL = Rule(
    "overtaken",
    "what {thing} is computed from changed after this restatement was proposed",
    "a decision maker could refuse it, and a contract manager propose it again",
)
_UNCHANGED_SINCE_LOCK = Rule(
    "not_overtaken",
    "nothing that {thing} is computed from changed since it was locked",
    "a contract manager could leave it as it stands",
)
_PROPOSALS = ("propose_restatement", "approve_restatement", "refuse_restatement", "confirm_statement")

MONTH_MACHINE = machine_of(
    name="month",
    title="A month and its statement",
    states={
        "open": "not signed, or the signature lapsed because an input changed",
        "signed": "one of two signatures stands",
        "locked": "the last locked version says what is known",
        "changed_since_lock": "an input changed after the lock; the locked version stands",
        "restatement_proposed": "a new version waits for a decision",
        "changed_since_proposal": "an input changed after the proposal",
    },
    words={
        "open": "not signed yet",
        "signed": "signed once",
        "changed_since_lock": "locked, and something has come since",
        "restatement_proposed": "locked, a restatement is proposed",
        "changed_since_proposal": "locked, and something has come since its restatement was proposed",
    },
    events={
        "sign": "the contract manager signs",
        "lock": "a second person signs",
        "change_inputs": "an input changes",
        "propose_restatement": "a restatement is proposed",
        "approve_restatement": "it is approved and locked as the next version",
        "refuse_restatement": "it is refused",
        "confirm_statement": "what changed was looked at, and the locked version is confirmed",
    },
    rows=(
        StateRow(
            "open", {"sign": "signed", "change_inputs": "open"}, [(_NOT_SIGNED, ("lock",)), (_NOT_LOCKED, _PROPOSALS)]
        ),
        StateRow("signed", {"sign": "signed", "lock": "locked", "change_inputs": "open"}, [(_NOT_LOCKED, _PROPOSALS)]),
        StateRow(
            "locked",
            {"change_inputs": "changed_since_lock", "propose_restatement": "restatement_proposed"},
            [
                (_LOCKED, ("sign", "lock")),
                (_NO_PROPOSAL, ("approve_restatement", "refuse_restatement")),
                (_UNCHANGED_SINCE_LOCK, ("confirm_statement",)),
            ],
        ),
        StateRow(
            "changed_since_lock",
            {
                "change_inputs": "changed_since_lock",
                "propose_restatement": "restatement_proposed",
                "confirm_statement": "locked",
            },
            [(_LOCKED, ("sign", "lock")), (_NO_PROPOSAL, ("approve_restatement", "refuse_restatement"))],
        ),
        StateRow(
            "restatement_proposed",
            {
                "change_inputs": "changed_since_proposal",
                "approve_restatement": "locked",
                "refuse_restatement": "locked",
            },
            [(_LOCKED, ("sign", "lock")), (_ONE_PROPOSAL, ("propose_restatement", "confirm_statement"))],
        ),
        StateRow(
            "changed_since_proposal",
            {"change_inputs": "changed_since_proposal", "refuse_restatement": "changed_since_lock"},
            [
                (_LOCKED, ("sign", "lock")),
                (_ONE_PROPOSAL, ("propose_restatement", "confirm_statement")),
                (_CHANGED_SINCE_PROPOSAL, ("approve_restatement",)),
            ],
        ),
    ),
)
