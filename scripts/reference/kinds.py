"""Every kind of entry with its fields: found in the source of its payload, described here."""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping

from muniment.commands.entry_kinds import KINDS
from muniment.domain.record.entry import Payload

HOLDS: Mapping[str, str] = {
    "line": "text", "line_or_none": "text or null", "line_if_given": "text, where given", "lines": "list of texts",
    "whole": "whole number from 0", "choice": "one of a few words", "digest": "sha256", "month": "month", "day": "date",
    "day_or_none": "date or null", "pairs": "list of pairs", "pairs_if_given": "list of pairs, where given",
    "free_text": "committed text", "free_text_or_none": "committed text, or none", "fields_of": "object",
    "free_texts": "committed text",
}  # fmt: skip
"""How PayloadReader reads a field -> what the field holds."""
SAYS: Mapping[str, tuple[str, str]] = {
    "record.opened": ("cssc", "The record begins. The first entry of a ledger, and no other."),
    "notice.agreed": ("cssc/notices/CCN-040", "For the supplier, exactly this text of a proposed notice is agreed to."),
    "text.adopted": ("cssc/text/t1", "The files, as they are, are what was agreed."),
    "submission.received": ("cssc/calls/2019-09/s1", "An evidence file came, for one table and month."),
    "submission.approved": ("cssc/calls/2019-09/s1", "The supplier's approver, who did not prepare it, stands by it."),
    "submission.withdrawn": ("cssc/calls/2019-09/s1", "Its supplier took it back before it was accepted."),
    "submission.accepted": ("cssc/calls/2019-09/s1", "An officer accepted it, perhaps without some of its rows."),
    "acceptance.withdrawn": ("cssc/calls/2019-09/s1", "Accepting it was a mistake, and its month is not locked."),
    "evidence.challenged": ("cssc/calls/2019-09/q1", "The authority asks about rows, or about the whole."),
    "challenge.answered": ("cssc/calls/2019-09/q1", "What the supplier says to it."),
    "challenge.closed": ("cssc/calls/2019-09/q1", "How the challenge ended."),
    "result.disputed": ("cssc/CSC_KPI_04/2019-09/d1", "The supplier holds that a KPI's value should be another."),
    "dispute.resolved": ("cssc/CSC_KPI_04/2019-09/d1", "How the dispute ended."),
    "mitigation.requested": ("cssc/ACF_KPI_03/2019-04/g1", "The supplier asks for mitigation."),
    "mitigation.decided": ("cssc/ACF_KPI_03/2019-04/g1", "The authority, and not whoever asked, grants or refuses it."),
    "mitigation.withdrawn": ("cssc/ACF_KPI_03/2019-04/g1", "The supplier no longer asks; nothing was decided yet."),
    "statement.signed": ("cssc/2019-09/v1", "The first signature on a month's statement."),
    "month.locked": ("cssc/2019-09/v1", "The second signature, or an approved restatement."),
    "restatement.proposed": ("cssc/2019-09/r1", "A locked statement should be replaced by another version."),
    "restatement.decided": ("cssc/2019-09/r1", "Whether it is."),
    "statement.kept": ("cssc/2019-09/v1", "What changed after the lock was looked at, and the version is kept."),
    "person.appointed": ("cssc/appointments/a1", "A person may act in a role."),
    "appointment.ended": ("cssc/appointments/a1", "The last day on which it holds."),
    "delegation.made": ("cssc/delegations/d1", "A person stands in for another for some days."),
    "figure.reported": ("cssc/reported/p1", "A figure was published or said, as it was printed."),
    "act.refused": ("cssc/refusals/x1", "A person with an appointment tried what a rule does not allow."),
    "text.erased": ("cssc/erasures/e1", "A free text of an entry was taken away."),
    "rows.discarded": ("cssc/discards/n1", "The files of months before a month were discarded; they stay locked."),
    "failure.explained": ("cssc/CSC_KPI_04/2019-09/f1", "Why a KPI failed. A later note for the same month counts."),
    "project.updated": ("cssc/projects/wan/2019-11-30/u1", "How a project stands as at a day."),
}  # fmt: skip
"""Kind -> an example of its subject, and what it says."""
FIELDS: Mapping[str, str] = {
    "about": "id of the thing that it was tried on",
    "act": "the kind of entry that was tried",
    "after_lock": "the version of the month's statement that was locked by then",
    "after_locks": "months with the version of their statement that was locked by then",
    "answer": "in the supplier's words",
    "appointment": "id of the appointment that is stood in for",
    "as_at": "the day that it describes",
    "authority_alone": "whether both signatures are the authority's",
    "authority_value": "the value that it was disputed from",
    "before": "the first month whose rows are kept",
    "cause": "why it failed; of a restatement, what made it necessary",
    "class": "correction or revision",
    "clock": "`system`, or `scripted` where times are part of an example",
    "computed_on": "`seq` of the last entry that the statement was computed from",
    "contract": "short id of the contract",
    "days": "what a grant in part covers",
    "differences": "what differs between the versions, before and after",
    "effect": "what a grant does; of a failure, what followed from it",
    "entry": "`seq` of the entry whose text was erased",
    "fact": "address of the figure",
    "file_name": "as it was sent",
    "files": "path and sha256 of each file, in the order of the paths; of rows the submission and sha256 of each",
    "fingerprint": "that of the consolidated text, where given",
    "first": "first month asked for, or first day of an appointment",
    "ground": "name of the ground",
    "how": "whether it was published or said",
    "kind": "`csv` or `parquet`",
    "kpi": "code of the KPI",
    "last": "last month asked for, or last day of an appointment",
    "month": "the month of the statement",
    "name": "of an appointment the person's name; of an erasure the text that was erased",
    "notice": "the file that it is to be among the agreed text",
    "number": "1 for v1",
    "on": "the day on which it was",
    "outcome": "how it was decided",
    "overdue": "tables without which the month is settled",
    "overdue N": "why the month is settled without that table",
    "path_to_green": "the way back to green",
    "period": "the month; of a longer period the last",
    "person": "the id that acts declare",
    "plan": "the improvement plan",
    "printed": "the figure as it stood, or was said",
    "project": "id of the project",
    "question": "in the authority's words",
    "rag": "`red`, `amber` or `green`",
    "rejected": "ids of rows that do not count",
    "rejected N": "why that row does not count",
    "remedy": "what is done about it",
    "review_on": "when it will be looked at again",
    "ripple": "later locked months that change with it, each proposed in the same transaction",
    "goes_with": "id of the proposal with which it is decided",
    "outside_window": "the last day of the agreed window, where only evidence after it makes the restatement necessary",
    "silent_after": "the last day for an answer, where the act rests on there being none",
    "under": "the term by which it is deemed, and its clause",
    "touches": "locked months of which the text says something else than when they were locked",
    "role": "in which role the person acts",
    "rows": "how many rows; or the ids of those that are meant",
    "rule": "the rule that stood against it",
    "said": "what was answered",
    "sealed": "outputs and inputs as they were signed",
    "sha256": "names the file in `blobs/`; of a notice that of its text",
    "stage": "where the project is",
    "statement": "fingerprint of the statement",
    "known": "the day on which it was known so",
    "submission": "id of the submission",
    "supersedes": "id of the submission that it replaces",
    "supplier_value": "what the supplier says it should be",
    "table": "the evidence table",
    "typed": "figures typed into the texts, each with its source",
    "where": "the paper or meeting",
    "why": "the reason of the rating",
    "workbook": "sha256 of the workbook that the file was read from, where one was sent",
}
"""Name of the field -> what it is."""


