"""What other apps add to the page of a member."""
