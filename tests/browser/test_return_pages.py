"""Every page of the monthly return: nothing for axe to find, and nothing to scroll sideways for."""

import pytest

from tests.databases import database_with

from . import returns
from .returns import COLLECTION, RETURN, SIGN_OFF

pytestmark = pytest.mark.browser

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


@pytest.mark.parametrize("person", sorted({person for person, _ in PAGES.values()}))
def test_pages_are_accessible_and_fit(as_person, faults, person):
    pages = {name: address for name, (whose, address) in PAGES.items() if whose == person}

    assert {name: wrong for name, address in pages.items() if (wrong := faults(as_person(person, address)))} == {}
