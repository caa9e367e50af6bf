"""Every setting, read from the environment (and `.env`); `.env.example` explains each variable.

A value that is missing or wrong stops the start with a sentence that says which one.
"""

import logging
import os
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from liangzhou.roles import BY_CODE

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env_file = os.environ.get("ENV_FILE", str(BASE_DIR / ".env"))
if env_file and Path(env_file).is_file():
    env.read_env(env_file)

_yes, _no = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def flag(name: str, default: bool) -> bool:
    """A variable that is true or false; empty means the default."""
    text = env.str(name, default="").strip().lower()
    if text not in ("", *_yes, *_no):
        raise ImproperlyConfigured(f"{name} must be true or false, not {text!r}.")
    return text in _yes if text else default


def number(name: str, default, minimum=0):
    """A variable that is a number of the default's type, at least `minimum`; empty means the default."""
    text = env.str(name, default="").strip()
    try:
        value = type(default)(text) if text else default
    except ValueError:
        value = None
    if value is None or not minimum <= value < float("inf"):
        kind = "a whole number" if isinstance(default, int) else "a number"
        raise ImproperlyConfigured(f"{name} must be {kind}, at least {minimum}, not {text!r}.")
    return value


def names(name: str, default: tuple) -> list[str]:
    """A variable that lists names, separated by commas; empty means the default."""
    return [item.strip() for item in env.str(name, default="").split(",") if item.strip()] or list(default)


def codes(name: str, known: tuple) -> list[str]:
    """A variable that lists some of the codes that there are, separated by commas; empty means none."""
    given = names(name, default=())
    unknown = [code for code in given if code not in known]
    if unknown:
        raise ImproperlyConfigured(f"{name} must list only {', '.join(known)}, not {unknown[0]!r}.")
    return given


# What kind of run this is
DEBUG = flag("DEBUG", default=False)
HTTPS = flag("HTTPS", default=not DEBUG)  # off only where the site is reached over plain http
MAINTENANCE = flag("MAINTENANCE", default=False)

SECRET_KEY = os.environ.get("SECRET_KEY", "")  # not by env, to which a leading $ names another variable
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set: `make run` writes one into .env, or set it in the environment.")
if not DEBUG and (len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure-")):
    raise ImproperlyConfigured(
        "SECRET_KEY is too easy to guess: it needs 50 random characters or more. Make one with "
        "`python -c 'import secrets; print(secrets.token_urlsafe(50))'`."
    )

ALLOWED_HOSTS = names("ALLOWED_HOSTS", default=("127.0.0.1", "localhost", "[::1]"))
CSRF_TRUSTED_ORIGINS = names("CSRF_TRUSTED_ORIGINS", default=())

# Who runs the site: each is shown only where it is set
SITE_IDENTITY = {
    "name": env.str("SITE_NAME", default="凉州区招商引资项目台账"),
    "host_unit": env.str("SITE_HOST_UNIT", default=""),
    "undertaking_unit": env.str("SITE_UNDERTAKING_UNIT", default=""),
    "phone": env.str("SITE_PHONE", default=""),
    "email": env.str("SITE_EMAIL", default=""),
    "icp_number": env.str("SITE_ICP_NUMBER", default=""),
    "police_number": env.str("SITE_POLICE_NUMBER", default=""),
    "site_code": env.str("SITE_CODE", default=""),
}

INSTALLED_APPS = [
    "liangzhou",
    "projects",
    "enterprises",
    "sources",
    "monthly",
    "ledgers",
    "liangzhou.apps.LedgerAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django_filters",
    "simple_history",
    "liangzhou.apps.AxesConfig",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "csp",
]

# From the outside in. An answer passes only the middlewares outside the one that made it.
MIDDLEWARE = [
    # Headers: outermost, so that every answer has them, whoever makes it
    "liangzhou.request_log.RequestLogMiddleware",
    "liangzhou.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Before the Host is looked at and before https is insisted on
    "liangzhou.middleware.ProbesMiddleware",
    # Nothing further in has to cope with a request that no browser sends
    "liangzhou.middleware.RequestGuardMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Static files are served during maintenance too: its page needs them
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "liangzhou.middleware.MaintenanceMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    # ETags only for what the cache rules allow to be kept; both see the cookies that are set further in
    "django.middleware.http.ConditionalGetMiddleware",
    "liangzhou.middleware.CacheRulesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "liangzhou.middleware.AuditMiddleware",
    "liangzhou.middleware.IdleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "liangzhou.urls"
WSGI_APPLICATION = "liangzhou.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "liangzhou.context.site",
            ],
            "builtins": ["liangzhou.templatetags.ledger"],
        },
    }
]

# Database: SQLite in a file, or PostgreSQL by URL
try:
    _database = env.db_url_config(env.str("DATABASE_URL", default="") or "sqlite:///")
