from django.contrib import admin

from crm.staff.admin import ReferenceData
from tests.extension.greetings.models import Occasion


@admin.register(Occasion)
class OccasionAdmin(ReferenceData):
    list_display = ["name"]
    search_fields = ["name"]
