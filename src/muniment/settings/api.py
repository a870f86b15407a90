"""The API wired to the site: who a token stands for, and the working files that it shares with the pages."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.http import Http404, HttpRequest
from django.utils import timezone

from muniment.adapters.stores.database.appointments import VisibleContract, contracts_of_person
from muniment.application.acts import CommandContext
from muniment.application.statements import MonthCommandRequest
from muniment.application.stores import today_in
from muniment.application.uploads import SentFile, forget_file
from muniment.domain.evidence.submissions import Submission
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.record.entry import Entry
from muniment.installation.accounts import names_of
from muniment.installation.comparison_jobs import DIFFERENCES_FILE as DIFFERENCES
from muniment.installation.comparison_jobs import SubmissionPair, ask_comparison, comparison_of
from muniment.installation.file_jobs import FILE_CONTENT_TYPES, folder_of
from muniment.installation.invitations import invitation_link, may_invite
from muniment.installation.jobs import ask_refresh, look_after, queue_job
from muniment.installation.models import Account, Job, NoticeDraft, Token, Upload
from muniment.installation.notice_drafts import draft_of, propose_notice, proposed_in
from muniment.installation.second_factor import lacks_second_factor
from muniment.installation.statement_jobs import queue_month_command
from muniment.installation.tokens import account_of_token
from muniment.installation.uploads import keep_upload, submit_upload
from muniment.installation.viewer import DATABASE_ALIAS, SITE_ZONE, Viewer, viewer_of
from muniment.installation.waiting import Wait, waits_in
from muniment.interfaces.api.ports import Caller, JobKind, JobSeen, JobState, MadeFile, NoticeSeen, Person, UploadSeen
from muniment.interfaces.api.routes import addresses, make_api

CALLS_PER_MINUTE = int(os.environ.get("MUNIMENT_API_CALLS", "600"))


@dataclass(frozen=True)
class Calling:
    """Whoever called with a good token."""

    request: HttpRequest
    token: Token

    @property
    def caller(self) -> Caller:
        token, account = self.token, self.token.account
        return Caller(
            token=str(token.id),
            actor=account.actor,
            name=account.name,
            scopes=frozenset(token.scopes),
            contract=token.contract,
            expires_at=token.expires_at,
        )

    def contracts(self) -> Sequence[VisibleContract]:
        return contracts_of_person(self.token.account.actor, on=today_in(SITE_ZONE), using=DATABASE_ALIAS)

    def viewer(self, contract: str) -> "CallingViewer | None":
        try:
            found = viewer_of(self.token.account, contract)
        except Http404:
            return None
        return CallingViewer(found.account, found.contract, found.authority, found.roles, found.today, self.request)


@dataclass(frozen=True)
class CallingViewer(Viewer):
    """The pages' viewer, with the working files that the pages keep for it."""

    request: HttpRequest

    def waits(self, *, subject: str | None = None) -> tuple[Wait, ...]:
        return waits_in(self, subject=subject)

    @property
    def lacks_second_factor(self) -> bool:
        return lacks_second_factor(self.account, self.roles)

    def refresh(self) -> None:
        ask_refresh(self.contract)

    def names_of(self, actors: Iterable[str]) -> Mapping[str, str]:
        return names_of(actors)

    # ---- jobs

    def ask(self, *, kind: JobKind, thing: str, title: str, asked: Mapping[str, Json]) -> JobSeen:
        job = queue_job(account=self.account, contract=self.contract, thing=thing, kind=kind, title=title, asked=asked)
        return _job(job)

    def ask_act(self, asked: MonthCommandRequest, *, reason: str, key: str, seen: int | None) -> JobSeen:
        return _job(
            queue_month_command(self, self.acting(command=asked.command, reason=reason, key=key, seen=seen), asked)
        )

    def jobs(self) -> Sequence[JobSeen]:
        found = Job.objects.filter(contract=self.contract, account=self.account)
        return [_job(job) for job in found.order_by("-asked_at", "id")]

    def job(self, job: UUID) -> JobSeen | None:
        found = Job.objects.filter(id=job, contract=self.contract, account=self.account).first()
        return _job(look_after(found)) if found else None

    def file_of(self, job: UUID, name: str) -> MadeFile | None:
        found = Job.objects.filter(id=job, contract=self.contract, account=self.account, state=Job.DONE).first()
        kind = {**FILE_CONTENT_TYPES, DIFFERENCES: "text/csv; charset=utf-8"}.get(name)
        if found is None or kind is None or not (folder_of(found) / name).is_file():
            return None
        return MadeFile(folder_of(found) / name, kind)

    # ---- uploads

    def keep_upload(self, sent: SentFile, *, portions: Iterable[bytes]) -> UploadSeen:
        return _upload(keep_upload(account=self.account, contract=self.contract, sent=sent, portions=portions))

    def uploads(self) -> Sequence[UploadSeen]:
        found = Upload.objects.filter(contract=self.contract, account=self.account, submitted_as="")
        return [_upload(upload) for upload in found.order_by("-uploaded_at", "id")]

    def upload(self, upload: UUID) -> UploadSeen | None:
        found = Upload.objects.filter(id=upload, contract=self.contract, account=self.account).first()
        return _upload(found) if found else None

    def submit_upload(self, upload: UUID, acting: CommandContext) -> Entry:
        return submit_upload(acting, Upload.objects.get(id=upload, contract=self.contract, account=self.account))

    def discard(self, upload: UUID) -> None:
        found = Upload.objects.get(id=upload, contract=self.contract, account=self.account)
        forget_file(Path(found.path))
        found.delete()

    # ---- comparisons

    def compared(self, *, earlier: Submission, later: Submission) -> Mapping[str, Json] | None:
        return comparison_of(self, SubmissionPair(earlier, later))

    def ask_comparison(self, *, earlier: Submission, later: Submission) -> JobSeen:
        return _job(ask_comparison(self, SubmissionPair(earlier, later)))

    # ---- change notices

    def notices(self) -> Sequence[NoticeSeen]:
        return [_notice(draft) for draft in proposed_in(self.contract)]

    def notice(self, notice: UUID) -> NoticeSeen | None:
        found = draft_of(self.contract, notice)
        return _notice(found) if found else None

    def propose_notice(self, *, path: str, text: str) -> NoticeSeen:
        return _notice(propose_notice(self, path=path, text=text))

    def drop_notice(self, notice: UUID) -> None:
        proposed_in(self.contract).filter(id=notice).update(dropped=True)

    def notice_adopted(self, notice: UUID, *, subject: str) -> None:
        NoticeDraft.objects.filter(id=notice, contract=self.contract).update(adopted_as=subject)

    # ---- people

    def person_of(self, *, email: str, name: str) -> Person | None:
        account = Account.objects.filter(email=email).first()
        if account is not None:
            return Person(account.actor, account.name, is_new=False)
        if not name:
            return None
        try:
            made = Account.objects.create_user(email, name=name)
        except IntegrityError:  # somebody else made it in between
            made = Account.objects.get(email=email)
            return Person(made.actor, made.name, is_new=False)
        return Person(made.actor, made.name, is_new=True)

    def forget(self, person: Person) -> None:
        Account.objects.filter(actor=person.actor).delete()

    def invitation(self, actor: str) -> str | None:
        account = Account.objects.filter(actor=actor).first()
        if account is None or not may_invite(self.account, account):
            return None
        return invitation_link(self.request, account, contract=self.contract)


