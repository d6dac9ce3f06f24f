#!/usr/bin/env python
"""Django's command line for the scorecard: .venv/bin/python manage.py help"""

import os
import secrets
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scorecard.settings")
    if sys.argv[1:2] == ["audit_spreadsheet"]:
        # It works without any setting-up: it signs nothing and opens no database.
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit("Django is not here: run `make setup`, then .venv/bin/python manage.py …") from error
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
