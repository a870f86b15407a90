"""The sign-in library's forms with the words of these pages."""

from collections.abc import Mapping

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as codes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from muniment.installation.tokens import end_every_token


def word(form: forms.Form, words: Mapping[str, tuple[str, str]]) -> None:
    """Field -> its label, and what it says when it is left empty. Placeholders and the library's hints go."""
    form.use_required_attribute = False
    for name, (label, missing) in words.items():
        field = form.fields[name]
        field.label = label
        field.error_messages["required"] = missing
        field.widget.attrs.pop("placeholder", None)


NEW = {
    "password1": ("New password", "Choose a password of at least 12 characters"),
    "password2": ("The new password again", "Write the new password again"),
}
CODE = {"code": ("Code", "Write the code")}


class SignInForm(account.LoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        word(self, {"login": ("E-mail address", "Write your e-mail address"), "password": PASSWORD})
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"


PASSWORD = ("Password", "Write your password")


class ConfirmForm(account.ReauthenticateForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        word(self, {"password": PASSWORD})


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        word(self, {"oldpassword": ("Your password now", "Write the password that you have now"), **NEW})


class SetPasswordForm(account.SetPasswordForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        word(self, NEW)


class AskForLinkForm(account.ResetPasswordForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        word(self, {"email": ("E-mail address", "Write your e-mail address")})

    def save(self, request: HttpRequest, **kwargs: object) -> str:
        """An unknown address gets an e-mail too: neither the page nor the time that it takes tells who has an account.
        The library's own would name a page for registering, which is not there."""
        email = str(self.cleaned_data["email"])
        if self.users:
            super().save(request, **kwargs)
        else:
            get_adapter(request).send_mail("account/email/unknown_account", email, {})
        return email


class NewPasswordForm(account.ResetPasswordKeyForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        word(self, NEW)

    def save(self) -> None:
        """Whoever asks for a new password may have lost the old one to somebody, who may have made a token with it."""
        with transaction.atomic():
            super().save()
            end_every_token(self.user, on=timezone.now())


class CodeForm(codes.AuthenticateForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        word(self, CODE)


class ConfirmCodeForm(codes.ReauthenticateForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        word(self, CODE)


class AppForm(ActivateTOTPForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        word(self, {"code": ("The code that the app shows now", "Write the six digits that the app shows")})


class KeyForm(webauthn.AddWebAuthnForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        word(self, {"name": ("What you call it", "Write a name")})
        self.fields["credential"].error_messages["required"] = "Your browser did not answer. Press the button again"
        self.fields["passwordless"].label = "Use it to sign in without a password (a passkey)"
        self.fields["passwordless"].help_text = "It then has to ask for your fingerprint, face or PIN."


class KeyNameForm(webauthn.EditWebAuthnForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        word(self, {"name": ("What you call it", "Write a name")})
