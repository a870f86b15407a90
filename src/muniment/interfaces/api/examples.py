"""A body for every operation that takes one, on the example contract: shown in the description, and sent by tests."""

from collections.abc import Mapping

from muniment.domain.kernel.fingerprint import Json

PLAIN: Json = {"reason": "Checked against the duty log."}
BODIES: Mapping[str, Json] = {
    "accept_submission": {
        "reason": "Complete, and the control total agrees.",
        "rejected": [{"row": "C-1912-00007", "reason": "a test call"}],
    },
    "challenge_submission": {
        "reason": "Fewer calls than usual.",
        "question": "Where are the calls of 24 December?",
        "rows": [],
    },
    "answer_challenge": {"reason": "The centre was shut.", "answer": "The lines were closed from noon."},
    "close_challenge": {"reason": "The answer explains it.", "outcome": "withdrawn"},
    "request_mitigation": {
        "reason": "The Authority's network was down on two mornings.",
        "ground": "authority_act",
        "last": "2019-12",
    },
    "decide_mitigation": {
        "reason": "The outage was ours.",
        "outcome": "granted",
        "effect": "no_points",
    },
    "dispute_result": {"reason": "Calls that we did not cause are counted.", "supplier_value": "9.40%"},
    "resolve_dispute": {"reason": "The log bears the supplier out.", "outcome": "upheld"},
    "explain_failure": {
        "reason": "For the board report.",
        "cause": "Two advisers were ill.",
        "effect": "Callers waited longer.",
        "remedy": "13 advisers are trained to stand in.",
        "typed": [{"figure": "13", "source": "the training plan"}],
    },
    "sign_statement": {
        "reason": "The figures agree with the evidence.",
        "fingerprint": "2f1c" * 16,
        "overdue": [{"table": "calls", "reason": "The system was replaced."}],
    },
    "lock_month": {"reason": "Checked against the duty log.", "fingerprint": "2f1c" * 16},
    "propose_restatement": {"reason": "Late evidence was accepted.", "is_outside_window": False},
    "decide_restatement": {"reason": "The evidence is sound.", "outcome": "approved"},
    "appoint_person": {
        "reason": "Joins the contract team.",
        "email": "lena.marsh@wolds.example",
        "name": "Lena Marsh",
        "role": "contract_officer",
        "first": "2020-02-01",
    },
    "end_appointment": {"reason": "Leaves the team.", "last": "2020-03-31"},
    "delegate_appointment": {
        "reason": "On leave.",
        "person": "p-91f4c8027e",
        "first": "2020-02-10",
        "last": "2020-02-21",
    },
    "update_project": {
        "reason": "For the board.",
        "as_at": "2019-12-31",
        "rag": "amber",
        "stage": "In delivery",
        "why": "A supplier's part is late.",
        "path_to_green": "The part comes in February.",
        "typed": [],
    },
    "propose_notice": {
        "notice": "CCN-040",
        "text": """\
change: CCN-040
title: Calls are answered sooner
signed: 2020-01-20
effective: 2020-04-01
amend:
  - kpi: CSC_KPI_04
    was: {target: at most 7%}
    set: {target: at most 6%}
""",
    },
    "make_comparison": {"earlier": "s1", "later": "s2"},
    "make_report": {"first": "2019-07", "last": "2019-11", "meeting": "2020-01-30"},
}
"""Operation -> its body; an act that is not named says only why."""
