"""Settings, from the environment. Without any, the scorecard is a production one on SQLite that only lacks SECRET_KEY.

DEBUG                 1 on a developer's own machine, never elsewhere (make demo sets it)
SECRET_KEY            signs sessions: 50 or more random characters, needed unless DEBUG
ALLOWED_HOSTS         the names the site answers to, with commas: scorecard.example.gov.uk
CSRF_TRUSTED_ORIGINS  https://scorecard.example.gov.uk, when a proxy changes the host name
SCRIPT_NAME           /scorecard, where a proxy serves the site below a path of its host
SITE_URL              https://scorecard.example.gov.uk: where links in reminders lead, needed to send any
DATABASE_URL          postgres://user:password@host/name; without it SQLite in var/
TRUST_PROXY           1 when a reverse proxy ends TLS and always sets X-Forwarded-* and X-Request-ID itself
SECURE_SSL_REDIRECT   0 to answer plain http too; signing in needs https all the same
SECURE_HSTS_SECONDS   how long browsers insist on https; 0 while trying https out
EMAIL_URL             smtp+tls://user:password@host:587 to send mail through; without it none is sent
DEFAULT_FROM_EMAIL    whom mail comes from: scorecard@example.gov.uk
PUBLISHED_PAGES_HOLD_SECONDS  how long visitors may read a page that was revised meanwhile: 1
LOCK_OUT_FAILURES     failed sign-ins, one or more, before a user name is locked at an address: 5
LOCK_OUT_MINUTES      for how long: 15
LOCK_OUT_FAILURES_ANYWHERE  failures of one user name in an hour before only known browsers are let in: 20
LOCK_OUT_NAMES        the same for different user names that failed at one address in an hour: 20
INVITATION_DAYS       for how many days the link in an invitation works: 7
SECURITY_LOG_DAYS     for how many days the security log is kept: 365
OIDC_…, LOCAL_SIGN_IN  single sign-on with the organisation's accounts: scorecard/accounts/provider.py
SECOND_FACTOR_FOR     who needs a second factor: none, officers (everybody who manages anything), or everybody: officers
SECOND_FACTOR_AT_PROVIDER  no, claimed or always: whether single sign-on does it, and must say so, or always does: no
SESSION_IDLE_MINUTES  after how long without doing anything somebody is signed out: 60
SESSION_HOURS         after how long somebody signs in anew, whatever they do: 12
CONFIRM_AGAIN_MINUTES how long after showing who they are people publish without showing it again; 0 never asks: 15
LOG_LEVEL             INFO, or DEBUG, WARNING, ERROR
LOG_FORMAT            plain, or json: one object a line
ADMINS                ict@example.gov.uk: who is mailed when something fails, with commas; without it nobody
METRICS_TOKEN         20 or more characters: what monitoring sends to read /metrics; without it there is no such page
"""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from scorecard import environment
from scorecard.accounts import provider

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = environment.flag("DEBUG", default=False)

SECRET_KEY = environment.words("SECRET_KEY", default="insecure-and-for-trying-out-only" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is missing. On a server, make one and keep it in the service's environment: "
        "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'. "
        "To try the scorecard out, run `make demo`, or set DEBUG=1 on your own machine."
    )

