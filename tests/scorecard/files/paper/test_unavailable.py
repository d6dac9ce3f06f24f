"""What a reader is told where no PDF can be made."""

import pytest
from django.contrib.auth.models import AnonymousUser

from scorecard.files.paper import PaperUnavailableError
from scorecard.views.reports import paper_unavailable

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(rf):
    request = rf.get("/scorecards/panel/2021-01/report.pdf")
    request.user = AnonymousUser()
    return paper_unavailable(request, PaperUnavailableError("run scripts/system_packages"))


def test_page_without_pdf_says_it_is_for_now(answer):
    assert answer.status_code == 503


def test_page_without_pdf_says_what_to_do(answer):
    assert "print it from the browser" in answer.content.decode()
    assert "run scripts/system_packages" in answer.content.decode()
