"""The API under /api/v1/ and the page that describes it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from clusteratlas.portal.api.account_endpoints import router as account_router
from clusteratlas.portal.api.benchmarking_endpoints import router as benchmarking_router
from clusteratlas.portal.api.builder_endpoints import router as builder_router
from clusteratlas.portal.api.bulk_endpoints import router as bulk_router
from clusteratlas.portal.api.cluster_endpoints import router as cluster_router
from clusteratlas.portal.api.endpoints import router
from clusteratlas.portal.api.evidence_endpoints import router as evidence_router
from clusteratlas.portal.api.examples import FIXED, examples_of, with_examples
from clusteratlas.portal.api.explained_endpoints import router as explained_router
from clusteratlas.portal.api.organised_endpoints import router as organised_router
from clusteratlas.portal.api.practice_endpoints import router as practice_router
from clusteratlas.portal.api.profile_endpoints import router as profile_router
from clusteratlas.portal.api.programme_endpoints import router as programme_router
from clusteratlas.portal.api.registry_endpoints import faults_of_body, wrong
from clusteratlas.portal.api.registry_endpoints import router as registry_router
from clusteratlas.portal.api.related_endpoints import router as related_router
from clusteratlas.portal.api.view_endpoints import router as view_router
from clusteratlas.portal.current import current_release
from clusteratlas.portal.errors import PROBLEM, TITLES, Problem, answer, problem_of
from clusteratlas.portal.errors import problem_of_status as of_status
from clusteratlas.tables import CannotAnswer

ABOUT = (
    "The figures of the atlas as JSON. Every answer names its year, definition, source and "
    "release; null means not known, and status says why. Reading needs no key; the people of an "
    "organisation change its profile with a token of their account. "
    "Fields may be added within v1; none is renamed or removed."
)


class AtlasApi(NinjaAPI):
    """The API, with its refusals described as problem details."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """Return the OpenAPI document."""
        schema = super().get_openapi_schema(**options)
        for path in schema["paths"].values():
            for operation in path.values():
                for status, response in operation.get("responses", {}).items():
                    if int(status) >= 400 and "content" in response:
                        response["content"] = {PROBLEM: response["content"]["application/json"]}
        try:
            known = examples_of(current_release())
        except CannotAnswer:
            known = FIXED  # the document can be read before there is an atlas
        with_examples(schema["paths"], known)
        return schema


api = AtlasApi(
    title="Cluster Atlas",
    version="1",
    description=ABOUT,
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api-v1",
)
api.add_router("", router)
api.add_router("", related_router)
api.add_router("", explained_router)
api.add_router("", cluster_router)
api.add_router("", builder_router)
api.add_router("", bulk_router)
api.add_router("", profile_router)
api.add_router("", view_router)
api.add_router("", registry_router)
api.add_router("", organised_router)
api.add_router("", practice_router)
api.add_router("", evidence_router)
api.add_router("", account_router)
api.add_router("", programme_router)
api.add_router("", benchmarking_router)


@api.exception_handler(CannotAnswer)
def _no_answer(request: HttpRequest, error: CannotAnswer) -> HttpResponse:
    return answer(request, problem_of(error))


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    said = [
        f"{each['loc'][-1] if each.get('loc') else 'request'}: {each['msg']}"
        for each in error.errors
    ]
    if error.errors and error.errors[0].get("loc", ("",))[0] == "body":
        return answer(request, wrong(faults_of_body(error.errors)))
    return answer(request, Problem(422, _(TITLES[422]), "; ".join(said) + "."))


@api.exception_handler(Http404)
def _nowhere(request: HttpRequest, error: Http404) -> HttpResponse:
    return answer(request, of_status(404))


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return answer(request, of_status(error.status_code))


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    return answer(request, problem_of(error), error)
