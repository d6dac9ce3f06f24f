# ruff: noqa: S608 - every part of these statements is a constant of this file
"""What the database itself refuses: rules that span tables, and changes to what was published.

A check constraint sees one row; these rules need the indicator beside its values, follow a chain of derivations, or
compare a row with what it was. They name tables, not models, so that this one file can hold those of every app.
The triggers are made after every migrate. In SQLite they are dropped before it: SQLite rebuilds a table to alter it,
and can't while a trigger on another table names it. Only rows of the security log are kept from being deleted
(docs/adr/0019 and 0057).
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.core import checks
from django.db import connections

TOO_HIGH = "a percentage cannot be above 100 for this indicator"
NOT_TYPED = "figures of a derived indicator cannot be entered"
IN_A_CIRCLE = "an indicator cannot be worked out from itself"
FOLLOWS_ITSELF = "an indicator cannot come after itself"
ONLY_DERIVED = "only a derived indicator has parts"
POPULATION_OR_PARTS = "a population cannot stand beside denominators"
NOT_NEGATIVE = "figures of this indicator cannot be negative"
DUE_MONTHS = "the months in which figures are due do not fit the frequency"
LOGO_STAYS = "a logo stays as it is, and another takes its place"
NEVER_CHANGED = "what was published is never changed"
STAYS_WITHHELD = "what was withheld, by whom and when is never changed"
ERASES_WHAT_STANDS = "an erasure is of a document as it stands, for a withholding that is being carried out"
LOG_NEVER_CHANGED = "the security log is never changed"
LOG_IS_KEPT = "the security log is kept for its time"
STAYS_FORGOTTEN = "the account of somebody who was forgotten stays closed"
IN_ITS_PLACE = "a published report keeps its scorecard, its month and its state"

# In PostgreSQL a lock makes two transactions that would each add half of a contradiction wait for one another; without
# it neither would see the other's row. An update of an indicator locks its row anyway.
_LOCK_INDICATOR = "PERFORM 1 FROM indicators_indicator WHERE id = NEW.indicator_id FOR SHARE;"
_LOCK_SUCCESSIONS = "PERFORM pg_advisory_xact_lock(hashtext('indicators_succession'));"
_LOCK_DERIVATIONS = "PERFORM pg_advisory_xact_lock(hashtext('indicators_derivationterm'));"


class Trigger(NamedTuple):
    """Refuses a new row of the table, and a changed one, with the message where the condition holds; or only what the
    `event` says: UPDATE or DELETE.
    """

    name: str
    table: str
    condition: str
    message: str
    lock: str = ""
    event: str = ""

    def names(self, vendor: str) -> list[str]:
        """Its names in the database: SQLite's triggers have one event each."""
        one_name = vendor == "postgresql" or bool(self.event)
        return [self.name] if one_name else [f"{self.name}_insert", f"{self.name}_update"]

    def statements(self, vendor: str) -> list[str]:
        """What makes it in the database."""
        if vendor == "sqlite":
            return [
                f"CREATE TRIGGER {name} BEFORE {self.event or name.rpartition('_')[2].upper()} ON {self.table}"
                f" WHEN {self.condition} BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
                for name in self.names(vendor)
            ]
        events, row = self.event or "INSERT OR UPDATE", "OLD" if self.event == "DELETE" else "NEW"
        return [
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {self.lock}"
            f" IF {self.condition} THEN RAISE EXCEPTION '{self.message}' USING ERRCODE = 'check_violation',"
            f" CONSTRAINT = '{self.name}'; END IF; RETURN {row}; END $$",
            f"CREATE OR REPLACE TRIGGER {self.name} BEFORE {events} ON {self.table}"
            f" FOR EACH ROW EXECUTE FUNCTION {self.name}()",
        ]


_LIMITED = "i.unit = 'percentage' AND NOT i.allows_over_100"
_UNSIGNED = "EXISTS (SELECT 1 FROM indicators_indicator i WHERE i.id = NEW.indicator_id AND NOT i.allows_negative)"
# What may be negative where the indicator says so: name of the rule, table, and when a row of it is.
_NEGATIVE = (
    ("value_not_negative", "indicators_monthlyvalue", "({v}.figure < 0 OR {v}.numerator < 0)"),
    ("target_not_negative", "indicators_target", "{v}.value < 0"),
    ("comparator_not_negative", "indicators_comparator", "{v}.value < 0"),
    ("peer_figure_not_negative", "indicators_peerfigure", "{v}.value < 0"),
)
_ABOVE_100 = "({v}.figure > 100 OR {v}.numerator > {v}.denominator)"
SENSE = "the target contradicts the direction of the indicator"
NOT_ADDING_UP = "a target for the whole year needs an indicator that adds up"
_CONTRADICTS = (
    "(({t}.sense = 'at_most' AND {i}.polarity IN ('high', 'target')) OR"
    " ({t}.sense = 'at_least' AND {i}.polarity IN ('low', 'target')) OR"
    " ({t}.rests_on <> 'figure' AND {i}.polarity = 'target'))"
)
_DOES_NOT_ADD_UP = "({t}.shape IN ('even', 'last_year') AND {i}.accumulation = 'no')"


