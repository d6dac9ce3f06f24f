"""The words that the checker knows, as tables: what moves, compares, names a time, sets against, takes back."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


def word_list(text: str) -> tuple[str, ...]:
    """The words in their order; "_" joins those of one phrase."""
    return tuple(word.replace("_", " ") for word in text.split())


def word_set(text: str) -> frozenset[str]:
    """The words as a set."""
    return frozenset(word_list(text))


def _verbs(text: str) -> frozenset[str]:
    """Regular verbs in all their forms; "+" doubles the last letter."""
    found: set[str] = set()
    for word in word_list(text):
        verb = word.removesuffix("+")
        stem = verb + verb[-1] if word.endswith("+") else verb.removesuffix("e")
        ending = "es" if verb.endswith(("ss", "ch", "sh", "x")) else "s"
        found |= {verb, verb + ending, stem + "ed", stem + "ing"}
    return frozenset(found)


class Sign(Enum):
    """Which way a word points; the last four depend on what the service wants."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    STEADY = "much the same"
    BETTER = "better"
    WORSE = "worse"
    AHEAD = "ahead"
    BEHIND = "behind"


class Role(Enum):
    """What a word makes of the figures beside it."""

    MOVE = "a figure moved"
    STAND = "it stands beside something"
    THAN = "it stands so, if “than” follows"
    EXTREME = "no other is further out"


class Sense(NamedTuple):
    """What a phrase means. `times` is how many times the other figure it says: 2 for "doubled", 1/2 for "halved"."""

    role: Role
    sign: Sign
    times: tuple[int, int] | None = None


class Beside(Enum):
    """What a figure is set beside."""

    STATISTICAL_NEIGHBOURS = "statistical_neighbours"
    ENGLAND = "england"
    REGION = "region"
    COMPARATORS = "comparators"
    AVERAGE = "average"
    MAXIMUM = "maximum"
    TARGET = "target"


class Time(Enum):
    """A time said in words, seen from the month reported on."""

    THIS_MONTH = "this month"
    THIS_QUARTER = "this quarter"
    MONTH_BEFORE = "month before"
    QUARTER_BEFORE = "quarter before"
    YEAR_BEFORE = "year before"
    YEAR = "the year"
    EVER = "all months"
    SHOWN = "the months shown"
    UNCLEAR = "no month that could be looked up"


# Going up and down, standing higher and lower, being highest and lowest


_GOING = word_list("go goes going went gone come comes coming came crept creep creeps creeping move moves moved moving")
_GOING += word_list("edge edges edged edging inch inched nudge nudged tick ticked")
_MEASURES = word_list("number numbers percentage proportion rate share")
_MOVES = {
    Sign.UP: (
        *_verbs("increase climb jump surge soar escalate balloon accelerate gain spike"),
        *word_list("rise rises rose risen rising grow grows grew grown growth growing upward upwards uptick upturn"),
        *(f"{going} up" for going in _GOING),
        *(f"{word} {measure}" for word in ("higher", "larger", "greater") for measure in _MEASURES),
    ),
    Sign.DOWN: (
        *_verbs("decrease decline reduce drop+ dip+ slip+ slump plummet plunge ease tumble slow"),
        *word_list("fall falls fell fallen falling lowered shrank shrunk shrink shrinking slid slide slides sliding reduction"),
        *word_list("reductions downward downwards downturn slowdown loss losses"),
        *(f"{going} down" for going in _GOING),
        *(f"{word} {measure}" for word in ("lower", "smaller") for measure in _MEASURES),
    ),
    Sign.SAME: word_list("unchanged no_change not_changed no_movement no_net_change not_change not_moved remained_the_same stayed_the_same"),
    Sign.STEADY: word_list("stable steady flat static little_change little_changed little_movement"),
    Sign.BETTER: (*_verbs("improve recover rebound strengthen"), *word_list("improvement improvements recovery")),
    Sign.WORSE: (*_verbs("worsen deteriorate weaken"), "deterioration"),
}
_STANDS = {
    Sign.UP: (
        *_verbs("exceed surpass outstrip+ overtake"),
        *word_list("tops topped passed passing above over past beyond north_of in_excess_of"),
    ),
    Sign.DOWN: word_list("below under beneath short_of shy_of down_on adrift_of south_of"),
    Sign.SAME: word_list(
        "level_with on_a_par_with on_par_with equal_to equals equal equalling equalled matches match matched matching "
        "identical_to the_same_as same_as"
    ),
    Sign.STEADY: word_list(
        "in_line_with into_line_with close_to similar_to comparable_to comparable_with akin_to near_to in_keeping_with "
        "much_the_same_as consistent_with broadly_level_with"
    ),
    Sign.BETTER: (*_verbs("outperform beat meet achieve hit+"), *word_list("met beaten on_target hit hits")),
    Sign.WORSE: (
        *_verbs("underperform"),
        *word_list("missed misses falls_short_of fell_short_of fall_short_of falling_short_of fallen_short_of off_target"),
    ),
    Sign.AHEAD: word_list("leads lead led ahead_of in_front_of"),
    Sign.BEHIND: (*_verbs("trail lag+"), *word_list("behind lags_behind lag_behind lagging_behind adrift_from")),
}
_THAN = {
    Sign.UP: word_list("more higher greater larger bigger up"),
    Sign.DOWN: word_list("fewer less lower smaller down"),
    Sign.BETTER: word_list("better stronger"),
    Sign.WORSE: word_list("worse weaker poorer"),
}
_EXTREMES = {
    Sign.UP: word_list("highest the_most busiest biggest largest greatest maximum peak high last_exceeded last_above"),
    Sign.DOWN: word_list("lowest the_fewest fewest the_least quietest smallest minimum low last_below"),
    Sign.BETTER: word_list("best strongest"),
    Sign.WORSE: word_list("worst weakest poorest"),
}
SENSES = {
    phrase: Sense(role, sign)
    for role, table in ((Role.EXTREME, _EXTREMES), (Role.THAN, _THAN), (Role.STAND, _STANDS), (Role.MOVE, _MOVES))
    for sign, phrases in table.items()
    for phrase in phrases
}
SENSES |= {form: Sense(Role.MOVE, Sign.UP, (2, 1)) for form in _verbs("double")}
SENSES |= {form: Sense(Role.MOVE, Sign.UP, (3, 1)) for form in _verbs("triple treble")}
SENSES |= {form: Sense(Role.MOVE, Sign.UP, (4, 1)) for form in _verbs("quadruple")}
SENSES |= {form: Sense(Role.MOVE, Sign.DOWN, (1, 2)) for form in word_list("halve halves halved halving")}

