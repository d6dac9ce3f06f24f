"""The admin of scorecards, their sections and lines, editions and reminders, and of failed sign-ins."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import allauth.account.admin
import allauth.mfa.admin
import allauth.socialaccount.admin
import allauth.usersessions.admin  # noqa: F401 - registered now, so that they can be taken out below
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Q, QuerySet, Sum, Window
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from indicators.admin.base import AuditedAdmin, AuditedTabular, RecordAdmin, signed_in
from indicators.admin.bulk import ChangePeople
from indicators.admin.forms import VersionedForm
from indicators.admin.indicator import IndicatorAdmin
from indicators.admin.lists import MonthFilter, SteadyList
from indicators.admin.users import PersonAdmin
from indicators.calculations.months import month_text
from indicators.models import ComparatorGroup, Indicator, User
from indicators.moments import day_in_words
from indicators.people import GIVEN_BY_OFFICERS, NEEDED_GROUPS, READERS
from indicators.resources.formats import MOST_NAMED
from scorecard.accounts.linking import unlink
from scorecard.accounts.lockout import unlock
from scorecard.display.fonts import known_warnings_of
from scorecard.models import (
    CouncilDetails,
    Edition,
    EditionState,
    GlossaryEntry,
    Line,
    Publication,
    PublicText,
    PublishedDocument,
    Reminder,
    ReminderKind,
    Scorecard,
    Section,
)
from scorecard.models.scorecard import GROUP_FIELDS
from scorecard.publication.shown import few_in_lines
from scorecard.roles import PANEL_MEMBERS, PERFORMANCE_OFFICERS

# Where these prevent deleting, the page says so, and not that a right is missing which somebody else might have.
NOBODY_DELETES = {Publication._meta.verbose_name}

NEEDED_GROUPS.add(PERFORMANCE_OFFICERS)
GIVEN_BY_OFFICERS.add(PANEL_MEMBERS)
READERS.add(PANEL_MEMBERS)

# What allauth keeps has no pages of its own here: providers come from settings alone, and what officers may know and
# undo of a person's sign-in stands with the person.
admin.site.unregister([EmailAddress, SocialAccount, SocialApp, SocialToken, Authenticator, UserSession])


admin.site.unregister(User)


@admin.register(User)
class PersonWithSignOnAdmin(PersonAdmin):
    """People, with how their accounts are linked where single sign-on is set up."""

    actions = ["unlink"]

    @admin.display(description="single sign-on")
    def single_sign_on(self, person: User) -> str:
        links = SocialAccount.objects.filter(user=person).order_by("date_joined")
        told = [f"linked on {day_in_words(one.date_joined)}, used on {day_in_words(one.last_login)}" for one in links]
        return "; ".join(told).capitalize() or "Not linked"

    @admin.action(description="Unlink from single sign-on", permissions=["change"])
    def unlink(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """For people whom the provider takes for somebody else by now: the next sign-in is linked anew."""
        theirs = [person for person in people if self.has_change_permission(request, person)]
        if len(theirs) < len(people):
            messages.error(request, f"You may not change {len(people) - len(theirs)} of them.")
        messages.success(request, f"Unlinked: {unlink(theirs, by=signed_in(request), request=request)}.")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        return actions if settings.SINGLE_SIGN_ON else {name: one for name, one in actions.items() if name != "unlink"}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "single_sign_on"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        is_told = obj is not None and settings.SINGLE_SIGN_ON
        return [*fieldsets, ("Single sign-on", {"fields": ["single_sign_on"]})] if is_told else fieldsets


class SectionFilter(admin.SimpleListFilter):
    """By a scorecard's section. `path` leads from the list's rows to the section."""

    title = "section"
    parameter_name = "section"
    path = "section"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        sections = list(Section.objects.select_related("scorecard"))
        is_one_scorecard = len({section.scorecard_id for section in sections}) == 1
        return [(str(section.pk), section.title if is_one_scorecard else str(section)) for section in sections]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in {value for value, _ in self.lookup_choices}:
            return queryset
        return queryset.filter(**{self.path: self.value()}).distinct()


class IndicatorSectionFilter(SectionFilter):
    """The sections in which an indicator is a line."""

    path = "lines__section"


# Indicators know nothing of scorecards; their list gets this filter from here.
IndicatorAdmin.list_filter = [IndicatorSectionFilter, *IndicatorAdmin.list_filter]


def _tell_of_no_scorecard(references: Collection[str]) -> SafeString | None:
    """Where those of the indicators that are on no scorecard can be put on one; None where each is on one."""
    alone = Indicator.objects.filter(reference__in=references, lines=None).order_by("reference")
    names = list(alone.values_list("reference", flat=True))
    if not names:
        return None
    found = {"find": names[0]} if len(names) == 1 else {}
    ways = [
        (f"{reverse('arrange_scorecard', args=[one.slug], query=found)}#find", one) for one in Scorecard.objects.all()
    ]
    links = format_html_join(", ", '<a href="{}">{}</a>', ways or [(reverse("new_scorecard"), "a new scorecard")])
    are, it, section = ("is", "it", "a section") if len(names) == 1 else ("are", "them", "sections")
    told = f"on no scorecard, so nobody is asked for {it} and no reader sees {it}. Put {it} into {section} of"
    left = len(names) - MOST_NAMED
    named = ", ".join(names[:MOST_NAMED]) + (f" and {left} more" if left > 0 else "")
    return format_html("{} {} {}: {}.", named, are, told, links)


IndicatorAdmin.has_to_say_of_new = [_tell_of_no_scorecard]


# Nor do they know what can be printed.
AuditedAdmin.has_to_say_of_texts = [known_warnings_of]


class SectionInline(AuditedTabular):
    """A scorecard's sections; “Change” leads to a section's lines."""

    model = Section
    ordering = ["position", "pk"]
    list_select_related = ("scorecard",)


@admin.register(Scorecard)
class ScorecardAdmin(AuditedAdmin):
    """Scorecards."""

    inlines = [SectionInline]
    fields = [
        "title",
        "slug",
        "position",
        ("council", "panel"),
        "region",
        ("council_code", "region_code"),
        ("commentary_from_change", "four_eyes"),
        GROUP_FIELDS[:3],
        GROUP_FIELDS[3:],
        "areas_of_focus",
        ("arranging", "public"),
    ]
    readonly_fields = ["arranging", "public"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["areas_of_focus"]
    list_display = ["title", "position", "arranging", "panel", "is_public", "suppresses_small_counts"]
    list_filter = ["is_public", "suppresses_small_counts"]
    search_fields = ["title", "council", "panel"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        codes = ComparatorGroup.objects.values_list("code", flat=True)[:3]
        began = CouncilDetails.present().for_new_scorecards
        return super().get_changeform_initial_data(request) | began | dict(zip(GROUP_FIELDS, codes, strict=False))

    def save_model(self, request: HttpRequest, obj: Scorecard, form: Any, change: bool) -> None:  # noqa: FBT001
        """A new one also begins with what the form doesn't ask: what the public will read."""
        if not change:
            for name, value in CouncilDetails.present().for_new_scorecards.items():
                if name not in form.fields:
                    setattr(obj, name, value)
        super().save_model(request, obj, form, change)

    @admin.display(description="everyday work")
    def arranging(self, scorecard: Scorecard) -> str:
        if scorecard.pk is None:
            return format_html('<a href="{}">Add one on a page of its own</a>', reverse("new_scorecard"))
        pages = {"arrange_scorecard": "Sections and lines", "new_year": "New year"}
        links = [(reverse(name, args=[scorecard.slug]), words) for name, words in pages.items()]
        return format_html_join(", ", '<a href="{}">{}</a>', links)

    @admin.display(description="what the public reads")
    def public(self, scorecard: Scorecard) -> str:
        if scorecard.pk is None:
            return "Nothing at first: small counts are hidden, and only signed-in people read its reports."
        address = reverse("public_settings", args=[scorecard.slug])
        return format_html('<a href="{}">See and change it</a>', address)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        # Nobody deletes a decision by itself, but a scorecard that was never published takes its decisions along.
        return deleted, counts, set(forbidden) - {PublicText._meta.verbose_name, *NOBODY_DELETES}, protected


