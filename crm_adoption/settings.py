"""One settings file: the environment first, embedded defaults where it is silent.

`CRM_ADOPTION_ENV` is `local` while `DATABASE_URL` is unset and `production` once it is set; production refuses to
start without its own secret key, host names and TLS.
"""

from pathlib import Path
from urllib.parse import unquote

import environ
import sentry_sdk
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit import embedded
from crm_adoption.kit.admin_menu import section, side_bar
from crm_adoption.kit.logs import logging_config

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = embedded.var_dir()

ENVIRONMENT = env.str("CRM_ADOPTION_ENV", default="production" if env.str("DATABASE_URL", "") else "local")
if ENVIRONMENT not in ("local", "test", "production"):
    raise ImproperlyConfigured(f"CRM_ADOPTION_ENV is {ENVIRONMENT!r}; use local, test or production.")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", default=False) and not PRODUCTION

# --- What production must say of itself -------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY", default="") or ("" if PRODUCTION else embedded.local_secret())
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TLS = env.str("TLS", default="")  # "here", "proxy" (X-Forwarded-Proto is trusted) or "none"
if PRODUCTION:
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure-"):
        raise ImproperlyConfigured("SECRET_KEY is missing or too weak; set one of 50 random characters or more.")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS is missing; name the host names people will type.")
    if TLS not in ("here", "proxy"):
        raise ImproperlyConfigured("TLS is not settled; set TLS=proxy behind a proxy that ends TLS, else TLS=here.")
if TLS == "proxy":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
_secure = TLS in ("here", "proxy")
SECURE_SSL_REDIRECT = _secure
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _secure
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_NAME = "__Host-session" if _secure else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _secure else "csrf"
SESSION_ENGINE = "crm_adoption.people.signed_in"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", 30)
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- The parts ---------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "health_check",
    "knox",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "template_partials",
    "crm_adoption.kit",
    "crm_adoption.people",
    "crm_adoption.jobs",
    "dataquality",
    "accounts",
    "contacts",
    "training",
    "crm_adoption.usage",
    "crm_adoption.plan",
]

MIDDLEWARE = [
    "crm_adoption.kit.watching.Probes",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "crm_adoption.kit.middleware.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "crm_adoption.people.signed_in.WhoIsSignedIn",
    "crm_adoption.kit.watching.RequestLog",
    "allauth.account.middleware.AccountMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "crm_adoption.kit.middleware.RefusalBecomesASentence",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "crm_adoption.urls"
WSGI_APPLICATION = "crm_adoption.wsgi.application"

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
                "crm_adoption.kit.shell.shell",
            ],
        },
    }
]

# --- Store and broker --------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", "") or embedded.postgres_url())}
DATABASES["default"].update(
    HOST=unquote(DATABASES["default"]["HOST"]),  # a socket's directory is percent-encoded in the URL
    ENGINE="django.db.backends.postgresql",
    CONN_MAX_AGE=60,
    CONN_HEALTH_CHECKS=True,
    TEST={"NAME": env.str("TEST_DATABASE_NAME", "test_crm_adoption")},
)
DATABASES["default"].setdefault("OPTIONS", {}).update(
    application_name=env.str("CRM_ADOPTION_PROCESS", "crm_adoption"),
    connect_timeout=5,
    options=f"-c statement_timeout={env.str('STATEMENT_TIMEOUT', '30s')} -c lock_timeout=5s"
    " -c idle_in_transaction_session_timeout=60s -c client_connection_check_interval=1s"
    " -c jit=off",  # a guess about hashes makes a small question look dear enough to compile
)
REDIS_URL = env.str("REDIS_URL", "") or embedded.broker_url()
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kit_cache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SEND_SENT_EVENT = False
CELERY_BROKER_POOL_ACQUIRE_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_DISABLE_PREFETCH = True
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 900_000  # kB
CELERY_TASK_TIME_LIMIT = 4 * 3600
CELERY_TASK_SOFT_TIME_LIMIT = CELERY_TASK_TIME_LIMIT - 60
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": env.int("BROKER_SOCKET_TIMEOUT", 2),  # workers set 10: it must exceed their blocking pop
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 10,
    "visibility_timeout": 3600,
    "global_keyprefix": "crma:",
    "max_connections": 20,
    "client_name": "crma",
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

