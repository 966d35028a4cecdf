"""A little internet of its own: a network name space in which numbers are what we say.

    unshare --net --mount --map-root-user python -m tests.fakes.internet

Nothing in it reaches this machine or any other. It holds a name server that may answer each
question otherwise, a public website, and websites behind the firewall that count who comes.
"""
