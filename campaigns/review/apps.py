from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "campaigns.review"
    label = "review"
