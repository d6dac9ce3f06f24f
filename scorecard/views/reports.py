"""The pages for readers: reports and their downloads."""

import logging
from datetime import date
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from indicators.calculations.months import month_text as text_of_month
from scorecard.access import NO_SCORECARD, Readable, edition_at, month_of, officer_only, readable, scorecards_for
from scorecard.files.formats import FORMATS
from scorecard.files.paper import PaperUnavailableError
from scorecard.focus.page import ask_links
from scorecard.former_addresses import present_slug
from scorecard.models import Audience, Edition, Scorecard, WithheldKind
from scorecard.publication.codec import DocumentError
from scorecard.publication.document import FrozenReport
from scorecard.publication.files import checksum_of_file, file_of, kept_formats
from scorecard.publication.publish import draft_edition
from scorecard.publication.reading import Published, audience_of, taken_down
from scorecard.publication.serving import as_published
from scorecard.report.page import ReportRequest, report_main
from scorecard.rules import may

logger = logging.getLogger(__name__)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The latest report of the scorecard that comes first, or a list to choose from where none of several does."""
    scorecards = scorecards_for(request)
    if scorecards and (len(scorecards) == 1 or scorecards[0].position is not None):
        return redirect("latest_report", slug=scorecards[0].slug)
    if not scorecards and may(request.user, "set_up"):
        return redirect("setup")
    return render(request, "scorecard/home.html")


@require_safe
def latest_report(request: HttpRequest, slug: str) -> HttpResponse:
    """On to the latest month that the reader may read, or to the month chosen in the form."""
    scorecard = find_scorecard(request, slug)
    if scorecard is None:
        return redirect_to_login(request.get_full_path())
    there_is = readable(scorecard, request.user)
    months = there_is.months
    chosen = request.GET.get("month")
    if chosen and month_of(chosen) not in months:
        return month_not_found(request, scorecard, chosen, months)
    if not months:
        context = {"scorecard": scorecard, "taken_down": taken_down(scorecard, audience_of(scorecard, request.user))}
        return render(request, "scorecard/no_report.html", context)
    withheld = {one.month for one in there_is.publications if one.tombstone and not one.is_outdated}
    latest = next((month for month in months if month not in withheld), months[0])
    return redirect("report", slug=slug, month_text=chosen or text_of_month(latest))


@require_safe
def report(
    request: HttpRequest, slug: str, month_text: str, number: int | None = None, *, is_preview: bool = False
) -> HttpResponse:
    """The board report of one month: as published, in the publication of a number or the one that holds.

    A preview, for officers, is as the public would read it if it were published now.
    """
    asked = find_preview(request, slug, month_text) if is_preview else find_report(request, slug, month_text, number)
    if isinstance(asked, HttpResponse):
        return asked
    try:
        main = report_main(asked, request.GET)
    except DocumentError as error:
        return unreadable(request, asked, error)
    context = {"asked": asked, "main": main}
    if not is_preview:
        context["ask"] = ask_links(request.user, slug, asked.month)
        context["officer_links"] = officer_links(request.user, asked.published)
    response = render(request, "scorecard/report.html", context)
    return within_preview(response, asked) if is_preview else as_published(response, asked.published, request)


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
                return as_published(unchanged, asked.published, request)
            content = file_of(asked.published, wanted)
            response = HttpResponse(content, content_type=wanted.content_type, headers={"ETag": etag})
    except PaperUnavailableError as error:
        return paper_unavailable(request, error)
    except DocumentError as error:
        return unreadable(request, asked, error)
    response["Content-Disposition"] = f'attachment; filename="{asked.file_name}.{wanted.suffix}"'
    response.is_for_panel_only = bool(asked.published and asked.published.is_for_panel_only)  # type: ignore[attr-defined]
    return as_published(response, asked.published, request)


def officer_links(reader: Any, published: Published | None, line: int | None = None) -> list[tuple[str, str]]:
    """Where a report, or a line of it, is corrected, revised and taken back, for those who may: addresses and words."""
    if published is None:
        return []
    place = [published.slug, text_of_month(published.month)]
    links = []
    if may(reader, "manage_collection") and not published.is_outdated:
        if line:
            links.append((reverse("correct_line", args=[*place, line]), "Correct this figure"))
        else:
            links.append((reverse("correct", args=place), "Correct a figure"))
            links.append((reverse("revise_edition", args=place), "Revise this report"))
    if may(reader, "withhold"):
        about = {"kind": WithheldKind.FIGURE.value, "line": line} if line else None
        links.append((reverse("take_back", args=[*place, published.number], query=about), "Take something back"))
    return links


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
        return month_not_found(request, scorecard, month_text, there_is.months, number)
    if published is not None and published.tombstone:
        # Gone, and not to be kept: it may be shown again.
        context = {"scorecard": scorecard, "published": published}
        gone = render(request, "scorecard/withheld.html", context, status=410)
        patch_cache_control(gone, no_store=True)
        return gone
    return ReportRequest(scorecard, month, there_is, published)


def find_preview(request: HttpRequest, slug: str, month_text: str) -> ReportRequest | HttpResponse:
    """An edition's report as the public would read it if it were published now, for performance officers only.

    Raises PermissionDenied, Http404.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    officer_only(request)
    edition = edition_at(slug, month_text)
    try:
        texts = draft_edition(edition).texts
    except DocumentError as error:
        return no_draft(request, edition, error)
    # Where nothing is hidden the public reads what the panel reads.
    draft = FrozenReport(texts.get(Audience.PUBLIC, texts[Audience.PANEL]))
    return ReportRequest(edition.scorecard, edition.month, Readable([edition.month], []), None, draft)


