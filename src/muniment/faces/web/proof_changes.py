"""What ends when a person's password is another, or a second factor of theirs is taken away."""

from allauth.account.signals import password_changed, password_set
from allauth.mfa.signals import authenticator_removed
from django.dispatch import receiver
from django.utils import timezone

from muniment.faces.web.models import Account
from muniment.faces.web.tokens import end_binding_tokens


@receiver([password_changed, password_set, authenticator_removed])
def end_what_binds(user: Account, **_: object) -> None:
    """Their tokens that do acts that bind. Others go on, for programs use them: they are ended on the account page."""
    end_binding_tokens(user, on=timezone.now())
