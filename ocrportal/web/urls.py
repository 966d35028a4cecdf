"""The addresses of all screens."""

from django.contrib.auth import views as auth
from django.http.response import HttpResponseBase
from django.urls import path

from ocrportal.web.requests import UserRequest
from ocrportal.web.views import account, buckets, credentials, files, health, history, submit, usage
from ocrportal.web.views.job import delivery, document, downloads, exports, overview
from ocrportal.web.views.page import answer, viewer


def jobs(request: UserRequest) -> HttpResponseBase:
    """The collection of jobs: GET lists it, POST adds to it."""
    if request.method == "POST":
        return submit.create(request)
    return history.history(request)


urlpatterns = [
    path("", submit.submit, name="submit"),
    path("choices/", submit.choices, name="submit_choices"),
    path("jobs/", jobs, name="history"),
    path("jobs/", jobs, name="job_create"),
    path("jobs/sample/", submit.sample, name="job_sample"),
    path("jobs/<int:job_id>/", overview.job, name="job"),
    path("jobs/<int:job_id>/changes/", overview.changes, name="job_changes"),
    path("jobs/<int:job_id>/approve/", overview.approve, name="job_approve"),
    path("jobs/<int:job_id>/cancel/", overview.cancel, name="job_cancel"),
    path("jobs/<int:job_id>/retry/", overview.retry, name="job_retry"),
    path("jobs/<int:job_id>/deliver/", delivery.deliver, name="job_deliver"),
    path("jobs/<int:job_id>/deliveries/", delivery.deliveries, name="job_deliveries"),
    path("buckets/", buckets.buckets, name="buckets"),
    path("buckets/choose/", buckets.choose, name="buckets_choose"),
    path("buckets/object/", buckets.open_object, name="buckets_object"),
    path("jobs/<int:job_id>/delete/", overview.delete, name="job_delete"),
    path(
        "jobs/<int:job_id>/documents/<int:document_id>/password/",
        document.password,
        name="document_password",
    ),
    path("jobs/<int:job_id>/text/", downloads.job_text, name="job_text"),
    path("jobs/<int:job_id>/pages/", viewer.nth_page, name="nth_page"),
    path("jobs/<int:job_id>/export/", downloads.choose, name="job_export"),
    path("jobs/<int:job_id>/export/<slug:key>/", downloads.job, name="export_job"),
    path("jobs/<int:job_id>/exports/", exports.exports, name="job_exports"),
    path("exports/<int:export_id>/file/", exports.file, name="export_file"),
    path("exports/<int:export_id>/again/", exports.again, name="export_again"),
    path("exports/<int:export_id>/cancel/", exports.cancel, name="export_cancel"),
    path("exports/<int:export_id>/delete/", exports.delete, name="export_delete"),
    path("documents/<int:document_id>/source/", files.document_source, name="document_source"),
    path(
        "documents/<int:document_id>/export/<slug:key>/", downloads.document, name="export_document"
    ),
    path("pages/<int:page_id>/", viewer.page, name="page"),
    path("pages/<int:page_id>/image/", files.page_image, name="page_image"),
    path("pages/<int:page_id>/thumbnail/", files.page_thumbnail, name="page_thumbnail"),
    path("pages/<int:page_id>/answer/", answer.answer, name="page_answer"),
    path("pages/<int:page_id>/raw.json", answer.raw_json, name="page_raw"),
    path(
        "pages/<int:page_id>/attachments/<int:number>/", answer.attachment, name="page_attachment"
    ),
    path("credentials/", credentials.credentials, name="credentials"),
    path("credentials/add/", credentials.kinds, name="credential_kinds"),
    path("credentials/add/<slug:kind>/", credentials.add, name="credential_add"),
    path("credentials/<int:credential_id>/", credentials.edit, name="credential"),
    path("credentials/<int:credential_id>/check/", credentials.check, name="credential_check"),
    path("credentials/<int:credential_id>/remove/", credentials.remove, name="credential_remove"),
    path("usage/", usage.usage, name="usage"),
    path("usage/calls.csv", usage.calls_csv, name="usage_csv"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("language/", account.language, name="language"),
    path("login/", account.sign_in, name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path(
        "password/",
        auth.PasswordChangeView.as_view(template_name="account/password_change.html"),
        name="password_change",
    ),
    path(
        "password/done/",
        auth.PasswordChangeDoneView.as_view(template_name="account/password_change_done.html"),
        name="password_change_done",
    ),
]
