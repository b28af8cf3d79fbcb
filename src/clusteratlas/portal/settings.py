"""Django settings of the portal, read from the environment (see `environment`)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from clusteratlas.portal import connections
from clusteratlas.portal.environment import Environment
from clusteratlas.portal.operations import logs
from clusteratlas.portal.static_files import address_of_built

_HERE = Path(__file__).parent
_environment = Environment()

ATLAS_PLACE = _environment.place.resolve()
STORE = (_environment.store or ATLAS_PLACE / "registry").resolve()
API_CALLS_A_MINUTE = _environment.api_calls_a_minute
PROXIES = _environment.proxies
ATLAS_CACHE_BYTES = _environment.cache_megabytes * 1024 * 1024

REQUEST_DAYS = _environment.request_days
REQUESTS_A_DAY = _environment.requests_a_day
FEEDBACK_ADDRESS = _environment.feedback

DEBUG = _environment.debug
ALLOWED_HOSTS = list(_environment.allowed_hosts)
SECRET_KEY = (
    _environment.secret_key.get_secret_value()
    if _environment.secret_key
    else connections.secret_key(STORE)
)

ROOT_URLCONF = "clusteratlas.portal.urls"
WSGI_APPLICATION = "clusteratlas.portal.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "axes",
    "clusteratlas.portal.accounts",
    "clusteratlas.portal.registry",
    "clusteratlas.portal.meetings",
    "clusteratlas.portal.practice",
    "clusteratlas.portal.programmes",
    "clusteratlas.portal.evidence",
    "clusteratlas.portal.benchmarking",
    "clusteratlas.portal.operations",
]
DATABASES = {"default": connections.database(_environment.database.get_secret_value(), STORE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REGISTRY_STATE_SECONDS = 1.0
USAGE_SECONDS = 30.0
MODERATION = _environment.moderation
ENTRY_RULES = _environment.entry_rules
QUESTIONNAIRES = _environment.questionnaires
READINESS_CRITERIA = _environment.readiness_criteria
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a profile with many offers, contacts and partnerships
vars().update(connections.mail(_environment.mail.get_secret_value(), STORE))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _environment.mail_from
MIDDLEWARE = [
    "clusteratlas.portal.operations.watch.RequestWatch",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "clusteratlas.portal.limits.ApiLimit",
    "clusteratlas.portal.errors.ErrorAnswers",
    "clusteratlas.portal.limits.BodyLimit",
    "clusteratlas.portal.pages.former.FormerCodes",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clusteratlas.portal.accounts.sessions.LastSeen",
    "django.contrib.messages.middleware.MessageMiddleware",
    "clusteratlas.portal.caching.AnswerCache",
    "clusteratlas.portal.rights.RightsGate",
    "django.middleware.common.CommonMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates"],
        "OPTIONS": {
            "libraries": {
                "practice": "clusteratlas.portal.templatetags.practice",
                "programmes": "clusteratlas.portal.templatetags.programmes",
            },
            "builtins": [
                "django.templatetags.static",
                "django.templatetags.i18n",
                "clusteratlas.portal.templatetags.atlas",
            ],
            "context_processors": [
                "clusteratlas.portal.language.in_templates",
                "clusteratlas.portal.pages.frame.in_templates",
                "clusteratlas.portal.current.in_templates",
                # Read on pages of accounts only: it looks into the visitor's session.
                "django.contrib.messages.context_processors.messages",
            ],
            "string_if_invalid": "",
        },
    }
]

LOGIN_URL = "/account/sign-in/"
LOGIN_REDIRECT_URL = "/account/"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
SECOND_FACTOR = _environment.second_factor
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _environment.secure
SESSION_COOKIE_AGE = 14 * 86_400
CSRF_FAILURE_VIEW = "clusteratlas.portal.errors.forged"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_CLIENT_IP_CALLABLE = "clusteratlas.portal.accounts.throttle.network_of"
AXES_USERNAME_CALLABLE = "clusteratlas.portal.accounts.throttle.account_of"
AXES_LOCKOUT_CALLABLE = "clusteratlas.portal.accounts.throttle.locked"
# Its own reset would also forget the failures against other accounts from the same address.
AXES_RESET_ON_SUCCESS = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

STATIC_URL = address_of_built()
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español")]
LOCALE_PATHS = [_HERE / "locale", _HERE / "locale_names"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        # A figure saved as PNG is painted from an image that the page's own script made.
        "img-src": ["'self'", "blob:"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if _environment.secure:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    # Whether other sites under the same name are behind HTTPS too is not ours to say.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = logs.settings(_environment.log)
