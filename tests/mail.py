"""A mail server for tests that refuses some addresses."""

from smtplib import SMTPRecipientsRefused
from typing import Any

from django.core.mail.backends.locmem import EmailBackend

REFUSED = "refused@example.gov.uk"


class RefusingBackend(EmailBackend):
    """Takes every mail but those to one address."""

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            if REFUSED in message.to:
                raise SMTPRecipientsRefused({REFUSED: (550, b"No such mailbox")})
        return super().send_messages(messages)
