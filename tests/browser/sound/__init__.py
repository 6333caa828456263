"""What makes an open page sound for everybody: for eyes, fingers and narrow screens."""
