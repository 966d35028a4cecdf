"""What the doctor of credentials may find, and how it is told: what, who can mend it, how."""

from __future__ import annotations

from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from ocrportal.catalogue.spec import find_error
from ocrportal.engines.cloud import CloudAccess, Problem
from ocrportal.engines.huawei.http.api_errors import next_step, said_by
from ocrportal.engines.huawei.http.transport import host_of, name_is_unknown
from ocrportal.errors import (
    CertificateRefused,
    CloudAnswerUnreadable,
    CloudSaid,
    CloudTimeout,
    CloudUnreachable,
    EngineError,
)

StepKey = Literal["keys", "address", "clock", "sign-in", "access", "project", "region", "service"]

STEPS: dict[str, Any] = {
    "keys": _("Keys and names are written as they can be"),
    "address": _("Huawei Cloud can be reached"),
    "clock": _("The clock of the portal is right"),
    "sign-in": _("Name and password, or keys, are accepted"),
    "access": _("The user may call services"),
    "project": _("The region has a project"),
    "region": _("Region and address fit together"),
    "service": _("The service is switched on"),
}
"""The steps of a check in their order, and what each shows if it passes."""

_SENTENCES: dict[str, tuple[StepKey, Any]] = {
    "stray-characters": ("keys", _(
        "AK, SK or a name holds a blank or another character that does not belong there, often "
        "from copying. Enter it again in the credential."
    )),
    "host-unknown": ("address", _(
        "The network of the portal knows no %(host)s. Ask the portal's administrator to check "
        "the region or address of the credential and the name server (DNS)."
    )),
    "host-unreachable": ("address", _(
        "%(host)s cannot be reached from the portal. Ask the portal's administrator to check "
        "network, firewall and whether a proxy is needed."
    )),
    "proxy-unreachable": ("address", _(
        "The proxy %(host)s cannot be reached, or refuses to connect. Check its address, name "
        "and password in the credential, or ask the portal's administrator."
    )),
    "host-silent": ("address", _(
        "%(host)s does not answer in time. Check again later; if it stays so, ask the portal's "
        "administrator to check network and proxy."
    )),
    "certificate": ("address", _(
        "The certificate of %(host)s is not trusted. Ask the portal's administrator to give the "
        "credential the CA certificate of your proxy or private cloud."
    )),
    "tls": ("address", _(
        "No encrypted connection to %(host)s comes about. Ask the portal's administrator to "
        "check the address, and what stands between the portal and the cloud."
    )),
    "not-the-cloud": ("address", _(
        "%(host)s answers, but not as Huawei Cloud does (HTTP %(status)s). Ask the portal's "
        "administrator to check address and proxy of the credential."
    )),
    "clock-off": ("clock", _(
        "The clock of the portal's machine is %(minutes)s minutes off; from 15 minutes on "
        "Huawei Cloud refuses its signatures. Ask the portal's administrator to set it (NTP)."
    )),
    "clock-drifts": ("clock", _(
        "The clock of the portal's machine is %(minutes)s minutes off. Ask the portal's "
        "administrator to set it (NTP) before Huawei Cloud refuses its signatures."
    )),
    "service-busy": ("service", _(
        "All else is in order, but whether “%(service)s” is switched on cannot be seen just now: "
        "Huawei Cloud refuses further calls for their number. Check again in a minute."
    )),
    "password-refused": ("sign-in", _(
        "IAM user name, account name or password is wrong. Correct them in the credential and "
        "check again; after 5 failures within 15 minutes Huawei Cloud locks the account."
    )),
    "account-login-refused": ("sign-in", _(
        "You sign in as the account itself, and Huawei Cloud refuses it: an account that was "
        "upgraded to a HUAWEI ID gets no token even with the right password. As the account's "
        "owner, create an IAM user with programmatic access and enter that user here; if it is "
        "no HUAWEI ID, correct the password."
    )),
    "names-do-not-fit": ("sign-in", _(
        "IAM user name and account name do not belong together. Enter both as the Huawei Cloud "
        "console shows them under “My Credentials”."
    )),
    "account-locked": ("sign-in", _(
        "Huawei Cloud has locked the sign-in after too many wrong passwords. Wait 15 minutes "
        "without any try, make sure of the password, then check again. Nobody can unlock it."
    )),
    "iam-address-wrong": ("sign-in", _(
        "No sign-in service answers at the IAM address. Ask the portal's administrator to "
        "check region and IAM address of the credential."
    )),
    "key-refused": ("sign-in", _(
        "AK and SK do not belong together. Enter both again, or create a new pair in the Huawei "
        "Cloud console under “My Credentials”. After more than 5 refused signatures a pair is "
        "locked for 5 minutes, even if it is right by then: wait so long between two checks."
    )),
    "key-locked": ("sign-in", _(
        "The pair of AK and SK is locked for 5 minutes after more than 5 refused signatures. "
        "Wait 5 minutes without any try, make sure of AK and SK, then check once."
    )),
    "key-unknown": ("sign-in", _(
        "Huawei Cloud knows no such AK: it is mistyped, or was deleted. Enter it again, or "
        "create a new pair in the Huawei Cloud console under “My Credentials”."
    )),
    "keys-expired": ("sign-in", _(
        "The temporary keys have expired. Fetch new ones, and enter AK, SK and security token."
    )),
    "console-only": ("access", _(
        "The IAM user may only use the console. Ask the administrator of the Huawei Cloud "
        "account to allow “programmatic access” for this user in IAM."
    )),
    "user-disabled": ("access", _(
        "The IAM user, or its key, is disabled. Ask the administrator of the Huawei Cloud "
        "account to enable it in IAM."
    )),
    "user-is-account": ("access", _(
        "The sign-in works, but tokens of an IAM user with the same name as its account are "
        "refused. Ask the administrator of the Huawei Cloud account for an IAM user with "
        "another name, and enter that one."
    )),
    "project-missing": ("project", _(
        "Your account has no project in the region %(region)s yet. Open the OCR page of the "
        "Huawei Cloud console once with this region chosen, which makes it, and check again."
    )),
    "project-ambiguous": ("project", _(
        "There are several projects in the region %(region)s. Enter the id of the one to use "
        "in the credential; the console lists them under “My Credentials”."
    )),
    "token-without-project": ("project", _(
        "The sign-in works, but gives a token without a project. Enter the project id of the "
        "region in the credential; the console lists it under “My Credentials”."
    )),
    "region-mismatch": ("region", _(
        "Credential and address belong to different regions. Check that region, project id and "
        "own addresses of the credential are all of the region %(region)s."
    )),
    "service-elsewhere": ("region", _(
        "“%(service)s” is not offered in the region %(region)s. Choose another service, or add "
        "a credential for a region that offers it."
    )),
    "not-permitted": ("service", _(
        "The user lacks the permission for OCR. Ask the administrator of the Huawei Cloud "
        "account to grant “OCR FullAccess” for the project of the region %(region)s in IAM."
    )),
    "not-subscribed": ("service", _(
        "“%(service)s” is not switched on for this account in the region %(region)s. Switch it "
        "on in the OCR console of that region, or ask the account's administrator to."
    )),
    "arrears": ("service", _(
        "The account is in arrears, frozen or restricted. Ask the owner of the Huawei Cloud "
        "account to settle the balance, or to see in the console what is restricted."
    )),
}  # fmt: skip
"""Which step a finding belongs to, and its sentence."""

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
"""Of the codes with several meanings: by the part of the message the catalogue knows."""


