"""Settings of web frameworks: Django, Flask, Rails, Node."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Severity
from seatrial.inspectors.secrets.files import literals, scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan

_HEX = re.compile(r"[0-9a-f]{32}")


def _master_key(_path: str, text: str) -> Iterator[CredentialEntry]:
    span = scans.whole(text)
    if _HEX.fullmatch(span.value):
        yield CredentialEntry("master.key", span, "key that decrypts Rails credentials", proven=True)


def _salesforce(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`conn.login(user, password + token)` of jsforce, and its settings."""
    yield from literals.secret_assignments(text)
    for match in re.finditer(
        r"\.(?:login|authenticate)\(\s{0,20}['\"][^'\"\n]{1,100}['\"]\s{0,5},\s{0,20}['\"]"
        r"(?P<value>[^'\"\n]{1,200})['\"]",
        text,
    ):
        yield CredentialEntry("password", TextSpan(match["value"], *match.span("value")), "password given to a login")


PARSERS = (
    CredentialFile(
        id="django-settings",
        guesses=True,
        title="value in Python settings",
        documentation="https://docs.djangoproject.com/en/stable/ref/settings/#secret-key",
        names=(
            "settings.py",
            "settings*.py",
            "settings/*.py",
            "local_settings.py",
            "localsettings.py",
            "config.py",
            "secrets.py",
            "secret.py",
            "prod.py",
            "production.py",
            "credentials.py",
            "conf.py",
            "constants.py",
            "private_settings.py",
            "dev.py",
            "base.py",
            "keys.py",
            "*.cfg.py",
            "secret_settings.py",
            "jupyter_notebook_config.py",
            "jupyter_server_config.py",
            "ipython_config.py",
            "webserver_config.py",
            "superset_config.py",
            "local_config.py",
            "myconfig.py",
            "site_settings.py",
        ),
        scan=scans.quoted_values(),
        sniff=lambda text: "=" in text or ":" in text,
    ),
    CredentialFile(
        id="rails-database",
        guesses=True,
        title="value in a Rails configuration",
        documentation="https://guides.rubyonrails.org/configuring.html#configuring-a-database",
        names=(
            "database.yml",
            "secrets.yml",
            "database.yaml",
            "secrets.yaml",
            "mongoid.yml",
            "config/application.yml",
            "redis.yml",
            "settings.yml",
            "credentials.yml",
            "sidekiq.yml",
            "sunspot.yml",
            "s3.yml",
            "amazon_s3.yml",
            "storage.yml",
            "email.yml",
            "ldap.yml",
            "omniauth.yml",
            "newrelic.yml",
            "config.yml",
            "aws.yml",
            "cable.yml",
            "databases.yml",
            "parameters.yml",
            "app_config.yml",
            "local_env.yml",
        ),
        scan=scans.yaml_values(),
    ),
    CredentialFile(
        id="rails-master-key",
        title="key that decrypts Rails credentials",
        documentation="https://guides.rubyonrails.org/security.html#custom-credentials",
        names=("master.key", "config/master.key", "credentials/*.key"),
        scan=_master_key,
        severity=Severity.CRITICAL,
    ),
    CredentialFile(
        id="rails-initializer",
        guesses=True,
        title="value in a Ruby configuration",
        documentation="https://guides.rubyonrails.org/security.html#custom-credentials",
        names=(
            "secret_token.rb",
            "initializers/*.rb",
            "config/*.rb",
            "environments/*.rb",
            "session_store.rb",
            "devise.rb",
            "omniauth.rb",
            "carrierwave.rb",
            "deploy.rb",
            "deploy/*.rb",
            "sidekiq.rb",
            "config.rb",
            "settings.rb",
            "secrets.rb",
            "_config.rb",
        ),
        scan=scans.quoted_values(),
    ),
    CredentialFile(
        id="javascript-settings",
        guesses=True,
        title="value in JavaScript settings",
        documentation="https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
        names=(
            "salesforce.js",
            "config.js",
            "settings.js",
            "secrets.js",
            "credentials.js",
            "gruntfile.js",
            "gulpfile.js",
            "keys.js",
            "knexfile.js",
            "ormconfig.js",
            "ormconfig.ts",
            "config.ts",
            "environment.ts",
            "environment*.ts",
            "environment*.js",
            "environments/*.ts",
            "config/*.js",
            "env.js",
            "firebase.js",
            "firebaseconfig.js",
            "local.js",
            "database.js",
            "db.js",
            "auth.js",
            "ecosystem.config.js",
            "aws-config.js",
            "sftp.js",
            "deploy.js",
            "secret.js",
            "config/*.ts",
            "secrets.ts",
            "constants.js",
            "development.js",
            "production.js",
        ),
        scan=_salesforce,
        sniff=lambda text: "'" in text or '"' in text or "`" in text,
    ),
)
