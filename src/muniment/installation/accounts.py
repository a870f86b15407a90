"""Accounts of the people who sign in: added, closed, listed, given a password; and people's names by their ids."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, suggestion
from muniment.domain.record.act import RefusedError
from muniment.installation.models import Account
from muniment.installation.tokens import end_every_token

EMAIL_REMEDY = "write it as name@organisation.example"


def add_account(*, email: str, name: str, actor: str | None, password: str) -> Account:
    """A new account; or a closed one opened again, which keeps its id in the records. Raises ProblemsFoundError."""
    email = email.strip().lower()
    _must_be_email(email)
    with transaction.atomic():
        account = Account.objects.filter(email=email).first()
        if account is not None and account.is_active:
            what, remedy = "there is an account with this address", "give it a new password with 'account password'"
            raise ProblemsFoundError([Problem(Place(email), "G030", what, remedy)])
        if account is not None and actor not in (None, account.actor):
            what = f"the closed account of this address acts as {account.actor}, not as {actor}"
            raise ProblemsFoundError([Problem(Place(email), "G031", what, "leave out --actor, or use another address")])
        if account is None and actor and Account.objects.filter(actor=actor).exists():
            what, remedy = f"another account acts as {actor}", "leave out --actor to make a new id"
            raise ProblemsFoundError([Problem(Place(email), "G031", what, remedy)])
        account = account or Account.objects.create_user(email, actor=actor or "")
        account.name, account.is_active = name, True
        _set_password(account, password)
    return account


def new_password(*, email: str, password: str) -> Account:
    """Whoever was signed in with the old one is signed out, and tokens end. Raises ProblemsFoundError."""
    account = account_of(email)
    with transaction.atomic():
        _set_password(account, password)
        end_every_token(account, on=timezone.now())
    return account


def close_account(*, email: str) -> Account:
    """Nobody signs in with it any more; its sessions and API keys end at once. What it did in records stays."""
    account = account_of(email)
    with transaction.atomic():
        account.is_active = False
        account.save(update_fields=["is_active"])
        end_every_token(account, on=timezone.now())
    return account


def account_of(email: str) -> Account:
    """Raises ProblemsFoundError where there is none."""
    account = Account.objects.filter(email=email.strip().lower()).first()
    if account is None:
        remedy = suggestion(
            email, Account.objects.values_list("email", flat=True), "add it with 'muniment account add'"
        )
        raise ProblemsFoundError([Problem(Place(email), "G032", "there is no account with this address", remedy)])
    return account


def accounts_by_email() -> tuple[Account, ...]:
    """All of them, closed ones too."""
    return tuple(Account.objects.order_by("email"))


@dataclass(frozen=True)
class SampleAccount:
    """Somebody of a demonstration, who signs in without a password."""

    actor: str
    email: str
    name: str


def make_sample_accounts(people: Iterable[SampleAccount]) -> int:
    """Accounts without a password, made or brought up to date, as often as one likes. How many are new."""
    with transaction.atomic(durable=True):
        return sum(_made(person) for person in people)


def _made(person: SampleAccount) -> bool:
    account = Account.objects.filter(actor=person.actor).first()
    if account is None:
        Account.objects.create_user(person.email, name=person.name, actor=person.actor)
        return True
    account.email, account.name = person.email.lower(), person.name
    account.save(update_fields=["email", "name"])
    return False


def account_for(email: str, name: str) -> tuple[Account, bool]:
    """The account with that address, made where there is none; and whether it is new. Raises RefusedError for somebody
    new without a name."""
    email = email.lower()
    account = Account.objects.filter(email=email).first()
    if account is not None:
        return account, False
    if not name:
        raise RefusedError("named", "nobody with this address has an account here yet", "give their name")
    try:
        return Account.objects.create_user(email, name=name), True
    except IntegrityError:  # somebody else made it in between
        return Account.objects.get(email=email), False


@contextmanager
def account_to_appoint(email: str, name: str) -> Iterator[tuple[Account, bool]]:
    """The same; a new account goes again where nothing comes of the appointment. Raises RefusedError."""
    account, is_new = account_for(email, name)
    try:
        yield account, is_new
    except Exception:
        if is_new:
            account.delete()
        raise


def _set_password(account: Account, password: str) -> None:
    """Django signs out whoever came in with another password."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        what = " ".join(error.messages)
        raise ProblemsFoundError([Problem(Place(account.email), "G033", what.rstrip("."), "choose another")]) from None
    account.set_password(password)
    account.save()


def _must_be_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise ProblemsFoundError([Problem(Place(email), "G034", "this is no e-mail address", EMAIL_REMEDY)]) from None


def names_of(actors: Iterable[str]) -> Mapping[str, str]:
    """Actor -> the name of the account that has one; those without an account or a name are left out."""
    found = Account.objects.filter(actor__in={*actors}).exclude(name="")
    return dict(found.values_list("actor", "name"))


class NamesById:
    """The names that one page asks for. All are looked up with the first: a page of a record names many people."""

    def __init__(self) -> None:
        self._known: Mapping[str, str] | None = None

    def of(self, actor: str) -> str:
        """The person's name; their id where no account has one."""
        if self._known is None:
            self._known = dict(Account.objects.exclude(name="").values_list("actor", "name"))
        return self._known.get(actor, actor)
