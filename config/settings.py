"""Settings: everything that differs between machines comes from the environment.

Without any variable set this is a development checkout on embedded servers. Once
DATABASE_URL names a database, production is assumed and BILLET_SECRET_KEY required.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from config import services
from config.environment import flag, number, secret_key, words

BASE_DIR = Path(__file__).resolve().parent.parent
RUN_DIR = services.run_directory()

# Who we are

DEBUG = flag("BILLET_DEBUG", default="DATABASE_URL" not in os.environ)
SECRET_KEY = secret_key(debug=DEBUG, run_directory=RUN_DIR)
ALLOWED_HOSTS = words("BILLET_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if DEBUG else "")
CSRF_TRUSTED_ORIGINS = words("BILLET_TRUSTED_ORIGINS")
# The web process alone uses a connection pool and the database role without grants
# on the ledger; workers and commands hold one plain connection each.
IS_WEB = os.environ.get("BILLET_PROCESS") == "web"

INSTALLED_APPS = [
    "config.apps.BilletConfig",
    "accounts",
    "accounts.ui.apps.UiConfig",
    "registry",
    "claims",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "guardian",
    "oauth2_provider",
    "pghistory",
    "pgtrigger",
    "rest_framework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "accounts.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "accounts.ui.context.page",
            ],
        },
    },
]

FORM_RENDERER = "accounts.ui.renderer.DesignSystemRenderer"
# Every page then says that its units are a demonstration.
BILLET_DEMONSTRATION = flag("BILLET_DEMONSTRATION", default=False)

# Where the world reaches this registry: links in e-mails and codes on certificates begin with it.
BILLET_PUBLIC_URL = os.environ.get(
    "BILLET_PUBLIC_URL", f"http://localhost:{os.environ.get('PORT', '8000')}"
).rstrip("/")

# More lines of an inventory, or runs of units, than this are planned and stated by a worker.
BILLET_MOST_AT_ONCE = number("BILLET_MOST_AT_ONCE", default=2_000)

# Where things are kept

_database_options: dict[str, Any] = {}
# Plans that are kept serve any arguments: see accounts/prepared.py and registry/sql/ledger/. They
# live on while their tables grow, so an index has to look as cheap as it is from few pages on.
_startup_options = ["-c timezone=UTC -c plan_cache_mode=force_generic_plan -c random_page_cost=1.1"]
if os.environ.get("BILLET_DB_ROLE"):
    _startup_options.append(f"-c role={os.environ['BILLET_DB_ROLE']}")
if IS_WEB:
    _startup_options.append("-c statement_timeout=30s -c idle_in_transaction_session_timeout=30s")
    _database_options["pool"] = {
        "min_size": 1,
        "max_size": number("BILLET_DB_POOL", default=4),
        "timeout": 10,
    }
_parameters = services.database_parameters()
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **_parameters,
        "OPTIONS": {
            "application_name": os.environ.get("BILLET_PROCESS", "command"),
            "options": " ".join(_startup_options),
            # For accounts/prepared.py alone: the ORM's own cursors never prepare.
            "prepare_threshold": 0,
            **_parameters["OPTIONS"],
            **_database_options,
        },
        "CONN_HEALTH_CHECKS": True,
    }
}

# Tests give every parallel process a database of Redis's own.
REDIS_DATABASE = number("BILLET_REDIS_DATABASE", default=0)
CACHES = {
    "default": {
        "BACKEND": "config.cache.ForgivingRedisCache",
        "LOCATION": services.redis_url(REDIS_DATABASE),
        "KEY_PREFIX": "billet",
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
}

MEDIA_ROOT = Path(os.environ.get("BILLET_MEDIA_ROOT", RUN_DIR / "media"))
MEDIA_URL = "media/"
STATIC_ROOT = Path(os.environ.get("BILLET_STATIC_ROOT", RUN_DIR / "static"))
STATIC_URL = "static/"
STATICFILES_DIRS = [path for path in [BASE_DIR / "static"] if path.exists()]
# The log's static files; the web only reads them. The key is for the sequencer alone.
LOG_ROOT = Path(os.environ.get("BILLET_LOG_ROOT", RUN_DIR / "log"))
LOG_NAME = os.environ.get("BILLET_LOG_NAME", "localhost/log")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Who signs in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = os.environ.get(
    "BILLET_EMAIL_VERIFICATION", "none" if DEBUG else "mandatory"
)
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Billet] "
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Billet"
# Grants name people and organisations; a stand-in for "anyone" would be one slip from a leak.
ANONYMOUS_USER_NAME = None
SESSION_COOKIE_AGE = 12 * 60 * 60

EMAIL_BACKEND = "django.core.mail.backends.{}.EmailBackend".format(
    "smtp" if os.environ.get("BILLET_EMAIL_HOST") else "console"
)
EMAIL_HOST = os.environ.get("BILLET_EMAIL_HOST", "")
EMAIL_PORT = number("BILLET_EMAIL_PORT", default=587)
EMAIL_HOST_USER = os.environ.get("BILLET_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("BILLET_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = True
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("BILLET_EMAIL_FROM", "registry@localhost")

# What a browser may do

HTTPS = flag("BILLET_HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if flag("BILLET_BEHIND_PROXY", default=False) else None
)
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Language and time: a registry has one clock

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Programming interface

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.oauth.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["config.rest.DenyUnlessDeclared"],
    "DEFAULT_PAGINATION_CLASS": "config.rest.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "config.rest.problem",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.rest.parsers.StrictJSON"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Billet",
    "DESCRIPTION": "A book-and-claim registry for low-emissions iron and steel.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "AccountingMethod": "claims.api.choices.METHODS",
        "AbatementLabel": "registry.api.choices.LABELS",
        "BiomassClass": "registry.api.choices.BIOMASS",
        "AccreditationBasis": "registry.api.choices.BASES",
        "AccreditationScope": "registry.api.choices.SCOPES",
        "CertificateKind": "registry.api.choices.CERTIFICATE_KINDS",
        "AuditResponse": "registry.api.choices.RESPONSES",
        "CriterionKind": "registry.api.choices.CRITERION_KINDS",
        "Destination": "registry.api.choices.DESTINATIONS",
        "ObligationKind": "registry.api.choices.OBLIGATION_KINDS",
        "Surplus": "registry.api.choices.SURPLUSES",
        "BaselineKind": "registry.api.choices.BASELINE_KINDS",
        "EvidenceKind": "registry.api.choices.EVIDENCE_KINDS",
        "FunctionalUnit": "registry.api.choices.FUNCTIONAL_UNITS",
        "Cap": "claims.api.choices.CAPS",
        "DataTier": "claims.api.choices.DATA_TIERS",
        "ImportMode": "claims.api.choices.IMPORT_MODES",
        "ImportState": "claims.api.choices.IMPORT_STATES",
        "Estimation": "claims.api.choices.ESTIMATIONS",
        "Verified": "claims.api.choices.VERIFIED",
        "DeliveryNoticeState": "registry.api.choices.NOTICE_STATES",
        "DisclosureKind": "registry.api.choices.DISCLOSURE_KINDS",
        "GasBasis": "registry.api.choices.GAS_BASES",
        "OwnBaselineKind": "registry.api.choices.OWN_BASELINE_KINDS",
        "ExAnteState": "registry.api.choices.EX_ANTE_STATES",
        "HoldingState": "registry.api.choices.HOLDING_STATES",
        "InventoryCategory": "claims.api.choices.INVENTORY_CATEGORIES",
        "Material": "claims.api.choices.MATERIALS",
        "DecisionQuestion": "claims.api.choices.QUESTIONS",
        "PendingClaimState": "claims.api.choices.PENDING_STATES",
        "ProductType": "claims.api.choices.PRODUCT_TYPES",
        "ProductionState": "registry.api.choices.PRODUCTION_STATES",
        "Route": "registry.api.choices.ROUTES",
        "CoClaimState": "registry.api.choices.CO_CLAIM_STATES",
        "SeatState": "registry.api.choices.SEAT_STATES",
        "SuspensionState": "registry.api.choices.SUSPENSION_STATES",
        "PolicyState": "registry.api.choices.POLICY_STATES",
        "PolicyKind": "registry.api.choices.POLICY_KINDS",
        "TransferTo": "registry.api.choices.TRANSFER_TO",
        "HolderRole": "registry.api.choices.HOLDER_ROLES",
        "TransferState": "registry.api.choices.TRANSFER_STATES",
        "VerificationState": "registry.api.choices.VERIFICATION_STATES",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}
OAUTH2_PROVIDER = {
    "OAUTH2_VALIDATOR_CLASS": "accounts.oauth.Validator",
    "SCOPES": {"read": "Read what you may see", "write": "Act for your organisation"},
    "DEFAULT_SCOPES": ["read"],
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    # The best current practice, each part of which is optional until toolkit 4.
    **{
        f"COMPLIANT_BCP_RFC9700_{part}": True
        for part in (
            "ACCESS_TOKEN_TRANSPORT",
            "AUTHZ_RESPONSE_ISS",
            "IMPLICIT_GRANT",
            "PASSWORD_GRANT",
            "PKCE_METHOD",
            "REDIRECT_URI_SCHEME",
            "REFRESH_TOKEN",
            "TOKEN_STORAGE",
        )
    },
}

# What it says

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("BILLET_LOG_LEVEL", "INFO")},
    # Django's own handlers would say everything twice.
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
