"""Officers' pages for people: the list, adding, inviting, one person, and somebody who leaves."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.calculations.formatting import counted
from indicators.invitations import is_mailable
from indicators.leaving import duties_of
from indicators.models import Deputy, User
from indicators.moments import today_in_britain
from indicators.people import may_touch
from scorecard.access import signed_in
from scorecard.collection.editions import hand_over
from scorecard.council.look import said
from scorecard.people.changing import (
    Told,
    add_pasted,
    change_roles,
    hindrance,
    invite_many,
    leave,
    make_person,
    require_to_touch,
    save_person,
)
from scorecard.people.forms import (
    AddPersonForm,
    DeputyForm,
    FindPeopleForm,
    LeaveForm,
    PasteForm,
    PersonForm,
    RolesForm,
)
from scorecard.people.page import ON_A_PAGE, PersonRow, find_people, not_invited, people_with_what_they_do
from scorecard.people.pasted import MOST_ROWS, read_people
from scorecard.rules import require

from .form_pages import FORM_METHODS, form_page, key_sent, posted

MOST_INVITED = 200
SAVE, ROLES, STAND_IN, END = "save", "roles", "stand_in", "end"


def _officer(request: HttpRequest) -> User:
    person = signed_in(request)
    require(person, "manage_people")
    return person


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who there is, what they do, and whether they have come in."""
    officer = _officer(request)
    today = today_in_britain()
    form = FindPeopleForm(request.GET, auto_id="find_%s")
    asked = form.cleaned_data if form.is_valid() else {}
    page = Paginator(find_people(asked, today), ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "rows": [PersonRow(person) for person in page],
        "waiting": not_invited(today).count(),
        "query": query.urlencode(),
        "officer": officer,
    }
    return render(request, "people/people.html", context)


@login_required
@require_http_methods(FORM_METHODS)
def add(request: HttpRequest) -> HttpResponse:
    """Add one person, or many who are pasted."""
    officer = _officer(request)
    is_many = request.POST.get("which") == "many"
    one = AddPersonForm(posted(request) if not is_many else None, officer)
    many = PasteForm(posted(request) if is_many else None)
    told: list[Told] = []
    if is_many and many.is_valid():
        told, many = _add_many(many, officer)
    elif not is_many and one.is_valid():
        values = one.cleaned_data
        try:
            person = make_person(values=values, groups=values["roles"], by=officer)
        except ValidationError as error:
            one.add_refusal(error)
        else:
            words = f"added with the user name {person.username}"
            told = [Told(str(person), words, is_done=True)]
            told += invite_many([person], by=officer) if values["invites"] else []
            one = AddPersonForm(None, officer)
    has_errors = one.errors or many.errors or any(not one.is_done for one in told)
    context = {
        "one": one,
        "many": many,
        "told": told,
        "form": many if is_many else one,
        "days": settings.INVITATION_DAYS,
    }
    return render(request, "people/add.html", context, status=422 if has_errors else 200)


def _add_many(form: PasteForm, officer: User) -> tuple[list[Told], PasteForm]:
    """What became of each line, and the form with those that are to be put right."""
    found = read_people(form.cleaned_data["people"], said("panel member"))
    if len(found) > MOST_ROWS:
        form.add_error("people", f"These are {counted(len(found), 'person')}: paste at most {MOST_ROWS} at once.")
        return [], form
    told, left, new = add_pasted(found, by=officer)
    if form.cleaned_data["invites"]:
        told += invite_many(new, by=officer)
    again = PasteForm(None)
    again.initial["people"] = "\n".join(one.text for one in left)
    return told, again


