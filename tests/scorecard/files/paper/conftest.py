"""The demonstration's report as a PDF, made once: that takes seconds."""

import io

import pytest
from pypdf import PdfReader

from scorecard.files.paper import to_pdf
from tests.demonstration import report_of

from .reading import board_of, texts


@pytest.fixture(scope="session")
def report(django_db_setup, django_db_blocker):
    return report_of("2021-01", django_db_blocker)


@pytest.fixture(scope="session")
def reader(report):
    return PdfReader(io.BytesIO(to_pdf(report)))


@pytest.fixture(scope="session")
def pages(reader):
    return texts(reader)


@pytest.fixture(scope="session")
def board(reader, pages):
    return board_of(reader, pages)
