"""Addresses of the project."""

from django.urls import include, path

from . import views

urlpatterns = [path("health/", views.health), path("catalog/", include("shop.catalog"))]
