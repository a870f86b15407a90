"""Drafts of change notices, kept beside the agreed text: proposed, dropped or adopted.

That the supplier agreed to one is no part of this table: it stands in the record.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from muniment.application.command_context import CommandContext
from muniment.application.contract_text import adopt_draft
from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import Entry
from muniment.domain.record.index import first_with_key
from muniment.domain.regime.agreements import Agreement, agreement_known
from muniment.installation.models import NoticeDraft
from muniment.installation.viewer import Viewer


def proposed_in(contract: str) -> QuerySet[NoticeDraft]:
    """In the order of their paths."""
    return NoticeDraft.objects.filter(contract=contract, adopted_as="", dropped=False).order_by("path", "proposed_at")


def proposed_draft(contract: str, draft: UUID) -> NoticeDraft | None:
    """One that is proposed; None where it was adopted or dropped."""
    return proposed_in(contract).filter(id=draft).first()


def draft_of(contract: str, draft: UUID) -> NoticeDraft | None:
    """One that is proposed, or was and is adopted now; None where it was dropped."""
    return NoticeDraft.objects.filter(id=draft, contract=contract, dropped=False).first()


def propose_notice(viewer: Viewer, *, number: str, text: str) -> NoticeDraft:
    """`number`: CCN-040, by which its file is named. Its line ends become those of the files, whatever was sent.
    Raises RefusedError where a file of the agreed text has that name."""
    path = f"changes/{number}.yaml"
    if path in viewer.store.read_texts():
        raise RefusedError("notice_new", f"there is a notice {path} in the agreed text", "choose another number")
    text = text.replace("\r\n", "\n").rstrip() + "\n"
    return NoticeDraft.objects.create(contract=viewer.contract, path=path, text=text, proposed_by=viewer.actor)


def drop_notice(draft: NoticeDraft) -> None:
    """It is not proposed any more."""
    draft.dropped = True
    draft.save(update_fields=["dropped"])


def draft_to_adopt(viewer: Viewer, draft: UUID, *, key: str) -> NoticeDraft | None:
    """One that is proposed. One that was adopted answers only to the idempotency key that adopted it."""
    found = draft_of(viewer.contract, draft)
    if found is not None and found.adopted_as and first_with_key(viewer.record, key) is None:
        return None
    return found


def adopt_notice(acting: CommandContext, draft: NoticeDraft) -> Entry:
    """Adopt the text with the notice, and note which entry did."""
    entry = adopt_draft(acting, path=draft.path, content=draft.text)
    draft.adopted_as = entry.subject
    draft.save(update_fields=["adopted_as"])
    return entry


def agreement_to(draft: NoticeDraft, entries: Iterable[Entry]) -> Agreement | None:
    """The supplier's, to exactly the text that it has now; None where there is none."""
    return agreement_known(entries, notice=draft.path, text=draft.text)
