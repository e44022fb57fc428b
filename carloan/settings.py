"""One settings file, from the environment; what a tenant decides is data, not a setting."""

import re
from pathlib import Path

from celery.schedules import crontab

from carloan import env

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(env.text("CARLOAN_HOME", str(BASE_DIR / "var"))).resolve()
SECRETS = Path(env.text("CARLOAN_SECRETS", str(HOME / "secrets")))
PORT = env.number("PORT", 8000)

VERSION = next(iter(re.findall(r"^## (\d\S*)", (BASE_DIR / "CHANGELOG.md").read_text(), re.M)), "0")
DEBUG = env.flag("CARLOAN_DEBUG")
SECRET_KEY = env.secret("secret_key", SECRETS)
ROOT_KEY = bytes.fromhex(env.secret("root_key", SECRETS))
# While the root key is being replaced: the former or the coming one, which opens too and seals nothing.
ROOT_KEY_OTHER = bytes.fromhex(env.given_secret("root_key_other", SECRETS))
TASK_KEY = bytes.fromhex(env.secret("task_key", SECRETS))
KEY_CACHE_SECONDS = env.number("CARLOAN_KEY_CACHE_SECONDS", 300)

# Under which name this installation signs its lenders' ledgers: once chosen it stays, proofs carry it.
LEDGER_NAME = env.text("CARLOAN_LEDGER", "ledger.carloan")
# Who co-signs them: "URL" or "URL KEY" each.
WITNESSES = env.words("CARLOAN_WITNESSES")
# Who stamps time on all of them once a day: an address of RFC 3161, and the roots that it is known by (PEM).
TSA_URL = env.text("CARLOAN_TSA", "")
TSA_ROOTS = env.text("CARLOAN_TSA_ROOTS", "")
# Hosts of identity providers that may have addresses outside the open internet.
SIGN_ON_HOSTS = [host.lower() for host in env.words("CARLOAN_SIGN_ON_HOSTS")]
# Hosts of SMS gateways and mail servers that may have addresses outside the open internet, and speak without TLS.
MESSAGE_HOSTS = [host.lower() for host in env.words("CARLOAN_MESSAGE_HOSTS")]
# The sandbox of an SMS gateway that is started beside this installation, and what is signed to it with.
SMS_SANDBOX = env.text("CARLOAN_SMS_SANDBOX", "")
SMS_SANDBOX_SECRET = env.text("CARLOAN_SMS_SANDBOX_SECRET", "")
BASE_URL = env.text("CARLOAN_BASE_URL", f"http://localhost:{PORT}")
HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.words("CARLOAN_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "carloan.core.answers.csrf_failed"
# How many proxies of our own stand in front; the client's address is read past exactly so many.
PROXIES = env.number("CARLOAN_PROXIES", 0)
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "guardian",
    "django_celery_beat",
    "carloan.core",
    "carloan.core.keystore",
    "carloan.compliance",
    "carloan.loans",
    "carloan.messaging",
    "carloan.archives",
    "carloan.demonstration",
]

MIDDLEWARE = [
    "carloan.core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "carloan.core.pages.compress.PageCompressionMiddleware",
    "carloan.core.middleware.TenantPathMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "carloan.core.bodies.BodyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "carloan.core.session_life.SessionLifeMiddleware",
    "axes.middleware.AxesMiddleware",
    "carloan.core.middleware.TenantMiddleware",
    "carloan.core.pages.first_password.FirstPasswordMiddleware",
    "carloan.core.middleware.ErrorMiddleware",
]

ROOT_URLCONF = "carloan.urls"
WSGI_APPLICATION = "carloan.wsgi.application"
ASGI_APPLICATION = "carloan.asgi.application"
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
                "django.template.context_processors.i18n",
                "carloan.core.pages.context.shell",
            ],
        },
    }
]

