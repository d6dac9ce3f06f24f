"""What the security log learns by listening: signing in and out, lock-outs, second factors, passwords and roles.

Whoever changes a role or a password is told of in the same way, be it the administration, single sign-on or a command.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from allauth.mfa.signals import authentication_failed, authenticator_used
from axes.signals import user_locked_out
from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import connection
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save

from indicators.models import Deputy, SecurityEvent, User
from indicators.models import SecurityEventKind as Kind
from indicators.security_log import record

from .brakes import ON_KNOWN_DEVICE, is_known_device
from .lockout import record_lock_out, tried
from .refusals import sign_in_refused

# Fields of a person whose changes are told, with their words, and under which kind of event.
ROLES = {"is_active": "can sign in", "is_staff": "manages", "is_superuser": "superuser"}
ACCOUNT = {"username": "user name", "email": "e-mail address"}
METHODS = "account_authentication_methods"
SIGNED_IN_BY = {"socialaccount": "by single sign-on", "mfa": "with a second factor"}
# Signals of django-allauth, where that part of it is in use, and what each tells.
OF_ALLAUTH = {
    ("mfa", "authenticator_added"): Kind.FACTOR_ADDED,
    ("mfa", "authenticator_removed"): Kind.FACTOR_REMOVED,
    ("mfa", "authenticator_reset"): Kind.FACTOR_RESET,
    ("socialaccount", "social_account_added"): Kind.ACCOUNT_CHANGED,
    ("socialaccount", "social_account_removed"): Kind.ACCOUNT_CHANGED,
}


def listen() -> None:
    """Connect all of them, once."""
    sign_in_refused.connect(_refused_elsewhere, dispatch_uid="security_log")
    authenticator_used.connect(_code_used, dispatch_uid="security_log")
    authentication_failed.connect(_code_failed, dispatch_uid="security_log")
    user_logged_in.connect(_signed_in, dispatch_uid="security_log")
    user_logged_out.connect(_signed_out, dispatch_uid="security_log")
    user_login_failed.connect(_failed, dispatch_uid="security_log")
    user_locked_out.connect(_locked_by_axes, dispatch_uid="security_log")
    pre_save.connect(_before_saving, sender=User, dispatch_uid="security_log")
    post_save.connect(_saved, sender=User, dispatch_uid="security_log")
    for through in (User.groups.through, User.user_permissions.through, Group.permissions.through):
        m2m_changed.connect(_rights_changed, sender=through, dispatch_uid="security_log")
    post_save.connect(_stands_in, sender=Deputy, dispatch_uid="security_log")
    post_delete.connect(_stands_in, sender=Deputy, dispatch_uid="security_log")
    for (part, name), kind in OF_ALLAUTH.items():
        if apps.is_installed(f"allauth.{part}"):
            signal = getattr(import_module(f"allauth.{part}.signals"), name)
            signal.connect(_heard(kind), dispatch_uid=f"security_log {name}", weak=False)


def _signed_in(request: Any, user: User, **kwargs: Any) -> None:
    # As django-allauth keeps it while somebody signs in.
    methods = {str(one.get("method")) for one in getattr(request, "session", {}).get(METHODS, ())}
    detail = ", ".join(words for method, words in SIGNED_IN_BY.items() if method in methods)
    record(Kind.SIGNED_IN, person=user, by=user, detail=detail, request=request)
    # For brakes.remember_devices.
    request.signed_in_now = user


def _signed_out(request: Any, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        record(Kind.SIGNED_OUT, person=user, by=user, request=request)


def _failed(request: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    """Somebody gave a wrong password, or was refused without its being looked at."""
    who = tried(credentials.get("username"))
    if getattr(request, "is_refused_unasked", False):
        return record_lock_out(request, who)
    is_again = isinstance(getattr(request, "user", None), User)
    # Without a request it is a program that tries, not a browser.
    is_known = request is not None and "person" in who and is_known_device(request, who["person"])
    kind = Kind.CONFIRMATION_FAILED if is_again else Kind.SIGN_IN_FAILED
    record(kind, request=request, detail=ON_KNOWN_DEVICE if is_known else "", **who)
    return None


def _refused_elsewhere(request: Any, person: User | None, reason: str, **kwargs: Any) -> None:
    """Single sign-on did not let somebody in, or go on. By its detail the brakes know that it was no guess."""
    is_again = isinstance(getattr(request, "user", None), User)
    kind = Kind.CONFIRMATION_FAILED if is_again else Kind.SIGN_IN_FAILED
    record(kind, person=person, detail=f"by single sign-on: {reason}", request=request)


def _code_used(request: Any, user: User, reauthenticated: bool, **kwargs: Any) -> None:  # noqa: FBT001
    if reauthenticated:
        record(Kind.CONFIRMED, person=user, detail="with a second factor", request=request)


def _code_failed(request: Any, user: User, reauthentication: bool, **kwargs: Any) -> None:  # noqa: FBT001
    """A wrong code or passkey is a guess as a wrong password is one."""
    kind = Kind.CONFIRMATION_FAILED if reauthentication else Kind.SIGN_IN_FAILED
    detail = ON_KNOWN_DEVICE if is_known_device(request, user) else ""
    record(kind, person=user, about="second factor", detail=detail, request=request)


def _locked_by_axes(request: Any, username: str, credentials: Any = None, **kwargs: Any) -> None:
    """The failure that locked is told here; whoever goes on is told of by `_failed`."""
    if not getattr(request, "is_refused_unasked", False):
        person = User.objects.named(username).first()
        record_lock_out(request, {"person": person} if person else {"fingerprint": username.removeprefix("unknown ")})


def _before_saving(instance: User, **kwargs: Any) -> None:
    names = (*ROLES, *ACCOUNT)
    instance._before = User.objects.filter(pk=instance.pk).values(*names).first()  # type: ignore[attr-defined]


def _saved(instance: User, created: bool, **kwargs: Any) -> None:  # noqa: FBT001
    # Of a new person it is no news that they can sign in.
    before = instance._before or {"is_active": True}  # type: ignore[attr-defined]
    by = getattr(instance, "_history_user", None)
    if created:
        record(Kind.ACCOUNT_MADE, person=instance, by=by)
    given = [words for name, words in ROLES.items() if getattr(instance, name) and not before.get(name)]
    taken = [words for name, words in ROLES.items() if before.get(name) and not getattr(instance, name)]
    if given or taken:
        record(Kind.ROLES_CHANGED, person=instance, by=by, detail=_given_and_taken(given, taken))
    changed = [words for name, words in ACCOUNT.items() if not created and before.get(name) != getattr(instance, name)]
    if changed:
        record(Kind.ACCOUNT_CHANGED, person=instance, by=by, detail=", ".join(changed))
    # Only while it is being set anew; not when Django stores it in a stronger form.
    if instance._password is not None and not created:  # type: ignore[attr-defined]
        record(Kind.PASSWORD_CHANGED, person=instance, by=by)


def _rights_changed(instance: Any, action: str, reverse: bool, model: Any, pk_set: Any, **kwargs: Any) -> None:  # noqa: FBT001
    """Groups and rights of a person, people of a group, rights of a group."""
    if action not in ("post_add", "post_remove", "pre_clear"):
        return
    if action == "pre_clear":
        others = list(_ends(instance, model, reverse))
    else:
        others = list(model._default_manager.filter(pk__in=pk_set))
    if not others:
        return
    is_given = action == "post_add"

    def told(names: list[str]) -> str:
        return _given_and_taken(names if is_given else [], [] if is_given else names)

    if isinstance(instance, User):
        record(Kind.ROLES_CHANGED, person=instance, detail=told([str(other) for other in others]))
    elif model is User:
        for person in others:
            record(Kind.ROLES_CHANGED, person=person, detail=told([str(instance)]))
    elif SecurityEvent._meta.db_table in connection.introspection.table_names():
        # A migration half-way gives groups their rights before there is a log.
        record(Kind.ROLES_CHANGED, about=f"group: {instance}", detail=told([str(other) for other in others]))


def _stands_in(instance: Deputy, signal: Any, **kwargs: Any) -> None:
    """A deputy may do what their person may: within these days, or no longer at all."""
    until = instance.ends_on or "further notice"
    days = "no longer" if signal is post_delete else f"from {instance.starts_on} until {until}"
    by = getattr(instance, "_history_user", None)
    record(
        Kind.ROLES_CHANGED, person=instance.deputy, by=by, detail=f"stands in for person {instance.person_id}: {days}"
    )


def _ends(instance: Any, model: Any, reverse: bool) -> Any:  # noqa: FBT001
    """All that the instance is linked with."""
    field = next(
        field
        for field in instance._meta.get_fields(include_hidden=True)
        if field.many_to_many and field.related_model is model and field.auto_created == reverse
    )
    return getattr(instance, field.get_accessor_name() if reverse else field.name).all()


def _given_and_taken(given: list[str], taken: list[str]) -> str:
    told = {"given": given, "taken away": taken}
    return "; ".join(f"{words}: {', '.join(sorted(names))}" for words, names in told.items() if names)


def _heard(kind: Kind) -> Any:
    def hear(request: Any, user: User | None = None, authenticator: Any = None, **kwargs: Any) -> None:
        account = kwargs.get("sociallogin") or kwargs.get("socialaccount")
        person = user or getattr(account, "user", None)
        what = str(getattr(authenticator, "type", "")) or ("single sign-on" if account else "")
        record(kind, person=person, detail=what, request=request)

    return hear
