"""What an operation is given: the service, and who asks."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from bot.conversations import Conversations
from bot.http import words
from bot.http.access import Access, Caller, Role
from bot.http.problems import Problem
from bot.lasting import LastingService
from bot.schema import Outcome
from bot.service import Service
from retrieval.search import Retriever

# Seconds after which a question that was turned away may come again.
RETRY_SECONDS = "5"


def lasting_of(request: Request) -> LastingService:
    lasting: LastingService = request.app.state.lasting
    return lasting


def access_of(request: Request) -> Access:
    access: Access = request.app.state.access
    return access


def caller_of(request: Request) -> Caller:
    """Who the guard found to ask."""
    caller: Caller = request.scope["state"]["caller"]
    return caller


def admin_of(request: Request) -> Caller:
    """Raises Problem where the caller is none."""
    caller = caller_of(request)
    if caller.role is not Role.ADMIN:
        raise Problem(403, words.ADMIN_NEEDED)
    return caller


def service_of(request: Request) -> Service:
    return lasting_of(request).service


def retriever_of(request: Request) -> Retriever:
    """Raises Problem where there is no index."""
    retriever = service_of(request).retriever
    if retriever is None:
        raise no_index()
    return retriever


def conversations_of(request: Request) -> Conversations:
    """Raises Problem where nothing is kept."""
    conversations = service_of(request).conversations
    if conversations is None:
        raise Problem(503, words.NOTHING_KEPT)
    return conversations


def no_index() -> Problem:
    headers = {"Retry-After": RETRY_SECONDS}
    return Problem(503, words.INDEX_MISSING, outcome=Outcome.INDEX_MISSING, headers=headers)


TheLastingService = Annotated[LastingService, Depends(lasting_of)]
TheService = Annotated[Service, Depends(service_of)]
TheRetriever = Annotated[Retriever, Depends(retriever_of)]
TheConversations = Annotated[Conversations, Depends(conversations_of)]
TheAccess = Annotated[Access, Depends(access_of)]
TheCaller = Annotated[Caller, Depends(caller_of)]
TheAdmin = Annotated[Caller, Depends(admin_of)]