def tell_of_few(request: HttpRequest, lines: Iterable[Line]) -> None:
    """Say which of the lines that were put on a scorecard bring small counts into reports that hide none."""
    keys: dict[Scorecard, list[int]] = {}
    for line in lines:
        keys.setdefault(line.section.scorecard, []).append(line.indicator_id)
    for scorecard, added in keys.items():
        address = reverse("public_settings", args=[scorecard.slug])
        for words in few_in_lines(scorecard, added):
            told = format_html('{} <a href="{}">See what the public reads</a>', words, address)
            messages.warning(request, told)


class LineInline(AuditedTabular):
    """A section's lines in their order."""

    model = Line
    autocomplete_fields = ["indicator"]
    ordering = ["position", "pk"]
    list_select_related = ("indicator", "section")


@admin.register(Section)
class SectionAdmin(ChangePeople, AuditedAdmin):
    """Sections with their lines."""

    path_to_rows = "lines__section"
    is_listed = False
    inlines = [LineInline]
    autocomplete_fields = ["scorecard"]
    list_display = ["title", "scorecard", "position"]
    list_select_related = ["scorecard"]
    list_filter = ["scorecard"]
    search_fields = ["title", "scorecard__title"]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        changed = [line for formset in formsets for line, names in formset.changed_objects if "indicator" in names]
        added = [*changed, *(line for formset in formsets for line in formset.new_objects)]
        # All the lines of a section that was moved come to another scorecard with it.
        is_moved = change and "scorecard" in form.changed_data
        tell_of_few(request, form.instance.lines.select_related("section__scorecard") if is_moved else added)


