"""The security log, for performance officers: a page with filters, and the same rows as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.calculations.formatting import neutralise
from indicators.models import SecurityEvent, SecurityEventKind, User
from indicators.moments import in_britain, today_in_britain
from scorecard.access import signed_in
from scorecard.display.forms import NOT_ON_THE_LIST, DayField, GovukFormMixin
from scorecard.files.csv_and_json import csv_text
from scorecard.rules import require

ON_A_PAGE = 50
IN_ONE_FILE = 100_000
FIRST, LAST = date(2000, 1, 1), date(2999, 1, 1)
COLUMNS = ("when", "what", "who", "by", "address", "about", "detail", "request")


class SecurityLogForm(GovukFormMixin, forms.Form):
    """Which events to show. Every value can stand in a link; what can't be meant shows all, and says so."""

    what = forms.ChoiceField(
        label="What",
        required=False,
        choices=[("", "Anything"), *SecurityEventKind.choices],
        error_messages=NOT_ON_THE_LIST,
    )
    # Part of a name or a user name, of whom it happened to or who did it.
    who = forms.CharField(label="Who", required=False, max_length=150)
    address = forms.CharField(label="Network address", required=False, max_length=45)
    since = DayField(label="From", required=False)
    until = DayField(label="Until", required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="filter_%s")

    def events(self) -> QuerySet[SecurityEvent]:
        """The events asked for, the latest first, with their people."""
        self.is_valid()
        asked = self.cleaned_data
        found = SecurityEvent.objects.select_related("person", "by")
        if asked.get("what"):
            found = found.filter(kind=asked["what"])
        if asked.get("who"):
            named = Q(name__folded=asked["who"]) | Q(username__folded=asked["who"])
            people = User.objects.filter(named).values("pk")
            found = found.filter(Q(person__in=people) | Q(by__in=people))
        if asked.get("address"):
            found = found.filter(address=asked["address"])
        if asked.get("since"):
            found = found.filter(at__gte=_midnight(asked["since"]))
        if asked.get("until"):
            found = found.filter(at__lt=_midnight(min(asked["until"], LAST) + timedelta(days=1)))
        return found


@login_required
@require_safe
def security_log(request: HttpRequest) -> HttpResponse:
    """A page of events."""
    require(signed_in(request), "read_security_log")
    form = SecurityLogForm(request.GET)
    page = Paginator(form.events(), ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "query": query.urlencode(),
        "is_filtered": any(query.values()),
        "days": settings.SECURITY_LOG_DAYS,
    }
    return render(request, "security/log.html", context)


@login_required
@require_safe
def security_log_file(request: HttpRequest) -> HttpResponseBase:
    """The events that the page's filters leave, all of them, as CSV."""
    require(signed_in(request), "read_security_log")
    response = StreamingHttpResponse(
        _lines(SecurityLogForm(request.GET).events()), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="security-log-{today_in_britain()}.csv"'
    return response


def _lines(events: QuerySet[SecurityEvent]) -> Iterator[str]:
    # With the mark by which Excel tells that it is UTF-8.
    yield "\ufeff" + csv_text([COLUMNS])
    for event in events[:IN_ONE_FILE].iterator(chunk_size=1000):
        # With its offset, so that no time of an autumn night stands for two.
        when = in_britain(event.at).isoformat(timespec="seconds")
        told = (event.words, event.whom, event.by_whom, event.address, event.about, event.detail, event.request_id)
        yield csv_text([[when, *map(neutralise, told)]])


def _midnight(day: date) -> datetime:
    """When the day begins; of days that no log has, one just as far away."""
    return timezone.make_aware(datetime.combine(min(max(day, FIRST), LAST), time.min))
