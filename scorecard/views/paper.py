"""The page in place of a PDF that this server can't make."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from scorecard.files.paper import PaperUnavailableError


def paper_unavailable(request: HttpRequest, error: PaperUnavailableError) -> HttpResponse:
    """Says how to print the report all the same, and what whoever runs the server can do."""
    return render(request, "scorecard/no_paper.html", {"remedy": str(error)}, status=503)