def authenticated(request: HttpRequest, text: str) -> Calling | None:
    """Who calls with this token; None where it opens nothing."""
    token = account_of_token(text, on=timezone.now())
    return Calling(request, token) if token else None


def _job(job: Job) -> JobSeen:
    found = job.found if isinstance(job.found, dict) else {}
    files = {str(file["href"]).rpartition("/")[2]: str(file["name"]) for file in found.get("files", ())}
    if "comparison" in found:
        files[DIFFERENCES] = "Every row that differs"
    return JobSeen(
        id=job.id,
        kind=job.kind,
        title=job.title,
        thing=job.thing,
        state=cast("JobState", job.state),
        step=job.step,
        error=job.error,
        asked_at=job.asked_at,
        ended_at=job.ended_at,
        files=files,
        entry=found.get("entry"),
        rule=found.get("rule"),
    )


def _upload(upload: Upload) -> UploadSeen:
    return UploadSeen(
        id=upload.id,
        table=upload.table,
        month=upload.month,
        file_name=upload.file_name,
        size=upload.size,
        control_rows=upload.control_rows,
        uploaded_at=upload.uploaded_at,
        job=upload.job_id,
        report=upload.report,
        submitted_as=upload.submitted_as,
        path=Path(upload.path),
    )


def _notice(draft: NoticeDraft) -> NoticeSeen:
    return NoticeSeen(
        id=draft.id,
        path=draft.path,
        text=draft.text,
        proposed_by=draft.proposed_by,
        proposed_at=draft.proposed_at,
        adopted_as=draft.adopted_as,
    )


api = make_api(authenticated, calls_per_minute=CALLS_PER_MINUTE, address=settings.ADDRESS)
urlpatterns = addresses(api)
