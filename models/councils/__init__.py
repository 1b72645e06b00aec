"""Council sessions: sheets, closing the scoring, conclusions."""

from models.councils.scoring_rows import evaluate_product

__all__ = ["evaluate_product"]
