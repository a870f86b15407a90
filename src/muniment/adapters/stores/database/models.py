"""The tables of the database: the record, the agreed text, and projections that can be made again.

No foreign keys lead out of the ledger, so that nothing outside it can stop, change or take along an entry. Text columns
have no length: SQLite would not hold to it, and one rule for both databases is worth more than a limit.
"""

from django.db import models


class StoredContract(models.Model):
    """A contract of the database, and its writers' lock: whoever appends holds this row until the commit.

    `verified_seq`, `verified_hash`: the entry up to which the chain was verified whole, so that opening the contract
    need not do so again. `erasures`: how often a text was erased; a reader that saw fewer reads its texts again.
    """

    id = models.TextField(primary_key=True)
    authority = models.TextField(default="")
    verified_seq = models.PositiveBigIntegerField(default=0)
    verified_hash = models.TextField(default="")
    erasures = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "register_contract"


class LedgerEntry(models.Model):
    """One entry, never changed and never deleted (triggers: append_only.py).

    `content`: the canonical JSON of what is hashed; the columns beside it are there to be searched, and are compared
    with it. `key_sha256`: of the idempotency key, on the first entry of the transaction that has it.
    """

    pk = models.CompositePrimaryKey("contract", "seq")
    contract = models.TextField()
    seq = models.PositiveBigIntegerField()
    kind = models.TextField()
    subject = models.TextField()
    actor = models.TextField()
    recorded_at = models.TextField()
    key_sha256 = models.TextField(null=True)
    previous = models.TextField(null=True)
    hash = models.TextField()
    content = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["contract", "key_sha256"], name="register_one_effect_per_key"),
            models.UniqueConstraint(fields=["hash"], name="register_one_entry_per_hash"),
        )


class LedgerText(models.Model):
    """A free text of an entry, which may be deleted and never changed. `text` is a JSON string: it may hold a NUL."""

    pk = models.CompositePrimaryKey("contract", "seq", "name")
    contract = models.TextField()
    seq = models.PositiveBigIntegerField()
    name = models.TextField()
    salt = models.TextField()
    text = models.TextField()


class AgreedTextVersion(models.Model):
    """Every text that a file of the contract ever had, by its sha256."""

    pk = models.CompositePrimaryKey("contract", "sha256")
    contract = models.TextField()
    sha256 = models.TextField()
    text = models.TextField()

    class Meta:
        db_table = "register_agreedtext"


class AgreedFile(models.Model):
    """A file of the agreed text as it is now, in the order in which the files are read."""

    pk = models.CompositePrimaryKey("contract", "path")
    contract = models.TextField()
    path = models.TextField()
    position = models.PositiveIntegerField()
    sha256 = models.TextField()


class Projection(models.Model):
    """What the projected rows of a contract stand for: the ledger up to `seq`, whose hash is `head`, as known on a day
    of the contract's zone. `is_scripted`: the times of its record are part of an example. `form`: in which they are
    written; rows in another one than the program's are computed again."""

    contract = models.TextField(primary_key=True)
    seq = models.PositiveBigIntegerField()
    head = models.TextField()
    known = models.DateField(null=True)
    zone = models.TextField(default="")
    is_scripted = models.BooleanField(default=False)
    form = models.PositiveIntegerField(default=0)


class WaitingProjection(models.Model):
    """What waits in a contract by its ledger up to `seq`, on the day `known` of the site. `content`: canonical JSON, in
    the form of that number (application/kept_waiting.py)."""

    contract = models.TextField(primary_key=True)
    form = models.PositiveIntegerField()
    seq = models.PositiveBigIntegerField()
    known = models.DateField()
    title = models.TextField()
    content = models.TextField()

    class Meta:
        db_table = "register_waiting"


class MonthResult(models.Model):
    """A projected result. `month`: 2019-11. `content`: canonical JSON, as the result is shown."""

    pk = models.CompositePrimaryKey("contract", "month", "kpi")
    contract = models.TextField()
    month = models.TextField()
    kpi = models.TextField()
    position = models.PositiveIntegerField()
    content = models.TextField()


class MonthCount(models.Model):
    """A projected count of Table 1: how many KPIs of the month fall into the category."""

    pk = models.CompositePrimaryKey("contract", "month", "category")
    contract = models.TextField()
    month = models.TextField()
    category = models.TextField()
    kpis = models.PositiveIntegerField()

    class Meta:
        indexes = (models.Index(fields=["month", "category"], name="register_counts_by_month"),)


class Page(models.Model):
    """A projected page. `name`: home, 2019-11, 2019-11/CSC_KPI_04, history/CSC_KPI_04 ... `content`: canonical JSON."""

    pk = models.CompositePrimaryKey("contract", "name")
    contract = models.TextField()
    name = models.TextField()
    content = models.TextField()


class ProjectedAppointment(models.Model):
    """A projected appointment or delegation: the days on which it holds, both included; `last` None: open-ended.

    `person`: as declared; `person_key`: by which a person is found, whatever the capitals and the spacing.
    """

    pk = models.CompositePrimaryKey("contract", "appointment")
    contract = models.TextField()
    appointment = models.TextField()
    person = models.TextField()
    person_key = models.TextField()
    role = models.TextField()
    first = models.DateField()
    last = models.DateField(null=True)

    class Meta:
        db_table = "register_appointed"
        indexes = (models.Index(fields=["person_key", "contract"], name="register_appointed_by_person"),)
