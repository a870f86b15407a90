"""The pages as Django knows them: no tables, only their static files."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "muniment.interfaces.web"
    label = "pages"
