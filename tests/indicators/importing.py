"""Importing a spreadsheet in tests, as a person does: choose the file, look at the preview, confirm."""

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse


def import_address(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_import")


def excel(*rows, formats=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell, number_format in formats:
        book.active[cell].number_format = number_format
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def preview(client, model, content, name="figures.csv"):
    """Choose a file; the response is the preview, or the page that says what is wrong."""
    data = content if isinstance(content, bytes) else content.encode()
    return client.post(import_address(model), {"import_file": SimpleUploadedFile(name, data)})


def confirm(client, model, response, **answers):
    """Confirm a preview. What it asks is answered with a reason, unless `answers` say something by its code."""
    asked = {question.code: "It is right." for question in response.context["questions"].questions}
    said = {f"question-{code}": answer for code, answer in (asked | answers).items() if answer}
    return client.post(confirm_address(model), {"preview": response.context["preview"], **said}, follow=True)


def confirm_address(model):
    return import_address(model).replace("/import/", "/process_import/")


def asked(response):
    """What a preview asks: the code of each kind, with the rows' numbers."""
    return {
        question.code: [row.number for row, _ in question.found] for question in response.context["questions"].questions
    }


def import_file(client, model, content, name="figures.csv"):
    response = preview(client, model, content, name)
    assert not response.context.get("problems"), response.context["problems"]
    assert not response.context["form"].errors, response.context["form"].errors
    return confirm(client, model, response)


def problems(client, model, content, name="figures.csv"):
    """What is wrong, as the page tells it: (row, column, message)."""
    return [tuple(problem) for problem in preview(client, model, content, name).context["problems"]]


def file_problem(client, model, content, name="figures.csv"):
    """What is wrong with the file as a whole."""
    return " ".join(preview(client, model, content, name).context["form"].errors["import_file"])
