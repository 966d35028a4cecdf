"""The findings of a diagnosis and their sentences: what is wrong, who can fix it, how."""

from __future__ import annotations

from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from ocrportal.catalogue.spec import find_error
from ocrportal.engines.cloud import CloudAccess, Problem
from ocrportal.engines.huawei.http.api_errors import api_error_of, next_step
from ocrportal.engines.huawei.http.transport import host_of, name_is_unknown
from ocrportal.errors.engine import (
    CertificateRefused,
    CloudAnswerUnreadable,
    CloudApiError,
    CloudTimeout,
    CloudUnreachable,
    EngineError,
)

StepKey = Literal["keys", "address", "clock", "sign-in", "access", "project", "region", "service"]

STEPS: dict[str, Any] = {
    "keys": _("Keys and names are well-formed"),
    "address": _("Huawei Cloud can be reached"),
    "clock": _("The server clock is correct"),
    "sign-in": _("User name and password, or keys, are accepted"),
    "access": _("The user may call services"),
    "project": _("The region has a project"),
    "region": _("Region and address match"),
    "service": _("The service is enabled"),
}
"""The steps of a diagnosis in order, and what each shows if it passes."""

_SENTENCES: dict[str, tuple[StepKey, Any]] = {
    "stray-characters": ("keys", _(
        "AK, SK or a name contains a space or another invalid character, often from copying. Enter "
        "it again in the credential."
    )),
    "host-unknown": ("address", _(
        "The host name %(host)s cannot be resolved. Ask the portal administrator to check the "
        "region or address of the credential and the name server (DNS)."
    )),
    "host-unreachable": ("address", _(
        "%(host)s cannot be reached from the portal. Ask the portal administrator to check the "
        "network, the firewall and whether a proxy is needed."
    )),
    "proxy-unreachable": ("address", _(
        "The proxy %(host)s cannot be reached or refuses the connection. Check its address, user "
        "name and password in the credential, or ask the portal administrator."
    )),
    "host-silent": ("address", _(
        "%(host)s does not respond in time. Check again later. If this persists, ask the portal "
        "administrator to check the network and the proxy."
    )),
    "certificate": ("address", _(
        "The certificate of %(host)s is not trusted. Ask the portal administrator to add the CA "
        "certificate of your proxy or private cloud to the credential."
    )),
    "tls": ("address", _(
        "An encrypted connection to %(host)s cannot be established. Ask the portal administrator "
        "to check the address and the network devices between the portal and the cloud."
    )),
    "not-the-cloud": ("address", _(
        "%(host)s does not respond as Huawei Cloud does (HTTP %(status)s). Ask the portal "
        "administrator to check the address and the proxy of the credential."
    )),
    "clock-off": ("clock", _(
        "The server clock is %(minutes)s minutes off. At 15 minutes Huawei Cloud rejects its "
        "signatures. Ask the portal administrator to set the clock (NTP)."
    )),
    "clock-drifts": ("clock", _(
        "The server clock is %(minutes)s minutes off. Ask the portal administrator to set it (NTP) "
        "before Huawei Cloud rejects its signatures."
    )),
    "service-busy": ("service", _(
        "Everything else is in order, but Huawei Cloud is rejecting calls because there were too "
        "many, so it is unknown whether “%(service)s” is enabled. Check again in a minute."
    )),
    "password-refused": ("sign-in", _(
        "The IAM user name, account name or password is wrong. Correct them in the credential and "
        "check again. After 5 failures within 15 minutes Huawei Cloud locks the account."
    )),
    "account-login-refused": ("sign-in", _(
        "Huawei Cloud rejected the sign-in as the account itself. An account that was upgraded to "
        "a HUAWEI ID gets no token, even with the right password: its owner must create an IAM "
        "user with programmatic access; enter that user here. If the account is not a HUAWEI ID, "
        "correct the password."
    )),
    "names-do-not-fit": ("sign-in", _(
        "The IAM user name and the account name do not match. Enter both as the Huawei Cloud "
        "console shows them under “My Credentials”."
    )),
    "account-locked": ("sign-in", _(
        "Huawei Cloud has locked the sign-in after too many wrong passwords, and it cannot be "
        "unlocked early. Do not try again for 15 minutes, verify the password, then check again."
    )),
    "iam-address-wrong": ("sign-in", _(
        "There is no identity service at the IAM address. Ask the portal administrator to check "
        "the region and IAM address of the credential."
    )),
    "key-refused": ("sign-in", _(
        "AK and SK do not match. Enter both again, or create a new pair in the Huawei Cloud "
        "console under “My Credentials”. After more than 5 rejected signatures a pair is locked "
        "for 5 minutes, even if it is correct by then, so leave 5 minutes between two checks."
    )),
    "key-locked": ("sign-in", _(
        "This pair of AK and SK is locked for 5 minutes after more than 5 rejected signatures. Do "
        "not try again for 5 minutes, verify AK and SK, then check once."
    )),
    "key-unknown": ("sign-in", _(
        "Huawei Cloud does not know this AK: it is mistyped or was deleted. Enter it again, or "
        "create a new pair in the Huawei Cloud console under “My Credentials”."
    )),
    "keys-expired": ("sign-in", _(
        "The temporary keys have expired. Get new ones and enter AK, SK and security token."
    )),
    "console-only": ("access", _(
        "The IAM user may only use the console. Ask the administrator of the Huawei Cloud "
        "account to allow “programmatic access” for this user in IAM."
    )),
    "user-disabled": ("access", _(
        "The IAM user or its key is disabled. Ask the administrator of the Huawei Cloud account to "
        "enable it in IAM."
    )),
    "user-is-account": ("access", _(
        "The sign-in works, but tokens of an IAM user with the same name as its account are "
        "rejected. Ask the administrator of the Huawei Cloud account for an IAM user with another "
        "name, and enter that user."
    )),
    "project-missing": ("project", _(
        "Your account has no project in the region %(region)s yet. Open the OCR page of the Huawei "
        "Cloud console with this region selected, which creates the project, then check again."
    )),
    "project-ambiguous": ("project", _(
        "There are several projects in the region %(region)s. Enter the ID of the one to use in "
        "the credential. The console lists them under “My Credentials”."
    )),
    "token-without-project": ("project", _(
        "The sign-in works, but the token has no project. Enter the project ID of the region in "
        "the credential. The console lists it under “My Credentials”."
    )),
    "region-mismatch": ("region", _(
        "The credential and the address belong to different regions. Check that the region, "
        "project ID and custom addresses of the credential all belong to the region %(region)s."
    )),
    "service-elsewhere": ("region", _(
        "“%(service)s” is not offered in the region %(region)s. Choose another service, or add "
        "a credential for a region that offers it."
    )),
    "not-permitted": ("service", _(
        "The user has no permission for OCR. Ask the administrator of the Huawei Cloud account to "
        "grant “OCR FullAccess” for the project of the region %(region)s in IAM."
    )),
    "not-subscribed": ("service", _(
        "“%(service)s” is not enabled for this account in the region %(region)s. Enable it in the "
        "OCR console of that region, or ask the administrator of the account to do so."
    )),
    "arrears": ("service", _(
        "The account is in arrears, frozen or restricted. Ask the owner of the Huawei Cloud "
        "account to pay the outstanding balance, or to check in the console what is restricted."
    )),
}  # fmt: skip
"""The findings by code: the step each belongs to, and its sentence."""

