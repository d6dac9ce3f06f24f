"""Words explained where they first stand."""

import re

import pytest
from django.template import engines

from indicators.calculations.row import PeerGroup
from indicators.calculations.vocabulary import GroupKind
from scorecard.display.terms import explain
from scorecard.report.board import ShortForm

FORMS = (ShortForm("MASH", "multi-agency safeguarding hub"), ShortForm("SGO", "special guardianship order"))


def explained(html, forms=FORMS, **options):
    return str(explain(html, forms, **options))


def opened(html):
    """The words that open something, in order: those in the text, and in brackets those of a mark behind it."""
    found = re.findall(r"<button[^>]*class=\"(term|term-mark)\"[^>]*>(.*?)</button>", html)
    return [word if kind == "term" else f"({re.search('Meaning of (.*?)<', word)[1]})" for kind, word in found]


def meaning(html, number=1):
    return re.search(rf'<div popover [^>]*id="term-{number}">(.*?)</div>', html)[1]


def test_word_opens_what_it_means():
    html = explained("<p>Passed on (to MASH).</p>")
    button = '<button type="button" class="term" popovertarget="term-1">MASH</button>'
    assert f'<p>Passed on (to <span class="term-run">{button}).</span></p>' in html
    assert meaning(html) == "<p><dfn>MASH</dfn>: multi-agency safeguarding hub.</p>"


def test_word_opens_once_and_again_in_each_line():
    line = '<tbody role="rowgroup" class="line" id="a"><tr><td>MASH and MASH, Usual variation</td></tr></tbody>'
    html = explained(f"<p>MASH</p><p>MASH</p>{line}{line}")
    assert opened(html) == ["MASH", "MASH", "Usual variation", "MASH"]
    assert len(re.findall("<div popover", html)) == 2


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/x">MASH and SGOs</a> MASH', ["(MASH and SGO)"]),
        ('<th scope="col" class="x">Signal</th>', ["(Signal)"]),
        ('<th scope="row">SGO</th>', ["SGO"]),
        ("<h2>Front door (MASH)</h2>", ["MASH"]),
        ("<p>A Special Guardianship Order (SGO), or SGO</p>", []),
        ("<p>Special guardianship orders, SGOs</p>", []),
        ("<p>The SGO-like Mash of SGOX</p>", ["SGO"]),
        ('<p title="SGO" data-words="sgo SGO"></p>', []),
        ("<select><option>MASH</option></select><label>MASH</label><summary>MASH</summary>", []),
        ('<nav><ul><li><a href="#x">MASH</a></li></ul></nav><p>MASH</p>', ["MASH"]),
        ('<span class="govuk-visually-hidden"><span>x</span> SGO</span> SGO', ["SGO"]),
        ('<section class="key"><section>MASH</section> MASH</section>', []),
        ("<p>Concerns: 31% is concern</p>", ["Concerns"]),
    ],
)
@pytest.mark.each_case
def test_where_it_stands(html, expected):
    assert opened(explained(html)) == expected


def test_mark_stands_behind_a_link_and_within_a_heading():
    html = explained('<p><a href="/x">MASH</a> x</p><table><tr><th scope="col">Signal</th></tr></table>')
    assert re.search(r"MASH</a><button[^>]*>.*?</button> x", html)
    assert re.search(r"Signal<button[^>]*>.*?</button></th>", html)


def test_two_words_with_one_meaning_are_explained_once():
    assert opened(explained("<p>within usual variation. Usual variation. USUAL VARIATION</p>")) == ["usual variation"]


def test_council_s_own_words_come_before_the_product_s():
    html = explained("<p>tbc</p>", (ShortForm("tbc", "the best council"),))
    assert meaning(html) == "<p><dfn>tbc</dfn>: the best council.</p>"


def test_groups_are_explained_by_both_names():
    group = PeerGroup("n", "Core cities", "CC", "the core cities", GroupKind.OTHER, "The ten largest.")
    html = explained("<p>CC</p><p>Core cities</p>", groups=[group])
    assert opened(html) == ["CC", "Core cities"]
    assert (meaning(html), meaning(html, 2)) == (
        "<p><dfn>CC</dfn>: Core cities. The ten largest.</p>",
        "<p><dfn>Core cities</dfn>: The ten largest.</p>",
    )


def test_what_is_explained_is_escaped():
    forms = (ShortForm("R&D", "<b>research</b>"),)
    html = explained("<p>R&amp;D</p>", forms)
    assert opened(html) == ["R&amp;D"]
    assert "&lt;b&gt;research&lt;/b&gt;" in meaning(html)
    assert "<b>research" not in html


def test_a_list_ends_pages_without_a_key():
    both = "<p>SGO, MASH</p>"
    listed = re.search(r'<section class="terms">.*', explained(both))[0]
    assert re.findall("<dfn>(.*?)</dfn>", listed) == ["MASH", "SGO"]
    assert "terms" not in explained(both, has_key=True)
    assert explained("<p>Nothing.</p>") == "<p>Nothing.</p>"


def test_templates_mark_what_they_show_and_escape_it():
    template = engines["django"].from_string("{% explain forms %}<p>SGO, {{ word }}</p>{% endexplain %}")
    html = template.render({"word": "<MASH>", "forms": FORMS})
    assert opened(html) == ["SGO", "MASH"]
    assert re.search("&lt;<span[^>]*><button", html)
