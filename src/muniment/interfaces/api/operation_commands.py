"""Which act each operation is. By its act an operation knows who may do it, and which scope a token needs for it."""

from collections.abc import Mapping

from muniment.domain.lifecycle.permissions import CommandName

OPERATION_COMMANDS: Mapping[str, CommandName] = {
    "submit_upload": "submit",
    "approve_submission": "approve",
    "withdraw_submission": "withdraw_submission",
    "accept_submission": "accept",
    "withdraw_acceptance": "withdraw_acceptance",
    "challenge_submission": "challenge",
    "answer_challenge": "answer",
    "close_challenge": "close_challenge",
    "request_mitigation": "request_mitigation",
    "decide_mitigation": "decide_mitigation",
    "withdraw_mitigation": "withdraw_mitigation",
    "dispute_result": "dispute",
    "resolve_dispute": "resolve_dispute",
    "explain_failure": "explain_failure",
    "sign_statement": "sign",
    "lock_month": "lock",
    "confirm_statement": "confirm_statement",
    "propose_restatement": "propose_restatement",
    "decide_restatement": "decide_restatement",
    "appoint_person": "appoint",
    "end_appointment": "end_appointment",
    "delegate_appointment": "delegate",
    "update_project": "update_project",
    "agree_to_notice": "agree_notice",
    "adopt_text": "adopt_text",
    "adopt_notice": "adopt_text",
}
"""The operation's id -> the act."""

NOT_HERE: Mapping[CommandName, str] = {
    "open_record": "A record is opened by the command line, before there is anybody to ask.",
    "report_figure": "Figures are recorded as reported when a paper is published, by the command line.",
    "erase_text": "Whoever runs the site erases, by the command line, where the deletion can be seen through.",
    "discard_rows": "Whoever runs the site discards rows, by the command line, where the deletion can be seen through.",
}
"""Acts that are no operation, and why. None of them is a page's either."""
