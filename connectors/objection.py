"""Tell a sender of its mistake at once, as a problem (RFC 9457) with its place; nothing of the request is kept."""

from collections.abc import Callable
from http import HTTPStatus

from connectors.acknowledgements import problem
from contracts.connector import Context, Mapped, Reply
from contracts.errors import Rejected
from contracts.raw import RawRequest

_STATUS = {
    "unsupported_media_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "bad_json": HTTPStatus.BAD_REQUEST,
}


def objection_by(
    read: Callable[[RawRequest], object], to_events: Callable[[object, Context], Mapped]
) -> Callable[[RawRequest], Reply | None]:
    """Tell the first mistake of a request; None where there is none. What is JSON and says something wrong is 422."""

    def objection(request: RawRequest) -> Reply | None:
        context = Context(request.connector, request.account, request.received_at)
        try:
            to_events(read(request), context)
        except Rejected as error:
            status = _STATUS.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)
            return problem(error.sentence, status, code=error.code, path=error.path)
        return None

    return objection
