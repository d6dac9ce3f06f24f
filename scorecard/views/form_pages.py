"""What all pages with a form do: take what was sent, show it again with what is wrong, and tell of refusals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from indicators.models import ChangedMeanwhileError, was_last_saved_by

FORM_METHODS = ["GET", "HEAD", "POST"]


def key_sent(text: Any) -> int:
    """The key of a row as a form sends it; 0, which no row has, where it is none."""
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 19 else 0


def posted(request: HttpRequest) -> Any:
    """What a form was sent with; None where the page is only opened."""
    return request.POST if request.method == "POST" else None


def form_page(request: HttpRequest, template: str, form: Any, **context: Any) -> HttpResponse:
    """A page with a form; its status is 422 when there is something to put right."""
    return render(request, template, {**context, "form": form}, status=422 if form.errors else 200)


@contextmanager
def refusal_told(request: HttpRequest, thing: str) -> Iterator[None]:
    """Where a change is refused, a warning on the next page says why; `thing` is what has been changed meanwhile."""
    try:
        yield
    except ChangedMeanwhileError as error:
        who = "You have" if was_last_saved_by(error.instance, request.user) else "Somebody else has"
        words = f"{who} changed {thing} in the meantime, so nothing was done. Please look again."
        messages.warning(request, words)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
