"""The settings of the tests: the real ones, but fast, on a database of their own, and needing nothing from outside."""

import os

os.environ["DEBUG"] = "0"
os.environ["SECRET_KEY"] = "only-for-tests-only-for-tests-only-for-tests-only-for-tests"
os.environ["SITE_URL"] = "https://scorecard.example.gov.uk"
# Playwright keeps an event loop running in the tests' thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from scorecard.settings import *  # noqa: F403
from scorecard.settings import DATABASES, STORAGES

# The test client and the live server speak http.
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
# Browsers would not take cookies of the names on a server.
SESSION_COOKIE_NAME = "sessionid"
CSRF_COOKIE_NAME = "csrftoken"
DEVICE_COOKIE_NAME = "device"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# What was published is read at once; tests of the waiting set it.
PUBLISHED_PAGES_HOLD_SECONDS = 0

# Nothing goes on behind a test's back; tests of the files switch it on.
MAKE_FILES_WHEN_PUBLISHED = False

# A test sees what it stored, not what another test's page looked like; tests of the cache switch it on.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

# Static files straight from static/built/, without collectstatic.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # The databases are files, because the live server's threads need connections of their own, as in production: a
    # shared one in memory cannot begin two transactions.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"

# People of the tests have no second factor, and are asked nothing again; tests of these things set them.
SECOND_FACTOR_FOR = "none"
CONFIRM_AGAIN_MINUTES = 0
