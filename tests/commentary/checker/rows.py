"""Some rows that sentences are checked against, with the titles and figures of the demonstration."""

from fractions import Fraction
from functools import partial

from commentary import checker
from indicators.calculations.rating import TargetTerms
from indicators.calculations.vocabulary import Blank, Frequency, OnBasis, Polarity, Unit
from tests.commentary.lines import make_line
from tests.scorecard.report.rows import ENGLAND, GROUPS, REGION, SN

check = partial(checker.check, groups=GROUPS)

# January 2020 to January 2021: down from December, up from the year before, highest in November.
CONTACTS = make_line(
    [1420, 1390, 1310, 980, 1110, 1330, 1417, 1343, 1607, 1555, 1787, 1507, 1464],
    title="Number of contacts received (includes contacts that become referrals)",
    definition="Every contact about a child received in the month by the Multi-Agency Safeguarding Hub (MASH).",
)
# Down from December and from the year before; below all comparators.
ASSESSMENTS = make_line(
    [408, 345, 330, 300, 262, 258, 268, 248, 243, 285, 346, 410, 305],
    title="Number of Single Assessments (SA) completed",
    definition="Single assessments (SA) finished in the month.",
    comparators={SN: 354, ENGLAND: 365, REGION: 485},
)
# Down from December, up from the year before; high is good; the target is missed.
IN_TIME = make_line(
    [65, 80, 82, 84, 87, 90, 93, 89, 87, 82, 79, 89, 84],
    title="Percentage of Single Assessments (SA) completed in 45 working days",
    definition="Of the single assessments (SA) finished in the month, the share done in 45 working days.",
    unit=Unit.PERCENTAGE,
    polarity=Polarity.HIGH,
    target=TargetTerms(90),
)
# 99% in December and January.
DECISIONS = make_line(
    [98, 94, 98, 98, 99, 99],
    title="Percentage of decisions made within one working day",
    unit=Unit.PERCENTAGE,
    polarity=Polarity.HIGH,
)
# 1 of 12 in December, 5 of 14 in January.
ORDERS = make_line(
    [17, 12, 15, 0, 13, 10, 0, 25, 24, 25, 29, Fraction(100, 12), Fraction(500, 14)],
    title="Percentage of Special Guardianship Orders (SGOs) (E43, E44)",
    definition="Of the children who left care in the month, the share who left through an order (SGO).",
    unit=Unit.PERCENTAGE,
    comparators={SN: 1},
    on_basis=OnBasis.NO,
)
# Up on every side; the highest but one of the year.
IN_CARE = make_line(
    [491, 488, 487, 487, 488, 491, 512, 493, 485, 492, 503, 499, 508],
    title="Number of Looked after Children at end of period",
    definition="Children in the council's care (looked after children, LAC) on the last day of the month.",
    polarity=Polarity.LOW,
    comparators={SN: 496, ENGLAND: 527},
)
ENTRIES = make_line(
    [9, 14, 12, 7, 9, 13, 29, 9, 8, 23, 25, 11, 23],
    title="Number of new Looked after Children (episodes)",
    definition="Times in the month that a child came into the council's care.",
    polarity=Polarity.LOW,
)
# The average of twelve months is 42, the latest figure 56.
CONFERENCES = make_line(
    [17, 36, 40, 31, 34, 42, 72, 22, 24, 43, 56, 48, 56],
    title="Number of children subject to Initial Child Protection Conferences (ICPCs), excluding transfer-ins",
    comparators={SN: 43, ENGLAND: 42},
)
ENQUIRIES_RATE = make_line(
    [18, 23, 21, 18, 22, 27, 29, 16, 25, 24, 33, Fraction(293, 10), Fraction(179, 10)],
    title="Rate of Section 47 (S47) enquiries started per 10,000 children aged 0-17",
    unit=Unit.RATE_10000,
    comparators={SN: 19, ENGLAND: 14},
)
OPEN_CASES = make_line(
    [2580, 2412, 2437, 2388, 2340, 2310, 2320, 2256, 2250, 2301, 2367, 2247, 2193],
    title="Number of all Children in Need (CiN) (including Child Protection (CP) / Looked after Children (LAC))",
)
ORDERS_MADE = make_line(
    [1, 2, 2, 0, 1, 1, 0, 6, 4, 4, 4, 1, 5], title="Number of Special Guardianship Orders (SGOs) (E43, E44)"
)
AWAITED = make_line(
    [2, 3, Blank.AWAITED],
    title="Percentage of 16-17 year olds NEET or whose activity is not known",
    unit=Unit.PERCENTAGE,
    polarity=Polarity.LOW,
)
SUPPRESSED = make_line([Blank.SUPPRESSED, 7], title="Number of transfer-ins")
FAMILIES = make_line(
    [44, None, None, 37, None, None, 34, None, None, 23, None],
    title="Families attached per quarter",
    polarity=Polarity.HIGH,
    frequency=Frequency.QUARTERLY,
    current=-2,
)
