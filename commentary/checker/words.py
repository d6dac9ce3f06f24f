"""The words that the checker knows, as tables: what moves, compares, names a time, sets against, takes back.

In the tables "_" joins the words of a phrase, "(a|b)" stands for either, and "*" for all forms of a regular verb, with
"+" for one that doubles its last letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from itertools import product
from typing import NamedTuple, TypeVar

Meaning = TypeVar("Meaning")


def word_list(text: str) -> tuple[str, ...]:
    """The words and phrases of a table in their order."""
    found: list[str] = []
    for entry in text.split():
        parts = [part.split("|") for part in re.split(r"[()]", entry.replace("_", " "))]
        for words in map("".join, product(*parts)):
            found += _forms(words[:-1], words[-1]) if words[1:] and words[-1] in "*+" else [" ".join(words.split())]
    return tuple(found)


def _forms(verb: str, mark: str) -> list[str]:
    stem = verb + verb[-1] if mark == "+" else verb.removesuffix("e")
    third = verb + ("es" if verb.endswith(("ss", "ch", "sh", "x")) else "s")
    return [verb, third, stem + "ed", stem + "ing"]


def word_set(text: str) -> frozenset[str]:
    """The words and phrases of a table as a set."""
    return frozenset(word_list(text))


def _pairs(text: str) -> dict[str, str]:
    """What stands for what, as "cp=child_protection"."""
    pairs = (pair.split("=") for pair in text.split())
    return {short: said.replace("_", " ") for short, said in pairs}


def _table(meaning: Callable[[str], Meaning], text: str) -> dict[str, Meaning]:
    """What phrases mean: each line has a name, which ends with a colon, and phrases, or goes on with the line above."""
    joined = re.sub(r"\n +(?![\w ]+:)", " ", text.strip())
    lines = (line.split(":", 1) for line in joined.splitlines())
    return {phrase: meaning(name.strip()) for name, said in lines for phrase in word_list(said)}


# Which way a word points; the last four depend on what the service wants.
Sign = Enum("Sign", "UP DOWN SAME STEADY BETTER WORSE AHEAD BEHIND")
# What a word makes of the figure: it moved, stands beside another (some need "than"), is the furthest, or as wanted.
Role = Enum("Role", "MOVE STAND THAN EXTREME MEET")
# A time said in words, seen from the month reported on; the first three are of the indicator's own period.
Time = Enum("Time", "THIS BEFORE PAST YEAR_BEFORE PAST_YEAR YEAR TO_DATE EVER SHOWN UNCLEAR")


# What a figure is set beside: the figure of others, or what the row has itself.
Beside = Enum("Beside", "GROUP AVERAGE MAXIMUM TARGET")


class Sense(NamedTuple):
    """What a phrase means."""

    role: Role
    sign: Sign


# Going up and down, standing higher and lower, being highest and lowest

_GOING = "(go|goes|going|went|gone|come|comes|coming|came|crept|creep|creeping|move|moves|moved|moving|edge|edges|edged"
_GOING += "|edging|inch|inched|nudged|tick|ticked)"
_MEASURES = "(number|numbers|percentage|proportion|rate|share)"
SENSES = _table(
    lambda name: Sense(Role[name.split()[0]], Sign[name.split()[1]]),
    f"""
    EXTREME UP: highest the_most busiest biggest largest greatest maximum peak high longest last_(exceeded|above)
    EXTREME DOWN: lowest (the_|)fewest the_least quietest smallest minimum low shortest last_below
    EXTREME BETTER: best strongest quickest fastest
    EXTREME WORSE: worst weakest poorest slowest
    THAN UP: more higher greater larger bigger longer up
    THAN DOWN: fewer less lower smaller shorter down
    THAN BETTER: better stronger quicker faster
    THAN WORSE: worse weaker poorer slower
    STAND UP: exceed* surpass* outstrip+ overtake* overtaken tops topped passed above over past beyond
        passing in_excess_of
    STAND DOWN: below under beneath (short|shy|south)_of down_on adrift_of
    STAND SAME: level_with on_(a_|)par_with equal_to equals equal equalling equalled match* identical_to
        (the_|)same_as the_same_(number|figure|level|percentage|proportion|rate)_as
    STAND STEADY: (in|into)_line_with (close|similar|comparable|akin|near)_to (comparable|consistent)_with
        in_keeping_with much_the_same_as broadly_level_with
    STAND BETTER: outperform* beat beats beaten
    STAND WORSE: underperform*
    MEET UP: meets met achieves achieved hit hits within inside on_target
    MEET DOWN: missed misses missing outside off_target
    STAND AHEAD: leads lead led (ahead|in_front)_of
    STAND BEHIND: trail* lag+ behind (fall|falls|fell|falling|fallen)_short_of (lags|lag|lagging)_behind adrift_from
    MOVE UP: increase* climb* jump* surge* soar* escalate* balloon* accelerate* gain* spike* lengthen* widen* double*
        triple* treble* quadruple* rise rises rose risen rising grow grows grew grown growth growing upward upwards
        picked_up picking_up uptick upturn {_GOING}_up (higher|larger|greater)_{_MEASURES}
    MOVE DOWN: decrease* decline* reduce* drop+ dip+ slip+ slump* plummet* plunge* ease* tumble* slow* halve* shorten*
        narrow*
        fall falls fell fallen falling lowered shrank shrunk shrink shrinking slid slide slides sliding reduction
        reductions downward downwards downturn slowdown loss losses {_GOING}_down (lower|smaller)_{_MEASURES}
    MOVE SAME: unchanged no_(net_|)change no_movement not_(change|changed|move|moved) (remained|stayed)_the_same
    MOVE STEADY: stable steady flat static little_(change|changed|movement)
    MOVE BETTER: improve* recover* rebound* strengthen* improvement improvements recovery
    MOVE WORSE: worsen* deteriorate* weaken* deterioration
    """,
)
# How many times the earlier figure these say that the later one is.
TIMES_SAID = {
    form: times
    for times, verbs in (((2, 1), "double*"), ((3, 1), "triple* treble*"), ((4, 1), "quadruple*"), ((1, 2), "halve*"))
    for form in word_list(verbs)
}
# "to fall" is only what something is to do.
BASE_FORMS = word_set(
    "increase rise grow climb jump reduce decrease fall drop decline dip improve go come worsen double exceed surpass "
    "outperform beat hit lead ease slow recover halve match equal"
)
# These are a record's only with a time in front, as "12-month high", or as "a high of"; else they are other words.
NEED_WINDOW = word_set("high low peak maximum minimum")
# "over December", "past the age" and "were missing" compare nothing; "over England" does.
NEED_REFERENCE = word_set("over past beyond within inside outside missing")
# "up" and "down" move only beside a number or one of these, and not where they make another verb.
AFTER_UP_AND_DOWN = word_set(
    "by from on since compared again slightly sharply considerably significantly to a the nearly about around over "
    "almost some just more well for in against markedly marginally , and"
)
PHRASAL = word_set(
    "set step stepped follow followed take taken took catch break broken write written make made making picked pick "
    "stood stand drew draw round up down signed sign ramp scale scaled ended end"
)
# "almost identical to", "broadly unchanged" are much the same.
SOFTENING = word_set("almost nearly virtually broadly roughly about largely much practically essentially more fairly")
LINKING = word_set("is are was were remains remained stays stayed got became grew")
# "the second highest", "close to the highest", "one of the lowest" are no extremes.
NOT_QUITE = word_set(
    "second third fourth next near nearly close closer almost among amongst of towards approaching joint equal equally "
    "than from not"
)

# What figures are set beside

_TWELVE = "(12|twelve)_(-_|)month"
# What else texts call groups of comparators, by the group's key: each is also called by its name.
# By the key of a group; those of no group can be any.
GROUP_NAMES = _table(
    lambda name: "" if name == "any" else name,
    """
    any: comparators comparator
    statistical_neighbours: (statistical|stat)_(neighbours|neighbour|neighbors|neighbor) neighbours neighbour sn sns
        neighbouring_councils
    england: england english national nationally the_country
    region: region regional regionally
    """,
)
REFERENCES = _table(
    Beside.__getitem__,
    f"""
    AVERAGE: average averages averaged mean (rolling_|){_TWELVE}_(monthly_|rolling_|)average twelve-month_average
        (12m|rolling|rolling_monthly|monthly|yearly|annual|year)_average
    MAXIMUM: {_TWELVE}_(maximum|peak|max) 12m_(maximum|peak|max)
    TARGET: target targets limit ceiling (target|agreed)_(range|band|limits) standard
    """,
)

# Times

# Their first and last months.
SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11)}
# Unless more is said these are other words at the beginning of a sentence.
MONTHS_LIKE_OTHER_WORDS = frozenset(("may", "march", "mar"))
# What one figure can be of, and what indicators with such figures call it.
PERIODS = {noun: noun for noun in ("month", "quarter", "term", "half-year")} | {"half": "half-year"}
_OWN = "(month|quarter|term|half-year|half_year)"
_AGO = "(last_year|a_year_ago|a_year_before|a_year_earlier|in_the_previous_year|of_the_previous_year|the_previous_year"
_AGO += "|the_year_before)"
TIMES = _table(
    Time.__getitem__,
    f"""
    THIS: (this|the)_{_OWN} month_end currently now at_present presently
    BEFORE: (last|previous|prior|preceding)_{_OWN} the_{_OWN}_before a_{_OWN}_(before|ago|earlier) one_month_ago
    PAST: past_{_OWN} {_OWN}_on_{_OWN} month-on-month in_the_month in_a_month (on|over)_the_{_OWN}
        (in|over|during)_the_last_{_OWN}
    YEAR_BEFORE: (last|previous|prior|preceding)_year (12|twelve)_months_(ago|before|earlier) the_year_before
        a_year_(ago|before|earlier) one_year_ago this_(time|month|point)_last_year this_time_a_year_ago
        same_{_OWN}_{_AGO} same_(time|period|point)_{_AGO}
    PAST_YEAR: year_on_year year-on-year on_the_year
    YEAR: (in_the_|over_the_|)past_year (in|over)_the_last_year (in|over|for|for_more_than|in_more_than)_a_year
        (over|of|in|for|throughout)_the_year
        (this|all)_year this_financial_year annual annually
    TO_DATE: so_far this_year_already already_this_year (this|the)_(financial_|)(year|winter)_so_far
        so_far_(this|in_the)_(financial_|)(year|winter)
        year_to_date (for_|in_|)(this|the)_year_to_date ytd cumulative cumulatively
    EVER: on_record ever ever_recorded to_date
    SHOWN: of_any_month_shown of_the_(months|period)_shown (in|throughout|over)_the_period_shown
    UNCLEAR: {_GOING}_up_and_down month_(to|by)_month up_and_down quarterly qtr week weeks weekly weekend lockdown
        lockdowns holiday holidays summer winter spring autumn christmas easter term terms recent recently months years
        pandemic trend trends long-term short-term historic historically previously initially originally
        ever_since latterly half-term half-year half-yearly
        half_year decade season seasonal yesterday
        (another|other)_(month|months) next_(month|year|quarter)
    """,
)
# What the later of two figures is set against: "from 8%", "than in December", "since September".
AGAINST = word_set(
    "from than since on compared comparison against versus vs following after relative above below over exceeding "
    "exceeded beyond"
)

# Numbers

NUMBER_WORDS = word_set(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand"
)
FRACTIONS = {"half": 50, "third": 33, "quarter": 25, "fifth": 20, "sixth": 17, "eighth": 12, "tenth": 10}
ORDINALS = {name: number for number, name in enumerate(word_list("second third fourth fifth sixth seventh eighth"), 2)}
PLACES = {"first": 1} | ORDINALS
# Before a number: it names something, or is an age, a price or a base; behind it: a length of time, an age, a time.
LABELS = word_set(
    "section sec s phase stage tier level band grade step item version part form key act code covid c aged age ages "
    "per every £ # group year years chapter together day days"
)
MEASURED_IN = word_set(
    "day days working hour hours week weeks month months year years yr yrs minute minutes year-old year-olds old olds "
    "x plus + pm am bed beds p.m a.m times"
)
AND_OVER = word_set("over under above below older younger")
POINTS = word_set("point points pp ppt ppts pps")
BOUNDS = _table(
    str,
    """
    ABOUT: about around approximately approx roughly some circa ca c ~ c. estimated perhaps
    NEARLY: nearly almost just_(under|below) approaching just_short_of close_to
    JUST_OVER: just_(over|above)
    AT_LEAST: over above exceeding at_least at_or_(above|over) (more|greater|higher)_than no_(fewer|less)_than exceeded
        exceeds exceed upwards_of not_below
    AT_MOST: under below at_most at_or_(below|under) (less|fewer|lower)_than no_more_than up_to within not_above
        not_exceeded
    """,
)
BOUNDS_BEHIND = dict.fromkeys(word_list("or_(more|better|higher|above|over)"), "AT_LEAST")
BOUNDS_BEHIND["or so"] = "ABOUT"
BOUNDS_BEHIND |= dict.fromkeys(word_list("or_(less|fewer|lower|below|under)"), "AT_MOST")

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
    "(slight|significant|marked|substantial|sharp|gradual|marginal|modest|positive|negative|similar|relative|"
    "actual)(ly|) (considerab|noticeab|reasonab|comfortab)l(e|y) dramatic(ally|) stead(y|ily) (monthly|yearly|"
    "currently|exactly|nearly) (general|fortunate|unfortunate|broad|large|most|notab|simp|new|rough)ly (encouraging|"
    "pleasing|corresponding|according|approximate|respective|additional)ly consistent(ly|) large huge approx almost "
    "far well further little bit lot small big overall therefore thus furthermore moreover meanwhile meantime "
    "likewise earlier first time times year years month months rolling 12m 12mth end period periods last past "
    "previous prior current now net total totals average likely good poor high low strong quite rather somewhat real "
    "welcome back upper top population touch fraction whisker hair some space perhaps busy late latest unbroken less "
    "together alone soon remain longer shorter way distance"
)
JOINING = word_set(
    "(remain|stay|reach|lead|record|report|represent|account|equate|observe|experience|equal|average|work|settle|"
    "reflect|follow|compare|carry|achieve|continue|fluctuate|hover|range|move|amount|bring|put|take|make|come|become|"
    "go|give|sit|run|hold|keep|get|stand|see|show|begin|mean|deal|stem|note)(s|) reaches goes carries varies vary "
    "seen saw shown stood brought gone went took taken made came became given gave sat ran held kept begin began got "
    "means had dealt spent swing swung sank shot lay hung drew won built broke chose sent have"
)
# Right before a figure: "stands at", "was", "saw".
GIVING = word_set(
    "is are was were at had has have remains remained remain stands stood reached reaches being been shows showed saw "
    "recorded totalled numbered handled received took completed finished held started opened dealt processed total "
    "reaching now currently still only just hit hold have"
)
NEUTRAL = word_set(
    "figure(s|) performance indicator(s|) measure(s|) data result(s|) level(s|) position picture outturn return(s|) "
    "case(s|) volume(s|) quantity activity reading change(s|) difference gap subject city council authority local "
    "locally borough county area service we us month panel comparison bar tally value record high low count point(s|) "
    "demand total rise fall fact peak maximum minimum trough lowest highest children family usual variation explains "
    "success times speed turnaround workload score(s|) rating response variance"
)
COUNTS = word_set("(number|count|volume)(s|)")
SHARES = word_set(
    "(percentage|proportion|share)(s|) % percent ratio conversion completion compliance timeliness coverage occupancy "
    "uptake take-up attainment"
)
RATES = word_set("rate rates")
MEASURES = word_set("number numbers percentage proportion share rate rates figure figures performance")
# What stays on one side of a bound: "kept above 80% since August".
KEEPING = word_set(
    "(stay|remain|persist|hover|continue|exceed|maintain|sustain|top)* run running ran (hold|keep|sit)(s|) kept held "
    "sat holding keeping sitting been"
)
NEGATIONS = word_set("not no never nor neither without cannot nothing none hardly barely")
# What is only expected, wished, feared or supposed is no claim about the figures.
SUPPOSED = word_set(
    "will would should could may might can shall expect expects expected expecting anticipate anticipated aim aims "
    "aiming hope hopes hoped hoping intend intended intends if unless until forecast forecasts predicted projected "
    "projection potential possible possibly ambition aspiration future planned planning plan_to upcoming wish prevent "
    "avoid ensure ensuring effort efforts want wants wanted think believe next likely trying tries "
    "propose proposed whether wouldn't couldn't won't can't shouldn't estimate"
)
# Nouns that look like verbs.
NOUNS = word_set("(train|staff|fund|hous|foster|sett|hear|meet|offend|nurs|build|teach)ing (sett|hear|meet)ings")
# Where a sentence breaks into clauses.
CONNECTORS = word_set(
    "and but or although though while whilst whereas because as which so when where despite however yet due owing "
    "given meaning reflecting mirroring showing making leading helped driven"
)
SAY_NOTHING = FUNCTION | ADVERBS | JOINING | NEUTRAL | COUNTS | SHARES | RATES | NEGATIONS | CONNECTORS | AGAINST

# The field: abbreviations written out, and different words for one thing, as stems

ABBREVIATIONS = _pairs(
    "cin=child_need cpp=child_protection_plan cp=child_protection icpc=initial_child_protection_conference "
    "rcpc=review_child_protection_conference lac=looked_child cla=looked_child cic=looked_child "
    "sgo=special_guardianship_order uasc=unaccompanied_asylum_seeking_child ifa=independent_fostering_agency "
    "eha=early_help_assessment ehp=early_help_plan sa=single_assessment s47=section_enquiry sec=section "
    "cse=child_sexual_exploitation"
)
SYNONYMS = [
    frozenset(group.split("/"))
    for group in word_list(
        "complet/finish start/begin ceas/end/leav/de-registr/discharg authoris/approv time/timescal enquir/investigat "
        "child/young look/care new/entrant/enter/entr/admiss/arriv need/cin carer/household result/subject/led/lead "
        "owe/ow/owed/arrear/debt sickness/sick/absenc recycl/compost let/relet/re-let satisf/satisfi/satisfact "
        "delay/discharg tip/fly-tip/fly-tipp injur/casualt taken/occup"
    )
]
# Words that go without saying beside one of the name: "adoption orders", "the UASC cohort".
COMPANIONS = word_set("order cohort")
IRREGULAR = _pairs(
    "children=child child=child people=young person=young left=leav leaver=leav leavers=leav begun=begin began=begin "
    "ends=end ended=end ending=end stepped=step steps=step step-ups=step step-up=step aged=age ages=age "
    "timely=timescal timeliness=timescal held=hold needs=need sent=send opened=open "
    "decision=decid decisions=decid"
)
# A title with one of these is only meant when the text has one of them as well: "child protection plans" are not
# "ceasing child protection plans".
QUALIFIERS = word_set("new ceas end repeat authoris approv plac timescal suitabl miss step re-referr result review")
# Where the title counts events, "new" goes without saying.
EVENTS = word_set("referr contact enquir conferenc adopt order visit transfer transfer-in assess")

# Texts that send the reader elsewhere

_SAID = "(indicated|mentioned|noted|detailed|stated|described|outlined|explained|discussed|reported|given|shown)"
_TEXTS = "(comment|comments|commentary|narrative|notes|explanation)"
NOT_ALONE = word_set(
    f"as_(above|below) as_(per|per_the|for|with|with_the)_above same_as_(the_|)above see_(above|below) refer_to_above "
    f"ditto (as_|)set_out_(above|below) (as_|){_SAID}_(above|below) (see_|as_per_|as_|refer_to_|){_TEXTS}_above "
    f"above_{_TEXTS}"
)
# Nothing but this.
NOTHING_ELSE = word_set(
    "as_(per_|)last_month same_as_last_month as_previous(_month|) as_before see_last_month see_previous(_month|) "
    "no_update as_last_quarter"
)
