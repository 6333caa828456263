"""The product with one app more: what an installation that adds an app of its own would have."""

import os

from crm.settings import *  # noqa: F403 (that is what it is: the product's settings)
from crm.settings import INSTALLED_APPS as PRODUCT
from crm.settings import STORAGES as STORED

MISFIT = os.environ.get("MISFIT", "")  # the name of an app of misfits.py that is added too
INSTALLED_APPS = [
    *([f"tests.extension.misfits.{MISFIT}"] if MISFIT else []),
    "tests.extension.greetings",
    *PRODUCT,
]
STORAGES = STORED | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
