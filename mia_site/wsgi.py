"""The WSGI entrance that the server (granian) loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mia_site.settings")

application = get_wsgi_application()
