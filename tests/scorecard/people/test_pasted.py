"""People as they are pasted, line by line."""

import pytest

from scorecard.people.pasted import read_people

JO = ("Jo Bloggs", "jo@example.gov.uk")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jo Bloggs\tjo@example.gov.uk\tPanel member", [(*JO, "panel", "")]),
        ("Jo Bloggs, jo@example.gov.uk", [(*JO, "", "")]),
        ("Jo Bloggs; jo@example.gov.uk; Reporter", [(*JO, "", "")]),
        ("Jo Bloggs <jo@example.gov.uk>, councillor", [(*JO, "panel", "")]),
        ('"Jo Bloggs" <jo@example.gov.uk>;', [(*JO, "", "")]),
        ("Bloggs, Jo, jo@example.gov.uk", [(*JO, "", "")]),
        ("jo@example.gov.uk, Jo Bloggs, officer", [(*JO, "officer", "")]),
        ("jo@example.gov.uk", [("", "jo@example.gov.uk", "", "")]),
        ("Jo Bloggs", [("Jo Bloggs", "", "", "")]),
        ("\ufeffName\tE-mail\tRole\n\nJo Bloggs\tjo@example.gov.uk\t\n\t\t\n", [(*JO, "", "")]),
        ("Jo Bloggs\tjo@example.gov.uk\tKing", [(*JO, "", "“King” is no role")]),
        ("Jo\tjo@example", [("Jo", "jo@example", "", "")]),
        ("Jo\tjo@@example", [("", "", "", "This is no e-mail address.")]),
        ("a@b.uk, c@d.uk", [("", "", "", "Two addresses")]),
        ("reporter", [("reporter", "", "", "")]),
        ("a@b.uk\nA@B.uk", [("", "a@b.uk", "", ""), ("", "A@B.uk", "", "stands above already")]),
        ('"', [("", "", "", "Write a name")]),
        ("", []),
        (" \n,,;\t\n", []),
        ("\x00\ud800", [("\ufffd", "", "", "")]),
    ],
)
def test_pasted_text_is_read(text, expected):
    found = [(one.name, one.email, one.role, one.problem) for one in read_people(text)]

    assert [one[:3] for one in found] == [one[:3] for one in expected]
    assert all(
        wanted[3] in one[3] and bool(wanted[3]) == bool(one[3]) for one, wanted in zip(found, expected, strict=True)
    )
