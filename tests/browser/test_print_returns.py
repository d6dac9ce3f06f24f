"""Pages of the monthly return as a real Chromium prints them."""

import io

import pytest
from pypdf import PdfReader

from tests.databases import database_with
from tests.scorecard.files.paper.reading import A4_PORTRAIT, size, texts

from . import returns
from .returns import COLLECTION, RETURN, SIGN_OFF

pytestmark = pytest.mark.browser

PAGES = {
    "return": ("ann", RETURN, ("Send for sign-off", "Save draft", "Who changed what")),
    "sign-off": ("olive", SIGN_OFF, ("Send back", "Who changed what")),
    "collection": ("officer", COLLECTION, ("Remind", "Hand over")),
}


transactional_db = database_with(returns.open_service)


@pytest.mark.parametrize(("person", "address", "controls"), PAGES.values(), ids=PAGES)
def test_page_is_printed_on_a4_without_controls(as_person, person, address, controls):
    page = as_person(person, address)
    reader = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    text = " ".join(texts(reader))

    assert page.get_by_role("heading", level=1).inner_text() in text
    assert {size(sheet) for sheet in reader.pages} == {A4_PORTRAIT}
    assert [control for control in (*controls, "Sign out") if control in text] == []
