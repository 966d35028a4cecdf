"""A private network namespace with its own addresses and servers.

    unshare --net --mount --map-root-user python -m tests.fakes.internet

It has no connection to this or any other machine. It contains a DNS server whose answers may change
between queries, a public web site, and internal web sites that count their visits.
"""
