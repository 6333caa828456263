"""What the web server runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")

application = get_wsgi_application()

# What was loaded stays: going through all of it again and again for garbage held up every few hundredth request.
gc.collect()
gc.freeze()