@login_required
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Invite those who are ticked, or all who have no invitation yet; links to hand over stand on this page alone."""
    officer = _officer(request)
    if request.POST.get("which") == "all":
        chosen = list(not_invited(today_in_britain())[: MOST_INVITED + 1])
    else:
        keys = [key_sent(one) for one in request.POST.getlist("person")]
        chosen = list(User.objects.filter(pk__in=keys))
    if not chosen:
        messages.warning(request, "Nobody was invited: tick people first.")
        return redirect("people")
    told = invite_many(chosen[:MOST_INVITED], by=officer)
    context = {"told": told, "has_more": len(chosen) > MOST_INVITED, "days": settings.INVITATION_DAYS}
    return render(request, "people/invited.html", context)


def _person(key: int) -> User:
    found: User = get_object_or_404(people_with_what_they_do(today_in_britain()), pk=key) if key < 2**63 else None  # type: ignore[assignment]
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(FORM_METHODS)
def person(request: HttpRequest, key: int) -> HttpResponse:
    """One person: details, roles, deputies, and the ways to what else there is to do."""
    officer = _officer(request)
    about = _person(key)
    action = request.POST.get("action", "")
    if request.method == "POST":
        require_to_touch(officer, about)
    if action == END:
        _end_deputy(request, about, officer)
        return redirect("person", key)
    row = User.objects.get(pk=key)
    details = PersonForm(request.POST if action == SAVE else None, row)
    roles = RolesForm(request.POST if action == ROLES else None, about, officer)
    begins = {"starts_on": today_in_britain()}
    deputy = DeputyForm(request.POST if action == STAND_IN else None, about, asked=request.GET, initial=begins)
    done = ""
    if action == SAVE and details.save_with(
        lambda typed: save_person(person=row, values=typed, saw=details.seen_version, by=officer), by=officer
    ):
        done = "The details are saved."
    elif action == ROLES:
        done = _save_roles(roles, about, officer)
    elif action == STAND_IN:
        done = _stand_in(deputy, about, officer)
    if done:
        messages.success(request, done)
        return redirect("person", key)
    if request.method == "POST" and action not in (SAVE, ROLES, STAND_IN):
        messages.warning(request, "Nothing was done: choose one of the buttons.")
        return redirect("person", key)
    sent: Any = {ROLES: roles, STAND_IN: deputy}.get(action, details)
    context = {
        "about": about,
        "row": PersonRow(about),
        "details": details,
        "roles": roles,
        "deputy": deputy,
        "deputies": _deputies_of(about),
        "duties": duties_of(about),
        "may_touch": may_touch(officer, about),
        "is_self": about.pk == officer.pk,
        "is_mailable": is_mailable(about),
    }
    return form_page(request, "people/person.html", sent, **context)


def _deputies_of(about: User) -> list[Deputy]:
    """Those who stand in for the person now or will, the earliest first."""
    rows = Deputy.objects.filter(person=about).exclude(ends_on__lt=today_in_britain())
    return list(rows.select_related("deputy").order_by("starts_on", "pk"))


def _save_roles(form: RolesForm, about: User, officer: User) -> str:
    if not form.is_valid():
        return ""
    data = form.cleaned_data
    try:
        done = change_roles(person=about, shown=data["shown"], chosen=data["groups"], by=officer)
    except ValidationError as error:
        form.add_refusal(error)
        return ""
    return f"{about}: {'; '.join(done) or 'no role was changed'}."


def _stand_in(form: DeputyForm, about: User, officer: User) -> str:
    if not form.is_valid():
        return ""
    data = form.cleaned_data
    try:
        hand_over(person=about, deputy=data["deputy"], starts_on=data["starts_on"], until=data["until"], by=officer)
    except ValidationError as error:
        form.add_refusal(error)
        return ""
    return f"{data['deputy']} stands in for {about}."


def _end_deputy(request: HttpRequest, about: User, officer: User) -> None:
    """Standing in that has begun ends with this day; what has not begun never does."""
    today = today_in_britain()
    found = Deputy.objects.filter(person=about, pk=key_sent(request.POST.get("deputy", ""))).first()
    if found is None:
        messages.warning(request, "They don’t stand in any more.")
        return
    found._history_user = officer  # type: ignore[attr-defined]
    if found.starts_on > today:
        found.delete()
    else:
        found.ends_on = today
        found.save()
    messages.success(request, f"{found.deputy} stands in for {about} until today, and no longer.")


@login_required
@require_http_methods(FORM_METHODS)
def leaves(request: HttpRequest, key: int) -> HttpResponse:
    """Somebody leaves: all that they do goes to others, and their account is closed, at once."""
    officer = _officer(request)
    about = _person(key)
    require_to_touch(officer, about)
    form = LeaveForm(posted(request), about, asked=request.GET)
    if not about.is_active and not form.duties:
        messages.warning(request, f"{about} has left already, and left nothing behind.")
        return redirect("person", key)
    problem = hindrance(about, officer)
    if form.is_valid():
        try:
            told = leave(person=about, successor_of=form.successor_of, by=officer)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(
                request, f"{about} has left. What they did is handed over: {'; '.join(told) or 'nothing'}."
            )
            return redirect("people")
    context = {"about": about, "problem": problem, "title": f"{about} leaves"}
    return form_page(request, "people/leaves.html", form, **context)
