"""Mail is sent in the background, so that how fast a page answers doesn't tell whether anybody was written to."""

import logging
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)
# One after the other; what is still waiting when the server stops is sent first.
sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def is_mail_sent() -> bool:
    """Whether the operator has set up mail."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def send_later(message: EmailMessage) -> None:
    """Send the message in the background. A failure goes to the log, without the message."""
    sender.submit(_send, message)


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception:
        logger.exception("A message could not be sent.")
