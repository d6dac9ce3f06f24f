"""The one navigation of all pages: the places that somebody may go to, and the way back from a page.

A page is told by the name of its address. Those that stand nowhere below belong to no place, as signing in.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import reverse

from indicators.models import User

from .access import scorecards_for
from .models import Scorecard
from .rules import may

SLUG, MONTH = ("slug",), ("slug", "month_text")
# The pages of each place; the first is where it begins.
PAGES = {
    "Report": "latest_report home report publication preview indicator preview_indicator",
    "Archive": "archive compare withheld withholding take_back",
    "Questions": "questions new_question question question_update",
    "Your work": "work start return line paste line_history sign_off",
    "Collection": (
        "editions open_next collection move_edition publish_edition revise_edition public_texts decide_relation remind "
        "hand_over overview new_area edit_area close_area new_update edit_update"
    ),
    "Setting up": (
        "setup moving moving_out people people_add people_invite person person_leaves take_off_factors spreadsheets "
        "spreadsheet council remove_logo council_part move_groups arrange_scorecard scorecard_details new_indicator "
        "new_year public_settings revise_waiting new_scorecard security_log"
    ),
}
PLACE_OF = {name: place for place, names in PAGES.items() for name in names.split()}
# Pages that are many, by how their names begin.
PLACE_OF_KIND = {"spreadsheet_": "Setting up", "council_": "Setting up", "new_": "Setting up", "edit_": "Setting up"}


class WayBack(NamedTuple):
    """Where a page's way back leads: the name of an address, what it takes of the page's own, and its words."""

    to: str
    takes: tuple[str, ...]
    words: str


ARCHIVE, COLLECTION = WayBack("archive", SLUG, "Archive"), WayBack("collection", MONTH, "Collection")
WORK, RETURN = WayBack("work", (), "Your work"), WayBack("return", MONTH, "The return")
SETUP, LINES = WayBack("setup", (), "Setting up"), WayBack("arrange_scorecard", SLUG, "Sections and lines")
SHEETS, SIGN_IN = WayBack("spreadsheets", (), "Spreadsheets"), WayBack("mfa_index", (), "Your sign-in")
# Of pages that don't draw one of their own.
WAYS_BACK = {
    **dict.fromkeys(("compare", "withheld", "take_back", "publication"), ARCHIVE),
    "withholding": WayBack("withheld", SLUG, "What was withheld or revised"),
    **dict.fromkeys(("return", "sign_off"), WORK),
    **dict.fromkeys(("line", "paste", "line_history"), RETURN),
    **dict.fromkeys(("collection", "open_next"), WayBack("editions", (), "Editions")),
    **dict.fromkeys(
        ("move_edition", "publish_edition", "revise_edition", "public_texts", "decide_relation", "remind", "hand_over"),
        COLLECTION,
    ),
    **dict.fromkeys(("people", "spreadsheets", "council", "new_scorecard", "moving", "arrange_scorecard"), SETUP),
    "moving_out": WayBack("moving", (), "Moving"),
    "spreadsheet": SHEETS,
    **dict.fromkeys(("scorecard_details", "new_year", "public_settings"), LINES),
    "revise_waiting": WayBack("public_settings", SLUG, "What the public sees"),
    "password_change": SIGN_IN,
    "accessibility_criteria": WayBack("accessibility", (), "Accessibility"),
}
WAYS_BACK_OF_KIND = {"spreadsheet_": SHEETS, "mfa_add": SIGN_IN, "mfa_deactivate": SIGN_IN, "mfa_view": SIGN_IN}


class Place(NamedTuple):
    """A place as the navigation shows it; `current` is what aria-current says of it, or empty."""

    title: str
    address: str
    current: str


class Navigation:
    """The places that whoever asks may go to from a page, and the way back from it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        match = getattr(request, "resolver_match", None)
        # The administration is another place, with names of its own.
        self.page = match.url_name or "" if match and not match.namespaces else ""
        self.takes = match.kwargs if match else {}

    @property
    def places(self) -> list[Place]:
        """Those of the scorecard that the page is about, or else of the council's first."""
        if not hasattr(self.request, "user"):
            # Refused before anybody was asked who they are.
            return []
        here = _of_kind(self.page, PLACE_OF, PLACE_OF_KIND)
        return [
            Place(title, address, ("page" if PAGES[title].split()[0] == self.page else "true") if title == here else "")
            for title, address in self._addresses().items()
        ]

    def _addresses(self) -> dict[str, str]:
        scorecard, reader = self._scorecard(), self.request.user
        if scorecard:
            found = {name: reverse(PAGES[name].split()[0], args=[scorecard.slug]) for name in ("Report", "Archive")}
        else:
            found = {"Report": reverse("home")}
        if isinstance(reader, User):
            if scorecard and may(reader, "read_questions", scorecard):
                found["Questions"] = reverse("questions", args=[scorecard.slug])
            found["Your work"] = reverse("work")
            if may(reader, "manage_collection"):
                found["Collection"] = reverse("editions")
            if may(reader, "set_up"):
                found["Setting up"] = reverse("setup")
        return found

    def _scorecard(self) -> Scorecard | None:
        try:
            there_are = scorecards_for(self.request)
        except DatabaseError:
            # A page that says so has its navigation all the same.
            return None
        slug = self.takes.get("slug")
        return next((one for one in there_are if one.slug == slug), there_are[0] if there_are else None)

    @property
    def back(self) -> tuple[str, str] | None:
        """The address and the words of the way back; None where the page draws its own, or begins a place."""
        way = _of_kind(self.page, WAYS_BACK, WAYS_BACK_OF_KIND)
        return (reverse(way.to, kwargs={name: self.takes[name] for name in way.takes}), way.words) if way else None


def _of_kind(page: str, by_name: dict[str, Any], by_beginning: dict[str, Any]) -> Any:
    kinds = (found for beginning, found in by_beginning.items() if page.startswith(beginning))
    return by_name.get(page) or next(kinds, None)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: nothing is read unless a page draws it."""
    return {"navigation": partial(Navigation, request)}