def no_draft(request: HttpRequest, edition: Edition, error: DocumentError) -> HttpResponse:
    """The page in place of a draft. Without what was published before, neither what has changed can be told, nor what
    the public could work out.
    """
    logger.error("%s can't be published, because an earlier report can't be read.", edition, exc_info=error)
    return render(request, "publishing/unreadable.html", {"edition": edition}, status=503)


def within_preview(response: HttpResponse, asked: ReportRequest) -> HttpResponse:
    """A page of a preview, whose links to the report's other pages stay within the preview."""
    place = [asked.scorecard.slug, text_of_month(asked.month)]
    readers, own = (reverse(name, args=place).encode() for name in ("report", "preview"))
    response.content = response.content.replace(b'"' + readers, b'"' + own)
    return response


def unreadable(request: HttpRequest, asked: ReportRequest, error: DocumentError) -> HttpResponse:
    """The page in place of a published report that this version can't read: it offers the files there are."""
    logger.error("%s can't be read: %s", asked.published, error)
    files = kept_formats(asked.published) if asked.published else []
    return render(request, "scorecard/unreadable.html", {"asked": asked, "kept": files}, status=503)


def find_scorecard(request: HttpRequest, slug: str) -> Scorecard | None:
    """The scorecard; None when its reader has to sign in first. Raises Http404.

    A visitor signs in first for a scorecard that there isn't, too: else the answer would tell which ones there are.
    """
    found = next((scorecard for scorecard in scorecards_for(request) if scorecard.slug == slug), None)
    if found is None and (request.user.is_authenticated or present_slug(slug, request.user)):
        raise Http404(NO_SCORECARD)
    return found


def month_not_found(
    request: HttpRequest, scorecard: Scorecard, text: str, months: list[date], number: int | None = None
) -> HttpResponse:
    """The page that offers the months there are, and says which reports are being revised.

    Of a month that there is, the publication of the `number` can't be read: there is none, or it is for others.
    """
    revised = taken_down(scorecard, audience_of(scorecard, request.user))
    month = month_of(text)
    context = {
        "scorecard": scorecard,
        "asked_for": text,
        "asked_month": month,
        "months": months,
        "taken_down": revised,
        "is_taken_down": month in revised,
        "there_is": month if number is not None and month in months else None,
        "number": number,
    }
    return render(request, "scorecard/month_not_found.html", context, status=404)