# "to fall" is only what something is to do.
BASE_FORMS = word_set("increase rise grow climb jump reduce decrease fall drop decline dip improve go come worsen double")
BASE_FORMS |= word_set("exceed surpass outperform beat meet achieve hit lead ease lower slow recover halve match equal")
# These are a record's only with a time in front, as "12-month high", or as "a high of"; else they are other words.
NEED_WINDOW = word_set("high low peak maximum minimum")
# "up" and "down" move only beside a number or one of these, and not where they make another verb.
AFTER_UP_AND_DOWN = word_set("by from on since compared again slightly sharply considerably significantly to a the nearly")
AFTER_UP_AND_DOWN |= word_set("about around over almost some just more well for in against markedly marginally , and")
PHRASAL = word_set("set step stepped follow followed take taken took catch break broken write written make made making")
PHRASAL |= word_set("picked pick stood stand drew draw round up down signed sign ramp scale scaled ended end")
# "almost identical to", "broadly unchanged" are much the same.
SOFTENING = word_set("almost nearly virtually broadly roughly about largely much practically essentially more fairly")
LINKING = word_set("is are was were remains remained stays stayed")
# "the second highest", "close to the highest", "one of the lowest" are no extremes.
NOT_QUITE = word_set("second third fourth next near nearly close closer almost among amongst of towards approaching")
NOT_QUITE |= word_set("joint equal equally than from not")

# What figures are set beside

REFERENCES = {
    phrase: beside
    for beside, phrases in {
        Beside.STATISTICAL_NEIGHBOURS: (
            *(f"{word} {others}" for word in ("statistical", "stat") for others in ("neighbours", "neighbour")),
            *word_list("statistical_neighbors statistical_neighbor neighbours neighbour sn sns neighbouring_councils"),
        ),
        Beside.ENGLAND: word_list("england english national nationally the_country"),
        Beside.REGION: word_list("region regional regionally"),
        Beside.COMPARATORS: word_list("comparators comparator"),
        Beside.AVERAGE: (
            *word_list("average averages averaged mean 12m_average"),
            *(
                f"{front} average"
                for front in word_list(
                    "12_-_month_monthly 12_-_month 12_month twelve_-_month twelve-month twelve_month 12m rolling "
                    "rolling_monthly monthly yearly annual year's rolling_12_-_month rolling_12_month 12_-_month_rolling"
                )
            ),
        ),
        Beside.MAXIMUM: tuple(
            f"{front} {top}"
            for front in word_list("12_-_month 12_month twelve-month twelve_month 12m")
            for top in ("maximum", "peak", "max")
        ),
        Beside.TARGET: word_list("target targets"),
    }.items()
    for phrase in phrases
}

