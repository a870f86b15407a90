"""Django's settings, from the environment. docs/how-to/run-the-web-app.md lists every variable.

MUNIMENT_DATABASE, MUNIMENT_BLOBS: where the database and its files are (see application/stores.py).
MUNIMENT_ADDRESS: how people reach the pages, https://muniment.example.gov.uk; without it only this machine is served.
MUNIMENT_SECRET_KEY: what sessions are signed with; without it a key is kept beside the database's files.
MUNIMENT_DEMO: 'yes' lists sample people on the sign-in page and lets anybody be one of them; on this machine only, and
only over example records.
"""

import os
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.functional import SimpleLazyObject

from muniment.adapters.ingestion.limits import MB, ReadingLimits
from muniment.adapters.stores.database.setup import APPS, database_settings
from muniment.application.stores import database_address
from muniment.settings import single_sign_on
from muniment.settings.email_server import email_server
from muniment.settings.secret_key import kept_secret_key

DATABASE_ADDRESS = database_address()
DATABASES = {"default": database_settings(DATABASE_ADDRESS.database)}
BLOBS_FOLDER = DATABASE_ADDRESS.files
ADDRESS = os.environ.get("MUNIMENT_ADDRESS", "")
IS_LOCAL = urlsplit(ADDRESS).hostname in (None, "localhost", "127.0.0.1", "::1")
IS_DEMO_ASKED = os.environ.get("MUNIMENT_DEMO") == "yes"
# Elsewhere it does not even start (installation/demonstrations.py); should it, the doors are shut.
IS_DEMO = IS_DEMO_ASKED and IS_LOCAL and not ADDRESS.startswith("https:")
IS_PUBLIC = ADDRESS.startswith("https://")

# Only what signs or enciphers asks for it: whoever reads a contract leaves no key behind.
SECRET_KEY = os.environ.get("MUNIMENT_SECRET_KEY") or SimpleLazyObject(lambda: kept_secret_key(BLOBS_FOLDER))
DEBUG = False
ALLOWED_HOSTS = [urlsplit(ADDRESS).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [ADDRESS] if ADDRESS else []

INSTALLED_APPS = [
    *APPS,
    "muniment.installation",
    "muniment.interfaces.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "muniment.interfaces.web.sessions.LimitedSessions",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]
ROOT_URLCONF = "muniment.settings.urls"
WSGI_APPLICATION = "muniment.settings.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [],
        "OPTIONS": {
            "environment": "muniment.interfaces.web.environment.environment",
            "context_processors": ["muniment.interfaces.web.environment.everywhere"],
        },
    },
    {
        # allauth checks that this one is there; every page of ours is a Jinja2 template.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
# Served where the package has them, by name: nothing has to be collected after an installation.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

# ---- who comes in

AUTH_USER_MODEL = "web.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my_work"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "muniment.interfaces.web.sign_in.OnlyKnownPeople"
SOCIALACCOUNT_ADAPTER = "muniment.interfaces.web.sign_in.OnlyKnownPeopleElsewhere"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reauthenticate": "10/m/user"}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_FORMS = {
    "login": "muniment.interfaces.web.sign_in_forms.SignInForm",
    "reauthenticate": "muniment.interfaces.web.sign_in_forms.ConfirmForm",
    "change_password": "muniment.interfaces.web.sign_in_forms.ChangePasswordForm",
    "set_password": "muniment.interfaces.web.sign_in_forms.SetPasswordForm",
    "reset_password": "muniment.interfaces.web.sign_in_forms.AskForLinkForm",
    "reset_password_from_key": "muniment.interfaces.web.sign_in_forms.NewPasswordForm",
}
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60
# A proxy adds the address that it was called from; what came before it in that header may be made up.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("MUNIMENT_PROXIES", "1" if IS_PUBLIC else "0"))
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "muniment.interfaces.web.second_factor.SecondFactors"
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "muniment.interfaces.web.sign_in_forms.CodeForm",
    "reauthenticate": "muniment.interfaces.web.sign_in_forms.ConfirmCodeForm",
    "activate_totp": "muniment.interfaces.web.sign_in_forms.AppForm",
    "add_webauthn": "muniment.interfaces.web.sign_in_forms.KeyForm",
    "edit_webauthn": "muniment.interfaces.web.sign_in_forms.KeyNameForm",
}
MFA_TOTP_ISSUER = "Muniment"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_PUBLIC
_SECOND_FACTOR = os.environ.get("MUNIMENT_SECOND_FACTOR", "required" if IS_PUBLIC else "optional")
IS_SECOND_FACTOR_REQUIRED = _SECOND_FACTOR != "optional" and not IS_DEMO
SOCIALACCOUNT_PROVIDERS = single_sign_on.providers()
OIDC_NAME = single_sign_on.PROVIDER_NAME
OIDC_DOMAINS = single_sign_on.domains()
OIDC_HAS_SECOND_FACTOR = os.environ.get("MUNIMENT_OIDC_SECOND_FACTOR") == "yes"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
CACHES = {
    # Rate limits must count over every process that serves.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

SESSION_COOKIE_NAME = "__Host-muniment" if IS_PUBLIC else "muniment"
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_IDLE_SECONDS = 60 * 60
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = IS_PUBLIC
CSRF_COOKIE_NAME = "__Host-muniment-csrf" if IS_PUBLIC else "muniment-csrf"
CSRF_COOKIE_SECURE = IS_PUBLIC
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "muniment.interfaces.web.error_pages.csrf_failure_page"

_EMAIL = email_server()
EMAIL_BACKEND = _EMAIL.backend
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = _EMAIL.host, _EMAIL.port, 20
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _EMAIL.user, _EMAIL.password
EMAIL_USE_SSL, EMAIL_USE_TLS = _EMAIL.is_direct, not _EMAIL.is_direct
DEFAULT_FROM_EMAIL = _EMAIL.sender
IS_EMAIL_SENT = bool(_EMAIL.host)
ACCOUNT_EMAIL_NOTIFICATIONS = IS_EMAIL_SENT

# ---- what a browser may do

SECURE_SSL_REDIRECT = IS_PUBLIC
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_PUBLIC else None
SECURE_HSTS_SECONDS = 31_536_000 if IS_PUBLIC else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *single_sign_on.origins()],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ---- what takes longer than a request

UPLOAD_LIMIT = int(os.environ.get("MUNIMENT_UPLOAD_MEGABYTES", "200")) * 1024 * 1024
UPLOAD_READING = ReadingLimits(
    rows=int(os.environ.get("MUNIMENT_UPLOAD_ROWS", "5000000")),
    memory=int(os.environ.get("MUNIMENT_UPLOAD_MEMORY_MEGABYTES", "2048")) * MB,
    disk=int(os.environ.get("MUNIMENT_UPLOAD_DISK_MEGABYTES", "2048")) * MB,
    seconds=int(os.environ.get("MUNIMENT_UPLOAD_SECONDS", "30")),
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "figures"]}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("MUNIMENT_LOG_LEVEL", "WARNING")},
    "loggers": {"muniment.security": {"level": "INFO"}},
}
