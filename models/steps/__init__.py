"""What the steps of the cycle do in the domain: to whom they go, how they open, what follows when they close."""
