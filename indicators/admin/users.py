"""People, who stands in for them, and what groups may do."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from indicators.models import Deputy, User

from .base import AuditedAdmin, AuditedTabular, signed_in
from .forms import VersionedForm
from .lists import SteadyList

# Anybody who may hand these out could give themselves everything.
RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


class NewPersonForm(AdminUserCreationForm):
    """A new person with a user name and a password."""

    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("username", "name", "job_title", "email")


class PersonForm(VersionedForm, UserChangeForm):
    """A person."""

    class Meta(UserChangeForm.Meta):
        model = User


class DeputyInline(AuditedTabular):
    """Who stands in for the person."""

    model = Deputy
    fk_name = "person"
    autocomplete_fields = ["deputy"]
    list_select_related = ("person", "deputy")
    extra = 0
    verbose_name_plural = "deputies of this person"


@admin.register(User)
class PersonAdmin(AuditedAdmin, DjangoUserAdmin):
    """People. Only a superuser decides who may do what.

    Nobody can change a person who may do more than they may, and nobody deletes anyone.
    """

    form = PersonForm
    add_form = NewPersonForm
    inlines = [DeputyInline]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Person", {"fields": ["name", "job_title", "email"]}),
        (
            "What the person may do",
            {
                "description": "Don’t delete a person who has left, because the history names them: untick “Active”.",
                "fields": ["is_active", *RIGHTS],
            },
        ),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "name", "job_title", "email", "usable_password", "password1", "password2"]})
    ]
    readonly_fields = ["last_login", "date_joined"]
    list_display = ["name_or_username", "username", "job_title", "email", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "is_superuser", "groups"]
    search_fields = ["username", "name", "job_title", "email"]
    ordering = ["name", "username"]

    @admin.display(description="name", ordering="name")
    def name_or_username(self, person: User) -> str:
        return str(person)

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return self.inlines if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self.readonly_fields if request.user.is_superuser else [*self.readonly_fields, *RIGHTS]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The people named in the history must stay; unticking “Active” keeps a person out just as well.
        return False

    @staticmethod
    def _may_touch(request: HttpRequest, obj: Any) -> bool:
        """Whoever sets a person's password can sign in as them, so nobody may who would gain rights that way."""
        by = signed_in(request)
        if by.is_superuser or obj is None:
            return True
        return not obj.is_superuser and not _rights(obj).exclude(pk__in=_rights(by)).exists()


def _rights(person: User) -> QuerySet[Permission]:
    """Read from the database, since Django gives an inactive person no rights."""
    return Permission.objects.filter(Q(user=person) | Q(group__user=person))


admin.site.unregister(Group)


@admin.register(Group)
class RightsAdmin(SteadyList, DjangoGroupAdmin):
    """What a group may do. Only superusers change it, and the log keeps each right that was given or taken away."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Its rights would vanish without a trace in the history; an empty group does no harm.
        return False

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:  # noqa: FBT001, FBT002
        # A group has no history of its own, and Django would only say “Changed Permissions.”
        before, now = set(form.initial.get("permissions", [])), set(form.cleaned_data["permissions"])
        told = {"Name": {form.cleaned_data["name"]}, "Given": now - before, "Taken away": before - now}
        return "; ".join(f"{what}: {', '.join(sorted(map(str, rows)))}" for what, rows in told.items() if rows)


@admin.register(Deputy)
class DeputyAdmin(AuditedAdmin):
    """Who stands in for whom."""

    autocomplete_fields = ["person", "deputy"]
    list_display = ["person", "deputy", "starts_on", "ends_on"]
    list_select_related = ["person", "deputy"]
    list_filter = [("person", admin.RelatedOnlyFieldListFilter), ("deputy", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["person__name", "person__username", "deputy__name", "deputy__username"]
    ordering = ["-starts_on"]
