"""Owners of leases, and whether their processes have exited."""

from concurrent.futures import ThreadPoolExecutor

from ocrportal.jobs.lease_owner import has_exited, lease_owner


def test_only_an_exited_process_has_exited(exited_worker):
    assert not has_exited(lease_owner())
    assert has_exited(exited_worker)


def test_threads_of_a_process_are_different_owners():
    with ThreadPoolExecutor(1) as other:
        assert other.submit(lease_owner).result() != lease_owner()


def test_a_process_on_another_machine_is_not_taken_for_exited():
    assert not has_exited("elsewhere/4026531836/1/12345/1")
