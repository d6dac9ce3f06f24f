"""Links by which people choose a password of their own, so that nobody else ever sets or learns one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from .mailing import SiteAddressError, is_mail_sent, send_behind, site_url
from .models import SecurityEvent, SecurityEventKind, User
from .security_log import record

SALT = "scorecard.invitation"
PAUSE, MOST_A_DAY = timedelta(minutes=1), 10


class InvitationTokens:
    """Makes and checks what stands in a link: signed, with its time; it ends with the password that was set by it."""

    def make_token(self, person: Any) -> str:
        return signing.TimestampSigner(salt=SALT).sign(_state(person)).replace(":", ".")

    def check_token(self, person: Any, token: str | None) -> bool:
        """Whether the link is the person's, in time, and not used yet."""
        try:
            signed = signing.TimestampSigner(salt=SALT).unsign(
                (token or "").replace(".", ":"), max_age=timedelta(days=settings.INVITATION_DAYS)
            )
        except signing.BadSignature:
            return False
        return person is not None and constant_time_compare(signed, _state(person))


def link_for(person: User) -> str:
    """Where the person chooses a password. Raises SiteAddressError."""
    key = urlsafe_base64_encode(force_bytes(person.pk))
    return f"{site_url()}{reverse('invitation', args=[key, InvitationTokens().make_token(person)])}"


def is_mailable(person: User) -> bool:
    """Whether an invitation reaches the person by mail, so that no officer has the link in hand."""
    return is_mail_sent() and bool(person.email.strip())


def signs_in_elsewhere(person: User) -> bool:
    """Whether the person signs in only through single sign-on, so that a password here would be a second way in."""
    return not person.has_usable_password() and SocialAccount.objects.filter(user=person).exists()


def invite(*, person: User, by: User) -> str:
    """Send the person a link to choose a password, or return the one that has to be handed over; "" where it was sent.

    Of somebody without a password, links of before stop working. Raises ValidationError where they can't sign in or
    do so elsewhere, where the site's address is not set, or where they were invited a moment ago.
    """
    if not person.is_active:
        raise ValidationError(f"{person} can’t sign in: tick “Active” first.")
    if signs_in_elsewhere(person):
        raise ValidationError(f"{person} signs in through single sign-on, and needs no password here.")
    now = timezone.now()
    sent = SecurityEvent.objects.filter(kind=SecurityEventKind.INVITED, person=person)
    if sent.filter(at__gt=now - PAUSE).exists() or sent.filter(at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise ValidationError(f"{person} was invited a moment ago. Wait a minute; ten times a day is the most.")
    is_sent = is_mailable(person)
    with transaction.atomic():
        if not person.has_usable_password():
            # No edit of the person: it only ends the links of before.
            person.password = make_password(None)
            User.objects.filter(pk=person.pk).update(password=person.password)
        try:
            link = link_for(person)
        except SiteAddressError as error:
            raise ValidationError(str(error)) from error
        detail = "by e-mail" if is_sent else "with a link to hand over"
        record(SecurityEventKind.INVITED, person=person, by=by, detail=detail)
        if is_sent:
            message = _message(person, by, link)
            transaction.on_commit(lambda: send_behind(message))
    return "" if is_sent else link


def _message(person: User, by: User, link: str) -> EmailMultiAlternatives:
    context = {"person": person, "by": by, "link": link, "days": settings.INVITATION_DAYS, "site": site_url()}
    message = EmailMultiAlternatives(
        "Your account for the performance scorecard",
        render_to_string("registration/invitation_email.txt", context),
        to=[person.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("registration/invitation_email.html", context), "text/html")
    return message


def _state(person: User) -> str:
    told = f"{person.pk} {person.password} {person.email} {person.last_login and person.last_login.isoformat()}"
    return salted_hmac(SALT, told).hexdigest()[:32]
