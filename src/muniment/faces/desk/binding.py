"""Acts that bind somebody, move money or let people in: whoever does one proves again who they are."""

from muniment.domain.lifecycle.permissions import Verb

BINDING: frozenset[Verb] = frozenset(
    {
        "sign", "lock", "keep_statement", "propose_restatement", "decide_restatement", "decide_mitigation",
        "resolve_dispute", "agree_notice", "adopt_text", "appoint", "end_appointment", "delegate",
    }
)  # fmt: skip
"""Pages ask for the password, a code or a passkey before them. A token cannot be asked: it needs the scope `bind`,
which is given for a day, just after its person was."""
