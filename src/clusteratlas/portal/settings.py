"""Django settings of the portal, read from the environment (see `environment`)."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from clusteratlas.portal.environment import Environment
from clusteratlas.portal.static_files import address_of_built

_HERE = Path(__file__).parent
_environment = Environment()

ATLAS_PLACE = _environment.place.resolve()
API_CALLS_A_MINUTE = _environment.api_calls_a_minute
PROXIES = _environment.proxies
ATLAS_CACHE_BYTES = _environment.cache_megabytes * 1024 * 1024

FEEDBACK_ADDRESS = _environment.feedback

DEBUG = _environment.debug
ALLOWED_HOSTS = list(_environment.allowed_hosts)
SECRET_KEY = (
    _environment.secret_key.get_secret_value()
    if _environment.secret_key
    else secrets.token_urlsafe(48)
)

ROOT_URLCONF = "clusteratlas.portal.urls"
WSGI_APPLICATION = "clusteratlas.portal.wsgi.application"
INSTALLED_APPS: list[str] = []
DATABASES: dict[str, Any] = {}
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "clusteratlas.portal.limits.ApiLimit",
    "clusteratlas.portal.errors.ErrorAnswers",
    "clusteratlas.portal.pages.former.FormerCodes",
    "clusteratlas.portal.caching.AnswerCache",
    "django.middleware.common.CommonMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates"],
        "OPTIONS": {
            "builtins": [
                "django.templatetags.static",
                "django.templatetags.i18n",
                "clusteratlas.portal.templatetags.atlas",
            ],
            "context_processors": [
                "clusteratlas.portal.language.in_templates",
                "clusteratlas.portal.pages.frame.in_templates",
                "clusteratlas.portal.current.in_templates",
            ],
            "string_if_invalid": "",
        },
    }
]

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
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"clusteratlas.portal": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}
