"""Risk questionnaires: versions and scoring, answers of members in person, validity, withdrawal."""
