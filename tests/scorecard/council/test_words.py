"""The council's words in place of the product's: with article and plural, and nowhere written out past them."""

import ast
import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from indicators.calculations.spc import Variation
from scorecard.council.look import Look, plural_of
from scorecard.display.drawings import look_icon
from scorecard.files.csv_and_json import as_data
from scorecard.files.paper.content import content_of
from scorecard.files.workbook import look_sentences
from scorecard.focus.page import Concern
from scorecard.report.what_to_look_at import Tally, what_to_look_at
from tests.scorecard.report.rows import make_report, make_row, make_signal

ROOT = Path(__file__).resolve().parents[3]
WORD = re.compile(r"\b(panels?|services?)\b", re.IGNORECASE)


def in_words(text, **words):
    return Look(words=words).said(text)


@pytest.mark.parametrize(
    ("word", "text", "said"),
    [
        ("committee", "The panel’s questions", "The committee’s questions"),
        ("committee", "Panel members", "Committee members"),
        ("board", "a panel member, and all panels", "a board member, and all boards"),
        ("executive", "A panel member asks a panel", "An executive member asks an executive"),
        ("overview committee", "for a panel", "for an overview committee"),
        ("unit", "a panel", "a unit"),
        ("assembly", "panels", "assemblies"),
        ("Cabinet", "the panel", "the Cabinet"),
        ("board", "a panelled room, panel_word", "a panelled room, panel_word"),
    ],
)
def test_article_plural_and_capital_go_with_the_word(word, text, said):
    assert in_words(text, panel=word) == said


def test_both_words_are_said_and_others_stay():
    text = "What the services report to their panel"
    assert in_words(text, service="directorate") == "What the directorates report to their panel"
    assert in_words(text, service="body", panel="board") == "What the bodies report to their board"
    assert in_words(text) == text


@pytest.mark.parametrize(
    ("word", "plural"),
    [("board", "boards"), ("body", "bodies"), ("branch", "branches"), ("survey", "surveys"), ("class", "classes")],
)
def test_plurals(word, plural):
    assert plural_of(word) == plural


# What a reader sees of a template: without comments, tags (but what they are given in words), variables and markup.
UNSEEN = [
    re.compile(pattern, re.DOTALL)
    for pattern in (r"\{#.*?#\}", r"\{% comment %\}.*?\{% endcomment %\}", r"\{%.*?%\}", r"\{\{.*?\}\}", r"<[^>]*>")
]
SPOKEN_ATTRIBUTE = re.compile(r'(?:aria-label|title|alt|placeholder|content)="([^"]*)"')
# Where services are those that a council gives people, and not whoever makes a report.
OTHER_SERVICES = {"about/privacy.html": "its services", "about/accessibility.html": "services"}


def seen_in(template):
    for pattern in UNSEEN[:4]:
        template = pattern.sub("", template)
    return " ".join([UNSEEN[4].sub(" ", template), *SPOKEN_ATTRIBUTE.findall(template)])


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>For the panel</p>", ["panel"]),
        ('<nav aria-label="The Panel’s questions">', ["Panel"]),
        ("{# panel #}{{ report.panel }}{% said 'the panel' %}<p class=\"panel\">", []),
        ("{% if x %}services{% endif %}", ["services"]),
    ],
)
def test_words_that_readers_see_are_found(template, words):
    assert WORD.findall(seen_in(template)) == words


@pytest.mark.parametrize(
    "path", sorted(str(path.relative_to(ROOT / "templates")) for path in ROOT.glob("templates/**/*.*"))
)
def test_no_template_writes_the_words_out(path):
    """It says them by `{% said "…" %}`, in the council's own words."""
    found = WORD.findall(seen_in((ROOT / "templates" / path).read_text()))
    others = [word for word in found if word.lower() in ("service", "services") and path in OTHER_SERVICES]
    assert [word for word in found if word not in others] == []


# Names, of groups and in the administration, and sentences about the words themselves.
NOT_SAID = {
    "scorecard/roles.py",
    "scorecard/settings.py",
    "scorecard/accounts/provider.py",
    "scorecard/council/forms.py",
    "scorecard/council/look.py",
    "scorecard/publication/comparing.py",
}
FOLDERS_NOT_SAID = ("migrations", "models", "spreadsheets", "demonstration", "management")


def sentences_in(source):
    """The texts of a module with a blank or a capital, but docstrings and what is handed to `said`."""
    tree = ast.parse(source)
    left_out = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            left_out.add(body[0].value)
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("said", "said_later"):
                left_out.update(part for argument in node.args for part in ast.walk(argument))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in left_out:
            yield node.value


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('"""About the panel."""\nx = said("the panel reads")\n', []),
        ('x = "The panel reads it."\n', ["The panel reads it."]),
        ('x = "panel"\n', []),
    ],
)
def test_sentences_with_the_words_are_found(source, found):
    assert [text for text in sentences_in(source) if " " in text and WORD.search(text)] == found


def test_no_sentence_of_the_program_writes_the_panel_out():
    """A view, a form or a file says it by `said` or `said_later`."""
    found = [
        (str(path.relative_to(ROOT)), text)
        for path in sorted(ROOT.glob("scorecard/**/*.py"))
        if not set(path.parts) & set(FOLDERS_NOT_SAID) and str(path.relative_to(ROOT)) not in NOT_SAID
        for text in sentences_in(path.read_text())
        if " " in text and re.search(r"\bpanels?\b", text, re.IGNORECASE)
    ]
    assert found == [
        # Said where it is read.
        (
            "scorecard/publication/reading.py",
            "For the panel only: it shows small counts that are hidden from the public. Please don’t pass it on.",
        )
    ]


@pytest.mark.parametrize(
    ("commentary", "said"),
    [
        ("The service waits for a panel.", "The directorate says: “The service waits for a panel.”"),
        ("", "The directorate gives no explanation."),
    ],
)
def test_whatever_says_what_the_service_says_leaves_what_it_wrote(commentary, said, monkeypatch):
    council = Look(words={"service": "directorate", "panel": "board"})
    monkeypatch.setattr("scorecard.council.look.look", lambda: council)
    row = make_row(figure=90, signal=make_signal(Variation.CONCERN_HIGH), commentary=commentary)
    report = make_report([row])
    [item] = what_to_look_at(report)
    shown = {"look": [(item, look_icon(item))], "tally": Tally.of(report, [item])}
    concern = {"one": Concern(item), "slug": "board", "month": "2021-01"}

    outputs = {
        "the report": render_to_string("components/what_to_look_at.html", shown),
        "the overview": render_to_string("components/concern.html", concern),
        "the paper": render_to_string("paper/overview.html", content_of(report, council)),
        "the workbook": next(look_sentences(report, council)),
        "JSON": as_data(report, council)["what_to_look_at"][0]["explanation"],
    }
    assert [name for name, text in outputs.items() if said not in text] == []
