"""The rule builder: a form that is read into a draft, edited step by step, and written as a rule."""
