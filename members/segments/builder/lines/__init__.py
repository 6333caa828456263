"""The form as it is shown: a line for each node of a draft, with the inputs that fit."""
