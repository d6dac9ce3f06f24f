"""The format of published documents stays what its number says, whatever the report of today is made of."""

import gzip
import json
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from scorecard.publication.codec import DocumentError
from scorecard.publication.document import FrozenReport, write_document
from scorecard.publication.format import FORMAT, PAGE, REPORT
from scorecard.publication.upgrades import UPGRADES, upgraded

FOLDER = Path(__file__).resolve().parents[2] / "data" / "documents"
STORED = sorted(FOLDER.glob("format-*/*.json.gz"))
WHERE = f"scorecard/publication/format.py (format {FORMAT})"
RECORDS = {record.live: record for whole in (REPORT, PAGE) for record in whole.records()}


def text_of(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode()


def stored(name: str = "2021-01-1-panel") -> dict:
    return json.loads(text_of(FOLDER / f"format-{FORMAT}" / f"{name}.json.gz"))


def written(plain: dict) -> dict:
    """What is written today of the report in a document."""
    frozen = FrozenReport(json.dumps(plain))
    return json.loads(write_document(frozen.report, frozen.pages))


@pytest.mark.parametrize("live", RECORDS, ids=lambda live: live.__qualname__)
def test_every_field_of_today_has_its_place_in_the_format_or_is_said_to_have_none(live):
    record = RECORDS[live]
    has = {field.name for field in fields(live) if field.init} if is_dataclass(live) else set(live._fields)
    named = {part.attribute or step.removeprefix(".") for step, part in record.parts.items()} | {*record.not_kept}

    assert has == named, (
        f"{WHERE} and {live.__qualname__} differ in {', '.join(sorted(has ^ named))}. Published documents keep their"
        " shape: say in the record of the class what a renamed field is called now, or that a new one is not kept."
        " The top of format.py has how."
    )


def test_shape_of_documents_is_the_one_of_their_number():
    listing = FOLDER / f"format-{FORMAT}.txt"
    now = [*REPORT.listing("report"), *PAGE.listing("pages.#")]

    assert now == listing.read_text().splitlines(), (
        f"{WHERE} writes or reads something else than tests/data/documents/{listing.name} says. Give the format the"
        " next number, as the top of format.py has it. Only a word that is added to those a field can have needs none:"
        " add it to the listing."
    )


def test_stored_documents_are_of_every_number():
    assert {path.parent.name for path in STORED} == {f"format-{number}" for number in range(1, FORMAT + 1)}
    assert UPGRADES.keys() == set(range(1, FORMAT))


@pytest.mark.parametrize("path", STORED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_stored_document_is_written_again_as_it_is(path):
    text = text_of(path)
    frozen = FrozenReport(text)

    assert write_document(frozen.report, frozen.pages) == frozen.text
    if f'"format":{FORMAT},' in text[:20]:
        assert frozen.text == text


def test_stored_documents_fill_every_field():
    found = {}
    for path in FOLDER.glob(f"format-{FORMAT}/*.json.gz"):
        for name, value in leaves(json.loads(text_of(path))):
            found.setdefault(name, set()).add(value not in (None, ""))
    listed = {line.partition(":")[0] for line in (FOLDER / f"format-{FORMAT}.txt").read_text().splitlines()}

    assert listed - found.keys() == set()
    # Nothing of a document but what is always empty is left untried.
    assert {name for name, filled in found.items() if filled == {False}} == {"report.published", "pages.#.row"}


def leaves(plain, path=""):
    """Everything in a document with its place; pages are of the same shape whatever their key, short or long."""
    if path in ("pages", "long_pages"):
        for page in plain.values():
            yield from leaves(page, "pages.#")
        return
    if path:
        yield path, plain if not isinstance(plain, (dict, list)) else True
    if isinstance(plain, dict):
        for name, value in plain.items():
            yield from leaves(value, f"{path}.{name}" if path else name)
    if isinstance(plain, list):
        for value in plain:
            yield from leaves(value, f"{path}[]")


def test_fields_that_a_reader_does_not_know_are_no_error():
    plain = stored()
    known = written(plain)
    plain["colour"] = "red"
    plain["report"]["sections"][0]["rows"][0]["measure"]["colour"] = ["red"]
    plain["pages"]["1"]["signal"]["colour"] = {"red": 1}

    assert written(plain) == known


def test_missing_fields_have_a_stated_default():
    plain = stored()
    for newer in ("revised", "published", "council_code", "region_code"):
        del plain["report"][newer]
    row = plain["report"]["sections"][0]["rows"][0]
    del row["signal"]["suppressed"], row["figures"][0]["note"], plain["report"]["areas_of_focus"][0]["kind"]

    report = FrozenReport(json.dumps(plain)).report

    assert (report.revised, report.published, report.council_code, report.region_code) == ((), "", "", "")
    assert report.areas_of_focus[0].kind == "area"
    assert next(report.rows).signal.suppressed is False


@pytest.mark.parametrize("number", [0, FORMAT + 1, "1", None, True, 1.0])
def test_number_that_is_not_known_is_refused(number):
    with pytest.raises(DocumentError, match=f"no format that this version reads, which are 1 to {FORMAT}"):
        upgraded({"format": number})


def test_document_of_an_earlier_number_is_upgraded_step_by_step(monkeypatch):
    steps = {1: lambda plain: {**plain, "seen": [1]}, 2: lambda plain: {**plain, "seen": [*plain.get("seen", []), 2]}}
    monkeypatch.setattr("scorecard.publication.upgrades.UPGRADES", steps)
    monkeypatch.setattr("scorecard.publication.upgrades.FORMAT", 3)

    assert upgraded({"format": 1}) == {"format": 3, "seen": [1, 2]}
    assert upgraded({"format": 2, "seen": []}) == {"format": 3, "seen": [2]}
    assert upgraded({"format": 3}) == {"format": 3}
    # A draft is compared with what the earlier document would be today.
    monkeypatch.undo()
    earlier = json.loads(text_of(FOLDER / "format-1" / "2021-01-1-panel.json.gz"))
    assert json.loads(FrozenReport(json.dumps(earlier)).text)["format"] == FORMAT


LIMITS = {"mean": 3, "lower_limit": None, "upper_limit": "15/2", "near_lower": None, "near_upper": 6, "figures": 9}
NO_LIMITS = dict.fromkeys(LIMITS, None) | {"figures": 0}
SAID = {"variation": "concern_high", "assurance": "fail", "trial": True, "improvement": "decrease"}


@pytest.mark.parametrize(
    ("chart", "limits", "told"),
    [
        ("g", [LIMITS, LIMITS], {"has_limits": True, "gap": 11, "longest_usual_gap": "15/2"}),
        ("g", [NO_LIMITS, NO_LIMITS], {"has_limits": False, "gap": 11, "longest_usual_gap": None}),
        ("xmr", [LIMITS, NO_LIMITS], {"has_limits": True, "gap": None, "longest_usual_gap": None}),
        ("p", [NO_LIMITS, NO_LIMITS], {"has_limits": False, "gap": None, "longest_usual_gap": None}),
    ],
)
def test_verdict_of_format_2_is_what_the_chart_of_format_1_said(chart, limits, told):
    choice = {"chart": chart, "because": "It is sound."}
    before = {"values": [1, 2], "limits": [LIMITS, LIMITS], "causes": ["none", "none"]}
    latest = {"values": [4, 11], "limits": limits, "causes": ["none", "above_limit"]}
    signal = {"choice": choice, "result": {**SAID, "groups": [before, latest]}}
    plain = {"pages": {"7": {"key": 7, "signal": signal}}, "long_pages": {}}

    upgraded_page = UPGRADES[1](plain)["pages"]["7"]

    assert upgraded_page == {"key": 7, "signal": {"choice": choice, "verdict": SAID | told}}


def test_page_without_a_chart_has_no_verdict_in_format_2():
    signal = {"choice": {"chart": "none", "because": "All are the same."}, "result": None}
    plain = {"pages": {}, "long_pages": {"7": {"signal": signal}}}

    assert UPGRADES[1](plain)["long_pages"]["7"]["signal"] == {"choice": signal["choice"], "verdict": None}


def test_format_3_has_what_a_page_of_format_2_says_of_its_derivation_and_of_how_many_figures_there_were():
    def point(value, rebase=""):
        return {"figure": {"value": value}, "rebase": rebase}

    def page(key, *points, numerators=(), denominators=(), population=""):
        links = {"numerators": [{"key": one} for one in numerators], "denominators": [{"key": 3}] * bool(denominators)}
        return {"key": key, "points": points, "links": {**links, "population": population}, "signal": {"verdict": None}}

    pages = {
        "12": page(12, point(1), point(2), point(None), point(4, "Counted anew"), point(5), numerators=[2]),
        "2": page(2, point(1), point(None), point(3)),
        "9": page(9, point(1), numerators=[12, 2], denominators=[3]),
        "8": page(8, point(1), numerators=[2], population="Children"),
    }
    rows = [{"indicator": key, "signal": {"suppressed": key == 9}, "comparators": []} for key in (12, 2, 9)]
    plain = {"report": {"sections": [{"rows": rows}]}, "pages": pages, "long_pages": {"2": pages["2"]}}

    now = UPGRADES[2](plain)

    signals = [row["signal"] for row in now["report"]["sections"][0]["rows"]]
    assert [signal["figures"] for signal in signals] == [2, 2, 0]
    assert [(signal["move"], signal["only_follows"]) for signal in signals] == [(None, None)] * 3
    assert now["report"]["derivations"] == [
        {"indicator": 8, "numerators": [2], "denominators": [], "has_population": True},
        {"indicator": 9, "numerators": [12, 2], "denominators": [3], "has_population": False},
        {"indicator": 12, "numerators": [2], "denominators": [], "has_population": False},
    ]
    assert now["pages"]["12"]["signal"] == now["long_pages"]["2"]["signal"] == {"verdict": None, "move": None}
