"""Settings, read from the environment, with their defaults.

A setting read with :func:`env` can also come from the file named by ``<NAME>_FILE``. The README
lists all settings; docs/deployment.md explains those of a server.
"""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

import dj_database_url
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _


def env(name: str, default: str = "") -> str:
    """The value of the variable, or the content of the file named by ``<name>_FILE``."""
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
    """A key stored at ``path``, readable only by the own user; ``make`` creates it on first use."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    key = make()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key


# Paths

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("DATA_DIR") or BASE_DIR / "var").resolve()
# It contains scans, texts and sessions, which other users of the machine must not read.
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

# Security

SECRET_KEY = env("SECRET_KEY") or kept_secret(
    DATA_DIR / "secret_key", lambda: secrets.token_urlsafe(50)
)
# Fernet keys for the secrets of credentials: the first encrypts, all of them decrypt.
CREDENTIAL_KEYS = env_list("CREDENTIAL_KEYS") or [
    kept_secret(DATA_DIR / "credential_keys", lambda: Fernet.generate_key().decode("ascii"))
]
# Hosts and networks that web addresses of sources and endpoints of credentials may use although
# they are not public.
INTERNAL_HOSTS = env_list("INTERNAL_HOSTS")
DEBUG = env_bool("DEBUG")
# The health checks of a container use the last name.
ALLOWED_HOSTS = [*env_list("ALLOWED_HOSTS", "localhost,[::1]"), "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

# HTTPS means that a proxy in front terminates TLS. It is off by default, because browsers do not
# send secure cookies over plain HTTP, as on the first run on a single machine.
HTTPS = env_bool("HTTPS")
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# The health checks of a container use plain HTTP.
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
        # data: is for Bootstrap's icons, blob: for previews of files before the upload.
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
    # WAL lets the web server read while workers write. IMMEDIATE takes the write lock at the start
    # of a transaction, so that a concurrent transaction waits instead of failing halfway.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 30,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # Tests use a file too: threads that share an in-memory database do not wait for locks.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Users

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
# locale/django translates what the Chinese catalogues of Django lack.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "django"]
TIME_ZONE = env("TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

# Files: WhiteNoise serves static files; jobs.access checks every private file

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

# Limits of sources

MAX_FILE_MB = env_int("MAX_FILE_MB", 500)
MAX_FILES_PER_JOB = env_int("MAX_FILES_PER_JOB", 200)
MAX_PAGES_PER_FILE = env_int("MAX_PAGES_PER_FILE", 2000)
MAX_MEGAPIXELS = env_int("MAX_MEGAPIXELS", 150)
MAX_ARCHIVE_FILES = env_int("MAX_ARCHIVE_FILES", 1000)
MAX_ARCHIVE_MB = env_int("MAX_ARCHIVE_MB", 2000)
MAX_ARCHIVE_RATIO = env_int("MAX_ARCHIVE_RATIO", 100)
MAX_ARCHIVE_DEPTH = env_int("MAX_ARCHIVE_DEPTH", 2)
MAX_VIDEO_MINUTES = env_int("MAX_VIDEO_MINUTES", 60)
# Reader processes decode files. These are their limits for one page, and the time limit for
# converting a whole Office file or video.
READER_MEMORY_MB = env_int("READER_MEMORY_MB", 2000)
READER_SECONDS = env_int("READER_SECONDS", 50)
CONVERSION_SECONDS = env_int("CONVERSION_SECONDS", 300)
# Uploads are streamed to the disk of their destination, where they are renamed instead of copied.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)
FILE_UPLOAD_PERMISSIONS = 0o600
# One more file is accepted, so that the form can report the limit.
DATA_UPLOAD_MAX_NUMBER_FILES = MAX_FILES_PER_JOB + 1

# Background work. All work is stored in the database and a message only wakes a worker, so the
# queue may lose messages without harm; on a single machine it is a folder.

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
# One message is prefetched for each busy child, because polling the folder has a delay. A message
# is not bound to a row, so prefetching withholds no work from other workers.
CELERY_WORKER_PREFETCH_MULTIPLIER = 2
CELERY_TASK_DEFAULT_QUEUE = "pages"
# A child counts as started once its models are loaded.
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60.0
CELERY_WORKER_CONCURRENCY = env_int("WORKER_CHILDREN", os.cpu_count() or 1)
# Concurrent calls to the cloud. They run in threads of a separate worker (see commands/serve.py),
# because they wait for responses and must not be delayed by local recognition.
CLOUD_THREADS = env_int("CLOUD_THREADS", 8)
# The worker child is killed if a page takes longer.
PAGE_TIME_LIMIT_SECONDS = env_int("PAGE_TIME_LIMIT_SECONDS", 120)
CELERY_TASK_TIME_LIMIT = PAGE_TIME_LIMIT_SECONDS
# A slice of a document includes one conversion and storing its result, or opening a file and one
# page, each of which may be repeated by a new reader process.
OPENING_TIME_LIMIT_SECONDS = max(
    PAGE_TIME_LIMIT_SECONDS, CONVERSION_SECONDS + 60, 4 * READER_SECONDS + 60
)
# An export is one task; several books in all formats may take most of an hour.
EXPORT_TIME_LIMIT_SECONDS = 3600
# Retention of exports.
EXPORT_KEPT_HOURS = env_int("EXPORT_KEPT_HOURS", 72)
# A child is replaced between two tasks when it exceeds one of these; see docs/engine.md.
CELERY_WORKER_MAX_TASKS_PER_CHILD = env_int("WORKER_MAX_TASKS_PER_CHILD", 1000)
CELERY_WORKER_MAX_MEMORY_PER_CHILD = env_int("WORKER_MAX_MEMORY_MB", 1000) * 1024
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_ROUTES = {
    "open_document": {"queue": "documents"},
    "recognise_page": {"queue": "pages"},
    "recognise_cloud_page": {"queue": "cloud"},
    "deliver": {"queue": "documents"},
    "write_export": {"queue": "exports"},
    "recover": {"queue": "documents"},
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
        "pikepdf": {"level": "WARNING"},  # it logs a message in each process otherwise
    },
}