# Seconds. The fast profile of the fault tests shortens them; recovery after a killed worker is at most lease + sweep.
JOB_HEARTBEAT = env.float("JOB_HEARTBEAT", 10.0)
JOB_LEASE = env.float("JOB_LEASE", 45.0)
JOB_SWEEP = env.float("JOB_SWEEP", 30.0)
JOB_ATTEMPTS = 3
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "crm_adoption.jobs.celery.sweep", "schedule": JOB_SWEEP},
    "expire-waivers": {"task": "dataquality.tasks.ask_for_waivers", "schedule": crontab(hour=2, minute=10)},
    "tidy-imports": {"task": "dataquality.tasks.ask_for_tidying", "schedule": crontab(hour=3, minute=10)},
    "follow-roles": {"task": "training.tasks.ask_to_follow_roles", "schedule": crontab(hour=1, minute=40)},
    "derive-use": {"task": "crm_adoption.usage.tasks.ask_to_derive", "schedule": crontab(hour=2, minute=20)},
    "remind-reinforcement": {"task": "training.tasks.ask_to_remind", "schedule": crontab(hour=6, minute=10)},
    "detect-duplicates": {"task": "dataquality.tasks.ask_for_detection", "schedule": crontab(hour=1, minute=40)},
    "compare-accounts": {"task": "accounts.tasks.ask_to_compare", "schedule": crontab(hour=2, minute=10)},
    "forget-looks": {"task": "crm_adoption.usage.tasks.ask_to_forget", "schedule": crontab(hour=3, minute=40)},
    "send-pulses": {"task": "crm_adoption.plan.tasks.ask_for_pulses", "schedule": crontab(hour=6, minute=20)},
    "take-readings": {"task": "crm_adoption.plan.tasks.ask_for_readings", "schedule": crontab(hour=2, minute=40)},
    "replay-forecasts": {"task": "crm_adoption.plan.tasks.ask_for_replays", "schedule": crontab(hour=3, minute=20)},
    "send-digests": {
        "task": "crm_adoption.plan.tasks.ask_for_digests",
        "schedule": crontab(day_of_week="mon", hour=6, minute=30),
    },
}

# What `up` calls on its very first start, and the table whose emptiness means that; never in production or in tests.
FIRST_START_COMMAND = "" if ENVIRONMENT == "test" else "load_sample"
FIRST_START_WHEN_EMPTY = "dataquality.Source"

# --- People ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "crm_adoption.people.signed_in.SignedIn",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # people are invited by e-mail; nobody signs up
ACCOUNT_ADAPTER = "crm_adoption.people.adapters.InvitedOnly"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True  # every session ends after SESSION_COOKIE_AGE
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[crm_adoption] "
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,20/15m/key"}  # axes locks account and address together, and sooner
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 1 if TLS == "proxy" else 0)
INSTALLED_APPS += ["allauth.usersessions"]
MIDDLEWARE += ["crm_adoption.people.middleware.OwnLanguageAndTime", "crm_adoption.people.idle.SessionsEnd"]
MFA_ADAPTER = "crm_adoption.people.adapters.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the invitation has proved the address
MFA_TOTP_ISSUER = "crm_adoption"
MFA_REQUIRED_FOR = env.list(  # groups, and "superuser"
    "MFA_REQUIRED_FOR", default=["data steward", "adoption lead", "superuser"] if PRODUCTION else []
)
INVITATION_DAYS = 7
LOOKS_KEPT_DAYS = env.int("LOOKS_KEPT_DAYS", 365)  # who looked at whose figures, and no longer
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "crm_adoption.people.adapters.who_tries"
AXES_CLIENT_IP_CALLABLE = "crm_adoption.people.adapters.from_where"
AXES_ENABLE_ADMIN = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "crm_adoption.people.adapters.locked_out"
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "crm-adoption@localhost")
SITE_URL = env.str(  # what links in letters that nobody asked for begin with
    "SITE_URL", f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if PRODUCTION else "http://localhost:8000"
).rstrip("/")

# --- Pages -------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["crm_adoption.kit.formats"]
TIME_ZONE = env.str("TIME_ZONE", "UTC")
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = env.str("MEDIA_ROOT", str(VAR_DIR / "files"))
MEDIA_URL = "media/"  # never served: downloads pass a view that checks who asks
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILTERS_EMPTY_CHOICE_LABEL = _("any")
MATCH_SHARD_ROWS = env.int("MATCH_SHARD_ROWS", 4_000_000)  # records that one worker compares; more are cut into shards
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", 300_000_000)
DISK_FREE_MIN_BYTES = env.int("DISK_FREE_MIN_BYTES", 1_000_000_000)  # /readyz warns below it

CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}

