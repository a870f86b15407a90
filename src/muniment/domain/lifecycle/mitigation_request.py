"""The state machine of a mitigation request: asked for, then decided once or withdrawn."""

from muniment.domain.lifecycle.machine import Rule, StateRow, machine_of

_DECISIONS = ("grant", "grant_in_part", "refuse")
_NO_REQUEST = Rule("open_request", "there is no mitigation request {thing}", "the supplier's approver could ask for it")
_ASKED = Rule("asked_once", "{thing} was asked for already", "a decision maker could decide it")
_DECIDED = Rule("open_request", "{thing} was decided already, and a decision stands", "the supplier could ask anew")
_WITHDRAWN = Rule("open_request", "{thing} was withdrawn", "the supplier could ask anew")

MITIGATION_MACHINE = machine_of(
    name="mitigation",
    title="A mitigation request",
    states={
        "unasked": "there is no such request",
        "requested": "it waits for a decision, and is shown unmitigated",
        "granted": "it relieves",
        "granted_in_part": "it relieves named rows or days",
        "refused": "it does not relieve",
        "withdrawn": "the supplier no longer asks",
    },
    words={"requested": "waits for a decision"},
    events={
        "request": "the supplier asks",
        "grant": "it is granted",
        "grant_in_part": "it is granted for named rows or days",
        "refuse": "it is refused",
        "withdraw": "the supplier takes it back",
    },
    rows=(
        StateRow("unasked", {"request": "requested"}, [(_NO_REQUEST, (*_DECISIONS, "withdraw"))]),
        StateRow(
            "requested",
            {"grant": "!granted", "grant_in_part": "!granted_in_part", "refuse": "!refused", "withdraw": "withdrawn"},
            [(_ASKED, ("request",))],
        ),
        *(
            StateRow(state, {}, [(_ASKED, ("request",)), (_DECIDED, (*_DECISIONS, "withdraw"))])
            for state in ("granted", "granted_in_part", "refused")
        ),
        StateRow("withdrawn", {}, [(_ASKED, ("request",)), (_WITHDRAWN, (*_DECISIONS, "withdraw"))]),
    ),
)
