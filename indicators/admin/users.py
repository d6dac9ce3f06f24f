"""People, who stands in for them, and what groups may do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm, UsernameField
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import escape, format_html

from indicators.invitations import invite, is_mailable
from indicators.leaving import duties_of, hand_on
from indicators.models import Deputy, User
from indicators.models.fields import AddressFormField
from indicators.people import (
    GIVES_A_PART,
    NOT_OFFERED,
    groups_given_by,
    left_empty_by,
    may_touch,
    reports_of,
    who_can_take,
)

from .base import AuditedAdmin, AuditedTabular, signed_in
from .forms import VersionedForm, row_named
from .lists import SteadyList

# Anybody who may hand these out could give themselves everything.
RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


class RolesForm(forms.ModelForm):
    """With the groups that officers may put people into, of those that give no right which they lack themselves."""

    by: User
    roles = forms.ModelMultipleChoiceField(
        Group.objects.none(), label="Roles", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles: Any = self.fields["roles"]
        roles.queryset = groups_given_by(self.by)
        if self.instance.pk:
            roles.initial = roles.queryset.filter(user=self.instance)


class NewPersonForm(RolesForm):
    """A new person, without a password: they choose it themselves."""

    class Meta:
        model = User
        fields = ("username", "name", "job_title", "email")
        field_classes = {"username": UsernameField, "email": AddressFormField}


class PersonForm(RolesForm, VersionedForm, UserChangeForm):
    """A person. Whoever makes somebody inactive who has something to do says who takes over, or leaves it open."""

    password = None  # type: ignore[assignment]
    successor = forms.ModelChoiceField(
        User.objects.none(),
        label="Who takes over",
        required=False,
        empty_label="Nobody",
        help_text="Takes over all that is listed above, for good; the history says so.",
        error_messages={"invalid_choice": NOT_OFFERED},
    )
    leaves_open = forms.BooleanField(
        label="It stays as it is for now",
        required=False,
        help_text="What nobody active does is listed on the page of each collection.",
    )

    class Meta(UserChangeForm.Meta):
        model = User
        field_classes = {**UserChangeForm.Meta.field_classes, "email": AddressFormField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        successor: Any = self.fields["successor"]
        successor.queryset = who_can_take(reports_of(self.instance)).exclude(pk=self.instance.pk)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        data = self.cleaned_data
        person = User.objects.get(pk=self.instance.pk) if self.instance.pk else None
        stays = data.get("is_active", True)
        if person is None or not person.is_active or data.get("leaves_open"):
            return cleaned
        duties = [] if stays or data.get("successor") or "successor" in self.errors else duties_of(person)
        if duties:
            told = f"{person} {'; '.join(duties)}. Choose who takes over, or tick that it stays as it is for now."
            self.add_error("successor", told)
        groups = {group.name for group in data.get("groups", person.groups.all())} if stays else set()
        for group in left_empty_by(person, groups):
            told = f"{person} is the only active member of “{group}”. Put somebody else into it first, or tick below"
            self.add_error("groups" if stays else "is_active", f"{told} that it stays as it is for now.")
        return cleaned


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
    """People. Only a superuser decides who may do what, but for the roles that officers give.

    Nobody can change a person who may do more than they may, nobody deletes anyone, and nobody sets another's password.
    """

    form = PersonForm
    add_form = NewPersonForm
    inlines = [DeputyInline]
    fieldsets = [
        (None, {"fields": ["username", "signing_in"]}),
        ("Person", {"fields": ["name", "job_title", "email"]}),
        (
            "What the person may do",
            {
                "description": "Don’t delete a person who has left, because the history names them: "
                "untick “Active”, and say below who takes over.",
                "fields": ["is_active", *RIGHTS],
            },
        ),
        ("Dates", {"fields": ["last_login", "date_joined", "lost_factor"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "description": "The person chooses a password of their own: with a link sent by e-mail, or one that "
                "you hand over where there is no e-mail.",
                "fields": ["username", "name", "job_title", "email", "roles"],
            },
        )
    ]
    readonly_fields = ["signing_in", "last_login", "date_joined", "lost_factor"]
    list_display = ["name_or_username", "username", "job_title", "email", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "is_superuser", "groups"]
    search_fields = ["username", "name", "job_title", "email"]
    ordering = ["name", "username"]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        # Nobody is offered for something to do who can't sign in; the list of people still finds them.
        people = queryset
        if request.path == reverse("admin:autocomplete"):
            # A question was asked by whoever raised it, who may only read.
            asks = request.GET.get("field_name") == "asked_by"
            gives_a_part = request.GET.get("field_name") in GIVES_A_PART
            reports = reports_of(about) if gives_a_part and (about := row_named(request.GET.get("about", ""))) else ()
            offered = who_can_take(reports).order_by().values("pk")
            people = queryset.filter(is_active=True) if asks else queryset.filter(pk__in=offered)
        return super().get_search_results(request, people, search_term)

    @admin.display(description="second factor")
    def lost_factor(self, person: User) -> str:
        return format_html(
            '<a href="{}">Take it off, because it is lost</a>', reverse("take_off_factors", args=[person.pk])
        )

    @admin.display(description="name", ordering="name")
    def name_or_username(self, person: User) -> str:
        return str(person)

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return self.inlines if obj else []

    @admin.display(description="password")
    def signing_in(self, person: User) -> Any:
        words = "Chosen by the person." if person.has_usable_password() else "None yet."
        address = reverse("admin:auth_user_password_change", args=[person.pk])
        return format_html('{} <a href="{}">Invite them to choose one</a>', words, address)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by = signed_in(request)
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        duties = duties_of(obj)
        told = f"{obj} {'; '.join(duties)}." if duties else f"{obj} neither reports, owns nor answers anything."
        # The administration prints a description as it is.
        leaving = {"description": escape(told), "fields": ["successor", "leaves_open"]}
        # Whoever sees all groups chooses among them instead.
        given = {"description": "Roles that performance officers give.", "fields": ["roles"]}
        roles = [] if signed_in(request).is_superuser else [("Roles", given)]
        return [*fieldsets[:2], *roles, fieldsets[2], ("When the person leaves", leaving), *fieldsets[3:]]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        person = form.instance
        if not (change and signed_in(request).is_superuser):
            offered, chosen = form.fields["roles"].queryset, form.cleaned_data["roles"]
            person.groups.remove(*offered.filter(user=person).exclude(pk__in=chosen))
            person.groups.add(*chosen)
        if not change:
            self._invite_new(request, person)

    def _invite_new(self, request: HttpRequest, person: User) -> None:
        """By mail at once; a link to hand over is shown on a page of its own, so that it is kept nowhere."""
        if is_mailable(person):
            invite(person=person, by=signed_in(request))
            messages.success(request, f"{person} is invited by e-mail to choose a password.")
        else:
            address = reverse("admin:auth_user_password_change", args=[person.pk])
            told = 'No e-mail reaches {}: <a href="{}">make a link to hand over</a>.'
            messages.warning(request, format_html(told, person, address))

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """In place of Django's page, on which one person sets another's password: the page that invites them."""
        person = self.get_object(request, id)
        if person is None:
            raise Http404("There is no such person.")
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        link = ""
        if request.method == "POST":
            try:
                link = invite(person=person, by=signed_in(request))
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
            else:
                if not link:
                    messages.success(request, f"{person} is invited by e-mail to choose a password.")
                    return HttpResponseRedirect(reverse("admin:indicators_user_change", args=[person.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Invite {person}",
            "opts": self.opts,
            "person": person,
            "is_mailable": is_mailable(person),
            "link": link,
            "days": settings.INVITATION_DAYS,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/invite.html", context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        successor = form.cleaned_data.get("successor") if change else None
        if successor:
            told = hand_on(person=obj, to=successor, by=signed_in(request))
            messages.success(request, f"{successor} takes over from {obj}, who {'; '.join(told) or 'had nothing'}.")
        elif change and "is_active" in form.changed_data and not obj.is_active:
            left = duties_of(obj)
            if left:
                messages.warning(request, f"Nobody takes over from {obj} yet, who {'; '.join(left)}.")
        elif change and "email" in form.changed_data and not obj.email and duties_of(obj):
            messages.warning(request, f"No reminder reaches {obj} any more, who {'; '.join(duties_of(obj))}.")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self.readonly_fields if request.user.is_superuser else [*self.readonly_fields, *RIGHTS]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or may_touch(signed_in(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The people named in the history must stay; unticking “Active” keeps a person out just as well.
        return False


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

    is_listed = False
    autocomplete_fields = ["person", "deputy"]
    list_display = ["person", "deputy", "starts_on", "ends_on"]
    list_select_related = ["person", "deputy"]
    list_filter = [("person", admin.RelatedOnlyFieldListFilter), ("deputy", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["person__name", "person__username", "deputy__name", "deputy__username"]
    ordering = ["-starts_on"]