@admin.register(Line)
class LineAdmin(ChangePeople, AuditedAdmin):
    """Lines: which indicators a section has, and in which order."""

    path_to_rows = "lines"
    is_listed = False
    autocomplete_fields = ["section", "indicator"]
    list_display = ["reference", "title", "section", "position", "owner", "reporter"]
    list_display_links = ["reference", "title"]
    list_select_related = ["section__scorecard", "indicator__owner", "indicator__reporter"]
    list_filter = [
        SectionFilter,
        ("indicator__owner", admin.RelatedOnlyFieldListFilter),
        ("indicator__reporter", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["indicator__reference", "indicator__title", "section__title"]

    def save_model(self, request: HttpRequest, obj: Line, form: Any, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        if not change or {"section", "indicator"} & set(form.changed_data):
            tell_of_few(request, [obj])

    @admin.display(description="indicator", ordering="indicator__reference")
    def reference(self, line: Line) -> str:
        return line.indicator.reference

    @admin.display(description="title", ordering="indicator__title")
    def title(self, line: Line) -> str:
        return line.indicator.title

    @admin.display(description="owner", ordering="indicator__owner__name")
    def owner(self, line: Line) -> Any:
        return line.indicator.owner

    @admin.display(description="reporter", ordering="indicator__reporter__name")
    def reporter(self, line: Line) -> Any:
        return line.indicator.reporter


class EditionForm(VersionedForm):
    """An edition's dates. Its state is not a field here, so the form checks what the constraint on the state would."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.state == EditionState.COLLECTING:
            for name in ("opens_on", "due_on"):
                if name in self.cleaned_data and self.cleaned_data[name] is None:
                    self.add_error(name, "An edition that is collected needs an opening date and a due date.")
        return cleaned


@admin.register(Edition)
class EditionAdmin(AuditedAdmin):
    """Editions: a scorecard for a month and a meeting. Opening them and moving them on have pages of their own."""

    form = EditionForm
    days_kept = ("opens_on", "due_on", "meeting_date")
    fields = [
        ("scorecard", "month"),
        ("state", "collection"),
        ("opens_on", "due_on", "meeting_date"),
        "overview",
    ]
    readonly_fields = ["state", "collection"]
    autocomplete_fields = ["scorecard", "overview"]
    list_display = ["scorecard", "month_name", "state", "opens_on", "due_on", "meeting_date", "overview"]
    list_select_related = ["scorecard", "overview"]
    list_filter = ["state", MonthFilter, "scorecard"]
    search_fields = ["scorecard__title", "overview__title"]
    date_hierarchy = "month"
    ordering = ["-month"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What was published is looked at here: revising it, and writing its overview, have pages of their own."""
        if obj is None or not obj.publications.exists():
            return self.readonly_fields
        return [*self.readonly_fields, "scorecard", "month", *self.days_kept, "overview"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Editions are opened on the page that suggests their dates.
        return False

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        # Nobody deletes a reminder by itself, but an edition that was opened by mistake takes its reminders along.
        allowed = {Reminder._meta.verbose_name, *NOBODY_DELETES}
        return deleted, counts, set(forbidden) - allowed, protected

    @admin.display(description="month", ordering="month")
    def month_name(self, edition: Edition) -> str:
        return f"{edition.month:%B %Y}"

    @admin.display(description="collection")
    def collection(self, edition: Edition) -> str:
        address = reverse("collection", args=[edition.scorecard.slug, month_text(edition.month)])
        return format_html('<a href="{}">See how its lines are getting on, and move it on</a>', address)


@admin.register(Reminder)
class ReminderAdmin(RecordAdmin):
    """Which reminders were mailed to whom."""

    fields = ["edition", "kind", ("person", "lines_of"), ("lines", "occasion"), ("address", "sent_at")]
    list_display = ["sent_at", "person", "whose", "kind_name", "edition", "lines", "address"]
    list_select_related = ["edition__scorecard", "person", "lines_of"]
    list_filter = [
        "kind",
        ("edition__scorecard", admin.RelatedOnlyFieldListFilter),
        ("person", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["person__name", "person__username", "lines_of__name", "address", "edition__scorecard__title"]
    search_help_text = "A person, an address, or words of the scorecard’s title."
    date_hierarchy = "sent_at"
    ordering = ["-sent_at", "-pk"]

    @admin.display(description="standing in for", ordering="lines_of__name")
    def whose(self, reminder: Reminder) -> Any:
        return None if reminder.lines_of_id == reminder.person_id else reminder.lines_of

    @admin.display(description="about", ordering="kind")
    def kind_name(self, reminder: Reminder) -> str:
        return ReminderKind(reminder.kind).label


class DocumentInline(admin.TabularInline):
    """The frozen documents of a publication, without their text, which the report's page shows."""

    model = PublishedDocument
    fields = ["audience", "checksum"]
    verbose_name_plural = "documents"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("body")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Publication)
class PublicationAdmin(RecordAdmin):
    """What was published when, by whom and why. Publishing and correcting have pages of their own."""

    inlines = [DocumentInline]
    fields = [("edition", "number"), ("kind", "reason"), ("published_at", "published_by"), "checksum", "page"]
    readonly_fields = ["page"]
    list_display = ["published_at", "edition", "number", "kind", "reason", "published_by"]
    list_select_related = ["edition__scorecard", "published_by"]
    list_filter = ["kind", ("edition__scorecard", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["edition__scorecard__title", "reason", "published_by__name", "published_by__username"]
    search_help_text = "Words of the scorecard’s title or of the reason, or a person."
    date_hierarchy = "published_at"
    ordering = ["-published_at", "-pk"]

    @admin.display(description="report")
    def page(self, publication: Publication) -> str:
        edition = publication.edition
        place = [edition.scorecard.slug, month_text(edition.month), publication.number]
        return format_html('<a href="{}">As it was published</a>', reverse("publication", args=place))


@admin.register(PublicText)
class PublicTextAdmin(RecordAdmin):
    """Which texts near hidden counts the public reads, and who decided. Deciding has a page of its own."""

    fields = ["where", ("scorecard", "month"), ("decision", "decided_by", "decided_at"), "text", "wording", "key"]
    list_display = ["decided_at", "where", "decision", "decided_by", "scorecard"]
    list_select_related = ["scorecard", "decided_by"]
    list_filter = ["decision", ("scorecard", admin.RelatedOnlyFieldListFilter), MonthFilter]
    search_fields = ["where", "text", "wording", "decided_by__name", "decided_by__username"]
    search_help_text = "Words of the text or of where it stands, or a person."
    date_hierarchy = "decided_at"
    ordering = ["-decided_at", "-pk"]


@admin.register(AccessAttempt)
class FailedSignInAdmin(SteadyList, admin.ModelAdmin):
    """Failed sign-ins that still count, a row for each browser. They can be deleted, which lets somebody in again."""

    list_display = ["username", "ip_address", "failures_since_start", "attempt_time", "is_locked_out"]
    search_fields = ["username__folded", "ip_address"]
    search_help_text = "A user name or an address. Names that nobody has are kept as a fingerprint only."
    fields = ["username", "ip_address", "user_agent", "failures_since_start", "attempt_time"]
    ordering = ["-attempt_time"]
    actions = ["unlock"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccessAttempt]:
        counting = super().get_queryset(request).filter(attempt_time__gt=timezone.now() - settings.AXES_COOLOFF_TIME)
        together = Window(Sum("failures_since_start"), partition_by=["username", "ip_address"])
        return counting.annotate(together=together)

    @admin.display(description="locked out", boolean=True)
    def is_locked_out(self, attempt: Any) -> bool:
        return attempt.together >= settings.AXES_FAILURE_LIMIT

    @admin.action(description="Unlock: forget these failed sign-ins", permissions=["delete"])
    def unlock(self, request: HttpRequest, chosen: QuerySet[AccessAttempt]) -> None:
        pairs = set(chosen.values_list("username", "ip_address"))
        together = Q(pk__in=[])
        for username, address in pairs:
            together |= Q(username=username, ip_address=address)
        attempts = AccessAttempt.objects.filter(together)
        self.log_deletions(request, attempts)
        attempts.delete()
        for person in User.objects.filter(username__in={username for username, _ in pairs}):
            unlock(person)
        messages.success(request, f"Unlocked: {', '.join(sorted({username for username, _ in pairs}))}.")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(GlossaryEntry)
class GlossaryEntryAdmin(AuditedAdmin):
    """The glossary: reports explain those short forms that occur in them."""

    fields = ["short_form", "meaning"]
    list_display = ["short_form", "meaning"]
    search_fields = ["short_form", "meaning"]


@admin.register(CouncilDetails)
class CouncilDetailsAdmin(AuditedAdmin):
    """The council's part of the pages on accessibility, privacy and contact: one row, which nobody deletes."""

    fieldsets = [
        ("Contact", {"fields": ["council", "email", "phone", "address", "answers_within"]}),
        (
            "Privacy notice",
            {"fields": ["data_protection_officer", "data_protection_email", "keeps_accounts", "more_on_privacy"]},
        ),
        (
            "Accessibility statement",
            {"fields": ["not_accessible", ("statement_prepared_on", "statement_reviewed_on")]},
        ),
        ("Release practice", {"fields": ["early_access"]}),
        ("Reports", {"fields": ["year_starts"]}),
    ]
    list_display = ["__str__", "email", "data_protection_officer", "statement_prepared_on", "statement_reviewed_on"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not CouncilDetails.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
