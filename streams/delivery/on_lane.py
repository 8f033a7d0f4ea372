"""What a delivery has told the lanes of one of its parcels, so that it tells it once."""

import msgspec


class OnLane(msgspec.Struct, frozen=True, array_like=True):
    """asked: the key of the lane that was last asked for; told: the outcome of the leg that was told last."""

    asked: str = ""
    told: str = ""
