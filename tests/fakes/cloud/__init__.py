"""The test cloud: an HTTP server that implements Huawei Cloud's published protocol.

It shares no code with the tested client. It verifies signatures and tokens according to the signing
guide and validates each request against the catalogue, so it accepts only requests that the API
reference describes.

    with FakeCloud() as cloud:
        cloud.url                                 # both IAM and the OCR services
        cloud.user.name, cloud.user.password      # an IAM user of cloud.account
        cloud.user.access_key, cloud.user.secret_key
        cloud.account.projects["cn-north-4"]      # a project in every region

        cloud.faults.fail("APIG.0201", "Backend timeout.", times=2, service="id-card")
        cloud.faults.misbehave("reset")           # truncate, html, empty, hang
        cloud.throttle.allow(60)                  # calls a minute, per user and service
        cloud.iam.expire_tokens()                 # revoke_tokens, change_password
        cloud.answers.answer_with("id-card", "back")
        cloud.internet["https://example.com/a.png"] = picture

        cloud.ledger.billed_twice(), cloud.ledger.failed_sign_ins

``python -m tests.fakes.cloud`` runs it as a program.
"""

from tests.fakes.cloud.server import FakeCloud

__all__ = ["FakeCloud"]
