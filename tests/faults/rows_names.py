"""What can be wrong with names."""

from row import Row

ROWS = [
    Row("F01", "the domain does not exist", "alice@no-such-domain.example", "dns-no-such-domain", "you", outcome="not-found"),
    Row("F02", "the domain exists and publishes nothing about mail", "alice@empty.example", "nothing-published", "domain-owner", outcome="not-found"),
    Row("F03", "the domain says that it takes no mail (RFC 7505)", "alice@mute.example", "takes-no-mail", "domain-owner", outcome="not-found"),
    Row("F04", "the domain's name servers fail", "alice@fog.example", "dns-failure", "domain-owner", outcome="not-found"),
]
