"""The state machine of one KPI in one month: disputed or not, and settled when the month is locked.

Assessing is a computation, so only disputes and locks move it.
"""

from muniment.domain.lifecycle.machine import Rule, StateRow, machine_of

_NO_DISPUTE = Rule("no_dispute", "{thing} is not in dispute", "the supplier's approver could dispute it")
_RESOLUTIONS = ("uphold", "resolve")
_ONE_DISPUTE = Rule("one_dispute", "{thing} is in dispute already", "a decision maker could resolve it")

KPI_MONTH_MACHINE = machine_of(
    name="kpi_month",
    title="One KPI in one month",
    states={
        "provisional": "assessed from what is known, again on every new input",
        "disputed": "the authority's figure stands meanwhile",
        "settled": "locked with its month",
        "settled_in_dispute": "locked at the authority's figure, in dispute",
    },
    events={
        "dispute": "the supplier disputes the result",
        "uphold": "the dispute is upheld",
        "resolve": "the dispute is not upheld, or withdrawn",
        "lock": "a statement of the month is locked",
    },
    rows=(
        StateRow("provisional", {"dispute": "disputed", "lock": "settled"}, [(_NO_DISPUTE, _RESOLUTIONS)]),
        StateRow(
            "disputed",
            {"uphold": "!provisional", "resolve": "!provisional", "lock": "settled_in_dispute"},
            [(_ONE_DISPUTE, ("dispute",))],
        ),
        StateRow("settled", {"dispute": "settled_in_dispute", "lock": "settled"}, [(_NO_DISPUTE, _RESOLUTIONS)]),
        StateRow(
            "settled_in_dispute",
            {"uphold": "!settled", "resolve": "settled", "lock": "settled_in_dispute"},
            [(_ONE_DISPUTE, ("dispute",))],
        ),
    ),
)