def fields_of(payload: type[Payload]) -> dict[str, str]:
    """Field -> what it holds: what `fields` and `texts` hand out, as `read` reads it."""
    read = _read_as(payload)
    texts = dict.fromkeys(_keys(payload, "texts"), "committed text")
    return {name: read.get(name) or _form(payload, name) for name in _keys(payload, "fields")} | texts


def _form(payload: type[Payload], field: str) -> str:
    """Of a field that `read` reads in its own way."""
    return "true or false" if inspect.get_annotations(payload).get(f"is_{field}") is bool else "list"


def undescribed() -> list[str]:
    """Kinds and fields of which nothing is said here."""
    found = [kind for kind in KINDS if kind not in SAYS]
    fields = ((kind, field) for kind, payload in KINDS.items() for field in fields_of(payload))
    return [*found, *(f"{kind}.{field}" for kind, field in fields if field not in FIELDS)]


def _tree(payload: type[Payload], method: str) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(getattr(payload, method))))


def _keys(payload: type[Payload], method: str) -> Iterator[str]:
    """The keys of the dictionaries that the method builds; `rejected 1`, `rejected 2` ... as `rejected N`."""
    for node in ast.walk(_tree(payload, method)):
        keys = node.keys if isinstance(node, ast.Dict) else [node.key] if isinstance(node, ast.DictComp) else []
        for key in keys:
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value
            elif isinstance(key, ast.JoinedStr) and isinstance(key.values[0], ast.Constant):
                yield f"{str(key.values[0].value).strip()} N"


def _read_as(payload: type[Payload]) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in ast.walk(_tree(payload, "read")):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "typed_figures":
            found["typed"] = HOLDS["pairs"]
        elif isinstance(node.func, ast.Attribute) and node.func.attr in HOLDS and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.setdefault(first.value, HOLDS[node.func.attr])
    return found
