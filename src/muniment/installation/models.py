"""Django models outside the record: accounts, tokens, jobs, uploads, drafts of notices.

An account names a person; the record knows only the account's `actor`. Deleting an account leaves the record whole.
"""

from secrets import token_hex
from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


def new_actor() -> str:
    """An id that says nothing about the person: p-7c41e09b52."""
    return f"p-{token_hex(5)}"


class Accounts(BaseUserManager["Account"]):
    def create_user(self, email: str, password: str | None = None, *, name: str = "", actor: str = "") -> "Account":
        """An account; without a password it signs in by other means. Raises ValueError without an address."""
        if not email:
            raise ValueError("an account needs an e-mail address")
        account = self.model(email=self.normalize_email(email).lower(), name=name, actor=actor or new_actor())
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A person who can sign in. `actor`: who they are in every record; `name`: erasable, never in a record."""

    actor = models.TextField(unique=True, default=new_actor)
    email = models.EmailField(unique=True)
    name = models.TextField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Accounts] = Accounts()

    def __str__(self) -> str:
        return self.name or self.actor

    def get_full_name(self) -> str:
        return str(self)


class LastLooked(models.Model):
    """Up to which entry a person has looked at a contract's home page."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    contract = models.TextField()
    seq = models.PositiveBigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "contract"], name="web_looked_once"),)


class Job(models.Model):
    """Something that takes longer than a request: what it is, how far it is, what came of it.

    `kind` names the function that does it (jobs.py), `asked` what it was asked to do, `found` what it found (JSON).
    `thing`: the id that it is about, and by which others who may see that thing find it.
    `key`: of an act, its idempotency key. `typed`: what a person wrote for it (JSON), until nobody needs it any more.
    `attempt`: who is doing it now, and `alive_at` when they last said so; `tries`: how often it was begun.
    """

    WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"

    id = models.UUIDField(primary_key=True, default=uuid4)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True)
    contract = models.TextField(db_index=True)
    thing = models.TextField()
    kind = models.TextField()
    title = models.TextField()
    state = models.TextField(default=WAITING)
    step = models.TextField(default="")
    asked = models.JSONField(default=dict)
    key = models.TextField(default="")
    typed = models.TextField(default="")
    found = models.JSONField(null=True)
    error = models.TextField(default="")
    asked_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    attempt = models.TextField(default="")
    alive_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account", "contract", "key"], condition=~models.Q(key=""), name="web_job_once"
            ),
            models.UniqueConstraint(
                fields=["contract"], condition=models.Q(kind="refresh", state="waiting"), name="web_one_refresh_waits"
            ),
            models.UniqueConstraint(
                fields=["contract"], condition=models.Q(kind="refresh", state="running"), name="web_one_refresh_runs"
            ),
        )

    @property
    def is_over(self) -> bool:
        return self.state in (self.DONE, self.FAILED)


class Upload(models.Model):
    """A file that was uploaded and not yet submitted: it counts for nothing until its person submits it.

    `path`: where its bytes are. `report`: its problems, counts and preview (JSON), once `job` has looked at it.
    `submitted_as`: the submission that it became.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    contract = models.TextField(db_index=True)
    table = models.TextField()
    month = models.TextField()
    file_name = models.TextField()
    size = models.PositiveBigIntegerField()
    path = models.TextField()
    control_rows = models.PositiveBigIntegerField(null=True)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True)
    report = models.JSONField(null=True)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    submitted_as = models.TextField(default="")


class Token(models.Model):
    """A key to the API, for its person or for a machine that acts as them. Only its digest is kept.

    `scopes`: see tokens.py; `contract`: blank for all that the person may see.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    name = models.TextField()
    digest = models.TextField(unique=True)
    scopes = models.JSONField(default=list)
    contract = models.TextField(default="", blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)


class NoticeDraft(models.Model):
    """A change notice that is proposed and not adopted: not part of the agreed text until it is.
    The supplier's agreement to it is an entry of the record.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    contract = models.TextField(db_index=True)
    path = models.TextField()
    text = models.TextField()
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField(auto_now_add=True)
    adopted_as = models.TextField(default="")
    dropped = models.BooleanField(default=False)
