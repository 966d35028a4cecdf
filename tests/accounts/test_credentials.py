"""Who may use a credential, what an engine is given of it, and one sign-in for all."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import Group
from django.http import Http404
from django.utils import timezone

from ocrportal.accounts.credential_changes import change_credential
from ocrportal.accounts.credentials import (
    access_of,
    credential_chosen,
    credential_for,
    credential_named,
    credentials_of,
    mark_verified,
    may_use,
    own_credential_for,
    rotate_secrets,
    shown_proxy,
    storage_credentials_of,
    store_of,
    token_store,
    unreadable_credentials,
)
from ocrportal.accounts.models import Credential
from ocrportal.accounts.suspensions import resume, suspend, suspension_of
from ocrportal.engines.cloud import Token
from ocrportal.errors.engine import (
    CloudTimeout,
    CredentialRefused,
    CredentialRemoved,
    TransientError,
)
from ocrportal.errors.ingest import StoreKeyRefused, StoreUnreachable
from ocrportal.ingest.fetch.store import Store
from tests.accounts.conftest import PASSWORD, SECRET
from tests.portal import ROOT, Portal

REFUSAL = CredentialRefused(cloud_code="IAM:bad-credentials", cloud_message="wrong")


# Who may use it


def test_a_credential_is_its_owners_alone(make_credential, alice, bob, admin):
    credential = make_credential()
    assert list(credentials_of(alice)) == [credential]
    assert credential_for(alice, credential.pk) == credential
    assert may_use(alice, credential)
    for other in (bob, admin):
        assert list(credentials_of(other)) == []
        assert not may_use(other, credential)
        assert credential_named(other, credential.name) is None
        with pytest.raises(Http404):
            credential_for(other, credential.pk)


def test_who_it_is_shared_with_uses_it_and_does_not_own_it(make_credential, alice, bob):
    credential = make_credential()
    credential.shared_users.add(bob)
    assert credential_for(bob, credential.pk) == credential
    assert may_use(bob, credential)
    with pytest.raises(Http404):
        own_credential_for(bob, credential.pk)


def test_a_group_shares_with_its_members_as_long_as_they_are(make_credential, bob):
    credential = make_credential()
    group = Group.objects.create(name="accounting")
    credential.shared_groups.add(group)
    assert not may_use(bob, credential)
    bob.groups.add(group)
    assert may_use(bob, credential)
    bob.groups.remove(group)
    assert not may_use(bob, credential)


def test_shared_twice_it_is_listed_once(make_credential, bob):
    credential = make_credential()
    group = Group.objects.create(name="accounting")
    bob.groups.add(group)
    credential.shared_groups.add(group)
    credential.shared_users.add(bob)
    assert list(credentials_of(bob)) == [credential]


def test_of_two_with_one_name_ones_own_is_meant(make_credential, bob):
    shared = make_credential(name="Beijing")
    shared.shared_users.add(bob)
    assert credential_named(bob, "Beijing") == shared
    own = make_credential(owner=bob, name="Beijing")
    assert credential_named(bob, "Beijing") == own


def test_the_list_needs_the_same_number_of_queries_however_long(
    make_credential, alice, django_assert_num_queries
):
    for number in range(3):
        make_credential(name=f"no {number}")
        with django_assert_num_queries(2):
            assert [(row.is_suspended, row.owner.username) for row in credentials_of(alice)]


# What an engine is given


def test_an_engine_gets_the_secrets_in_clear_and_the_row_keeps_them_encrypted(make_credential):
    values = {"security_token": "STS==", "proxy": "http://me:pw@proxy.example.org:8080"}
    credential = make_credential(**values, connect_seconds=3, project_id="p1")
    access = access_of(credential)
    assert (access.kind, access.region, access.project_id) == ("aksk", "cn-north-4", "p1")
    assert (access.secret, access.security_token) == (SECRET, "STS==")
    assert (access.proxy, access.connect_seconds) == (values["proxy"], 3.0)
    stored = " ".join(map(str, Credential.objects.values_list().get()))
    assert [text for text in (SECRET, "STS==", "me:pw") if text in stored] == []
    assert [text for text in (SECRET, "STS==", "me:pw") if text in repr(access)] == []


def test_a_lost_key_raises_an_error_with_the_remedy(make_credential, settings):
    credential = make_credential()
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CredentialRefused, match="Enter the password or key again"):
        access_of(credential)
    assert unreadable_credentials() == [credential]


def test_of_a_proxy_all_but_its_password_is_shown(make_credential, settings):
    credential = make_credential(proxy="http://me:pw@proxy.example.org:8080")
    assert shown_proxy(credential) == "http://me:•••@proxy.example.org:8080"
    assert (
        shown_proxy(make_credential(name="b", proxy="http://10.1.1.1:80")) == "http://10.1.1.1:80"
    )
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    assert shown_proxy(credential) == ""


def test_only_a_call_with_the_keys_of_now_proves_the_credential(make_credential, alice):
    earlier = make_credential()
    change_credential(user=alice, credential=earlier, values={"secret": "another"})
    mark_verified(earlier)
    assert Credential.objects.get().verified_at is None
    mark_verified(Credential.objects.get())
    verified_at = Credential.objects.get().verified_at
    assert verified_at is not None
    mark_verified(Credential.objects.get())
    assert Credential.objects.get().verified_at == verified_at


def test_rotation_lets_the_old_key_go_and_leaves_what_no_key_decrypts(make_credential, settings):
    old, new = settings.CREDENTIAL_KEYS[0], Fernet.generate_key().decode()
    credential = make_credential(security_token="STS", proxy="http://a:b@93.184.215.14")
    token_store(credential).renew(lambda: a_token("t1"), None)
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    lost = make_credential(name="lost")
    settings.CREDENTIAL_KEYS = [new, old]
    assert rotate_secrets() == 1
    settings.CREDENTIAL_KEYS = [new]
    row = Credential.objects.get(pk=credential.pk)
    assert access_of(row) == access_of(row)
    assert (access_of(row).secret, access_of(row).security_token) == (SECRET, "STS")
    assert shown_proxy(row) == "http://a:•••@93.184.215.14"
    assert token_store(row).current().value == "t1"
    assert unreadable_credentials() == [lost]


# One token for all


def a_token(value: str, hours: float = 24) -> Token:
    expires_at = dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours)
    return Token(value=value, expires_at=expires_at, project_id="p1")


def refuse() -> Token:
    raise REFUSAL


def never() -> Token:
    raise AssertionError("unexpected sign-in")


def time_out() -> Token:
    raise CloudTimeout(host="iam.example.org")


def test_a_token_is_kept_encrypted_until_shortly_before_it_expires(make_credential):
    credential = make_credential(kind="token")
    store = token_store(credential)
    assert store.current() is None
    given = a_token("MIIsecret")
    assert store.renew(lambda: given, None) == given
    assert store.current() == given == token_store(credential).current()
    assert "MIIsecret" not in Credential.objects.get().token
    Credential.objects.update(token_expires_at=timezone.now() + dt.timedelta(minutes=9))
    assert store.current() is None


def test_a_token_renewed_by_another_process_is_used(make_credential):
    store = token_store(make_credential(kind="token"))
    stale = store.renew(lambda: a_token("first"), None)
    fresh = store.renew(lambda: a_token("second"), stale)
    assert fresh.value == "second"
    assert store.renew(never, stale).value == "second"


def test_a_refused_password_is_tried_once_until_it_is_fixed(make_credential, alice):
    credential = make_credential(kind="token")
    with pytest.raises(CredentialRefused):
        token_store(credential).renew(refuse, None)
    assert suspension_of(credential.pk, "id-card").error_params == REFUSAL.params
    with pytest.raises(CredentialRefused) as raised:
        token_store(credential).renew(never, None)
    assert raised.value.params == REFUSAL.params
    fixed = change_credential(user=alice, credential=credential, values={"secret": "right"})
    assert token_store(fixed).renew(lambda: a_token("new"), None).value == "new"


def test_the_check_of_a_held_credential_may_try_it(make_credential):
    credential = make_credential(kind="token")
    suspend(credential, REFUSAL, "")
    store = token_store(credential, ignore_suspension=True)
    assert store.renew(lambda: a_token("new"), None).value == "new"


def test_a_network_error_does_not_prevent_the_next_sign_in(make_credential):
    credential = make_credential(kind="token")
    with pytest.raises(CloudTimeout):
        token_store(credential).renew(time_out, None)
    assert suspension_of(credential.pk, "") is None
    assert token_store(credential).renew(lambda: a_token("new"), None).value == "new"


def test_a_process_that_died_over_its_sign_in_is_not_waited_for(make_credential):
    credential = make_credential(kind="token")
    Credential.objects.update(signing_in_until=timezone.now() - dt.timedelta(seconds=1))
    assert token_store(credential).renew(lambda: a_token("new"), None).value == "new"


def test_no_second_sign_in_starts_during_the_slowest_possible_one(make_credential):
    credential = make_credential(kind="token", connect_seconds=60, read_seconds=300)

    def sign_in_slowly() -> Token:
        (until,) = Credential.objects.values_list("signing_in_until", flat=True)
        assert until - timezone.now() > dt.timedelta(seconds=60 + 300 + 300)
        return a_token("new")

    assert token_store(credential).renew(sign_in_slowly, None).value == "new"


def test_a_call_begun_with_the_former_password_neither_signs_in_nor_gets_the_new_token(
    make_credential, alice
):
    former = make_credential(kind="token")
    change_credential(user=alice, credential=former, values={"secret": "new"})
    for attempt in (lambda: token_store(former).renew(never, None), token_store(former).current):
        with pytest.raises(TransientError):
            attempt()


def test_a_refusal_of_the_former_password_holds_nothing(make_credential, alice):
    credential = make_credential(kind="token")

    def change_meanwhile() -> Token:
        change_credential(user=alice, credential=credential, values={"secret": "new"})
        raise REFUSAL

    with pytest.raises(CredentialRefused):
        token_store(credential).renew(change_meanwhile, None)
    assert suspension_of(credential.pk, "") is None
    assert Credential.objects.get().sign_in_failure == {}


def test_a_credential_removed_meanwhile_raises_an_error(make_credential):
    credential = make_credential(kind="token")
    Credential.objects.all().delete()
    with pytest.raises(CredentialRemoved):
        token_store(credential).current()


def test_with_lost_keys_the_token_is_fetched_again(make_credential, settings):
    credential = make_credential(kind="token")
    token_store(credential).renew(lambda: a_token("old"), None)
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    assert token_store(credential).renew(lambda: a_token("new"), None).value == "new"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    """Tables in a database of their own, which several processes can use."""
    portal = Portal(tmp_path_factory.mktemp("sign_ins"), name="sign_ins")
    portal.manage("migrate", "--verbosity", "0")
    return portal


@pytest.mark.parametrize("outcome", ["token", "refused", "timeout"])
def test_of_many_threads_in_many_processes_one_signs_in_for_all(
    portal: Portal, tmp_path: Path, outcome: str
):
    processes, threads = 3, 4
    user = portal.ask(f"User.objects.create(username={outcome!r}).pk")
    made = f"Credential.objects.create(owner_id={user}, name='n', kind='token', region='r').pk"
    credential = portal.ask(made)
    crowd = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.accounts.sign_ins", str(credential), str(threads),
             str(processes * threads), outcome, str(tmp_path)],
            cwd=ROOT,
            env=portal.environment | {"DJANGO_SETTINGS_MODULE": "ocrportal.settings"},
            stdout=subprocess.PIPE,
        )
        for _ in range(processes)
    ]  # fmt: skip
    answers = [json.loads(process.communicate(timeout=100)[0]) for process in crowd]
    reported = [answer for part in answers for answer in part]
    assert len(reported) == processes * threads
    assert len(set(reported)) == 1, "all get the same token, or the same error"
    assert len(list(tmp_path.glob("sign-in-*"))) == 1
    assert ("refused" in reported[0], "timeout" in reported[0]) == (
        outcome == "refused",
        outcome == "timeout",
    )
    holds = portal.ask(f"Credential.objects.get(pk={credential}).suspensions.count()")
    assert holds == (outcome == "refused")


def test_a_release_lets_the_next_one_sign_in(make_credential):
    credential = make_credential(kind="token")
    suspend(credential, REFUSAL, "")
    resume(credential)
    assert token_store(credential).renew(lambda: a_token("new"), None).value == "new"
    assert access_of(credential).secret == PASSWORD


class TestStores:
    """The object storage that a credential's access key opens."""

    def test_it_is_the_one_of_the_region_unless_it_has_an_address_of_its_own(
        self, make_credential, settings
    ):
        settings.INTERNAL_HOSTS = ["10.0.0.0/8"]
        store = store_of(make_credential(security_token="temporary", ca_bundle="PEM"))
        assert store == Store(
            endpoint="https://obs.cn-north-4.myhuaweicloud.com",
            region="cn-north-4",
            access_key="AKALICE0123456789ABC",
            secret_key=SECRET,
            security_token="temporary",
            ca_bundle="PEM",
            internal_hosts=("10.0.0.0/8",),
        )
        assert SECRET not in repr(store)
        own = make_credential(name="Own", obs_endpoint="https://93.184.215.14")
        assert store_of(own).endpoint == "https://93.184.215.14"

    def test_an_undecryptable_secret_asks_for_the_key_again(self, make_credential, settings):
        credential = make_credential()
        settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
        with pytest.raises(StoreKeyRefused, match="enter AK and SK again"):
            store_of(credential)

    def test_a_proxy_behind_the_firewall_is_not_used(self, make_credential):
        credential = make_credential(proxy="http://10.1.2.3:3128")
        with pytest.raises(StoreUnreachable, match=r"10\.1\.2\.3"):
            store_of(credential)

    def test_only_access_keys_open_storage(self, make_credential, alice, bob):
        key = make_credential()
        make_credential(name="User", kind="token")
        assert list(storage_credentials_of(alice)) == [key]
        assert list(storage_credentials_of(bob)) == []

    def test_one_is_chosen_by_its_id_or_its_name(self, make_credential, alice, bob):
        key = make_credential()
        assert [credential_chosen(alice, text) for text in (str(key.pk), "Beijing", "x", "")] == [
            key,
            key,
            None,
            None,
        ]
        assert credential_chosen(bob, str(key.pk)) is None