except ValueError:  # whose message may show a part of the password
    raise ImproperlyConfigured("DATABASE_URL cannot be read: its host or port is malformed.") from None
if not env.str("DATABASE_URL", default=""):
    _database["NAME"] = str(BASE_DIR / "db.sqlite3")
_engine = _database.get("ENGINE", "")
if not _engine.endswith((".sqlite3", ".postgresql")):
    raise ImproperlyConfigured("DATABASE_URL must name SQLite (sqlite:////path) or PostgreSQL (postgresql://…).")
if _database["NAME"] in ("", ":memory:"):
    raise ImproperlyConfigured("DATABASE_URL names no database: sqlite:////path/of/file or postgresql://…/name.")
if _engine.endswith(".sqlite3"):
    # WAL lets readers and one writer work side by side; IMMEDIATE takes the write lock at the
    # start of a transaction, so that a second writer waits (busy timeout) instead of failing.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": number("SQLITE_BUSY_TIMEOUT_SECONDS", default=60),
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    # A server that is away must give the 503 page soon, not after the network's own two minutes.
    _options = {"connect_timeout": 5} | _database.get("OPTIONS", {})
    _database["OPTIONS"] = _options
    _database["CONN_HEALTH_CHECKS"] = True
    if flag("DATABASE_POOL", default=False):
        largest = number("DATABASE_POOL_SIZE", default=8, minimum=1)
        _options["pool"] = {"min_size": 1, "max_size": largest, "timeout": 5}
    else:
        _database["CONN_MAX_AGE"] = number("DATABASE_CONN_MAX_AGE_SECONDS", default=60)
DATABASES = {"default": _database}

try:
    CACHES = {"default": env.cache_url_config(env.str("CACHE_URL", default="") or "locmemcache://")}
except ImproperlyConfigured:
    raise ImproperlyConfigured("CACHE_URL must begin with locmemcache://, dbcache:// or rediscache://.") from None

# Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "liangzhou" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
_hashed = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _plain if DEBUG else env.str("STATICFILES_STORAGE", default=_hashed)},
}

# Files that the staff upload: evidence, photos of sites. Nothing serves them but the admin's own pages.
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default="") or BASE_DIR / "media")
MEDIA_URL = ""
FILE_UPLOAD_PERMISSIONS = 0o600

# Signing in
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "liangzhou.sign_in.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "liangzhou.sign_in.passwords.LengthValidator",
        "OPTIONS": {"min_length": number("PASSWORD_MIN_LENGTH", default=10, minimum=8)},
    },
    {"NAME": "liangzhou.sign_in.passwords.ThreeClassesValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "liangzhou.sign_in.passwords.AgeKeeper"},
]
PASSWORD_EXPIRY_DAYS = number("PASSWORD_EXPIRY_DAYS", default=0)  # 0: never
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"
# Reverse proxies in front, each adding to X-Forwarded-For and telling https in X-Forwarded-Proto
TRUSTED_PROXIES = number("TRUSTED_PROXIES", default=0)
AXES_FAILURE_LIMIT = number("SIGN_IN_FAILURE_LIMIT", default=5, minimum=1)
AXES_COOLOFF_TIME = timedelta(hours=number("SIGN_IN_LOCKOUT_HOURS", default=0.5, minimum=0.01))
SIGN_IN_ADDRESS_LIMIT = number("SIGN_IN_ADDRESS_LIMIT", default=100)  # failures of all names; 0: none
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # a stranger elsewhere cannot lock the clerk out
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # who keeps trying is not locked out for longer
AXES_HANDLER = "liangzhou.sign_in.LockOut"
AXES_ENABLE_ADMIN = False  # liangzhou/sign_in/admin.py shows the attempts
AXES_DISABLE_ACCESS_LOG = True  # the audit trail tells who signed in
AXES_SENSITIVE_PARAMETERS = [  # never kept, though they come in one form with a password that is asked for
    "username", "ip_address", "old_password", "new_password1", "new_password2", "code", "csrfmiddlewaretoken",
]  # fmt: skip
AXES_USERNAME_CALLABLE = "liangzhou.sign_in.normalised_username"
AXES_CLIENT_IP_CALLABLE = "liangzhou.sign_in.client_address"
AXES_LOCKOUT_CALLABLE = "liangzhou.sign_in.locked_out"
AXES_VERBOSE = False
SIMPLE_HISTORY_REVERT_DISABLED = True  # the version lock of the change form would be bypassed

# Codes of roles (liangzhou/roles.py), or "superuser" or "all", that must sign in with a second factor
TWO_FACTOR_ROLES = codes("TWO_FACTOR_ROLES", known=(*BY_CODE, "superuser", "all"))
OTP_TOTP_ISSUER = SITE_IDENTITY["name"]

