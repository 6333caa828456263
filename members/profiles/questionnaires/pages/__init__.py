"""Pages of questionnaires: of the member who answers, of the settings, of the member page."""
