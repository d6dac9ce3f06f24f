"""Failed sign-ins in the administration, where somebody who is locked out can be let in again."""

from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Q, QuerySet, Sum, Window
from django.http import HttpRequest
from django.utils import timezone

from indicators.admin.lists import SteadyList


@admin.register(AccessAttempt)
class FailedSignInAdmin(SteadyList, admin.ModelAdmin):
    """Failed sign-ins that still count, a row for each browser. They can be deleted, not changed."""

    list_display = ["username", "ip_address", "failures_since_start", "attempt_time", "is_locked_out"]
    search_fields = ["username", "ip_address"]
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
        messages.success(request, f"Unlocked: {', '.join(sorted({username for username, _ in pairs}))}.")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
