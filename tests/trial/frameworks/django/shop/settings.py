"""The least that a project needs."""

import os

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", os.urandom(16).hex())
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "shop.urls"
MIDDLEWARE: list[str] = []
INSTALLED_APPS: list[str] = []