DATABASES = {"default": env.database("DATABASE_URL"), "keystore": env.database("KEYSTORE_URL")}
DATABASE_ROUTERS = ["carloan.core.keystore.router.KeystoreRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.address("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "carloan.core.cache_values.JsonCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "carloan",
        "OPTIONS": {"serializer": "carloan.core.cache_values.JsonSerializer"},
        # 1 held pickles.
        "VERSION": 2,
    }
}
# Browsers take such a name only over https, for exactly this host and for all of it: no other host, and nobody on a
# line without https, can put a cookie of theirs in the place of one of these. Scripts name theirs alike (cookies.js).
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# The rules of lenders end sessions earlier (core/session_rules.py).
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
# Scripts read the form token from the page.
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Papers -----------------------------------------------------------------------------------------------------------
PAPERS = HOME / "papers"
# The list of destroyed keys (core/destroyed.py): where neither a lost home nor a restored backup reaches it.
DESTROYED = Path(env.text("CARLOAN_DESTROYED", str(HOME / "destroyed"))).resolve()
# Where the quarterly backups of archived records lie: for real data on a medium of its own.
ARCHIVE_BACKUPS = Path(env.text("CARLOAN_ARCHIVE_BACKUPS", str(HOME / "archive_backups"))).resolve()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "papers": env.papers_bucket() or {"BACKEND": "carloan.core.vault.SealedFolder", "OPTIONS": {"location": PAPERS}},
    "archive_backups": env.archive_bucket()
    or {"BACKEND": "carloan.core.vault.SealedFolder", "OPTIONS": {"location": ARCHIVE_BACKUPS}},
}
# A ClamAV daemon (host:port) that looks at every upload; recognition threads a worker process.
CLAMD = env.text("CARLOAN_CLAMD", "")
OCR_THREADS = env.number("CARLOAN_OCR_THREADS", 1)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["carloan.core.uploads.NoFiles"]
# An import file is kept so long behind its end, then it is destroyed with its key.
IMPORT_FILE_DAYS = env.number("CARLOAN_IMPORT_FILE_DAYS", 30)
# How long the operator keeps backups of the main database and of papers; 0: the installation was not told.
BACKUP_DAYS = env.number("CARLOAN_BACKUP_DAYS", 0)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 200

# Static files ------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("CARLOAN_STATIC", str(HOME / "static")))
STATICFILES_DIRS = [BASE_DIR / "static", *([BASE_DIR / "static_build"] if (BASE_DIR / "static_build").exists() else [])]
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
WHITENOISE_MAX_AGE = 3600

# Languages ---------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
# Ours before the libraries': a word like "Name" must read as in a bank, not as in a library that came first.
LOCALE_PATHS = [
    BASE_DIR / folder / "locale"
    for folder in (
        "carloan/core",
        "compliance",
        "carloan/loans",
        "carloan/messaging",
        "archives",
        "collections",
        "release",
        "carloan/demonstration",
    )
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Sign-in -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "carloan.core.pages.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "carloan.core.pages.passwords.NotCommon"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "carloan.core.pages.passwords.NotGuessable"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "carloan.core.pages.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_PREVENT_ENUMERATION = True
# Wrong passwords for one name from one address are axes' matter. `ip` stops one address from trying many names, and is
# wide because a whole branch sits behind one; `key` is address and name, or the person at the second step.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "300/5m/ip,10/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Carloan"
MFA_FORMS = {"activate_totp": "carloan.core.pages.second_factors.ActivateForm"}
MFA_ADAPTER = "carloan.core.pages.second_factors.MFAAdapter"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_ADAPTER = "carloan.core.pages.sign_in_trail.SessionsAdapter"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
# Tries while a name is locked do not prolong it: nobody is locked out for ever by somebody who keeps trying.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# Never by address alone: a whole branch sits behind one.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_IPWARE_PROXY_COUNT = ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
AXES_USERNAME_CALLABLE = "carloan.core.pages.lockout.name_tried"
AXES_LOCKOUT_CALLABLE = "carloan.core.pages.lockout.locked_out"
AXES_VERBOSE = False
GUARDIAN_AUTO_PREFETCH = False
ANONYMOUS_USER_NAME: str | None = None
# Nothing of Django or its libraries sends mail: who forgot a password asks the lender's administrator. Messages to
# borrowers go through each lender's own mail server (messaging/adapters/mail.py).
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# The browser's fences ------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_SSL_REDIRECT = env.flag("CARLOAN_SSL_REDIRECT")

# API -----------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["carloan.core.rest.DoorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["carloan.core.rest.BehindDoor"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["carloan.core.rest.SafeJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": None,
    "EXCEPTION_HANDLER": "carloan.core.rest.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Carloan",
    "DESCRIPTION": "The book of car loans, its papers and trail. A key carries its tenant: `Authorization: Bearer …`.",
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "carloan.core.api_schema.describe_errors",
    ],
}

