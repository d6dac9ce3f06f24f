"""Pages of the administration that ask why a change is right before it is saved, and keep the answer in the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.functional import cached_property

from indicators.calculations.cautions import Caution
from indicators.models import User
from indicators.reasons import asked_of, in_history

from .base import AuditedAdmin, signed_in
from .forms import VersionedForm, VersionedFormSet

ASKED = "Is this right?"
ASK = "Correct it, or say below why it is right, and save again."
ASK_ABOVE = "Correct it, or say at the top of the page why it is right, and save again."
if TYPE_CHECKING:
    Admin = AuditedAdmin
else:
    Admin = object


def fingerprint(cautions: Sequence[Caution]) -> str:
    """Tells what an answer is about: something else is asked about anew. Empty where nothing is asked."""
    return sha256(repr([caution[:3] for caution in cautions]).encode()).hexdigest()[:16] if cautions else ""


class AskingForm(VersionedForm):
    """A row's form. One answer stands for all that is asked about the row, and about those edited with it."""

    answer = forms.CharField(
        label="Why it is right",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
        help_text="Kept in the history.",
    )
    # The fingerprints of what the answer is about.
    asked = forms.CharField(required=False, widget=forms.HiddenInput)
    person: User | None = None
    cautions: Sequence[Caution] = ()

    @cached_property
    def changed_data(self) -> list[str]:
        """What was typed anew of the row itself."""
        return [name for name in super().changed_data if name not in ("answer", "asked")]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors or not self.has_changed():
            return
        self.cautions = self.find_cautions()
        if self.cautions and not is_answered(self.data, self.cautions):
            self.add_error("answer", [*(caution.message for caution in self.cautions), ASK])

    def find_cautions(self) -> list[Caution]:
        """What there is to ask about the row as it would be."""
        return asked_of([(_stored([self.instance]).get(self.instance.pk), self.instance)]).get(0, [])

    @property
    def answers(self) -> list[str]:
        """What was asked and answered, for the history."""
        return in_history(self.cautions, self.cleaned_data.get("answer", ""))


class AskingFormSet(VersionedFormSet):
    """Rows edited at their parent. What is asked of one stands beside it; the parent's page has the answer."""

    cautions: Sequence[Caution] = ()
    # What is asked, each with its row.
    told: Sequence[str] = ()

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        changed = [form for form in self.forms if form.has_changed()]
        stored = _stored([form.instance for form in changed])
        gone = [bool(form.cleaned_data.get(DELETION_FIELD_NAME)) for form in changed]
        pairs = [
            (stored.get(form.instance.pk), None if is_gone else form.instance)
            for form, is_gone in zip(changed, gone, strict=True)
        ]
        found = asked_of(pairs)
        self.cautions = [caution for place in sorted(found) for caution in found[place]]
        if not self.cautions:
            return
        is_right = is_answered(self.data, self.cautions)
        rows = [stored.get(form.instance.pk) or form.instance for form in changed]
        self.told = [f"{rows[place]}: {one.message}" for place in sorted(found) for one in found[place]]
        for place, cautions in found.items():
            form = changed[place]
            form.instance._change_reason = "\n".join(in_history(cautions, self.data.get("answer", "").strip()))
            if not is_right and not gone[place]:
                form.add_error(None, [*(caution.message for caution in cautions), ASK_ABOVE])
        if not is_right and all(gone[place] for place in found):
            raise ValidationError([*self.told, ASK_ABOVE])


def is_answered(data: Any, cautions: Sequence[Caution]) -> bool:
    """Whether what was sent says why, and was asked just this."""
    return fingerprint(cautions) in data.get("asked", "").split() and bool(data.get("answer", "").strip())


def _stored(rows: Sequence[Any]) -> dict[int, Any]:
    keys = [row.pk for row in rows if row.pk is not None]
    return type(rows[0])._base_manager.in_bulk(keys) if keys else {}


class AsksWhy(Admin):
    """Pages of a model whose form is an `AskingForm`. Also asks before a row is deleted."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        form = super().get_form(request, obj, change=change, **kwargs)
        form.person = signed_in(request)
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        # Declared fields would come again where a page names none of its own.
        fieldsets = [
            (name, {**options, "fields": [one for one in options["fields"] if one not in ("answer", "asked")]})
            for name, options in fieldsets
        ]
        # There is nothing to answer before anything was asked.
        asked = [(ASKED, {"fields": ["answer", "asked"]})] if request.method == "POST" else []
        return [*asked, *fieldsets]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        shown = context["adminform"]
        form: AskingForm = shown.form
        beside = [inline.formset for inline in context["inline_admin_formsets"]
                  if isinstance(inline.formset, AskingFormSet) and inline.formset.cautions]  # fmt: skip
        asked = [form.cautions, *(formset.cautions for formset in beside)]
        about = " ".join(filter(None, map(fingerprint, asked)))
        if form.is_bound:
            unanswered = [formset for formset in beside if not is_answered(form.data, formset.cautions)]
            if unanswered:
                form.add_error("answer", [*(told for formset in unanswered for told in formset.told), ASK])
            data: Any = form.data
            form.data = data.dict() | {"asked": about} if isinstance(data, QueryDict) else data
        # Nor on a page that came back because something else was wrong.
        if not form.errors.get("answer") and not form.data.get("answer"):
            shown.fieldsets = [fieldset for fieldset in shown.fieldsets if fieldset[0] != ASKED]
        return super().render_change_form(request, context, *args, **kwargs)

    # Deleting

    def asked_before_deleting(self, rows: Sequence[Any]) -> Mapping[int, list[Caution]]:
        """What there is to ask before rows are deleted, by the place of each."""
        return asked_of([(row, None) for row in rows])

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        context["asked"] = [caution.message for caution in self.asked_before_deleting([context["object"]]).get(0, [])]
        return super().render_delete_form(request, context)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        answer, asked = request.POST.get("answer", "").strip(), self.asked_before_deleting([obj]).get(0, [])
        if asked and not answer:
            raise ValidationError("Say why it is to be deleted.")
        obj._change_reason = "\n".join(in_history(asked, answer)) or None
        super().delete_model(request, obj)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().delete_view(request, *args, **kwargs)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return HttpResponseRedirect(request.path)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        try:
            return super().changelist_view(request, extra_context)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return HttpResponseRedirect(request.get_full_path())

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        rows = list(queryset.select_related())
        for place, asked in self.asked_before_deleting(rows).items():
            raise ValidationError(f"{rows[place]}: {asked[0].message} Delete it on its own page, and say why.")
        super().delete_queryset(request, queryset)
