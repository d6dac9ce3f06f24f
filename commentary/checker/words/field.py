"""Words of children's services: abbreviations, different words for one thing, and words that set measures apart."""

from __future__ import annotations

from .table import word_set

# Abbreviations of the field, written out.
ABBREVIATIONS = {
    "cin": "child need",
    "cpp": "child protection plan",
    "cpps": "child protection plan",
    "cp": "child protection",
    "icpc": "initial child protection conference",
    "icpcs": "initial child protection conference",
    "rcpc": "review child protection conference",
    "rcpcs": "review child protection conference",
    "lac": "looked child",
    "cla": "looked child",
    "cic": "looked child",
    "sgo": "special guardianship order",
    "sgos": "special guardianship order",
    "uasc": "unaccompanied asylum seeking child",
    "ifa": "independent fostering agency",
    "ifas": "independent fostering agency",
    "eha": "early help assessment",
    "ehas": "early help assessment",
    "ehp": "early help plan",
    "ehps": "early help plan",
    "sa": "single assessment",
    "sas": "single assessment",
    "s47": "section enquiry",
    "s47s": "section enquiry",
    "sec": "section",
    "cse": "child sexual exploitation",
}
# Different words for one thing, as stems.
SYNONYMS = (
    frozenset(("complet", "finish")),
    frozenset(("start", "begin")),
    frozenset(("ceas", "end", "leav")),
    frozenset(("authoris", "approv")),
    frozenset(("time", "timescal")),
    frozenset(("enquir", "investigat")),
    frozenset(("child", "young")),
    frozenset(("look", "care")),
    frozenset(("new", "entrant", "enter", "admiss")),
    frozenset(("need", "cin")),
)
IRREGULAR = {
    "children": "child",
    "child": "child",
    "people": "young",
    "person": "young",
    "left": "leav",
    "leaver": "leav",
    "leavers": "leav",
    "begun": "begin",
    "began": "begin",
    "held": "hold",
    "ends": "end",
    "ended": "end",
    "ending": "end",
    "stepped": "step",
    "steps": "step",
    "aged": "age",
    "ages": "age",
    "needs": "need",
    "sent": "send",
    "met": "meet",
    "opened": "open",
    "timely": "timescal",
    "timeliness": "timescal",
}
# A title with one of these is only meant when the text has one of them as well: "child protection plans" are not
# "ceasing child protection plans".
QUALIFIERS = word_set("new ceas end repeat authoris approv place timescal suitabl miss step re-referral result")
# Where the title counts events, "new" goes without saying.
EVENTS = word_set("referral contact enquir conferenc adopt order visit transfer transfer-in assess")
