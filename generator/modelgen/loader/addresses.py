"""Which addresses are of the public internet, by the registries of IANA.

What Python says depends on its age; the tables below are of 2025 and make up for that. Where the registries know a
prefix that is public inside one that is not, it is left out: no document is there.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# iana-ipv4-special-registry, and the deprecated anycast addresses of 6to4 relays
_SPECIAL_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
# iana-ipv6-address-space: nothing else is given out for unicast
_GLOBAL_6 = IPv6Network("2000::/3")
# iana-ipv6-special-registry, as far as it lies in that
_SPECIAL_6 = tuple(
    map(
        IPv6Network,
        ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Is this an address of the public internet, and not a spelling of another that is none?"""
    ip = ip_address(address)
    if isinstance(ip, IPv4Address):
        return _is_public_4(ip)
    if embedded := _embedded(ip):
        return _is_public_4(embedded)
    listed = ip in _GLOBAL_6 and not any(ip in network for network in _SPECIAL_6)
    return listed and ip.scope_id is None and ip.is_global


def _is_public_4(ip: IPv4Address) -> bool:
    return ip.is_global and not any(ip in network for network in _SPECIAL_4)


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    """The address that this one only leads to."""
    return IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else ip.ipv4_mapped


def is_loopback(address: str) -> bool:
    return ip_address(address).is_loopback


def is_called_loopback(host: str) -> bool:
    """Whether a host of a URL is this machine, whatever a name server says."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return is_loopback(host)
    except ValueError:
        return False
