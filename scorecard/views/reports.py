"""The pages for readers: reports and their downloads."""

from datetime import date

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from indicators.calculations.months import month_text as text_of_month
from scorecard.access import NO_SCORECARD, month_of, readable_months, readable_scorecards
from scorecard.models import Scorecard
from scorecard.page import report_main
from scorecard.report import assemble_report
from scorecard.report.formats import FORMATS


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The only scorecard's latest report, or a list to choose from."""
    scorecards = list(readable_scorecards(request.user))
    if len(scorecards) == 1:
        return redirect("latest_report", slug=scorecards[0].slug)
    return render(request, "scorecard/home.html", {"scorecards": scorecards})


@require_safe
def latest_report(request: HttpRequest, slug: str) -> HttpResponse:
    """On to the latest month that the reader may read, or to the month chosen in the form."""
    scorecard = find_scorecard(request, slug)
    if scorecard is None:
        return redirect_to_login(request.get_full_path())
    months = readable_months(scorecard, request.user)
    chosen = request.GET.get("month")
    if chosen and month_of(chosen) not in months:
        return month_not_found(request, scorecard, chosen, months)
    if not months:
        return render(request, "scorecard/no_report.html", {"scorecard": scorecard})
    return redirect("report", slug=slug, month_text=chosen or text_of_month(months[0]))


@require_safe
def report(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """The board report of one month."""
    scorecard = find_scorecard(request, slug)
    if scorecard is None:
        return redirect_to_login(request.get_full_path())
    month = month_of(month_text)
    main = month and report_main(scorecard, month, request.user, request.GET)
    if not main:
        return month_not_found(request, scorecard, month_text, readable_months(scorecard, request.user))
    return render(request, "scorecard/report.html", {"scorecard": scorecard, "month": month, "main": main})


@require_safe
def download(request: HttpRequest, slug: str, month_text: str, file_format: str) -> HttpResponse:
    """The report as a file."""
    wanted = FORMATS.get(file_format)
    if wanted is None:
        raise Http404(f"Reports can be downloaded as {' or '.join(FORMATS)}.")
    scorecard = find_scorecard(request, slug)
    if scorecard is None:
        return redirect_to_login(request.get_full_path())
    months = readable_months(scorecard, request.user)
    month = month_of(month_text)
    if month is None or month not in months:
        return month_not_found(request, scorecard, month_text, months)
    response = HttpResponse(wanted.make(assemble_report(scorecard, month)), content_type=wanted.content_type)
    response["Content-Disposition"] = f'attachment; filename="{slug}-{month_text}.{file_format}"'
    return response


def find_scorecard(request: HttpRequest, slug: str) -> Scorecard | None:
    """The scorecard; None when its reader has to sign in first. Raises Http404."""
    found = readable_scorecards(request.user).filter(slug=slug).first()
    if found is None and (request.user.is_authenticated or not Scorecard.objects.filter(slug=slug).exists()):
        raise Http404(NO_SCORECARD)
    return found


def month_not_found(request: HttpRequest, scorecard: Scorecard, text: str, months: list[date]) -> HttpResponse:
    """The page that offers the months there are."""
    context = {"scorecard": scorecard, "asked_for": text, "months": months}
    return render(request, "scorecard/month_not_found.html", context, status=404)
