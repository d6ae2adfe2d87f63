"""Addresses of the catalogue."""

from django.urls import path

from . import views

urlpatterns = [path("products/", views.products), path("products/<int:number>/", views.product)]
