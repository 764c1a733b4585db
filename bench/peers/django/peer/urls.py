from django.urls import path

from peer import views

urlpatterns = [
    path("", views.form, name="form"),
    path("list", views.predictions, name="list"),
]
