"""The pages for readers: reports and their downloads."""

import logging
from datetime import date

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from indicators.calculations.months import month_text as text_of_month
from scorecard.access import NO_SCORECARD, month_of, readable, scorecards_for
from scorecard.files.formats import FORMATS
from scorecard.files.paper import PaperUnavailableError
from scorecard.focus.page import ask_links
from scorecard.models import Scorecard
from scorecard.publication.codec import DocumentError
from scorecard.publication.files import checksum_of_file, file_of, kept_formats
from scorecard.publication.reading import audience_of, taken_down
from scorecard.publication.serving import as_published
from scorecard.report.page import ReportRequest, report_main

logger = logging.getLogger(__name__)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The latest report of the scorecard that comes first, or a list to choose from where none of several does."""
    scorecards = scorecards_for(request)
    if scorecards and (len(scorecards) == 1 or scorecards[0].position is not None):
        return redirect("latest_report", slug=scorecards[0].slug)
    return render(request, "scorecard/home.html")


@require_safe
def latest_report(request: HttpRequest, slug: str) -> HttpResponse:
    """On to the latest month that the reader may read, or to the month chosen in the form."""
    scorecard = find_scorecard(request, slug)
    if scorecard is None:
        return redirect_to_login(request.get_full_path())
    months = readable(scorecard, request.user).months
    chosen = request.GET.get("month")
    if chosen and month_of(chosen) not in months:
        return month_not_found(request, scorecard, chosen, months)
    if not months:
        context = {"scorecard": scorecard, "taken_down": taken_down(scorecard, audience_of(scorecard, request.user))}
        return render(request, "scorecard/no_report.html", context)
    return redirect("report", slug=slug, month_text=chosen or text_of_month(months[0]))


@require_safe
def report(request: HttpRequest, slug: str, month_text: str, number: int | None = None) -> HttpResponse:
    """The board report of one month: as published, in the publication of a number or the one that holds."""
    asked = find_report(request, slug, month_text, number)
    if isinstance(asked, HttpResponse):
        return asked
    try:
        main = report_main(asked, request.GET)
    except DocumentError as error:
        return unreadable(request, asked, error)
    context = {"asked": asked, "main": main, "ask": ask_links(request.user, slug, asked.month)}
    return as_published(render(request, "scorecard/report.html", context), asked.published_at, request)


@require_safe
def download(
    request: HttpRequest, slug: str, month_text: str, file_format: str, number: int | None = None
) -> HttpResponse:
    """The report as a file."""
    wanted = FORMATS.get(file_format)
    if wanted is None:
        raise Http404(f"Reports can be downloaded as {' or '.join(FORMATS)}.")
    asked = find_report(request, slug, month_text, number)
    if isinstance(asked, HttpResponse):
        return asked
    try:
        if asked.published is None:
            response = HttpResponse(wanted.make(asked.report), content_type=wanted.content_type)
        else:
            # Made once and kept; without its content where the reader has it already.
            etag = f'"{checksum_of_file(asked.published, wanted)}"'
            unchanged = get_conditional_response(request, etag=etag)
            if unchanged is not None:
                return as_published(unchanged, asked.published_at, request)
            content = file_of(asked.published, wanted)
            response = HttpResponse(content, content_type=wanted.content_type, headers={"ETag": etag})
    except PaperUnavailableError as error:
        return paper_unavailable(request, error)
    except DocumentError as error:
        return unreadable(request, asked, error)
    response["Content-Disposition"] = f'attachment; filename="{asked.file_name}.{wanted.suffix}"'
    return as_published(response, asked.published_at, request)


def paper_unavailable(request: HttpRequest, error: PaperUnavailableError) -> HttpResponse:
    """In place of a PDF that this server can't make: how to print it all the same, and what its operator can do."""
    return render(request, "scorecard/no_paper.html", {"remedy": str(error)}, status=503)


def find_report(
    request: HttpRequest, slug: str, month_text: str, number: int | None = None
) -> ReportRequest | HttpResponse:
    """The report at an address; or the page that says why there is none. Raises Http404 for an unknown scorecard."""
    scorecard = find_scorecard(request, slug)
    if scorecard is None:
        return redirect_to_login(request.get_full_path())
    there_is = readable(scorecard, request.user)
    month = month_of(month_text)
    published = there_is.find(month, number) if month else None
    if month not in there_is.months or (number is not None and published is None):
        return month_not_found(request, scorecard, month_text, there_is.months)
    return ReportRequest(scorecard, month, there_is, published)


def unreadable(request: HttpRequest, asked: ReportRequest, error: DocumentError) -> HttpResponse:
    """The page in place of a published report that this version can't read: it offers the files there are."""
    logger.error("%s can't be read: %s", asked.published, error)
    files = kept_formats(asked.published) if asked.published else []
    return render(request, "scorecard/unreadable.html", {"asked": asked, "kept": files}, status=503)


def find_scorecard(request: HttpRequest, slug: str) -> Scorecard | None:
    """The scorecard; None when its reader has to sign in first. Raises Http404."""
    found = next((scorecard for scorecard in scorecards_for(request) if scorecard.slug == slug), None)
    if found is None and (request.user.is_authenticated or not Scorecard.objects.filter(slug=slug).exists()):
        raise Http404(NO_SCORECARD)
    return found


def month_not_found(request: HttpRequest, scorecard: Scorecard, text: str, months: list[date]) -> HttpResponse:
    """The page that offers the months there are, and says which reports are being revised."""
    revised = taken_down(scorecard, audience_of(scorecard, request.user))
    month = month_of(text)
    context = {
        "scorecard": scorecard,
        "asked_for": f"{month:%B %Y}" if month in revised else text,
        "months": months,
        "taken_down": revised,
        "is_taken_down": month in revised,
    }
    return render(request, "scorecard/month_not_found.html", context, status=404)
