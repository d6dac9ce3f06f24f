"""The scorecard as a WSGI application: gunicorn scorecard.wsgi"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scorecard.settings")
django_application = get_wsgi_application()

# Settings are there only now.
from .requests import text_as_utf8  # noqa: E402

application = text_as_utf8(django_application)
