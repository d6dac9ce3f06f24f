"""Words that say nothing about what is measured, and words that take a claim back."""

from __future__ import annotations

from .periods import BASELINE_WORDS
from .table import word_set

FUNCTION = word_set(
    "a an the this that these those it its they them their there here we our us i he she his her who whom whose "
    "which what when where why how and or but nor so yet if of in on at by for from to into onto with within "
    "without over under up down out off as than then between among across through during before after since until "
    "till per about around against towards toward upon via both either each every all any some other others another "
    "same such only also too very much many more most less least own just even still again already always never "
    "once is are was were be been being am has have had having do does did done doing can get gets got etc e.g i.e "
    "s t ie eg no not one two three four five six seven eight nine ten eleven twelve half"
)
# How, how much and when: they leave open whose figure it is.
ADVERBS = word_set(
    "slightly slight significantly significant considerably considerable markedly marked substantially substantial "
    "sharply sharp steadily steady gradually gradual marginally marginal modestly modest dramatically dramatic "
    "noticeably noticeable consistently consistent continued continuing continues continue continual far well "
    "further little bit lot small big large huge overall generally however although though while whilst whereas "
    "therefore thus additionally furthermore moreover meanwhile unfortunately encouragingly pleasingly positively "
    "correspondingly accordingly similarly likewise similar earlier compared comparison relative respectively "
    "approximately approx roughly nearly almost exactly average total totals totalled likely first time times year "
    "years yearly month months monthly rolling 12m 12mth 12-month end period periods last past previous prior "
    "current currently now net actual good poor high low strong quite rather somewhat notably reasonably "
    "statistical positive negative real welcome back return returned returning line upper top towards population"
)
# Verbs that join a measure to its figure, or a report to what it reports.
JOINING = word_set(
    "remain remains remained remaining stay stays stayed stand stands stood reach reaches reached see sees saw seen "
    "show shows showed shown showing lead leads led record recorded records report reported reports represent "
    "represents represented bring brings brought put puts putting fluctuate fluctuates fluctuated fluctuating vary "
    "varies varied move moves moved moving go goes went gone take takes took taken taking make makes made come "
    "comes came become becomes became account accounts accounted accounting equate equates equated give gives gave "
    "given sit sits sat run ran note noted observe observed experience experienced amount amounts amounted range "
    "ranges ranged ranging equals maintained"
)
# Right before a figure: "stands at", "was", "saw".
JOINING_FIGURE = word_set(
    "is are was were at of to had has have remains remained remain stands stood reached reaches being been shows "
    "showed saw recorded totalled with"
)
NEUTRAL_NOUNS = word_set(
    "figure figures performance indicator indicators measure measures data result results level levels position "
    "picture outturn return returns case cases amount quantity activity reading change changes difference gap subject "
    "city council authority local locally borough county area service we us"
)
COUNT_WORDS = word_set("number numbers count counts volume volumes")
SHARE_WORDS = word_set(
    "percentage percentages proportion proportions share shares % percent ratio conversion completion compliance "
    "timeliness coverage"
)
RATE_WORDS = word_set("rate rates")
# These name the measure itself: "the number has fallen".
MEASURES = word_set("number numbers percentage proportion share rate rates figure figures performance")

NEGATIONS = word_set(
    "not no never nor neither without cannot isn't wasn't didn't doesn't don't hasn't haven't hadn't won't can't "
    "aren't weren't nothing none hardly barely"
)
# What is only expected, wished, feared or supposed is no claim about the figures.
SUPPOSED = word_set(
    "will would should could may might can shall expected expect expects anticipate anticipated anticipates aim "
    "aims aiming hope hopes hoped hoping intend intended if unless until forecast predicted projected potential "
    "possible possibly ambition aspiration future planned upcoming wish prevent avoid ensure ensuring effort "
    "efforts want wants wanted"
)

# Where a sentence breaks into clauses.
CONNECTORS = word_set(
    "and but or although though while whilst whereas because as which so when where despite however yet due owing "
    "given meaning reflecting mirroring showing making leading that"
)
# Behind these "that" opens a clause of its own; elsewhere it goes on about a noun.
REPORTING = word_set(
    "show shows showed shown showing suggest suggests indicate indicates mean means evidence find found finds note "
    "noted report reported confirm confirms confirmed see seen say says said think believe clear fact"
)

SAY_NOTHING = (
    FUNCTION
    | ADVERBS
    | JOINING
    | NEUTRAL_NOUNS
    | COUNT_WORDS
    | SHARE_WORDS
    | RATE_WORDS
    | NEGATIONS
    | SUPPOSED
    | CONNECTORS
    | BASELINE_WORDS
)
