"""The documents: every link in them, and every mention of them in the code, leads to something that is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DECISIONS = ROOT / "docs" / "adr"
# [words](target "title"); pictures too. What stands in a block of code is no link.
LINK = re.compile(r"\[(?P<words>[^\]]*)\]\((?P<target>[^)\s]+)[^)]*\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
# How code and documents speak of a document: its path, or a decision by its number.
MENTION = re.compile(r"\bdocs/(?:[\w-]+/)*[\w-]+\.md\b|\badr/\d{4}-[\w-]+\.md\b")
DECISION = re.compile(r"\bADRs? ?(\d+)\b|docs/adr/, number (\d+)")
FOLDERS = [
    "docs",
    "scorecard",
    "commentary",
    "indicators",
    "templates",
    "static/src",
    "requirements",
    "scripts",
    "bench",
    "tests",
]
TEXTS = {".py", ".md", ".html", ".txt", ".in", ".js", ".mjs", ".scss", ".toml", ".yml", ".sh", ""}


def files():
    """What people write and read: the documents and the code, at the top and in these folders."""
    inside = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    return [
        path
        for path in sorted([*ROOT.glob("*"), *inside])
        if path.is_file() and path.suffix in TEXTS and ROOT / "tests" / "data" not in path.parents
    ]


def text_of(path):
    return path.read_text(encoding="utf-8")


def anchors_of(text):
    """The anchors of a document's headings, as the pages of GitHub have them."""
    headings = (re.sub(r"[^\w\s-]", "", heading.strip().lower()) for heading in HEADING.findall(CODE.sub("", text)))
    return {heading.replace(" ", "-") for heading in headings}


def broken_links(path, text):
    """The links of a document that lead nowhere, and those to a decision of another number than their words say."""
    for link in LINK.finditer(CODE.sub("", text)):
        target, _, anchor = link["target"].partition("#")
        if ":" in target:
            continue
        leads_to = (path.parent / target).resolve() if target else path
        numbers = [int(number) for pair in DECISION.findall(link["words"]) for number in pair if number]
        is_right = (leads_to == path or leads_to.exists()) and not (numbers and int(leads_to.name[:4]) != numbers[0])
        if not is_right or (anchor and anchor not in anchors_of(text if leads_to == path else text_of(leads_to))):
            yield link[0]


def broken_mentions(text, decisions):
    """The documents that a text speaks of and that are not there; `decisions` are the numbers of those that are."""
    for mention in MENTION.findall(text):
        if not (ROOT / (mention if mention.startswith("docs/") else f"docs/{mention}")).exists():
            yield mention
    for found in DECISION.finditer(text):
        if int(found[1] or found[2]) not in decisions:
            yield found[0]


@pytest.fixture(scope="module")
def decisions():
    return {int(path.name[:4]) for path in DECISIONS.glob("*.md")}


DOCUMENTS = [path for path in files() if path.suffix == ".md"]


@pytest.mark.parametrize("path", DOCUMENTS, ids=[str(path.relative_to(ROOT)) for path in DOCUMENTS])
def test_links_of_a_document_lead_somewhere(path):
    assert list(broken_links(path, text_of(path))) == []


def test_documents_that_are_spoken_of_are_there(decisions):
    found = {
        str(path.relative_to(ROOT)): list(broken_mentions(text_of(path), decisions))
        for path in files()
        if path != Path(__file__)
    }
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_a_decision_has_the_number_of_its_file():
    wrong = [path.name for path in DECISIONS.glob("*.md") if not text_of(path).startswith(f"# {int(path.name[:4])}. ")]
    assert wrong == []


# The rules themselves are tried on texts that break them.


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        pytest.param("[the methods](methods.md)", False, id="a document"),
        pytest.param("[blanks](methods.md#blanks-and-marks)", False, id="a heading"),
        pytest.param("## Here\n[above](#here)", False, id="a heading of its own"),
        pytest.param("[elsewhere](https://www.gov.uk/nowhere)", False, id="another site"),
        pytest.param("`[a](b.md)`", False, id="code"),
        pytest.param("[ADR 18](adr/0018-charts.md)", False, id="a decision"),
        pytest.param("[the methods](method.md)", True, id="no such document"),
        pytest.param("[blanks](methods.md#no-such-heading)", True, id="no such heading"),
        pytest.param("[ADR 17](adr/0018-charts.md)", True, id="another decision than its words say"),
    ],
)
def test_broken_link_is_found(text, broken):
    assert bool(list(broken_links(ROOT / "docs" / "new.md", text))) == broken


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        pytest.param("# as docs/methods.md says", [], id="a document"),
        pytest.param("# adr/0018-charts.md and ADR 18", [], id="a decision"),
        pytest.param("# docs/adr/0017-charts.md", ["docs/adr/0017-charts.md"], id="no such decision"),
        pytest.param("# ADR 99", ["ADR 99"], id="no such number"),
        pytest.param("# (docs/adr/, number 99)", ["docs/adr/, number 99"], id="no such number, in words"),
    ],
)
def test_broken_mention_is_found(text, broken, decisions):
    assert list(broken_mentions(text, decisions)) == broken


def test_architecture_names_files_that_are_there():
    table = text_of(ROOT / "docs" / "architecture.md").partition("## Where a rule is")[2].partition("\n\nLogic goes")[0]
    named = re.findall(r"`((?:indicators|commentary|scorecard|static)/[\w./-]+)`", table)
    assert len(named) > 50
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_lines_of_the_architecture_can_be_read_in_an_editor():
    assert [line for line in text_of(ROOT / "docs" / "architecture.md").splitlines() if len(line) > 120] == []
