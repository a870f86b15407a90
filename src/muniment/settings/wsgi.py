"""The application that a web server calls: `gunicorn muniment.settings.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from muniment.interfaces.web.error_pages import whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muniment.settings")
application = whole_bodies(get_wsgi_application())

from muniment.installation.demonstrations import must_not_let_anybody_in  # noqa: E402  # what it reads is set up just above

must_not_let_anybody_in()
