"""What an incentive may not reward: buying as such, what does not suit everybody, an answer about risk."""
