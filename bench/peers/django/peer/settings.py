"""Settings of the Django peer. Environment: BENCH_DATABASE (a path), BENCH_GATEWAY (a URL), BENCH_WAL ("1" or unset)."""

import os

SECRET_KEY = "only ever served on loopback, for a benchmark"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "peer.urls"
WSGI_APPLICATION = "peer.wsgi.application"
INSTALLED_APPS = ["peer.apps.PeerConfig"]
# A new project's list without sessions, accounts and messages, which this one has no use for.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["BENCH_DATABASE"],
        "OPTIONS": {"timeout": 20},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
GATEWAY = os.environ.get("BENCH_GATEWAY", "")
# Django leaves SQLite's journal as it is (DELETE); with this it gets what the application has.
WAL = os.environ.get("BENCH_WAL") == "1"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # One line a request to a terminal would be measured as well.
    "loggers": {"django.server": {"handlers": [], "level": "ERROR", "propagate": False}},
}
