"""Every address that the site answers."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("muniment.interfaces.api.routes")),
    path("", include("muniment.interfaces.web.urls")),
]
handler400 = "muniment.interfaces.web.error_pages.bad_request_page"
handler403 = "muniment.interfaces.web.error_pages.forbidden_page"
handler404 = "muniment.interfaces.web.error_pages.not_found_page"
handler500 = "muniment.interfaces.web.error_pages.server_error_page"
