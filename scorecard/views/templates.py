"""Pages on which an officer begins a scorecard with the definitions of a template."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from indicators.calculations.formatting import counted, noun_of
from indicators.moments import today_in_britain
from scorecard.access import officer_only
from scorecard.onboarding.checking import PlanProblem, problems_of
from scorecard.onboarding.create import PlanRefusedError, counts_of
from scorecard.starting.template_page import TemplatePage
from scorecard.starting.templates import TEMPLATES, begin_from_template, plan_of, short_forms_in

from .form_pages import FORM_METHODS, posted


@login_required
@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """The templates there are."""
    officer_only(request)
    return render(request, "starting/templates.html", {"templates": TEMPLATES.values()})


@login_required
@require_http_methods(FORM_METHODS)
def template(request: HttpRequest, name: str) -> HttpResponse:
    """The lines of a template to choose from; what would be made of them; and making it."""
    person = officer_only(request)
    if name not in TEMPLATES:
        raise Http404("There is no such template.")
    today, deed = today_in_britain(), request.POST.get("do", "")
    page = TemplatePage(TEMPLATES[name], posted(request), today)
    if deed not in ("preview", "create") or not page.is_valid():
        return _lines(request, page, shows_errors=deed in ("preview", "create"))
    choice = page.choice
    refused: list[PlanProblem] = []
    if deed == "create" and request.POST.get("saw") == choice.fingerprint:
        try:
            scorecard = begin_from_template(choice, by=person, today=today)
        except PlanRefusedError as error:
            refused = list(error.problems)
        else:
            number = len(choice.taken | choice.used)
            messages.success(request, f"{scorecard} is there, with {counted(number, 'line')}.")
            return redirect("arrange_scorecard", scorecard.slug)
    elif deed == "create":
        messages.warning(request, "Nothing was made: what is here has changed in the meantime. Please look again.")
    plan = plan_of(choice)
    problems = refused or problems_of(plan)
    explained = short_forms_in(plan)
    beside = [
        (f"{noun_of(len(choice.used), 'line')} with an indicator that is here already", len(choice.used)),
        (f"{noun_of(explained, 'short form')} in it that the glossary explains", explained),
    ]
    context = {
        "page": page,
        "choice": choice,
        "scorecard": plan.scorecard,
        "counts": [(words, number) for words, number in (*counts_of(plan), *beside) if number],
        "problems": problems,
        "left_out": [one for one in page.lines if not one.is_made and not one.is_used],
        "used": [one for one in page.lines if one.is_used],
        "renamed": [one for one in page.lines if one.is_made and one.reference != one.line.reference],
    }
    return render(request, "starting/template_preview.html", context, status=422 if problems else 200)


def _lines(request: HttpRequest, page: TemplatePage, *, shows_errors: bool) -> HttpResponse:
    has_errors = shows_errors and page.has_errors
    return render(
        request,
        "starting/template.html",
        {"page": page, "form": page.form, "has_errors": has_errors},
        status=422 if has_errors else 200,
    )
