"""The WSGI entrance that the server (granian) loads."""

import os

from django.core.wsgi import get_wsgi_application

from mia_site.unread_bodies import ReadBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mia_site.settings")

application = ReadBodies(get_wsgi_application())