API_RATE = env.str("API_RATE", "" if ENVIRONMENT == "test" else "600/min")  # of one caller; empty: no limit
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "crm_adoption.people.tokens.BearerToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["crm_adoption.kit.permissions.NamedGroups"],
    "DEFAULT_FILTER_BACKENDS": ["crm_adoption.kit.filtering.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "crm_adoption.kit.paging.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "crm_adoption.kit.api.Schema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": ["crm_adoption.kit.throttling.PerCaller"],
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "PAGE_SIZE": 50,
    "STRICT_JSON": True,
}
_said = ("400", "401", "403", "404", "405", "406", "415", "429")
DRF_STANDARDIZED_ERRORS = {
    "ENABLE_IN_DEBUG_FOR_UNHANDLED_EXCEPTIONS": False,
    "EXCEPTION_HANDLER_CLASS": "crm_adoption.kit.api.Handler",
    "ALLOWED_ERROR_STATUS_CODES": _said,
    "ERROR_SCHEMAS": dict.fromkeys(_said, "crm_adoption.kit.api.ErrorsSerializer"),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "crm_adoption",
    "DESCRIPTION": "Mirror a CRM, find what is wrong, gate reports, and read the evidence of its adoption.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": "{docExpansion: 'none', filter: true, layout: 'AddressesOnly', plugins: [addressesOnly]}",
    "ENUM_NAME_OVERRIDES": {
        "TableEnum": "dataquality.filters.tables",
        "MatchRunKindEnum": "dataquality.models.MatchRun.Kind",
        "PairStateEnum": "dataquality.models.Pair.State",
        "OneToFiveEnum": "crm_adoption.usage.models.capabilities.ONE_TO_FIVE",
    },
}
KNOX_TOKEN_MODEL = "people.ApiToken"  # noqa: S105 - the name of a table
MIGRATION_MODULES = {"knox": None}  # else knox makes the table it no longer uses, which no flush can empty
REST_KNOX = {"TOKEN_TTL": None, "TOKEN_PREFIX": "crma_", "AUTO_REFRESH": False}

# --- Watching ----------------------------------------------------------------------------------------------------
LOGGING = logging_config(json=env.bool("LOG_JSON", PRODUCTION), level=env.str("LOG_LEVEL", "INFO"))
LOGGING_CONFIG = "crm_adoption.kit.logs.configure"
DJANGO_STRUCTLOG_CELERY_ENABLED = False
SENTRY_DSN = env.str("SENTRY_DSN", "")
if SENTRY_DSN:
    sentry_sdk.init(dsn=SENTRY_DSN, environment=ENVIRONMENT, send_default_pii=False, include_local_variables=False)
PROMETHEUS_EXPORT_MIGRATIONS = False
METRICS_TOKEN = env.str("METRICS_TOKEN", "")

UNFOLD = {
    "SITE_TITLE": "crm_adoption",
    "SITE_HEADER": "crm_adoption",
    "SITE_URL": "/",
    "SHOW_HISTORY": True,
    "SIDEBAR": side_bar(
        section(
            "Imports", ("Sources", "database", "dataquality.source"), ("Imports", "upload_file", "dataquality.batch"),
            ("Remembered headings", "view_column", "dataquality.headermap"),
        ),
        section(
            "Clean or not", ("Rules", "rule", "dataquality.rulerow"), ("Findings", "report", "dataquality.finding"),
            ("Corrections", "edit_note", "dataquality.correction"), ("Scores", "speed", "dataquality.score"),
            ("Limits of tables", "tune", "dataquality.tablesetting"),
            ("Reviews of fields", "fact_check", "dataquality.fieldsetting"),
            ("Overridden gates", "lock_open", "dataquality.override"),
        ),
        section(
            "The CRM, mirrored", ("Accounts", "apartment", "accounts.account"),
            ("Contacts", "contacts", "contacts.contact"), ("Contact roles", "diversity_3", "contacts.contactrole"),
            ("Leads", "person_add", "contacts.lead"), ("Opportunities", "paid", "accounts.opportunity"),
            ("Cases", "support_agent", "accounts.case"), ("Activities", "event", "accounts.activity"),
            ("Products", "inventory_2", "accounts.product"), ("CRM users", "badge", "accounts.crmuser"),
            ("Ways out of the data", "logout", "contacts.lifecyclepolicy"),
        ),
        section(
            "The plan", ("Programme", "flag", "plan.programme"), ("Ingredients", "donut_small", "plan.ingredient"),
            ("Checks", "checklist", "plan.checksetting"), ("Constants of the risk", "function", "plan.riskconstant"),
        ),
        section(
            "Training", ("Processes", "route", "training.process"), ("Courses", "school", "training.course"),
            ("Completions", "workspace_premium", "training.completion"),
            ("Profiles of roles", "work_history", "training.roleprofile"),
            ("What roles are expected to do", "checklist", "training.roletarget"),
            ("Constants of training", "tune", "training.trainingsetting"),
        ),
        section(
            "Use", ("Capabilities", "extension", "usage.capability"), ("Use cases", "ads_click", "usage.usecase"),
            ("Shadow systems", "table_chart", "usage.shadowsystem"),
            ("Click ledger", "balance", "usage.effortrelease"), ("Return", "payments", "usage.ledgerline"),
            ("Constants of use", "tune", "usage.usagesetting"),
        ),
        section(
            "People", ("People", "group", "people.person"), ("Teams", "groups", "people.team"),
            ("Job roles", "work", "people.jobrole"), ("Seats", "event_seat", "people.seat"),
            ("API tokens", "key", "people.apitoken"),
        ),
    ),
}  # fmt: skip
