"""Two versions of the risk questionnaire, answers of members, withdrawals and links that wait."""
