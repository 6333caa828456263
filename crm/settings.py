"""Settings. What may differ between machines is declared in crm/environment.py and read here only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from crm import environment as env
from crm.runtime.secrets.keys import local_secret
from crm.staff.administration import theme

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = env.folder()

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text("SECRET_KEY") or local_secret(VAR_DIR / "keys", "secret_key")
DATA_KEY = env.text("DATA_KEY") or local_secret(VAR_DIR / "keys", "data_key")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
TRUSTED_PROXIES = env.words("TRUSTED_PROXIES")

BUSINESS_NOW = env.text("BUSINESS_NOW")
BUSINESS_TIME_ZONE = env.text("BUSINESS_TIME_ZONE")
BUSINESS_CURRENCY = env.text("BUSINESS_CURRENCY")
OPERATOR_ROLE = env.text("OPERATOR_ROLE")
PUBLIC_ADDRESS = env.text("PUBLIC_ADDRESS").rstrip("/")
WORKING_HOURS = env.words("WORKING_HOURS")

INSTALLED_APPS = [
    "crm.demo",
    "crm.desk",
    "crm.directory",
    "crm.insights",
    "crm.office",
    "campaigns.delivery",
    "campaigns.review",
    "members.segments",
    "members.loyalty",
    "members.lifecycle",
    "members.portfolio",
    "members.profiles",
    "members.rules",
    "crm.imports",
    "crm.web",
    "crm.staff",
    "crm.runtime",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "django_celery_beat",
    "axes",
]

MIDDLEWARE = [
    "crm.staff.proxies.TrustedProxies",
    "crm.web.frame.middleware.BrowserRightsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crm.web.frame.middleware.ReaderLanguageMiddleware",
    "crm.web.frame.middleware.NoCacheMiddleware",
    "crm.staff.middleware.KnownBrowser",
    "crm.staff.middleware.NewPasswordFirst",
    "crm.staff.middleware.AdministrationPolicy",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.web.frame.middleware.FormTextMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"
LOADERS = ["crm.web.assets.template_loader.Loader", "django.template.loaders.app_directories.Loader"]
CACHED = ("django.template.loaders.cached.Loader", LOADERS)
FORM_RENDERER = "crm.web.forms.renderer.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", [CACHED])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crm.web.frame.context.frame",
            ],
        },
    }
]


def _database() -> dict[str, Any]:
    server: dict[str, Any]
    if env.text("DATABASE_URL"):
        server = dict(dj_database_url.parse(env.text("DATABASE_URL")))
    else:
        from crm.runtime.database import embedded

        server = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "perennial",
            **embedded.start(VAR_DIR / "postgres", "perennial"),
        }
    options = server.setdefault("OPTIONS", {})
    # Servers compile costly plans by default; our large statements then take seconds before their first row.
    # A prepared statement (crm.runtime.database.prepared) is planned at its first use, not at the first six.
    # Triggers that turn instants into days know the platform's zone.
    session = [
        "-c jit=off",
        "-c plan_cache_mode=force_generic_plan",
        f"-c perennial.zone={BUSINESS_TIME_ZONE}",
        options.get("options", ""),
    ]
    if env.text("DATABASE_ROLE") != "owner":
        session.append(f"-c role={env.text('DATABASE_ROLE')}")
    options["options"] = " ".join(filter(None, session))
    if env.flag("DATABASE_POOL"):
        # A web process has fewer threads than that (docs/operations.md): only a lost server makes one wait.
        options["pool"] = {"min_size": 1, "max_size": 10, "timeout": 2}
        server["CONN_HEALTH_CHECKS"] = True  # a request after a restart of the server meets no dead one
    return server


DATABASES = {"default": _database()}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Parts of pages; each process keeps its own, so that none reads what another version has rendered.
    "template_fragments": {
        "BACKEND": f"django.core.cache.backends.{'dummy.DummyCache' if DEBUG else 'locmem.LocMemCache'}",
        "LOCATION": "fragments",
        "OPTIONS": {"MAX_ENTRIES": 2_000},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "staff.Staff"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
CSRF_FAILURE_VIEW = "crm.web.views.csrf_failure"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "crm.office.views.sign_in.locked_out"
AXES_HANDLER = "crm.staff.accounts.guessing.Handler"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # else one try a quarter of an hour keeps it shut

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = BUSINESS_TIME_ZONE

UPLOAD_LIMIT = env.number("UPLOAD_LIMIT_MB") << 20  # bytes of a file sent through the import page

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "crm.web.assets.storage.JoinedStorage"},
    "uploads": {
        "BACKEND": env.text("UPLOAD_STORAGE") or "crm.imports.uploads.storage.UploadFolder",
        "OPTIONS": env.mapping("UPLOAD_STORAGE_OPTIONS"),
    },
}
WHITENOISE_USE_FINDERS = DEBUG

SESSION_ENGINE = "crm.staff.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
PASSWORD_RESET_TIMEOUT = 24 * 3600  # how long a one-time link opens
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = env.flag("HTTPS")
SECURE_HSTS_SECONDS = 31_536_000 if env.flag("HTTPS") else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.flag("HTTPS") and env.flag("HSTS_PRELOAD")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

UNFOLD = theme.UNFOLD  # the administration in our colours

CELERY_BROKER_URL = env.text("CELERY_BROKER_URL") or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "data_folder_in": str(VAR_DIR / "queue"),
        "data_folder_out": str(VAR_DIR / "queue"),
        "control_folder": str(VAR_DIR / "queue-control"),
        "store_processed": False,
        "polling_interval": 0.1,
    }
    if not env.text("CELERY_BROKER_URL")
    else {}
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = BUSINESS_TIME_ZONE
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SYNC_EVERY = 1  # written at each wake-up, not every three minutes: the jobs page shows it
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # its lines go the way of all others

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "crm.runtime.log_lines.LineFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s [%(process)d]: %(message)s",
        }
    },
    "filters": {"refusals": {"()": "crm.runtime.log_lines.RefusalFilter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals"]}},
    "loggers": {  # without Django's own handlers, which would print what this one leaves out
        "django": {"handlers": [], "level": "WARNING"},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
