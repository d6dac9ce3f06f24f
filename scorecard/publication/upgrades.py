"""Published documents of earlier formats made into documents of today: what each number lacked, and what it meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from indicators.calculations.change import NO_CHANGE_KNOWN
from indicators.calculations.ranking import Order
from indicators.calculations.vocabulary import Accumulation, GroupKind, OnBasis, Polarity, RestsOn, Sense, Shape

from .codec import DocumentError
from .format import CHANGE, FORMAT

Plain = dict[str, Any]


def _with_verdicts(plain: Plain) -> Plain:
    """From 1 to 2: a page had all groups and points of its chart. What readers need of it is a verdict."""
    return {
        **plain,
        **{
            pages: {key: {**one, "signal": _with_verdict(one["signal"])} for key, one in plain[pages].items()}
            for pages in ("pages", "long_pages")
        },
    }


def _with_verdict(signal: Plain) -> Plain:
    chart = signal["result"]
    if chart is None:
        return {"choice": signal["choice"], "verdict": None}
    verdict = {name: chart[name] for name in ("variation", "assurance", "trial", "improvement")}
    latest = chart["groups"][-1] if chart["groups"] else {"values": [], "limits": []}
    verdict["has_limits"] = any(limits["upper_limit"] is not None for limits in latest["limits"])
    is_gap = signal["choice"]["chart"] == "g" and latest["values"]
    verdict["gap"] = latest["values"][-1] if is_gap else None
    verdict["longest_usual_gap"] = latest["limits"][-1]["upper_limit"] if is_gap else None
    return {"choice": signal["choice"], "verdict": verdict}


def _with_derivations(plain: Plain) -> Plain:
    """From 2 to 3: what a line is worked out from, and how many figures its signal rests on, stood on its page only.

    What is far from the figures before it, what only follows its denominators, and across which changes of counting
    figures were compared, was not told yet.
    """
    pages = plain["pages"]
    return {
        **plain,
        "report": {
            **plain["report"],
            "sections": [
                {**section, "rows": [_with_figures(row, pages) for row in section["rows"]]}
                for section in plain["report"]["sections"]
            ],
            "derivations": [
                {
                    "indicator": page["key"],
                    "numerators": [link["key"] for link in page["links"]["numerators"]],
                    "denominators": [link["key"] for link in page["links"]["denominators"]],
                    "has_population": bool(page["links"]["population"]),
                }
                for key, page in sorted(pages.items(), key=lambda one: int(one[0]))
                if page["links"]["numerators"]
            ],
        },
        **{
            name: {key: {**one, "signal": {**one["signal"], "move": None}} for key, one in plain[name].items()}
            for name in ("pages", "long_pages")
        },
    }


def _with_figures(row: Plain, pages: Plain) -> Plain:
    signal = {**row["signal"], "figures": 0, "move": None, "only_follows": None}
    page = pages.get(str(row["indicator"]))
    # What is suppressed isn't counted either.
    if page is not None and not signal.get("suppressed"):
        points = page["points"]
        start = max((place for place, point in enumerate(points) if point["rebase"]), default=0)
        signal["figures"] = sum(point["figure"]["value"] is not None for point in points[start:])
    return {**row, "signal": signal, "breaks": [], "comparators": [*map(_compared, row["comparators"])]}


def _compared(cell: Plain | None) -> Plain | None:
    """A comparator of unknown basis was still compared; it is not any more."""
    if cell is None or cell["on_basis"] != OnBasis.UNKNOWN:
        return cell
    return {**cell, "comparison": CHANGE.write(NO_CHANGE_KNOWN)}


_MEASURE_OF_BEFORE: Plain = {
    "rate_base": None,
    "allows_negative": False,
    "year_starts": 4,
    "due_months": [],
    "accumulation": Accumulation.NO.value,
    "is_seasonal": False,
    "seasonal_reason": "",
}


_TARGET_OF_BEFORE: Plain = {
    "sense": Sense.DIRECTION.value,
    "upper": None,
    "shape": Shape.EVERY_PERIOD.value,
    "steps": [],
    "upper_steps": [],
    "rests_on": RestsOn.FIGURE.value,
    "group": "",
    "is_strict": False,
}
# Every report's key had them all, whether they occurred or not.
_SHORT_FORMS_OF_BEFORE = {
    "CiN": "child in need",
    "CSE": "child sexual exploitation",
    "EHA and EHP": "early help assessment and plan",
    "IFA": "independent fostering agency",
    "ICPC and RCPC": "initial and review child protection conference",
    "MASH": "multi-agency safeguarding hub",
    "NEET": "not in education, employment or training",
    "S47": "enquiry under section 47 of the Children Act 1989",
    "SGO": "special guardianship order",
    "UASC": "unaccompanied asylum-seeking children",
}
_SEASON_OF_BEFORE: Plain = {"is_seasonal": False, "not_seasonal": ""}


def _with_any_measure(plain: Plain) -> Plain:
    """From 3 to 4: figures were counts, percentages or rates of a month or a quarter, in years from April.

    A target was one figure for every period. No baseline was fixed, nothing was judged by its season, nothing was added
    up over the year, and no indicator came after another.
    """

    def target(cell: Plain | None) -> Plain | None:
        return cell and {**cell, "terms": {**cell["terms"], **_TARGET_OF_BEFORE}, "meaning": None}

    def measured(one: Plain) -> Plain:
        signal = {**one["signal"], **_SEASON_OF_BEFORE}
        return {
            **one,
            "measure": {**one["measure"], **_MEASURE_OF_BEFORE},
            "signal": signal,
            "series_links": [],
            "targets": [*map(target, one["targets"])],
        }

    def line(row: Plain) -> Plain:
        found = measured(row)
        return {
            **found,
            "signal": {**found["signal"], "baseline": None},
            "comparators": [cell and {**cell, "year_starts": 4, "next_update": None} for cell in row["comparators"]],
            "latest_target": target(row["latest_target"]),
            "target": target(row["target"]),
            # Figures from before its 13 months stand on the line's own page.
            "earlier": [],
            "totals": None,
        }

    def page(one: Plain) -> Plain:
        return {
            **measured(one),
            "points": [
                {**point, "baseline": "", "is_fixed_on": False, "target_upper": None, "total": ""}
                for point in one["points"]
            ],
            "ranks": [{**rank, "standing": _ordered(rank["standing"], one["measure"])} for rank in one["ranks"]],
            "national": [],
        }

    return {
        **plain,
        "report": {
            **plain["report"],
            "sections": [{**section, "rows": [*map(line, section["rows"])]} for section in plain["report"]["sections"]],
            "short_forms": [
                {"short_form": form, "meaning": meaning} for form, meaning in _SHORT_FORMS_OF_BEFORE.items()
            ],
        },
        **{name: {key: page(one) for key, one in plain[name].items()} for name in ("pages", "long_pages")},
    }


def _ordered(standing: Plain, measure: Plain) -> Plain:
    """A rank that said only whether the best came first; which quarter it was in was not kept."""
    order = {Polarity.LOW.value: Order.LOWEST, Polarity.TARGET.value: Order.NEAREST}.get(measure["polarity"])
    return {**standing, "order": (order if order and standing["best_first"] else Order.HIGHEST).value, "quarter": None}


_PUBLISHED_OF_BEFORE: Plain = {"parts": "", "period": None, "rule": ""}


def _groups_of_before(region: str) -> dict[str, Plain]:
    """The three that every report had, by their codes; the last had the report's own name for its region."""
    neighbours = "The ten councils most like this one, as the Department for Education lists them."
    region = region or "Region"
    said = "the region" if region == "Region" else f"the {region} region"
    return {
        kind.value: {
            "code": kind.value,
            "name": name,
            "short_name": short_name,
            "said": said,
            "kind": kind.value,
            "explanation": explanation,
        }
        for kind, name, short_name, said, explanation in (
            (
                GroupKind.STATISTICAL_NEIGHBOURS,
                "Statistical neighbours",
                "SN",
                "statistical neighbours",
                neighbours,
            ),
            (GroupKind.ENGLAND, "England", "England", "England", ""),
            (GroupKind.REGION, region, "Region", said, ""),
        )
    }