def finding(code: str, **params: str | int) -> Problem:
    """One of the findings above."""
    step, sentence = _SENTENCES[code]
    return Problem(code, step, params, sentence)


def finding_for(error: EngineError, access: CloudAccess, service: str, during: StepKey) -> Problem:
    """What an error met in a check means; ``during`` says which step was being taken."""
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
        case CloudSaid():
            return _code_said(error, access, during)
    return None


def _code_said(error: CloudSaid, access: CloudAccess, during: StepKey) -> str | None:
    said = said_by(error)
    is_account = access.kind == "token" and access.iam_user == access.domain
    if said.code == "portal:tls-failure":
        return "tls"
    if said.code == "IAM:bad-credentials":
        return "account-login-refused" if is_account else "password-refused"
    if said.code in ("APIG.0101", "APIGW.0101"):  # nothing is at this address
        return "iam-address-wrong" if during == "sign-in" else "region-mismatch"
    known = find_error(said.code, said.message)
    part = known.contains if known else None
    if part in _BY_MESSAGE:
        return _BY_MESSAGE[part]
    if part == "signature expired" and access.security_token:
        return "keys-expired"
    if said.code != "ModelArts.0212" and is_account and next_step(error) == "renew-token":
        # Fresh from the sign-in, and refused all the same.
        return "user-is-account"
    if part == "decrypt token fail":
        # A token of the same region that cannot be read is that of a frozen account.
        return "region-mismatch" if access.ocr_endpoint else "arrears"
    return _BY_CLOUD_CODE.get(said.code)
