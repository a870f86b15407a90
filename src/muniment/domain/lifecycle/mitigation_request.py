"""The machine of a mitigation request: a request is decided once, or taken back before it is."""

from muniment.domain.lifecycle.machine import Row, Rule, machine_of

DECISIONS = ("grant", "grant_in_part", "refuse")
NO_REQUEST = Rule("open_request", "there is no mitigation request {thing}", "the supplier's approver could ask for it")
ASKED = Rule("asked_once", "{thing} was asked for already", "a decision maker could decide it")
DECIDED = Rule("open_request", "{thing} was decided already, and a decision stands", "the supplier could ask anew")
WITHDRAWN = Rule("open_request", "{thing} was withdrawn", "the supplier could ask anew")

MITIGATION = machine_of(
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
    events={
        "request": "the supplier asks",
        "grant": "it is granted",
        "grant_in_part": "it is granted for named rows or days",
        "refuse": "it is refused",
        "withdraw": "the supplier takes it back",
    },
    rows=(
        Row("unasked", {"request": "requested"}, [(NO_REQUEST, (*DECISIONS, "withdraw"))]),
        Row(
            "requested",
            {"grant": "!granted", "grant_in_part": "!granted_in_part", "refuse": "!refused", "withdraw": "withdrawn"},
            [(ASKED, ("request",))],
        ),
        *(
            Row(state, {}, [(ASKED, ("request",)), (DECIDED, (*DECISIONS, "withdraw"))])
            for state in ("granted", "granted_in_part", "refused")
        ),
        Row("withdrawn", {}, [(ASKED, ("request",)), (WITHDRAWN, (*DECISIONS, "withdraw"))]),
    ),
)
