"""HTML that is filled in: nothing that somebody typed can leave its place."""

import pytest
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from scorecard.display.markup import Markup, lines_of

NASTY = ["<b>", "a & b", "'\"", '"><script>alert(1)</script>', "{}", "{0}", "%s", "100%", "&amp;", "", "–"]


@pytest.mark.parametrize("text", NASTY)
def test_text_is_escaped_as_django_escapes_it(text):
    template = '<abbr title="{}">{}</abbr>'
    assert Markup(template)(text, text) == format_html(template, text, text)


@given(st.text(), st.text())
def test_any_text_is_escaped_as_django_escapes_it(one, other):
    assert Markup("<i>{}</i>{}")(one, other) == format_html("<i>{}</i>{}", one, other)


def test_html_stays_as_it_is_and_numbers_are_written():
    assert Markup("<p>{}</p>{}")(SafeString("<b>1</b>"), 2.5) == "<p><b>1</b></p>2.5"
    assert isinstance(Markup("<p>{}</p>")("x"), SafeString)


def test_percent_signs_of_the_template_stay():
    assert Markup('<i style="width: 50%">{}</i>')("20%") == '<i style="width: 50%">20%</i>'


@pytest.mark.parametrize("values", [(), ("one", "two")])
def test_each_place_takes_one_value(values):
    with pytest.raises(ValueError, match="extended slice"):
        Markup("<p>{}</p>")(*values)


@given(st.text(alphabet="a<&'\r\n"))
def test_lines_break_as_in_templates(text):
    assert lines_of(text) == linebreaksbr(text)