def _with_groups(plain: Plain) -> Plain:
    """From 4 to 5: every report had the same three comparator groups, of which only the region had a name.

    Of a comparator only its figure on the row's basis was kept, and how it came there in words. The years of all
    headings began in April.
    """
    groups = _groups_of_before(plain["report"]["region"])
    said = {"": "", **{code: group["said"] for code, group in groups.items()}}

    def comparator(cell: Plain | None) -> Plain | None:
        return cell and {**cell, "group": groups[cell["group"]], "published": _PUBLISHED_OF_BEFORE}

    def target(cell: Plain | None) -> Plain | None:
        return cell and {**cell, "terms": {**cell["terms"], "group_name": said[cell["terms"]["group"]]}}

    def line(row: Plain) -> Plain:
        return {
            **row,
            "comparators": [*map(comparator, row["comparators"])],
            "targets": [*map(target, row["targets"])],
            "latest_target": target(row["latest_target"]),
            "target": target(row["target"]),
        }

    def page(one: Plain) -> Plain:
        found = {name: value for name, value in one.items() if name != "region"}
        return {
            **found,
            "targets": [*map(target, one["targets"])],
            "ranks": [{**rank, "group": groups[rank["group"]]} for rank in one["ranks"]],
            "national": [{**cell, "group": groups[cell["group"]]} for cell in one["national"]],
        }

    return {
        **plain,
        "report": {
            **plain["report"],
            "sections": [{**section, "rows": [*map(line, section["rows"])]} for section in plain["report"]["sections"]],
            "groups": [*groups.values()],
            "year_starts": 4,
        },
        **{name: {key: page(one) for key, one in plain[name].items()} for name in ("pages", "long_pages")},
    }


def _not_rounded(plain: Plain) -> Plain:
    """From 5 to 6: no count was rounded."""
    return {
        **plain,
        "report": {**plain["report"], "rounded_to": 0},
        **{
            name: {key: {**one, "rounded_to": 0} for key, one in plain[name].items()}
            for name in ("pages", "long_pages")
        },
    }


# By number: what makes a document of it into one of the next number.
UPGRADES: Mapping[int, Callable[[Plain], Plain]] = {
    1: _with_verdicts,
    2: _with_derivations,
    3: _with_any_measure,
    4: _with_groups,
    5: _not_rounded,
}


def upgraded(plain: Any) -> Plain:
    """A document of any number there was as one of this FORMAT. Raises DocumentError."""
    number = plain.get("format") if isinstance(plain, dict) else None
    if type(number) is not int or not 1 <= number <= FORMAT:
        raise DocumentError(f"The document is of no format that this version reads, which are 1 to {FORMAT}.")
    for step in range(number, FORMAT):
        try:
            plain = {**UPGRADES[step](plain), "format": step + 1}
        except (AttributeError, IndexError, KeyError, TypeError) as error:
            raise DocumentError(f"The document is not what format {step} asks for: {error!r}.") from error
    return plain  # type: ignore[no-any-return]  # a dict, as asked above
