"""The addresses of the identity provider of the tests."""

from allauth.idp import urls as provider
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def here(request: HttpRequest) -> HttpResponse:  # Django's signature
    return HttpResponse("here")


urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("", include(provider)),
    path("", here),
]