# Publishing: a second pair of eyes
PUBLISHER_IS_NOT_EDITOR = flag("PUBLISHER_IS_NOT_EDITOR", default=True)
REVIEW_CHANGES = flag("REVIEW_CHANGES", default=False)  # changes of published records wait for somebody else
PUBLIC_FUNDS_FEWEST_PROJECTS = number(
    "PUBLIC_FUNDS_FEWEST_PROJECTS", default=3, minimum=1
)  # behind a public sum by group

# E-mail: the staff's reminders (docs/monthly.md)
_schemes = {"consolemail": 25, "smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}  # each with its usual port
_email_url = env.str("EMAIL_URL", default="") or "consolemail://"
if _email_url.partition("://")[0] not in _schemes:
    raise ImproperlyConfigured("EMAIL_URL must begin with smtp://, smtp+tls://, smtp+ssl:// or consolemail://.")
try:
    _email = env.email_url_config(_email_url)
except ValueError:  # whose message may show a part of the password
    raise ImproperlyConfigured("EMAIL_URL cannot be read: its host or port is malformed.") from None
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email["EMAIL_HOST"] or "localhost"
EMAIL_PORT = _email["EMAIL_PORT"] or _schemes[_email_url.partition("://")[0]]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_USER"] or "", _email["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _email.get("EMAIL_USE_TLS", False), _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 30  # seconds; a mail server that hangs must not hold up the next night's run
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="") or "ledger@localhost"
SITE_ADDRESS = env.str("SITE_ADDRESS", default="").strip().rstrip("/")  # for links in mails; empty: none
if SITE_ADDRESS and not SITE_ADDRESS.startswith(("https://", "http://")):
    raise ImproperlyConfigured("SITE_ADDRESS must begin with https:// or http://.")
REMIND_MONTH_AFTER_DAYS = number("REMIND_MONTH_AFTER_DAYS", default=5)

# The audit trail
AUDIT_KEY = os.environ.get("AUDIT_KEY", "") or SECRET_KEY  # its entries are chained with it: keep it for ever
if not DEBUG and len(AUDIT_KEY) < 32:
    raise ImproperlyConfigured("AUDIT_KEY is too easy to guess: it needs 32 random characters or more.")
AUDIT_KEEP_DAYS = number("AUDIT_KEEP_DAYS", default=180, minimum=180)

# Cookies, transport, headers
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
IDLE_MINUTES = number("IDLE_MINUTES", default=30, minimum=1)
SESSION_COOKIE_AGE = number("SESSION_HOURS", default=10, minimum=1) * 3600
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "liangzhou.errors.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
# The sheet of a month is one form: 1,000 projects with 7 fields each, of which three are texts
DATA_UPLOAD_MAX_NUMBER_FIELDS = 7500
DATA_UPLOAD_MAX_MEMORY_SIZE = 12_000_000
LARGEST_REQUEST_BYTES = 31_000_000  # files and all: the largest ledger and its form

CONTENT_SECURITY_POLICY = {
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
        "object-src": [NONE],
    }
}

FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
SILENCED_SYSTEM_CHECKS = []

_log_level = (env.str("LOG_LEVEL", default="") or "WARNING").upper()
if _log_level not in logging.getLevelNamesMapping():
    raise ImproperlyConfigured(f"LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR, not {_log_level!r}.")


_log_format = (env.str("LOG_FORMAT", default="") or "line").lower()
if _log_format not in ("line", "json"):
    raise ImproperlyConfigured(f"LOG_FORMAT must be line or json, not {_log_format!r}.")
LOG_REQUESTS = flag("LOG_REQUESTS", default=True)  # a line for each request


def _without_traceback(record):
    """A filter of log records that keeps the line: what a request is refused for is no fault of the code."""
    if record.name.startswith("django.security."):
        record.exc_info = None
    return True


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "liangzhou.log_format.Line",
            "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s",
        },
        "json": {"()": "liangzhou.log_format.Json"},
    },
    "filters": {"line_only": {"()": "django.utils.log.CallbackFilter", "callback": _without_traceback}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": _log_format, "filters": ["line_only"]}},
    "root": {"handlers": ["console"], "level": _log_level},
    "loggers": {
        "django": {"handlers": [], "level": _log_level},  # not Django's own handlers: no line twice
        "django.request": {"level": "ERROR"},  # "Not Found" and the like: the request's own line says it
        "django.server": {"handlers": [], "level": "CRITICAL"},  # runserver's own lines have the query
        "axes": {"level": "ERROR"},  # it writes out names and addresses; the audit trail has them
        "liangzhou.requests": {"level": "INFO"},  # whatever LOG_LEVEL says: LOG_REQUESTS decides
    },
}
