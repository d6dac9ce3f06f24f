"""The admin's pages in tests: where they are, and what a browser sends back from them."""

from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse


def address(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def filled_in(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """The page's fields as they stand, with some of them changed."""
    context = client.get(address).context
    forms = [context["adminform"].form]
    data: dict[str, Any] = {}
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.field.prepare_value(bound.value()) if bound.value() is not None else ""
            if value is not False:
                data[bound.html_name] = _texts(value)
    return {**data, **changes}


def _texts(value: Any) -> Any:
    return [str(item) for item in value] if isinstance(value, list) else str(value)
