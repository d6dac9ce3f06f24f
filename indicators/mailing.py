"""Sending mail behind an answer, and where the links in mails lead: to the site's own address, never to a request's."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from prometheus_client import Counter

MAILS = Counter("scorecard_mails", "Mails handed over to the mail server, or failed.", ["outcome"])
logger = logging.getLogger(__name__)
# Mail is sent in the background, so that how fast a page answers doesn't tell whether anybody was written to: one after
# the other; what is still waiting when the server stops is sent first.
sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")
NO_SITE_URL = (
    "SITE_URL is missing: set it to the address that people open the scorecard at, as "
    "https://scorecard.example.gov.uk, so that links in mails can lead there."
)
BAD_SITE_URL = "SITE_URL is “{}”: it has to be http:// or https:// and the site’s name, without a path behind it."


class SiteAddressError(Exception):
    """The setting SITE_URL is missing or no address; says so in a sentence."""


def site_url() -> str:
    """The site's address without a slash at its end. Raises SiteAddressError."""
    address = settings.SITE_URL.rstrip("/")
    if not address:
        raise SiteAddressError(NO_SITE_URL)
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query or parts.fragment:
        raise SiteAddressError(BAD_SITE_URL.format(settings.SITE_URL))
    return address


def is_mail_sent() -> bool:
    """Whether the operator has set up mail, and said where links in it lead."""
    try:
        site_url()
    except SiteAddressError:
        return False
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


@contextmanager
def counted_mail() -> Iterator[None]:
    """Count a mail for monitoring as sent, or as failed where it raises."""
    try:
        yield
    except Exception:
        MAILS.labels("failed").inc()
        raise
    MAILS.labels("sent").inc()


def send_behind(message: EmailMultiAlternatives) -> None:
    """Send it in the background; a failure goes to the log, without the message."""
    sender.submit(_send, message)


def _send(message: EmailMultiAlternatives) -> None:
    try:
        with counted_mail():
            message.send()
    except Exception:
        logger.exception("A message could not be sent.")
