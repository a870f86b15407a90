"""The pages that say what went wrong and what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muniment.faces.web.whole_bodies import BodyCutOff


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django's
    return render(request, "wrong/not_found.html", {"title": "Page not found"}, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django's
    return render(request, "wrong/forbidden.html", {"title": "You may not see this page"}, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    said = f"What you sent was cut off on its way: {exception}." if isinstance(exception, BodyCutOff) else ""
    context = {"title": "This request cannot be read", "said": said}
    return render(request, "wrong/bad_request.html", context, status=400)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Nothing was recorded: the form came from elsewhere, or the session it was made in has ended."""
    return render(request, "wrong/csrf.html", {"title": "This form is too old"}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Something of ours failed. No template is used that could fail again for the same reason."""
    return render(request, "wrong/broken.html", {"title": "Something went wrong here"}, status=500)