ALLOWED_HOSTS = environment.hosts("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = environment.origins("CSRF_TRUSTED_ORIGINS")
SITE_URL = next(iter(environment.origins("SITE_URL", most=1)), "http://127.0.0.1:8000" if DEBUG else "")

INSTALLED_APPS = [
    "scorecard.apps.ScorecardConfig",
    "commentary.apps.CommentaryConfig",
    "indicators.apps.IndicatorsConfig",
    "scorecard.apps.SignInConfig",
    # Stages of signing in, single sign-on, second factors and sessions; its pages are routed one by one.
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tables2",
    "import_export",
    "simple_history",
    # Finds each app's rules.py: who may do what with which object.
    "rules.apps.AutodiscoverRulesConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # The templates of form widgets, for scorecard/display/forms.py.
    "django.forms",
]

MIDDLEWARE = [
    # First, so that they see every answer.
    "scorecard.logs.numbered_requests",
    "scorecard.metrics.counted_requests",
    # Before hosts and https are looked at.
    "scorecard.health.monitoring",
    "django.middleware.security.SecurityMiddleware",
    "scorecard.requests.nothing_of_the_device",
    # Published pages as they were drawn and compressed once, for visitors.
    "scorecard.publication.serving.PublishedPages",
    "scorecard.council.look.one_look",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "scorecard.requests.text_that_can_be_kept",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A report page is big and shrinks to a tenth. A compressed page can leak a secret it repeats (BREACH); Django masks
    # the CSRF token anew on every page and GZipMiddleware adds a random length, so that there is nothing to measure.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Before what was asked for is looked at, and before anything depends on who asks.
    "scorecard.accounts.sessions.limits",
    "scorecard.requests.private_answers",
    "scorecard.requests.told_to_the_security_log",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "scorecard.accounts.factors.RequiredFactor",
    "scorecard.accounts.confirming.Confirmation",
    # Gives each change in the history the person who made it.
    "simple_history.middleware.HistoryRequestMiddleware",
    # Leads addresses of before a scorecard was renamed to those of today.
    "scorecard.former_addresses.FormerAddresses",
    # Knows browsers again in which somebody has signed in.
    "scorecard.accounts.brakes.remember_devices",
    # Puts the page about a lock-out in the place of a refused sign-in, wherever that was.
    "axes.middleware.AxesMiddleware",
]

# Where the site is on its host, from the environment alone (gunicorn reads the same variable). Servers also pass on a
# header of this name, and whoever sent one could choose where the links of a page lead that is kept for everybody.
FORCE_SCRIPT_NAME = environment.path_below_host("SCRIPT_NAME")

ROOT_URLCONF = "scorecard.urls"
WSGI_APPLICATION = "scorecard.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "scorecard.access.header",
                "scorecard.navigation.navigation",
            ],
            "builtins": ["indicators.moments", "scorecard.health", "scorecard.council.look", "scorecard.display.terms"],
        },
    },
]


# Database

DATABASES = {"default": environment.database("DATABASE_URL", default="sqlite:///var/scorecard.sqlite3")}
database = DATABASES["default"]
if database["ENGINE"] == "django.db.backends.sqlite3":
    if database["NAME"] != ":memory:":
        database["NAME"] = BASE_DIR / database["NAME"]
        database["NAME"].parent.mkdir(parents=True, exist_ok=True)
    database["OPTIONS"] = {
        # A transaction takes the write lock when it begins, so that two writers queue instead of one of them failing.
        "transaction_mode": "IMMEDIATE",
        # Seconds a writer waits for its turn.
        "timeout": 20,
        # Readers and a writer do not wait for each other (WAL), where NORMAL is as safe against corruption as FULL.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    database["CONN_HEALTH_CHECKS"] = True
# Connecting takes ten times as long as finding out that a published page still holds, on SQLite too.
database["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# For so long visitors can go on reading a published page after a revision, or after its scorecard stopped being public.
# 0 asks the database on each visit.
PUBLISHED_PAGES_HOLD_SECONDS = environment.amount("PUBLISHED_PAGES_HOLD_SECONDS", default=1)

# The files of a report are made in the background as soon as it is published, so that no reader waits for its PDF.
MAKE_FILES_WHEN_PUBLISHED = True

# The main part of a published report's page is kept in each server process, for readers who are signed in. While
# somebody works on the templates nothing is kept.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.dummy.DummyCache"
        if DEBUG
        else "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100},
    }
}


# People

