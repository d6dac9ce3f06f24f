"""Pages about the site itself: accessibility, privacy, cookies, contact, and the policies kept among the documents."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from markdown import markdown

from indicators.moments import today_in_britain
from scorecard.access import readable_scorecards
from scorecard.council.look import said
from scorecard.models import CouncilDetails, Edition

# The document behind each address, by the address's name, with its title.
DOCUMENTS = {
    "revisions_policy": ("revisions-policy.md", "How published figures are revised"),
    "release_practice": ("release-practice.md", "How reports are released"),
    "confidentiality": ("confidentiality-policy.md", "How people are kept from being recognised"),
    "accessibility_criteria": ("accessibility.md", "How each rule of WCAG 2.2 is met"),
}
NOT_MADE = "not made yet"
CRITERION = re.compile(
    r"^\| (?P<number>\d\.\d+\.\d+) (?P<name>[^|]+) \| (?P<level>AA?) \| (?P<how>[^|]+) "
    r"\| (?P<test>[^|]+) \| (?P<check>[^|]+) \|$",
    re.MULTILINE,
)


class StoredItem(NamedTuple):
    """Something that the site keeps in a reader's browser; `kind` is “Cookie” or “Local storage”."""

    name: str
    kind: str
    purpose: str
    lasts: str


HOURS = settings.SESSION_COOKIE_AGE // 3600
STORED = [
    StoredItem(
        settings.SESSION_COOKIE_NAME,
        "Cookie",
        "Says that you have signed in, or are about to.",
        f"{HOURS} hours, or until you sign out",
    ),
    StoredItem(
        settings.CSRF_COOKIE_NAME,
        "Cookie",
        "Shows that a form was sent from this site, and not by another one in your name.",
        "One year",
    ),
    StoredItem(
        settings.DEVICE_COOKIE_NAME,
        "Cookie",
        "Says who has signed in with this browser, so that they still can while somebody else tries passwords.",
        "180 days",
    ),
    StoredItem("messages", "Cookie", "Carries what was done, as “Saved”, on to the next page.", "Until it is shown"),
    StoredItem(
        "return:…",
        "Local storage",
        "Figures and texts of a return that you typed and that are not saved yet, so that they are not lost. They are "
        "encrypted: they can be read only while you are signed in.",
        "Until they are saved or discarded, you sign out, or somebody else signs in with this browser",
    ),
]


@require_safe
def document(request: HttpRequest) -> HttpResponse:
    """A document of the project's own, as a page."""
    return _document_page(request)


@require_safe
def revisions_policy(request: HttpRequest) -> HttpResponse:
    """The policy on revising and withholding, with the way to each scorecard's list of what was."""
    return _document_page(request, lists=readable_scorecards(request.user))


@require_safe
def release_practice(request: HttpRequest) -> HttpResponse:
    """The policy on releasing reports, with those that are to come and who reads them early."""
    coming = Edition.objects.in_progress().filter(
        scorecard__in=readable_scorecards(request.user), meeting_date__gte=today_in_britain()
    )
    coming = coming.select_related("scorecard").order_by("meeting_date", "scorecard__title")
    return _document_page(request, coming=coming, details=CouncilDetails.present(), is_about_release=True)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement, as the regulations for public sector bodies want it."""
    context = {"details": CouncilDetails.present(), "counts": criteria_counts()}
    return render(request, "about/accessibility.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people who use the site, why, how long, and what they can ask for."""
    context = {
        "details": CouncilDetails.present(),
        "hours": HOURS,
        "minutes": settings.AXES_COOLOFF_TIME.seconds // 60,
        "days": settings.SECURITY_LOG_DAYS,
    }
    return render(request, "about/privacy.html", context)


@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    """What the site keeps in a reader's browser."""
    return render(request, "about/cookies.html", {"stored": STORED})


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """How the council is reached about the scorecard."""
    return render(request, "about/contact.html", {"details": CouncilDetails.present()})


@cache
def criteria_counts() -> Counter[str]:
    """Of the criteria in docs/accessibility.md how many there are (“all”), and how many are shown by what."""
    counts: Counter[str] = Counter()
    for found in CRITERION.finditer(_text_of("accessibility.md")):
        is_left = NOT_MADE in found["check"]
        has_test = found["test"].strip() != "–"
        counts["all"] += 1
        counts["tested" if not is_left else "partly" if has_test else "unchecked"] += 1
    return counts


def _document_page(request: HttpRequest, **context: object) -> HttpResponse:
    match = request.resolver_match
    file, title = DOCUMENTS[match.url_name if match and match.url_name else ""]
    shown = {
        "title": title,
        "document": SafeString(said(_html_of(file))),
        "has_table": file == "accessibility.md",
        **context,
    }
    return render(request, "about/document.html", shown)


def _text_of(file: str) -> str:
    return (settings.BASE_DIR / "docs" / file).read_text(encoding="utf-8")


@cache
def _html_of(file: str) -> SafeString:
    html = markdown(_text_of(file), extensions=["tables"])
    for name, (other, _) in DOCUMENTS.items():
        html = html.replace(f'href="{other}"', f'href="{reverse(name)}"')
    return SafeString(html)  # the project's own text


# What crawlers leave alone: work, accounts, drafts. Private scorecards are not named here; they ask who comes.
NOT_TO_CRAWL = (
    "admin/", "collection/", "editions/", "invitation/", "password-", "people/", "returns/", "security-log/", "setup/",
    "sign-in/", "sign-off/", "sign-out/", "signed-out/", "start/", "your-sign-in/", "your-work/", "*?",
)  # fmt: skip


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: all that the public may, but no filtered views of it."""
    lines = ["User-agent: *", *(f"Disallow: {reverse('home')}{one}" for one in NOT_TO_CRAWL)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon of the site for whoever asks at the usual address, without having read a page."""
    icon = settings.BASE_DIR / "static/built/img/favicon.svg"
    return HttpResponse(icon.read_bytes(), content_type="image/svg+xml")
