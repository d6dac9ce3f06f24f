"""Pasted text in one form: what becomes of each kind of character, once and for good."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indicators.calculations.plain_text import plain_line, plain_text
from indicators.models import Indicator, Population, PopulationGroup, User
from tests.factories import JANUARY, make_indicator

WALES = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
PASTED = [
    # Bullets and symbols of Word
    ("\uf0b7\tContacts rose", "• Contacts rose"),
    ("Two things:\r\n\uf0a7 one\r\n  \uf0d8 two", "Two things:\n• one\n  • two"),
    ("\uf06e square\n\uf0c5 nobody knows", "• square\n• nobody knows"),
    ("done \uf0fc not done \uf0fb so \uf0e0", "done ✓ not done ✗ so →"),
    ("\uf0fc done", "✓ done"),
    ("at \uf0b3 5 and \uf0a3 9, \uf0b1 2", "at ≥ 5 and ≤ 9, ± 2"),
    ("well done \uf04a", "well done ☺"),
    ("x \uf0c5 y \ue123", "x \uf0c5 y \ue123"),
    # Letters and accents
    ("cafe\u0301, Sia\u0302n, w\u0302", "café, Siân, ŵ"),
    ("\u212bngstro\u0308m", "Ångström"),
    ("eﬃcient ﬁgures", "efficient figures"),
    ("it\x92s \x93so\x94 \x96 5\x80 \x95", "it’s “so” – 5€ •"),
    ("“smart” ‘quotes’ – dashes — and … stay", "“smart” ‘quotes’ – dashes — and … stay"),
    ("10\u2011year\u2010old, mid\x1eyear", "10-year-old, mid-year"),
    # Spaces and ends of lines
    ("10\xa0%,\u202f20\u2009% \u3000", "10 %, 20 %"),
    ("one\ttwo \t three  \n\n four", "one two three\n\n four"),
    ("a\r\nb\rc\vd\fe\u2028f\u2029g", "a\nb\nc\nd\ne\nf\ng"),
    # What nobody sees
    ("co\xadope\u200bra\u2060te\ufeff", "cooperate"),
    ("\u202e123\u202c \u2066x\u2069\u200f\u061c", "123 x"),
    ("a\x00b\x07c\x1bd\x7fe\x81f", "abcdef"),
    ("hidden\U000e0069\U000e0067\U000e006e text", "hidden text"),
    ("a\u200db, \u0645\u06cc\u200c\u062e", "ab, \u0645\u06cc\u200c\u062e"),
    ("x\ufe0f ✔\ufe0f", "x ✔\ufe0f"),
    ("\ufdd0\U0001ffff\ufffc", ""),
    # Emoji stay whole; a letter that was lost is seen
    (f"{WALES} 👨\u200d👩\u200d👧 👍🏽 1\ufe0f\u20e3", f"{WALES} 👨\u200d👩\u200d👧 👍🏽 1\ufe0f\u20e3"),
    ("Si\ufffdn \ud83d", "Si\ufffdn \ufffd"),
]


@pytest.mark.parametrize(("pasted", "form"), PASTED)
def test_each_kind_of_character_has_one_form(pasted, form):
    assert plain_text(pasted) == form


def test_one_line_has_no_ends_of_lines():
    assert plain_line(" Contacts\u2028 to  MASH\r\n(all) ") == "Contacts to MASH (all)"


ODD = st.sampled_from(
    [*"ab1 \t\n\r\v\xa0\xad\u200b\u200c\u200d\u202e\u2028\ufe0f\ufeff\U000e0067\U000e007f\ud800\x00\x92"]
)
MARKS = st.sampled_from([*"e\u0301\u0300\u0327\u0f71\u0f72\u1161\u115f\uf0b7\uf0c5\uf0e0\uf0fc👨🏴✔\u0646ﬁ"])


@given(st.text(st.one_of(ODD, MARKS, st.characters())))
@example("\u0301\ufeff\u0f71\u200c\u0f72")
def test_form_is_final(text):
    once = plain_text(text)
    assert plain_text(once) == once
    assert plain_line(plain_line(text)) == plain_line(text)
    assert unicodedata.is_normalized("NFC", once)
    once.encode()  # no half of a character
    assert not {unicodedata.category(one) for one in once} & {"Cc", "Cs", "Zl", "Zp"} - (
        {"Cc"} if "\n" in once else set()
    )


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x24F, exclude_categories=["Cc", "Cf", "Zs"])))
def test_what_people_write_is_left_alone(text):
    assert plain_text(text) == unicodedata.normalize("NFC", text)


@pytest.mark.django_db
class TestStored:
    """Wherever a row is saved, alone or with many, its texts are in their form, in its history too."""

    def test_one_row(self):
        row = make_indicator("A1\u200b", title="Contacts\xa0to\r\nMASH", note="\uf0b7\tRises")
        stored = Indicator.objects.get()
        assert (stored.reference, stored.title, stored.note) == ("A1", "Contacts to MASH", "• Rises")
        assert row.history.get().note == "• Rises"

    def test_only_the_fields_that_are_saved(self):
        row = make_indicator("A1")
        Indicator.objects.update(note="\uf0b7\tOld")
        row.refresh_from_db()
        row.title = "New\xa0title"
        row.save(update_fields=["title"])
        row.refresh_from_db()
        assert (row.title, row.note) == ("New title", "\uf0b7\tOld")

    def test_before_it_is_asked_whether_there_is_one_already(self):
        PopulationGroup.objects.create(name="Aged 0-17")
        again = PopulationGroup(name="Aged\xa00\u201117")
        with pytest.raises(Exception, match="already exists"):
            again.full_clean()

    def test_many_rows(self):
        from indicators.models import MonthlyValue, save_all

        group = PopulationGroup.objects.create(name="Children")
        save_all([Population(group=group, year=2020, people=5, source="ONS\u2028table")], by=None, reason="By\xa0hand")
        stored = Population.objects.get()
        assert stored.source == "ONS table"
        assert (stored.history.get().source, stored.history.get().history_change_reason) == ("ONS table", "By hand")
        value = MonthlyValue.objects.create(indicator=make_indicator("A1"), month=JANUARY, figure=3)
        value.note = "a\xadb"
        save_all([value], ["note"], by=None)
        assert [value.history.first().note, MonthlyValue.objects.get().note] == ["ab", "ab"]

    def test_user_name_and_password_stay_as_they_are(self):
        person = User.objects.create(username="o'brien", name="Sia\u0302n\xa0O\u2019Brien", password="!\xa0x")
        person.refresh_from_db()
        assert (person.username, person.name, person.password) == ("o'brien", "Siân O’Brien", "!\xa0x")