AUTH_USER_MODEL = "indicators.User"
AUTHENTICATION_BACKENDS = [
    # Refuses every password where people sign in with the organisation's accounts only.
    "scorecard.accounts.sign_in.LocalSignIn",
    # Refuses whoever is locked out, before the password is looked at.
    "scorecard.accounts.brakes.Brakes",
    # Answers by rule what a person may do with an object: scorecard/rules.py.
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "scorecard.accounts.passwords.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "signed_out"
# How long the link in a mail about a forgotten password works, if it isn't used.
PASSWORD_RESET_TIMEOUT = 3 * 60 * 60
# And that in an invitation, in days.
INVITATION_DAYS = environment.whole("INVITATION_DAYS", default=7, least=1)

# Nobody signs up, and of allauth's accounts only the stages of a sign-in are used: people's addresses stand with them.
ACCOUNT_ADAPTER = "scorecard.accounts.sign_in.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_ADAPTER = "scorecard.accounts.single_sign_on.ProviderAdapter"
# The organisation's own sign-in, None where there is none; and whether people may sign in with a password.
SINGLE_SIGN_ON = provider.from_environment()
# For how long a link of `manage.py sign_in_link` works.
SIGN_IN_LINK_SECONDS = 10 * 60
LOCAL_SIGN_IN = provider.is_local_sign_in(SINGLE_SIGN_ON)

SECOND_FACTOR_FOR = environment.one_of(
    "SECOND_FACTOR_FOR", ("none", "officers", "everybody"), default="none" if DEBUG else "officers"
)
SECOND_FACTOR_AT_PROVIDER = environment.one_of("SECOND_FACTOR_AT_PROVIDER", ("no", "claimed", "always"))
CONFIRM_AGAIN_MINUTES = environment.whole("CONFIRM_AGAIN_MINUTES", default=15)
ACCOUNT_REAUTHENTICATION_TIMEOUT = CONFIRM_AGAIN_MINUTES * 60
ACCOUNT_FORMS = {"reauthenticate": "scorecard.accounts.factor_forms.PasswordAgainForm"}
MFA_ADAPTER = "scorecard.accounts.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Performance scorecard"
# A code may be one step old or young: clocks differ, and typing takes a while. Each works once all the same.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    name: f"scorecard.accounts.factor_forms.{form}"
    for name, form in {
        "authenticate": "AuthenticateForm",
        "reauthenticate": "ReauthenticateForm",
        "activate_totp": "AppForm",
        "deactivate_totp": "RemoveAppForm",
        "generate_recovery_codes": "NewCodesForm",
        "add_webauthn": "PasskeyForm",
        "authenticate_webauthn": "PasskeyAtSignInForm",
        "reauthenticate_webauthn": "PasskeyAgainForm",
    }.items()
}

# A user name together with an address: a stranger elsewhere can't lock a person out, nor a colleague everybody who
# shares the council's address. Successful sign-ins and what was typed are not kept.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = environment.whole("LOCK_OUT_FAILURES", default=5, least=1)
AXES_COOLOFF_TIME = timedelta(minutes=environment.whole("LOCK_OUT_MINUTES", default=15, least=1))
# Failures of one name in an hour, whatever the address, and different names that failed at one address in an hour,
# after which only known browsers are let in; three times as many in a day.
LOCK_OUT_FAILURES_ANYWHERE = environment.whole("LOCK_OUT_FAILURES_ANYWHERE", default=20, least=1)
LOCK_OUT_NAMES = environment.whole("LOCK_OUT_NAMES", default=20, least=1)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_SENSITIVE_PARAMETERS = ["username", "csrfmiddlewaretoken"]
AXES_CLIENT_IP_CALLABLE = "indicators.security_log.client_address"
AXES_USERNAME_CALLABLE = "scorecard.accounts.lockout.attempted_name"
AXES_LOCKOUT_CALLABLE = "scorecard.accounts.lockout.locked_out"


# Each row of the security log is kept for so long, also if this is shortened afterwards.
SECURITY_LOG_DAYS = environment.whole("SECURITY_LOG_DAYS", default=365, least=1)


# Mail