def _between(name: str, condition: str, message: str) -> tuple[Trigger, Trigger]:
    """A rule between targets and their indicators, kept when either changes."""
    of_target, of_indicator = condition.format(t="NEW", i="i"), condition.format(t="t", i="NEW")
    return (
        Trigger(
            f"target_{name}",
            "indicators_target",
            f"EXISTS (SELECT 1 FROM indicators_indicator i WHERE i.id = NEW.indicator_id AND {of_target})",
            message,
            _LOCK_INDICATOR,
        ),
        Trigger(
            f"indicator_{name}",
            "indicators_indicator",
            f"EXISTS (SELECT 1 FROM indicators_target t WHERE t.indicator_id = NEW.id AND {of_indicator})",
            message,
        ),
    )


# How many of the twelve months are among those written as 12,4,7: as many as there are numbers, or some are wrong.
_MONTHS_DUE = " + ".join(
    f"(CASE WHEN ',' || NEW.due_months || ',' LIKE '%,{number},%' THEN 1 ELSE 0 END)" for number in range(1, 13)
)
_NUMBERS_DUE = "LENGTH(NEW.due_months) - LENGTH(REPLACE(NEW.due_months, ',', '')) + 1"
_FIGURES_A_YEAR = (
    "CASE NEW.frequency WHEN 'quarterly' THEN 4 WHEN 'termly' THEN 3 WHEN 'half_yearly' THEN 2"
    " WHEN 'yearly' THEN 1 ELSE 0 END"
)
TRIGGERS = (
    *_between("sense_fits", _CONTRADICTS, SENSE),
    *_between("shape_fits", _DOES_NOT_ADD_UP, NOT_ADDING_UP),
    Trigger(
        "indicator_due_months_fit",
        "indicators_indicator",
        f"NEW.due_months <> '' AND NOT ({_NUMBERS_DUE} = {_FIGURES_A_YEAR} AND {_MONTHS_DUE} = {_FIGURES_A_YEAR})",
        DUE_MONTHS,
    ),
    Trigger(
        "value_at_most_100",
        "indicators_monthlyvalue",
        f"EXISTS (SELECT 1 FROM indicators_indicator i WHERE i.id = NEW.indicator_id"
        f" AND {_LIMITED} AND {_ABOVE_100.format(v='NEW')})",
        TOO_HIGH,
        _LOCK_INDICATOR,
    ),
    Trigger(
        "value_not_of_derived",
        "indicators_monthlyvalue",
        "EXISTS (SELECT 1 FROM indicators_indicator i WHERE i.id = NEW.indicator_id AND i.kind = 'derived')",
        NOT_TYPED,
        _LOCK_INDICATOR,
    ),
    Trigger(
        "indicator_values_at_most_100",
        "indicators_indicator",
        "NEW.unit = 'percentage' AND NOT NEW.allows_over_100 AND EXISTS (SELECT 1 FROM"
        f" indicators_monthlyvalue v WHERE v.indicator_id = NEW.id AND {_ABOVE_100.format(v='v')})",
        TOO_HIGH,
    ),
    Trigger(
        "indicator_derived_without_values",
        "indicators_indicator",
        "NEW.kind = 'derived' AND EXISTS (SELECT 1 FROM indicators_monthlyvalue v WHERE v.indicator_id = NEW.id)",
        NOT_TYPED,
    ),
    Trigger(
        "derivation_not_in_a_circle",
        "indicators_derivationterm",
        "EXISTS (WITH RECURSIVE upstream(id) AS (SELECT NEW.source_id UNION"
        " SELECT t.source_id FROM indicators_derivationterm t"
        " JOIN upstream u ON t.indicator_id = u.id)"
        " SELECT 1 FROM upstream WHERE id = NEW.indicator_id)",
        IN_A_CIRCLE,
        _LOCK_DERIVATIONS,
    ),
    Trigger(
        "derivation_of_derived",
        "indicators_derivationterm",
        "EXISTS (SELECT 1 FROM indicators_indicator i WHERE i.id = NEW.indicator_id AND i.kind <> 'derived')",
        ONLY_DERIVED,
        _LOCK_INDICATOR,
    ),
    Trigger(
        "indicator_with_parts_is_derived",
        "indicators_indicator",
        "NEW.kind <> 'derived' AND EXISTS (SELECT 1 FROM indicators_derivationterm t WHERE t.indicator_id = NEW.id)",
        ONLY_DERIVED,
    ),
    Trigger(
        "derivation_without_population",
        "indicators_derivationterm",
        "NEW.role = 'denominator' AND EXISTS (SELECT 1 FROM indicators_indicator i"
        " WHERE i.id = NEW.indicator_id AND i.population_id IS NOT NULL)",
        POPULATION_OR_PARTS,
        _LOCK_INDICATOR,
    ),
    Trigger(
        "indicator_population_without_denominators",
        "indicators_indicator",
        "NEW.population_id IS NOT NULL AND EXISTS (SELECT 1 FROM indicators_derivationterm t"
        " WHERE t.indicator_id = NEW.id AND t.role = 'denominator')",
        POPULATION_OR_PARTS,
    ),
    *(
        Trigger(name, table, f"{below.format(v='NEW')} AND {_UNSIGNED}", NOT_NEGATIVE, _LOCK_INDICATOR)
        for name, table, below in _NEGATIVE
    ),
    *(
        Trigger(
            f"indicator_{name}",
            "indicators_indicator",
            f"NOT NEW.allows_negative AND EXISTS (SELECT 1 FROM {table} v"
            f" WHERE v.indicator_id = NEW.id AND {below.format(v='v')})",
            NOT_NEGATIVE,
        )
        for name, table, below in _NEGATIVE
    ),
    Trigger(
        "succession_not_in_a_circle",
        "indicators_succession",
        # The row itself as it was doesn't count: it is being changed.
        "EXISTS (WITH RECURSIVE earlier(id) AS (SELECT NEW.former_id UNION"
        " SELECT s.former_id FROM indicators_succession s"
        " JOIN earlier e ON s.indicator_id = e.id WHERE NEW.id IS NULL OR s.id <> NEW.id)"
        " SELECT 1 FROM earlier WHERE id = NEW.indicator_id)",
        FOLLOWS_ITSELF,
        _LOCK_SUCCESSIONS,
    ),
    Trigger("logo_stays_as_it_is", "scorecard_logo", "TRUE", LOGO_STAYS, event="UPDATE"),
    Trigger("publication_is_frozen", "scorecard_publication", "TRUE", NEVER_CHANGED, event="UPDATE"),
    Trigger(
        "edition_published_keeps_its_place",
        "scorecard_edition",
        "(NEW.month <> OLD.month OR NEW.scorecard_id <> OLD.scorecard_id"
        " OR (OLD.state = 'published' AND NEW.state <> 'published'))"
        " AND EXISTS (SELECT 1 FROM scorecard_publication p WHERE p.edition_id = OLD.id)",
        IN_ITS_PLACE,
        event="UPDATE",
    ),
    # But for an erasure: its row has the checksums before and after, and allows this one step.
    Trigger(
        "document_is_frozen",
        "scorecard_publisheddocument",
        "NEW.id <> OLD.id OR NEW.publication_id <> OLD.publication_id OR NEW.audience <> OLD.audience"
        " OR NEW.numbers_from <> OLD.numbers_from"
        " OR NOT EXISTS (SELECT 1 FROM scorecard_erasure e WHERE e.document_id = OLD.id"
        " AND e.original_checksum = OLD.checksum AND e.new_checksum = NEW.checksum)",
        NEVER_CHANGED,
        event="UPDATE",
    ),
    # After it the document has another checksum: the row can neither be used again nor be changed.
    Trigger(
        "erasure_of_what_stands",
        "scorecard_erasure",
        "NOT EXISTS (SELECT 1 FROM scorecard_publisheddocument d WHERE d.id = NEW.document_id"
        " AND d.checksum = NEW.original_checksum) OR NOT EXISTS (SELECT 1 FROM scorecard_withholding w"
        " WHERE w.id = NEW.withholding_id AND w.erased_at IS NOT NULL AND w.lifted_at IS NULL)",
        ERASES_WHAT_STANDS,
    ),
    Trigger(
        "withholding_only_goes_on",
        "scorecard_withholding",
        " OR ".join(
            [
                *(
                    f"NEW.{name} <> OLD.{name}"
                    for name in ("kind", "words", "everywhere", "places", "withheld_by_id", "withheld_at")
                ),
                *(
                    f"(OLD.{step}_at IS NOT NULL AND (NEW.{step}_at IS NULL OR NEW.{step}_at <> OLD.{step}_at"
                    f" OR NEW.{step}_by_id <> OLD.{step}_by_id))"
                    for step in ("confirmed", "lifted", "erased")
                ),
            ]
        ),
        STAYS_WITHHELD,
        event="UPDATE",
    ),
    Trigger(
        "tombstone_stays",
        "scorecard_tombstone",
        "NEW.withholding_id <> OLD.withholding_id OR NEW.document_id <> OLD.document_id OR NEW.kind <> OLD.kind"
        " OR (NEW.text <> OLD.text AND NEW.text <> '') OR (NEW.figure <> OLD.figure AND NEW.figure <> '')"
        " OR COALESCE(NEW.indicator, 0) <> COALESCE(OLD.indicator, 0)",
        STAYS_WITHHELD,
        event="UPDATE",
    ),
    # Its user name, which has its own key, tells a forgotten account (scorecard/accounts/forgetting.py).
    Trigger(
        "forgotten_stays_closed",
        "indicators_user",
        "OLD.username = 'former-user-' || OLD.id AND NOT OLD.is_active AND (NEW.is_active OR NEW.email <> ''"
        " OR NEW.username <> OLD.username OR NEW.name <> OLD.name OR NEW.job_title <> '')",
        STAYS_FORGOTTEN,
        event="UPDATE",
    ),
    Trigger("security_event_is_frozen", "indicators_securityevent", "TRUE", LOG_NEVER_CHANGED, event="UPDATE"),
    Trigger(
        "security_event_is_kept",
        "indicators_securityevent",
        "OLD.kept_until >= CURRENT_DATE",
        LOG_IS_KEPT,
        event="DELETE",
    ),
)


