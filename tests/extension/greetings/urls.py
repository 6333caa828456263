from django.urls import path

from tests.extension.greetings.views import greetings_page

urlpatterns = [path("", greetings_page, name="greetings")]
