"""What the web server runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from crm.runtime.extension.registry import refuse_problems

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")

application = get_wsgi_application()
refuse_problems()

# What was loaded stays; looking through all of it for garbage, again and again, held up some requests.
gc.collect()
gc.freeze()
