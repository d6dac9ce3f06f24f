"""The officer's pages on the council: what it says of itself, its look and words, its groups and its glossary."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.models import ChangedMeanwhileError, ComparatorGroup, Seen, User
from scorecard.access import signed_in
from scorecard.council.actions import (
    RIGHT,
    add_entry,
    add_group,
    change_details,
    delete_listed,
    move_group,
    save_listed,
)
from scorecard.council.colours import colours_of, style_sheet
from scorecard.council.forms import PARTS, EntryForm, GroupForm
from scorecard.council.look import look, rules_mark
from scorecard.editing.forms import SeenField
from scorecard.editing.merging import ClashError
from scorecard.models import CouncilDetails, GlossaryEntry, Logo
from scorecard.rules import require

from .form_pages import FORM_METHODS, form_page, posted, refusal_told

FOR_GOOD = "public, max-age=31536000, immutable"
TWO_COLOURS = re.compile(r"[0-9a-f]{6}(-[0-9a-f]{6})?")


class Kind(NamedTuple):
    """Rows that are listed on a page of their own: groups, and the entries of the glossary."""

    model: Any
    form: Any
    add: Any
    title: str
    thing: str


KINDS = {
    "groups": Kind(ComparatorGroup, GroupForm, add_group, "Comparator groups", "comparator group"),
    "glossary": Kind(GlossaryEntry, EntryForm, add_entry, "Glossary", "short form"),
}


def _officer(request: HttpRequest) -> User:
    person = signed_in(request)
    require(person, RIGHT)
    return person


@login_required
@require_safe
def council(request: HttpRequest) -> HttpResponse:
    """Everything that is set up of the council, a part each with the way to change it."""
    _officer(request)
    details = CouncilDetails.present()
    context = {
        "parts": [(name, form(None, details)) for name, form in PARTS.items()],
        "details": details,
        "groups": ComparatorGroup.objects.all(),
        "entries": GlossaryEntry.objects.count(),
    }
    return render(request, "council/council.html", context)


@login_required
@require_http_methods(FORM_METHODS)
def part(request: HttpRequest, name: str) -> HttpResponse:
    """A part of the council's details, and changing it."""
    person = _officer(request)
    if name not in PARTS:
        raise Http404("There is no such part.")
    form = PARTS[name](posted(request), CouncilDetails.present(), files=request.FILES or None)
    followed = []

    def save(typed: dict[str, Any]) -> None:
        followed.extend(change_details(typed=typed, saw=form.seen_version, by=person))

    if form.save_with(save, by=person):
        more = f" Changed too: {', '.join(str(one) for one in followed)}." if followed else ""
        messages.success(request, f"{form.title}: saved.{more}")
        return redirect("council")
    context = {"title": form.title, "part": name, "logo": look().logo if name == "logo" else None}
    return form_page(request, "council/part.html", form, **context)


@login_required
@require_POST
def remove_logo(request: HttpRequest) -> HttpResponse:
    """Show no logo any more. What it was is in the history."""
    person = _officer(request)
    with refusal_told(request, "the logo"):
        try:
            change_details(typed={"logo": None, "logo_says": ""}, saw=_seen_in(request), by=person)
        except ClashError as error:
            raise ChangedMeanwhileError(CouncilDetails.present()) from error
        messages.success(request, "The logo is removed.")
    return redirect("council")


@login_required
@require_safe
def listed(request: HttpRequest, kind: str) -> HttpResponse:
    """All comparator groups, or all entries of the glossary."""
    _officer(request)
    return render(request, f"council/{kind}.html", {"kind": KINDS[kind], "rows": KINDS[kind].model.objects.all()})


@login_required
@require_http_methods(FORM_METHODS)
def new_listed(request: HttpRequest, kind: str) -> HttpResponse:
    """Add a group or an entry."""
    person, of = _officer(request), KINDS[kind]
    form = of.form(posted(request), None)
    if form.save_with(lambda typed: of.add(values=typed, by=person), by=person):
        messages.success(request, "Added.")
        return redirect(f"council_{kind}")
    return form_page(
        request, "council/listed.html", form, title=f"Add a {of.thing}", kind=of, way_back=f"council_{kind}"
    )


@login_required
@require_http_methods(FORM_METHODS)
def edit_listed(request: HttpRequest, kind: str, key: int) -> HttpResponse:
    """Put a group or an entry right."""
    person, of = _officer(request), KINDS[kind]
    row = get_object_or_404(of.model, pk=key)
    form = of.form(posted(request), row)
    if form.save_with(lambda typed: save_listed(row=row, values=typed, saw=form.seen_version, by=person), by=person):
        messages.success(request, "Saved.")
        return redirect(f"council_{kind}")
    context = {"title": str(row), "kind": of, "row": row, "way_back": f"council_{kind}", "delete": f"delete_{kind}"}
    return form_page(request, "council/listed.html", form, **context)


@login_required
@require_POST
def delete(request: HttpRequest, kind: str, key: int) -> HttpResponse:
    """Delete a group that nothing is of, or an entry."""
    person, of = _officer(request), KINDS[kind]
    row = get_object_or_404(of.model, pk=key)
    with refusal_told(request, f"this {of.thing}"):
        delete_listed(row=row, saw=_seen_in(request), by=person)
        messages.success(request, f"“{row}” is deleted.")
    return redirect(f"council_{kind}")


@login_required
@require_POST
def move(request: HttpRequest, key: int) -> HttpResponse:
    """Put a group one place up or down."""
    person = _officer(request)
    by_places = {"up": -1, "down": 1}.get(request.POST.get("way", ""), 0)
    with refusal_told(request, "the order of the groups"):
        moved = move_group(key=key, by_places=by_places, by=person)
        if moved is None:
            raise Http404("There is no such group.")
        messages.success(request, f"{moved} is now in place {moved.position}.")
    return redirect("council_groups")


def _seen_in(request: HttpRequest) -> Seen:
    seen: Seen = SeenField(required=False).to_python(request.POST.get("saw"))
    return seen


@require_safe
def logo(request: HttpRequest, checksum: str) -> HttpResponseBase:
    """The logo that pages show today, for everybody. One that was replaced is not handed out any more."""
    shown = look().logo
    if shown is None or shown.checksum != checksum:
        raise Http404("There is no such picture.")
    content = Logo.objects.values_list("content", flat=True).get(checksum=checksum)
    return _for_good(HttpResponse(bytes(content), content_type="image/png"))


@require_safe
def look_styles(request: HttpRequest, colours: str, mark: str) -> HttpResponseBase:
    """The rules that put two colours in the place of the product's own. Everything is in the address."""
    if not TWO_COLOURS.fullmatch(colours):
        raise Http404("There are no such colours.")
    main, _, second = colours.partition("-")
    drawn = colours_of(f"#{main}", f"#{second}" if second else "")
    response = HttpResponse(style_sheet(drawn), content_type="text/css; charset=utf-8")
    # A page may name rules that another version of the product makes of the colours.
    return _for_good(response) if mark == rules_mark(drawn) else response


def _for_good(response: HttpResponse) -> HttpResponse:
    """It may be kept by whoever gets it: its address names what it is."""
    response["Cache-Control"] = FOR_GOOD
    response.is_published = True  # type: ignore[attr-defined]
    return response
