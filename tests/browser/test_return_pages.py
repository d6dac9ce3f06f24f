"""Every page of the monthly return: nothing for axe to find, and nothing to scroll sideways for."""

import pytest

from tests.databases import database_with

from . import returns
from .returns import COLLECTION, RETURN, SIGN_OFF

pytestmark = pytest.mark.browser

WIDTHS = [1440, 390, 320]
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
PAGES = {
    "work": ("ann", "/your-work/"),
    "return": ("ann", RETURN),
    "return with troubles": ("ann", f"{RETURN}?check=1"),
    "history": ("ann", f"{RETURN}lines/{{C1}}/history/"),
    "sign-off": ("olive", SIGN_OFF),
    "collection": ("officer", COLLECTION),
    "collection, filtered": ("officer", f"{COLLECTION}?standing=draft&owner=nope"),
    "editions": ("officer", "/editions/"),
    "opening an edition": ("officer", "/editions/families/open/"),
    "moving an edition": ("officer", f"{COLLECTION}move/in_review/"),
    "handing over": ("officer", f"{COLLECTION}hand-over/ann/"),
}


transactional_db = database_with(returns.open_service)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("person", "address"), PAGES.values(), ids=PAGES)
def test_page_is_accessible_and_fits(as_person, axe, person, address, width):
    page = as_person(person, address, width)

    assert axe(page) == []
    assert page.evaluate(FITS)
