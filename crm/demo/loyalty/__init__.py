"""The loyalty programme of the demonstration: two years of it, computed by the product's own engines."""