# Work ----------------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND: str | None = None
# There are no results; otherwise beat would have them cleared by a task of Celery's own.
CELERY_RESULT_EXPIRES: int | None = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Whoever reaches the broker could stop every worker by one word.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A killed worker's tasks come back after this long. Those that run longer (reading a paper) come back meanwhile too:
# whoever takes them finds the lease of the first and leaves.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 180,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    # What somebody piled up there holds no worker for long.
    "unacked_restore_limit": 500,
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "core-resend-stalled-jobs": {
        "task": "carloan.core.sweeps.resend_stalled_jobs",
        "schedule": 30.0,
        "options": {"queue": "sweep"},
    },
    "archives-resend-abandoned-papers": {
        "task": "carloan.archives.tasks.resend_abandoned_papers",
        "schedule": 3.0,
        # Of use now or not at all: without a worker they do not pile up.
        "options": {"queue": "sweep", "expires": 3},
    },
    "archives-sweep-papers": {
        "task": "carloan.archives.tasks.sweep_papers",
        "schedule": 30.0,
        "options": {"queue": "sweep"},
    },
    "archives-sweep-dossiers": {
        "task": "carloan.archives.tasks.sweep_dossiers",
        "schedule": crontab(hour=0, minute=20),
        "options": {"queue": "sweep"},
    },
    "archives-tidy-search": {
        "task": "carloan.archives.tasks.tidy_search",
        "schedule": 60.0,
        "options": {"queue": "sweep"},
    },
    "archives-remind-of-originals": {
        "task": "carloan.archives.tasks.remind_of_originals",
        "schedule": crontab(hour=2, minute=45),
        "options": {"queue": "sweep"},
    },
    "messaging-sweep-messages": {
        "task": "carloan.messaging.tasks.sweep_messages",
        "schedule": 15.0,
        "options": {"queue": "sweep", "expires": 15},
    },
    "loans-destroy-import-files": {
        "task": "carloan.loans.tasks.destroy_import_files",
        "schedule": crontab(hour=3, minute=50),
        "options": {"queue": "sweep"},
    },
    "compliance-find-anomalies": {
        "task": "carloan.compliance.tasks.find_anomalies",
        "schedule": crontab(minute=17),
        "options": {"queue": "sweep", "expires": 3600},
    },
    "core-care-for-keys": {
        "task": "carloan.core.sweeps.care_for_keys",
        "schedule": crontab(hour=4, minute=10),
        "options": {"queue": "sweep"},
    },
    "core-replay-destroyed": {
        "task": "carloan.core.sweeps.replay_destroyed",
        "schedule": 60.0,
        "options": {"queue": "sweep", "expires": 60},
    },
    "compliance-check-ledgers": {
        "task": "carloan.compliance.tasks.check_ledgers",
        "schedule": crontab(hour=4, minute=40),
        "options": {"queue": "sweep"},
    },
    "core-tell-bursts": {
        "task": "carloan.core.sweeps.tell_bursts",
        "schedule": 60.0,
        "options": {"queue": "sweep", "expires": 60},
    },
    "core-end-what-is-over": {
        "task": "carloan.core.sweeps.end_what_is_over",
        "schedule": 300.0,
        "options": {"queue": "sweep", "expires": 300},
    },
    "core-forget-answers": {
        "task": "carloan.core.sweeps.forget_answers",
        "schedule": crontab(hour=3, minute=20),
        "options": {"queue": "sweep"},
    },
    "compliance-sweep-retention": {
        "task": "carloan.compliance.tasks.sweep_retention",
        "schedule": crontab(hour=2, minute=30),
        "options": {"queue": "sweep"},
    },
    "compliance-seal-apart": {
        "task": "carloan.compliance.tasks.seal_apart",
        "schedule": crontab(hour=2, minute=50),
        "options": {"queue": "sweep"},
    },
    "compliance-back-up-archives": {
        "task": "carloan.compliance.tasks.back_up_archives",
        "schedule": crontab(hour=3, minute=10),
        "options": {"queue": "sweep"},
    },
    "compliance-go-on-with-destructions": {
        "task": "carloan.compliance.tasks.go_on_with_destructions",
        "schedule": crontab(minute=15),
        "options": {"queue": "sweep"},
    },
    "compliance-mend-held-keys": {
        "task": "carloan.compliance.tasks.mend_held_keys",
        "schedule": crontab(hour=2, minute=20),
        "options": {"queue": "sweep"},
    },
    "compliance-seal-openings": {
        "task": "carloan.compliance.tasks.seal_openings",
        "schedule": crontab(hour=2, minute=25),
        "options": {"queue": "sweep"},
    },
    "core-clear-sessions": {
        "task": "carloan.core.sweeps.clear_sessions",
        "schedule": crontab(hour=3, minute=30),
        "options": {"queue": "sweep"},
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "scrub": {"()": "carloan.core.logs.ScrubFilter"},
        "strangers_fault": {"()": "carloan.core.logs.StrangersFault"},
    },
    "formatters": {
        "line": {"()": "carloan.core.logs.LineFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["scrub"]}},
    "root": {"handlers": ["console"], "level": env.text("CARLOAN_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.db.backends": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},
        # A logger's filters see only what is logged by its own name.
        **{
            f"django.security.{name}": {"filters": ["strangers_fault"]}
            for name in ("DisallowedHost", "RequestDataTooBig", "TooManyFieldsSent", "TooManyFilesSent")
        },
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
