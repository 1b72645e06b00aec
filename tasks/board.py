"""The board of a round as a table artifact in Prefect's UI."""


async def publish_board(round_id: int) -> None:
    """Placeholder until the query is there."""
