"""People and who stands in for them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest

from indicators.models import Deputy, User

from .base import AuditedAdmin
from .forms import VersionedForm
from .inlines import AuditedTabular

# Who may hand these out could give themselves everything.
RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


class NewPersonForm(AdminUserCreationForm):
    """A new person with a user name and a password."""

    default_renderer = DjangoTemplates

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
    """People. Only a superuser decides who may do what, and changes a superuser."""

    form = PersonForm
    add_form = NewPersonForm
    inlines = [DeputyInline]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Person", {"fields": ["name", "job_title", "email"]}),
        (
            "What the person may do",
            {
                "description": "A person who has left is not deleted, for the history names them: untick “Active”.",
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
        return super().has_delete_permission(request, obj) and self._may_touch(request, obj)

    @staticmethod
    def _may_touch(request: HttpRequest, obj: Any) -> bool:
        return request.user.is_superuser or not getattr(obj, "is_superuser", False)


@admin.register(Deputy)
class DeputyAdmin(AuditedAdmin):
    """Who stands in for whom."""

    autocomplete_fields = ["person", "deputy"]
    list_display = ["person", "deputy", "starts_on", "ends_on"]
    list_select_related = ["person", "deputy"]
    list_filter = [("person", admin.RelatedOnlyFieldListFilter), ("deputy", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["person__name", "person__username", "deputy__name", "deputy__username"]
    ordering = ["-starts_on"]