APPS = ("indicators_", "commentary_", "scorecard_")
_LISTED = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname = t.tgname AND pg_table_is_visible(c.oid)",
}


def create(using: str = "default", **kwargs: Any) -> None:
    """Make the triggers of all tables that are there; they replace those of the same name.

    In PostgreSQL each is replaced in one step: another server may be writing meanwhile, and is never without its rules.
    """
    connection = connections[using]
    stay = [(trigger.name, trigger.table) for trigger in TRIGGERS] if connection.vendor == "postgresql" else []
    drop(using, but=stay)
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for trigger in TRIGGERS:
            for statement in trigger.statements(connection.vendor) if trigger.table in tables else ():
                cursor.execute(statement)


def drop(using: str = "default", but: Collection[tuple[str, str]] = ()) -> None:
    """Remove the triggers, those that an earlier version made as well: what it asked may not be asked any more, and
    SQLite can't rebuild a table that one of them names.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        for name, table in _in_database(using):
            if (name, table) in but:
                continue
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def _in_database(using: str) -> list[tuple[str, str]]:
    """The triggers that a version of this file made, each with its table: on tables of these apps and, in PostgreSQL,
    where a database's owner may have others, with a function of the same name.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(_LISTED[connection.vendor])
        return [(name, table) for name, table in cursor.fetchall() if table.startswith(APPS)]


def drop_for_migration(using: str = "default", **kwargs: Any) -> None:
    """Remove the triggers from SQLite. Should the migration fail, `missing` tells; the next makes them again."""
    if connections[using].vendor == "sqlite":
        drop(using)


def missing(using: str = "default") -> list[str]:
    """The names of the rules that the database does not keep, of those whose tables are there."""
    connection = connections[using]
    kept = {name for name, _ in _in_database(using)}
    tables = connection.introspection.table_names()
    return [
        trigger.name
        for trigger in TRIGGERS
        if trigger.table in tables and not kept.issuperset(trigger.names(connection.vendor))
    ]


@checks.register(checks.Tags.database)
def rules_are_kept(databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Reports rules that the database has lost, as after a migration that failed half-way."""
    return [
        checks.Error(
            f"The database “{using}” does not keep these rules: {', '.join(names)}.",
            hint="Run manage.py migrate --skip-checks until it succeeds.",
            id="indicators.E001",
        )
        for using in databases or ()
        if (names := missing(using))
    ]
