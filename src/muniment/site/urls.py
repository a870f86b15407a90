"""Every address that the site answers."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("muniment.site.api")),
    path("", include("muniment.faces.web.urls")),
]
handler400 = "muniment.faces.web.wrong.bad_request"
handler403 = "muniment.faces.web.wrong.forbidden"
handler404 = "muniment.faces.web.wrong.not_found"
handler500 = "muniment.faces.web.wrong.broken"
