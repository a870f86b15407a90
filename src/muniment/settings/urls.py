"""Every address that the site answers."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("muniment.settings.api")),
    path("", include("muniment.interfaces.web.urls")),
]
handler400 = "muniment.interfaces.web.error_pages.bad_request"
handler403 = "muniment.interfaces.web.error_pages.forbidden"
handler404 = "muniment.interfaces.web.error_pages.not_found"
handler500 = "muniment.interfaces.web.error_pages.broken"
