"""What decides in the demonstration which product fits whom."""
