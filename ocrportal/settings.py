"""Every setting, read from the environment, with its default.

A secret may also come from a file: ``<NAME>_FILE`` names one that holds only its value.
The README lists all names; docs/deployment.md says which to set in production.
"""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

import dj_database_url
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu import Exchange, Queue


def env(name: str, default: str = "") -> str:
    """The variable, or the content of the file that ``<name>_FILE`` names."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def env_bool(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "").strip().lower()
    return default if not value else value in {"1", "true", "yes", "on"}


def env_int(name: str, default: int) -> int:
    return int(os.environ.get(name) or default)


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in env(name, default).split(",") if part.strip()]


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """A key that ``make`` gives on first use, kept in the data folder, readable by us alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    key = make()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key


# Places

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("DATA_DIR") or BASE_DIR / "var").resolve()
# Scans, texts and sign-ins lie in it: nothing for other users of the machine.
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

# Security

SECRET_KEY = env("SECRET_KEY") or kept_secret(
    DATA_DIR / "secret_key", lambda: secrets.token_urlsafe(50)
)
# They encrypt passwords and keys of credentials: the first writes, all of them read.
CREDENTIAL_KEYS = env_list("CREDENTIAL_KEYS") or [
    kept_secret(DATA_DIR / "credential_keys", lambda: Fernet.generate_key().decode("ascii"))
]
# Hosts and networks that addresses of files and of a credential may lead to although they
# are not public.
INTERNAL_HOSTS = env_list("INTERNAL_HOSTS")
DEBUG = env_bool("DEBUG")
# Under the last name the health checks of a container ask, from inside.
ALLOWED_HOSTS = [*env_list("ALLOWED_HOSTS", "localhost,[::1]"), "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

# HTTPS says that a proxy in front speaks TLS; without it browsers on plain http
# (the first run on one's own machine) could not sign in.
HTTPS = env_bool("HTTPS")
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# The health checks of a container come without TLS from inside.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # data: is for Bootstrap's icons, blob: for previews of files not yet sent.
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Application

INSTALLED_APPS = [
    "ocrportal.accounts",
    "ocrportal.usage",
    "ocrportal.jobs",
    "ocrportal.workers",
    "ocrportal.web",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "template_partials",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ocrportal.accounts.middleware.UserLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "ocrportal.urls"
WSGI_APPLICATION = "ocrportal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Database

DATABASES = {
    "default": dj_database_url.parse(
        env("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'portal.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets pages be read while workers write; IMMEDIATE takes the write lock at the
    # start of a transaction, so that waiting works instead of failing half-way.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 30,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # Tests too use a file: threads that share a database in memory do not wait for each other.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "ocrportal.accounts.passwords.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "submit"
LOGOUT_REDIRECT_URL = "login"

# Language and time

LANGUAGE_CODE = "en"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env("TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

# Files: static ones are served by WhiteNoise, private ones only through jobs.access

STATIC_URL = "static/"
STATIC_ROOT = env("STATIC_ROOT") or DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"

STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if bucket := env("STORAGE_BUCKET"):
    STORAGES["default"] = {
        "BACKEND": "ocrportal.jobs.storage.BucketStorage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env("STORAGE_ENDPOINT") or None,
            "region_name": env("STORAGE_REGION") or None,
            "access_key": env("STORAGE_ACCESS_KEY") or None,
            "secret_key": env("STORAGE_SECRET_KEY") or None,
            "default_acl": None,
            "file_overwrite": False,
        },
    }

# Limits of one submission

MAX_FILE_MB = env_int("MAX_FILE_MB", 500)
MAX_FILES_PER_JOB = env_int("MAX_FILES_PER_JOB", 200)
MAX_PAGES_PER_FILE = env_int("MAX_PAGES_PER_FILE", 2000)
MAX_MEGAPIXELS = env_int("MAX_MEGAPIXELS", 150)
MAX_ARCHIVE_FILES = env_int("MAX_ARCHIVE_FILES", 1000)
MAX_ARCHIVE_MB = env_int("MAX_ARCHIVE_MB", 2000)
MAX_ARCHIVE_RATIO = env_int("MAX_ARCHIVE_RATIO", 100)
MAX_ARCHIVE_DEPTH = env_int("MAX_ARCHIVE_DEPTH", 2)
MAX_VIDEO_MINUTES = env_int("MAX_VIDEO_MINUTES", 60)
# Files are decoded in a process of their own. This is what it may take for one page, and
# how long the conversion of a whole Office file or video may last.
READER_MEMORY_MB = env_int("READER_MEMORY_MB", 2000)
READER_SECONDS = env_int("READER_SECONDS", 50)
CONVERSION_SECONDS = env_int("CONVERSION_SECONDS", 300)
# Uploads stream to disk, not through memory, and beside their destination: there they
# are renamed, not copied.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)
FILE_UPLOAD_PERMISSIONS = 0o600
# One more reaches the form, which then says how many are allowed.
DATA_UPLOAD_MAX_NUMBER_FILES = MAX_FILES_PER_JOB + 1

# Work in the background. The rows are the truth, the queue only wakes a worker, so
# the folder that serves as queue on a single machine may lose messages without harm.

CELERY_BROKER_URL = env("CELERY_BROKER_URL") or "filesystem://localhost/"
if CELERY_BROKER_URL.startswith("filesystem:"):
    QUEUE_DIR = DATA_DIR / "queue"
    QUEUE_DIR.mkdir(exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR),
        "data_folder_out": str(QUEUE_DIR),
        "control_folder": str(QUEUE_DIR),
        "polling_interval": 0.05,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
# The next message waits beside each child that works: looking for it in a folder takes a
# moment. It says only that there is work, so nothing is kept from other workers by it.
CELERY_WORKER_PREFETCH_MULTIPLIER = 2
CELERY_TASK_DEFAULT_QUEUE = "pages"
CELERY_TASK_QUEUES = [
    Queue(name, Exchange(name), routing_key=name)
    for name in ("documents", "pages", "cloud", "exports")
]
# A child reports for duty only once its models are loaded.
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60.0
CELERY_WORKER_CONCURRENCY = env_int("WORKER_CHILDREN", os.cpu_count() or 1)
# Calls to the cloud at the same time. They wait for answers rather than compute: threads of
# a worker of their own (see commands/serve.py), which no page read here can hold up.
CLOUD_THREADS = env_int("CLOUD_THREADS", 8)
# One page may take this long before its worker child is ended.
PAGE_TIME_LIMIT_SECONDS = env_int("PAGE_TIME_LIMIT_SECONDS", 120)
CELERY_TASK_TIME_LIMIT = PAGE_TIME_LIMIT_SECONDS
# A slice of a document may hold one conversion, and the time to store what comes of it; or the
# opening of a file and of one page, each of which a new reader may have to do once more.
OPENING_TIME_LIMIT_SECONDS = max(
    PAGE_TIME_LIMIT_SECONDS, CONVERSION_SECONDS + 60, 4 * READER_SECONDS + 60
)
# An export is one piece of work: several books in all formats may take most of an hour.
EXPORT_TIME_LIMIT_SECONDS = 3600
# How long a written file can be fetched.
EXPORT_KEPT_HOURS = env_int("EXPORT_KEPT_HOURS", 72)
# A child is renewed between two tasks once it has grown or aged; see docs/engine.md.
CELERY_WORKER_MAX_TASKS_PER_CHILD = env_int("WORKER_MAX_TASKS_PER_CHILD", 1000)
CELERY_WORKER_MAX_MEMORY_PER_CHILD = env_int("WORKER_MAX_MEMORY_MB", 1000) * 1024
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_ROUTES = {
    "open_document": {"queue": "documents"},
    "recognise_page": {"queue": "pages"},
    "recognise_cloud_page": {"queue": "cloud"},
    "deliver": {"queue": "documents"},
    "write_export": {"queue": "exports"},
    "sweep": {"queue": "documents"},
}
SWEEP_SECONDS = env_int("SWEEP_SECONDS", 5)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "ocrportal": {"level": env("LOG_LEVEL", "INFO")},
        "pikepdf": {"level": "WARNING"},  # else it greets each process
    },
}
