"""Change notices that are proposed and not adopted: what is kept of them beside the agreed text.

That the supplier agreed to one is no part of this table: it stands in the record.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import Entry
from muniment.domain.regime.agreements import Agreement, agreement_known
from muniment.installation.models import NoticeDraft
from muniment.installation.viewer import Viewer


def proposed_in(contract: str) -> QuerySet[NoticeDraft]:
    """In the order of their paths."""
    return NoticeDraft.objects.filter(contract=contract, adopted_as="", dropped=False).order_by("path", "proposed_at")


def draft_of(contract: str, draft: UUID) -> NoticeDraft | None:
    """One that is proposed, or was and is adopted now; None where it was dropped."""
    return NoticeDraft.objects.filter(id=draft, contract=contract, dropped=False).first()


def propose_notice(viewer: Viewer, *, path: str, text: str) -> NoticeDraft:
    """Raises RefusedError where a file of the agreed text has that path."""
    if path in viewer.store.read_texts():
        raise RefusedError("notice_new", f"there is a notice {path} in the agreed text", "choose another number")
    return NoticeDraft.objects.create(contract=viewer.contract, path=path, text=text, proposed_by=viewer.actor)


def agreement_to(draft: NoticeDraft, entries: Iterable[Entry]) -> Agreement | None:
    """The supplier's, to exactly the text that it has now; None where there is none."""
    return agreement_known(entries, notice=draft.path, text=draft.text)
