"""What a version of the questionnaire says, how answers are scored, and how it is changed."""
