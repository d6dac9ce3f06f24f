"""Pages of the monthly return as a real Chromium prints them."""

import io

import pytest
from django.core.management import call_command
from pypdf import PdfReader

from tests.scorecard.files.paper.reading import A4_PORTRAIT, size, texts

from . import returns
from .returns import COLLECTION, RETURN, SIGN_OFF

pytestmark = pytest.mark.browser

PAGES = {
    "return": ("ann", RETURN, ("Send for sign-off", "Save draft", "Who changed what")),
    "sign-off": ("olive", SIGN_OFF, ("Send back", "Who changed what")),
    "collection": ("officer", COLLECTION, ("Remind", "Hand over")),
}


@pytest.fixture(scope="module")
def transactional_db(django_db_setup, django_db_blocker):
    """One service for all of these tests, which change nothing, with February open."""
    with django_db_blocker.unblock():
        scorecard = returns.make_service()
        returns.make_officer()
        returns.open_month(scorecard)
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.mark.parametrize(("person", "address", "controls"), PAGES.values(), ids=PAGES)
def test_page_is_printed_on_a4_without_controls(as_person, person, address, controls):
    page = as_person(person, address)
    reader = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    text = " ".join(texts(reader))

    assert page.get_by_role("heading", level=1).inner_text() in text
    assert {size(sheet) for sheet in reader.pages} == {A4_PORTRAIT}
    assert [control for control in (*controls, "Sign out") if control in text] == []
