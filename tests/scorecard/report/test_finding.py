"""What is found for the words that a reader types, with the page's script and without."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from scorecard.report.finding import ALIKE, LineText, Search

GLOSSARY = [("CiN", "child in need"), ("CP", "child protection"), ("IFA", "independent fostering agency")]
FOUND = [
    # other forms of a word
    ("referrals", "A referral within a month"),
    ("referral", "Number of referrals"),
    ("referred", "Referral within a month"),
    ("adopt", "Children adopted"),
    ("adopted", "Adoption orders"),
    ("adoption", "Families who adopt"),
    ("adopters", "Adoptive families"),
    ("families", "Each family is seen"),
    ("placements", "Children placed near home"),
    ("assessing", "Assessments in 45 days"),
    ("notification", "The police were notified"),
    ("monthly", "In each month"),
    ("planning", "Plans that last"),
    ("closed", "Closure of cases"),
    ("children's", "A child is seen"),
    ("immunised", "Immunisations up to date"),
    # other words for the same
    ("fostering", "Foster carers"),
    ("foster carers", "Fostering households"),
    ("kids", "Children seen"),
    ("kid", "A young person is seen"),
    ("children", "Young people's views"),
    ("looked after", "Children in care"),
    ("LAC", "Looked-after children"),
    ("looked-after children", "Kids in care"),
    ("excluded", "Exclusions from school"),
    ("offenders", "Youth justice"),
    ("rereferrals", "Re-referrals within a year"),
    ("re-referrals", "Rereferral"),
    ("re referrals", "Re\u2013referrals"),
    ("repeat referrals", "Re-referrals"),
    # short forms of the report's glossary
    ("CiN", "Children in need"),
    ("children in need", "CiN with a plan"),
    ("child in need", "Reviews of CiNs"),
    ("child protection", "CP7"),
    ("independent fostering agencies", "IFAs used"),
    # as before: part of a name, in any order, any spelling; parts of words as somebody types
    ("sessm", "Assessments"),
    ("refe", "Referral"),
    ("o'brien", "O\u2019Brien"),
    ("café sian", "Siân's cafe"),
    ("-smith", "Nowak\u2013Smith"),
    ("seen visited", "Visited and seen"),
    ("  ", "Anything"),
    # mistyped by a letter: another, one too few, one too many, two swapped
    ("adaption", "Adoptions"),
    ("fostring", "Foster carers"),
    ("absense", "Truancy"),
    ("adoptoin", "Adoption"),
    ("teenagers", "Young people seen"),
    ("caseloads", "All open cases"),
]
NOT_FOUND = [
    ("adoption", "Adapted homes"),
    ("caring", "Cars"),
    ("child protection", "CPD of staff"),
    ("children in need", "A cinema for all"),
    ("fostering", "Costs of posters"),
    ("referral children", "Referral"),
    ("unaccompanied", "In company"),
    ("(", "None"),
    ("[^ ]*", "None"),
    ("foster \\", "Foster carers"),
    # a first letter is seldom wrong, a short word is like too many others, and what a line has was meant
    ("bdoption", "Adoption"),
    ("cere", "Care"),
    ("adoptoin carer", "Adoption"),
    ("exclusions", "Plans, excluding transfer-ins"),
]
# Texts are looked through from the beginning of a word: "age" is in every percentage.
IN_TEXTS = [("age", "A percentage", False), ("age", "Under the age", True), ("refer", "Re-referral", True)]


def cases():
    yield from ((typed, name, "", GLOSSARY, True) for typed, name in FOUND)
    yield from ((typed, name, "", GLOSSARY, False) for typed, name in NOT_FOUND)
    yield from ((typed, "", text, GLOSSARY, found) for typed, text, found in IN_TEXTS)
    yield "cin", "", "Children in need", [], False


def in_python(typed, names, texts, forms):
    line = LineText(names.casefold(), texts)
    return Search(typed, forms, [line]).finds(line)


def test_lines_are_found_for_what_is_meant():
    wrong = [case for case in cases() if in_python(*case[:4]) != case[4]]
    assert wrong == []


def test_script_finds_the_same_lines():
    with (settings.BASE_DIR / "fixtures/children_and_families/indicators.csv").open(encoding="utf-8") as file:
        lines = [(line["title"], f"{line['outcome']} {line['definition']}") for line in csv.DictReader(file)]
    typed = [*(one for one, _ in [*FOUND, *NOT_FOUND]), *(group[-1] for group in ALIKE), "ß", "İ", "½ x"]
    asked = [*(case[:4] for case in cases()), *((one, *line, GLOSSARY) for one in typed for line in lines)]
    answer = subprocess.run(  # noqa: S603  # node, with the project's own script
        [Path(sys.executable).with_name("node"), "tests/scorecard/report/find_words.mjs"],
        cwd=settings.BASE_DIR, input=json.dumps(asked), capture_output=True, text=True, check=True,
        env=os.environ | {"NODE_NO_WARNINGS": "1"},
    )  # fmt: skip
    differing = [
        case[:3] for case, found in zip(asked, json.loads(answer.stdout), strict=True) if in_python(*case) != found
    ]
    assert differing == []