# Times

_NAMES = word_list("january february march april may june july august september october november december")
MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
MONTHS |= {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
# Unless more is said these are other words at the beginning of a sentence.
MONTHS_LIKE_OTHER_WORDS = frozenset(("may", "march", "mar"))
_BEFORE = word_list("last previous prior preceding")
# Moments, and stretches up to the month reported on.
_MOMENTS = {
    Time.THIS_MONTH: word_list("this_month the_month month_end currently now at_present presently"),
    Time.THIS_QUARTER: word_list("this_quarter the_quarter"),
    Time.MONTH_BEFORE: (
        *(f"{before} month" for before in _BEFORE),
        *word_list("the_month_before a_month_before a_month_ago one_month_ago a_month_earlier"),
    ),
    Time.QUARTER_BEFORE: (
        *(f"{before} quarter" for before in _BEFORE),
        *word_list("the_quarter_before a_quarter_earlier"),
    ),
    Time.YEAR_BEFORE: (
        *(f"{before} year" for before in _BEFORE),
        *(f"{count} {ago}" for count in ("12 months", "twelve months") for ago in ("ago", "before", "earlier")),
        *word_list("the_year_before a_year_ago one_year_ago a_year_before a_year_earlier this_time_a_year_ago"),
        *(f"this {time} last year" for time in ("time", "month", "point")),
        *(
            f"same {time} {year}"
            for time in ("month", "time", "period", "point")
            for year in word_list(
                "last_year a_year_ago a_year_before a_year_earlier in_the_previous_year of_the_previous_year "
                "the_previous_year the_year_before"
            )
        ),
    ),
}
_STRETCHES = {
    Time.MONTH_BEFORE: (
        *word_list("past_month month_on_month month-on-month on_the_month over_the_month in_the_month in_a_month"),
        *(f"{within} the last month" for within in ("in", "over", "during")),
    ),
    Time.QUARTER_BEFORE: word_list("past_quarter quarter_on_quarter over_the_quarter over_the_last_quarter"),
    Time.YEAR_BEFORE: word_list("year_on_year year-on-year on_the_year"),
    Time.YEAR: (
        *word_list("past_year over_the_year in_the_last_year over_the_last_year in_a_year over_a_year for_a_year"),
        *word_list("annual annually this_year of_the_year in_the_year for_the_year all_year this_financial_year"),
        *word_list("in_the_past_year over_the_past_year throughout_the_year so_far_this_year more_than_a_year over_a_year"),
    ),
    Time.EVER: word_list("on_record ever ever_recorded to_date record of_all"),
    Time.SHOWN: (
        *word_list("of_any_month_shown of_the_months_shown in_the_period_shown throughout_the_period_shown"),
        *word_list("of_the_period_shown over_the_period_shown"),
    ),
    Time.UNCLEAR: (
        *(f"{going} up and down" for going in _GOING),
        *word_list("month_to_month month_by_month up_and_down quarter quarters quarterly qtr week weeks weekly weekend"),
        *word_list("lockdown lockdowns holiday holidays summer winter spring autumn christmas easter term terms recent"),
        *word_list("recently months years pandemic trend trends long-term short-term longer historic historically"),
        *word_list("previously initially originally cumulative cumulatively ytd year_to_date latterly half-term decade"),
        *word_list("season seasonal yesterday another_month other_months next_month next_year next_quarter"),
    ),
}
TIMES: dict[str, tuple[Time, bool]] = {
    phrase: (time, is_stretch)
    for is_stretch, table in ((False, _MOMENTS), (True, _STRETCHES))
    for time, phrases in table.items()
    for phrase in phrases
}
# With a year behind: the month reported on, in that year.
SAME_TIME_IN = frozenset(
    f"{same} {time} in" for same in ("same", "this") for time in ("time", "month", "period", "point")
)
# What the later of two figures is set against: "from 8%", "than in December", "since September".
AGAINST = word_set("from than since on compared comparison against versus vs following after relative above below over")
AGAINST |= word_set("exceeding exceeded beyond")

# Numbers

NUMBER_WORDS = word_set(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand"
)
FRACTIONS = {"half": 50, "third": 33, "quarter": 25, "fifth": 20, "sixth": 17, "eighth": 12, "tenth": 10}
ORDINALS = {name: number for number, name in enumerate(word_list("second third fourth fifth sixth seventh eighth"), 2)}
# Before a number: it names something, or is an age, a price or a base; behind it: a length of time, an age, a time.
LABELS = word_set(
    "section sec s phase stage tier level band grade step item version part form key act code covid c aged age ages "
    "per every £ # group year years chapter together day days day-"
)
MEASURED_IN = word_set(
    "day days working hour hours week weeks month months year years yr yrs minute minutes year-old year-olds old olds "
    "x plus + pm am bed beds p.m a.m"
)
AND_OVER = word_set("over under above below older younger")
PERCENT = frozenset(("%", "percent", "pc"))
POINTS = word_set("point points pp ppt ppts pps")
ABOUT = word_set("about around approximately approx roughly some circa ca c ~ c. estimated perhaps")
NEARLY = word_set("nearly almost just_under just_below approaching just_short_of close_to")
JUST_OVER = word_set("just_over just_above")
AT_LEAST = word_set("over above exceeding at_least more_than greater_than higher_than no_fewer_than no_less_than")
AT_LEAST |= word_set("exceeded exceeds exceed upwards_of not_below")
AT_MOST = word_set("under below at_most less_than fewer_than lower_than no_more_than up_to within not_above not_exceeded")
OR_MORE = word_set("or_more or_better or_higher or_above or_over")
OR_LESS = word_set("or_less or_fewer or_lower or_below or_under")

# Words that say nothing about what is measured

FUNCTION = word_set(
    "a an the this that these those it its they them their there here we our us i he she his her who whom whose which "
    "what when where why how and or but nor so yet if of in on at by for from to into onto with within without over "
    "under up down out off as than then between among across through during before after since until till per about "
    "around against towards toward upon via both either each every all any some other others another same such only "
    "also too very much many more most less least own just even still again already always never once is are was were "
    "be been being am has have had having do does did done doing can get gets got etc e.g i.e s t ie eg no not half "
    "because due owing given despite like unlike"
)
ADVERBS = word_set(
    "slightly slight significantly significant considerably considerable markedly marked substantially substantial "
    "sharply sharp steadily steady gradually gradual marginally marginal modestly modest dramatically dramatic "
    "noticeably noticeable consistently consistent far well further little bit lot small big large huge overall "
    "generally however although though while whilst whereas therefore thus additionally furthermore moreover meanwhile "
    "unfortunately encouragingly pleasingly positively correspondingly accordingly similarly likewise similar earlier "
    "relative respectively approximately approx roughly nearly almost exactly total totals likely first time times "
    "year years yearly monthly rolling 12m 12mth end period periods last past previous prior current currently now net "
    "actual good poor high low strong quite rather somewhat notably reasonably positive negative real welcome back "
    "upper top population touch fraction whisker hair some nearly broadly largely space comfortably mostly perhaps busy late "
    "unbroken meantime relatively simply less latest newly once together alone soon average month months figures remain"
)
JOINING = word_set(
    "remain remains stay stays stand stands stood reach reaches see sees saw seen show shows shown lead leads led "
    "record records recorded report reports reported represent represents bring brings brought put puts fluctuate vary varies move "
    "moves go goes went gone take takes took taken make makes made come comes came become becomes account accounts "
    "equate equates give gives gave given sit sits sat run ran runs note observe experience amount amounts range "
    "ranges equals hold holds held keep keeps kept hover hovers have begin began got mean means had "
    "averaging deal dealt spent work works "
    "swing swung settle settled shot sank lay hung got drew won built broke chose sent kept reflect reflects follows stem "
    "stems"
)
# Right before a figure: "stands at", "was", "saw".
GIVING = word_set(
    "is are was were at had has have remains remained remain stands stood reached reaches being been shows showed saw "
    "recorded totalled numbered handled received took completed finished held started opened dealt processed total "
    "reaching now hit hold have"
)
NEUTRAL = word_set(
    "figure figures performance indicator indicators measure measures data result results level levels position "
    "picture outturn return returns case cases volume volumes quantity activity reading change changes difference gap "
    "subject city council authority local locally borough county area service we us month panel comparison bar tally "
    "value record high low count point points demand total rise fall fact peak maximum minimum trough lowest highest children family"
)
COUNTS = word_set("number numbers count counts volume volumes")
SHARES = word_set("percentage percentages proportion proportions share shares % percent ratio conversion completion")
SHARES |= word_set("compliance timeliness coverage")
RATES = word_set("rate rates")
MEASURES = word_set("number numbers percentage proportion share rate rates figure figures performance")
NEGATIONS = word_set("not no never nor neither without cannot nothing none hardly barely")
# What is only expected, wished, feared or supposed is no claim about the figures.
SUPPOSED = word_set(
    "will would should could may might can shall expect expects expected expecting anticipate anticipated aim aims "
    "aiming hope hopes hoped hoping intend intended intends if unless until forecast forecasts predicted projected "
    "projection potential possible possibly ambition aspiration future planned planning plan_to upcoming wish prevent "
    "avoid ensure ensuring effort efforts want wants wanted think believe next likely trying tries "
    "propose proposed whether wouldn't couldn't won't can't shouldn't estimate estimated"
)
# Nouns that look like verbs.
NOUNS = word_set("training staffing funding housing fostering setting settings hearing hearings meeting meetings offending")
NOUNS |= word_set("nursing building offspring teaching")
# Before a word that isn't known these set a part of the whole apart: "contacts rose among teenagers".
PARTING = word_set("among amongst for from within across involving")
# Where a sentence breaks into clauses.
CONNECTORS = word_set(
    "and but or although though while whilst whereas because as which so when where despite however yet due owing given "
    "meaning reflecting mirroring showing making leading that helped driven"
)
# Behind these "that" opens a clause of its own; elsewhere it goes on about a noun.
REPORTING = word_set(
    "show shows showed shown showing suggest suggests indicate indicates mean means evidence find found finds note "
    "noted report reported confirm confirms confirmed see seen say says said clear fact"
)
SAY_NOTHING = FUNCTION | ADVERBS | JOINING | NEUTRAL | COUNTS | SHARES | RATES | NEGATIONS | CONNECTORS | AGAINST

# The field: abbreviations written out, and different words for one thing, as stems

ABBREVIATIONS = {
    "cin": "child need",
    "cpp": "child protection plan",
    "cp": "child protection",
    "icpc": "initial child protection conference",
    "rcpc": "review child protection conference",
    "lac": "looked child",
    "cla": "looked child",
    "cic": "looked child",
    "sgo": "special guardianship order",
    "uasc": "unaccompanied asylum seeking child",
    "ifa": "independent fostering agency",
    "eha": "early help assessment",
    "ehp": "early help plan",
    "sa": "single assessment",
    "s47": "section enquiry",
    "sec": "section",
    "cse": "child sexual exploitation",
}
SYNONYMS = tuple(
    frozenset(group.split())
    for group in (
        "complet finish",
        "start begin",
        "ceas end leav de-registr",
        "authoris approv",
        "time timescal",
        "enquir investigat",
        "child young",
        "look care",
        "new entrant enter entr admiss arriv",
        "need cin",
        "carer household",
        "result subject led lead",
    )
)
# Words that go without saying beside one of the name: "adoption orders", "the UASC cohort".
COMPANIONS = word_set("order cohort")
IRREGULAR = {
    **dict.fromkeys(("children", "child"), "child"),
    **dict.fromkeys(("people", "person"), "young"),
    **dict.fromkeys(("left", "leaver", "leavers"), "leav"),
    **dict.fromkeys(("begun", "began"), "begin"),
    **dict.fromkeys(("ends", "ended", "ending"), "end"),
    **dict.fromkeys(("stepped", "steps", "step-ups", "step-up"), "step"),
    **dict.fromkeys(("aged", "ages"), "age"),
    **dict.fromkeys(("timely", "timeliness"), "timescal"),
    "held": "hold",
    "needs": "need",
    "sent": "send",
    "opened": "open",
}
# A title with one of these is only meant when the text has one of them as well: "child protection plans" are not
# "ceasing child protection plans".
QUALIFIERS = word_set("new ceas end repeat authoris approv plac timescal suitabl miss step re-referral result review")
# Where the title counts events, "new" goes without saying.
EVENTS = word_set("referral contact enquir conferenc adopt order visit transfer transfer-in assess")

# Texts that send the reader elsewhere

_SAID = word_list(
    "indicated mentioned noted detailed stated described outlined explained discussed reported given shown"
)
_TEXTS = word_list("comment comments commentary narrative notes explanation")
NOT_ALONE = frozenset(
    (
        *word_list("as_above as_below as_per_above as_per_the_above as_for_above as_with_above as_with_the_above ditto"),
        *word_list("same_as_above same_as_the_above see_above see_below refer_to_above set_out_above set_out_below"),
        *(f"{said} {where}" for said in _SAID for where in ("above", "below")),
        *(f"as {said} {where}" for said in (*_SAID, "set out") for where in ("above", "below")),
        *(f"{text} above" for text in _TEXTS),
        *(f"above {text}" for text in _TEXTS),
        *(f"{opener} {text} above" for opener in ("see", "as per", "as", "refer to") for text in _TEXTS),
    )
)
# Nothing but this.
NOTHING_ELSE = word_set(
    "as_last_month as_per_last_month same_as_last_month as_previous_month as_previous as_before see_last_month "
    "see_previous see_previous_month no_update as_last_quarter"
)