_BY_CLOUD_CODE = {
    "portal:key-characters": "stray-characters",
    "IAM.0062": "password-refused",
    "IAM:user-info": "names-do-not-fit",
    "IAM:account-locked": "account-locked",
    "IAM.0061": "account-locked",
    "IAM:no-programmatic-access": "console-only",
    "IAM.0081": "console-only",
    "IAM.0080": "user-disabled",
    "IAM.0082": "user-disabled",
    "portal:project-missing": "project-missing",
    "portal:project-ambiguous": "project-ambiguous",
    "ModelArts.0212": "token-without-project",
    "APIG.0307": "region-mismatch",
    "APIG.0802": "region-mismatch",
    "IAM.0083": "region-mismatch",
    "ModelArts.4503": "service-elsewhere",
    "ModelArts.4504": "service-elsewhere",
    "ModelArts.4506": "service-elsewhere",
    "APIG.0302": "not-permitted",
    "APIG.0306": "not-permitted",
    "IAM.0002": "not-permitted",
    "IAM.0003": "not-permitted",
    "IAM.0064": "not-permitted",
    "ModelArts.4203": "not-permitted",
    "ModelArts.4204": "not-subscribed",
    "APIG.0501": "arrears",
    "APIG.0502": "arrears",
    "ModelArts.4106": "arrears",
}
_BY_MESSAGE = {
    "verify aksk signature fail": "key-refused",
    "failed to reach the limit": "key-locked",
    "ak not exist": "key-unknown",
}
"""Findings for codes with several meanings, by the catalogue's part of the message."""


def finding(code: str, **params: str | int) -> Problem:
    """The finding with this code."""
    step, sentence = _SENTENCES[code]
    return Problem(code, step, params, sentence)


def finding_for(error: EngineError, access: CloudAccess, service: str, during: StepKey) -> Problem:
    """The problem behind an error that occurred ``during`` a step."""
    code = _code_for(error, access, during)
    if code is None:
        return Problem(error.code, during, dict(error.params))
    facts = {"service": service, "region": access.region, **error.params}
    step, sentence = _SENTENCES[code]
    used = {name: value for name, value in facts.items() if f"%({name})s" in str(sentence)}
    return Problem(code, step, used, sentence)


def _code_for(error: EngineError, access: CloudAccess, during: StepKey) -> str | None:
    match error:
        case CertificateRefused():
            return "certificate"
        case CloudTimeout():
            return "host-silent"
        case CloudAnswerUnreadable():
            return "not-the-cloud"
        case CloudUnreachable():
            if access.proxy and error.params["host"] == host_of(access.proxy):
                return "proxy-unreachable"
            return "host-unknown" if name_is_unknown(error) else "host-unreachable"
        case CloudApiError():
            return _code_of(error, access, during)
    return None


def _code_of(error: CloudApiError, access: CloudAccess, during: StepKey) -> str | None:
    api_error = api_error_of(error)
    is_account = access.kind == "token" and access.iam_user == access.domain
    if api_error.code == "portal:tls-failure":
        return "tls"
    if api_error.code == "IAM:bad-credentials":
        return "account-login-refused" if is_account else "password-refused"
    if api_error.code in ("APIG.0101", "APIGW.0101"):  # no API at this address
        return "iam-address-wrong" if during == "sign-in" else "region-mismatch"
    known = find_error(api_error.code, api_error.message)
    part = known.contains if known else None
    if part in _BY_MESSAGE:
        return _BY_MESSAGE[part]
    if part == "signature expired" and access.security_token:
        return "keys-expired"
    if api_error.code != "ModelArts.0212" and is_account and next_step(error) == "renew-token":
        # Refused although the sign-in has just succeeded.
        return "user-is-account"
    if part == "decrypt token fail":
        # If the region is right, a token that cannot be read belongs to a frozen account.
        return "region-mismatch" if access.ocr_endpoint else "arrears"
    return _BY_CLOUD_CODE.get(api_error.code)