# On a server without EMAIL_URL nothing is sent: on the console the links for new passwords would end up in logs.
globals().update(environment.mail("EMAIL_URL", default="consolemail://" if DEBUG else "dummymail://"))
DEFAULT_FROM_EMAIL = environment.sender("DEFAULT_FROM_EMAIL", default="scorecard@localhost")
# Seconds until a mail server that doesn't answer is given up.
EMAIL_TIMEOUT = 20


# Security: everything on, unless DEBUG

SECURE_SSL_REDIRECT = environment.flag("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_HSTS_SECONDS = environment.whole("SECURE_HSTS_SECONDS", default=0 if DEBUG else 365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Preloading is a decision for the council's whole domain, not for one site on it.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
TRUST_PROXY = environment.flag("TRUST_PROXY", default=False)
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SESSION_COOKIE_SECURE = not DEBUG
# From signing in, whatever somebody does, and from when they last did something: scorecard/accounts/sessions.py.
SESSION_COOKIE_AGE = environment.whole("SESSION_HOURS", default=12, least=1) * 60 * 60
SESSION_IDLE_MINUTES = environment.whole("SESSION_IDLE_MINUTES", default=60, least=5)
CSRF_COOKIE_SECURE = not DEBUG
if not DEBUG:
    # Browsers take cookies of such a name only from this host itself, over https.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
DEVICE_COOKIE_NAME = "device" if DEBUG else "__Host-device"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}


# Language and time

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True

# A return has some ten fields a line, and an officer may open all lines of a scorecard at once.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000


# Static files: scripts/build_frontend.mjs makes static/built/ from static/src/

STATIC_URL = f"{FORCE_SCRIPT_NAME}/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static" / "built"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}


# Import and export

# All rows of a file or none.
IMPORT_EXPORT_USE_TRANSACTIONS = True
# Who may change figures may import them; who may see them may export them.
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "change"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"


# Logging: to the console, for the service manager to keep

LOG_LEVEL = environment.one_of("LOG_LEVEL", ("INFO", "DEBUG", "WARNING", "ERROR", "CRITICAL"))
LOG_FORMAT = environment.one_of("LOG_FORMAT", ("plain", "json"))
# Who is mailed when something fails; what that mail says is in scorecard/logs.py.
ADMINS = environment.people("ADMINS")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_SUBJECT_PREFIX = "[Scorecard] "
METRICS_TOKEN = environment.secret("METRICS_TOKEN", least=20)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"told": {"()": "scorecard.logs.RequestAndPerson"}},
    "formatters": {
        "plain": {
            "()": "scorecard.logs.PlainFormatter",
            "format": "{asctime} {levelname} {name}: {message}{of}",
            "style": "{",
        },
        "json": {
            "()": "scorecard.logs.LinesOfJson",
            "fmt": "{levelname}{name}{message}{request_id}{user_id}",
            "style": "{",
            "timestamp": "time",
            "rename_fields": {"levelname": "level", "name": "logger"},
        },
    },
    "handlers": {
        # A line of JSON for each event of the security log, by which collectors of logs can tell who did what.
        "security": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["told"]},
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["told"]},
        "mail": {"class": "scorecard.logs.ErrorMail", "level": "ERROR", "formatter": "plain", "filters": ["told"]},
    },
    "loggers": {
        # Django's own handlers would write each of its messages a second time.
        "django": {"handlers": []},
        # Of each refusal the access log has a line; these are for what fails.
        "django.request": {"level": "ERROR"},
        # Statements, with what was typed in them, and templates' variables.
        "django.db.backends": {"level": "INFO"},
        "django.template": {"level": "INFO"},
        # Failed sign-ins and lock-outs; of each successful one there would be five lines.
        "axes": {"level": "WARNING"},
        "rules": {"level": "INFO"},
        # On a developer’s own machine the page of the log is enough.
        "scorecard.security": {"handlers": ["security"], "level": "WARNING" if DEBUG else "INFO", "propagate": False},
        # Each step of making a PDF, page by page.
        "weasyprint.progress": {"level": "WARNING"},
    },
    "root": {"handlers": ["console", "mail"], "level": LOG_LEVEL},
}
