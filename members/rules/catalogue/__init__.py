"""What can be asked of a member: fields, activities, measures. Each is described once, in its own app."""
