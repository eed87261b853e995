#include "tests/bench/scenarios.hpp"

namespace portolan::bench {

namespace {

std::string document(std::string_view host)
{
    const auto server = [host](std::string_view element, std::string_view type, int port) {
        return "<" + std::string(element) + " type=\"" + std::string(type) + "\"><hostname>" + std::string(host) + "</hostname><port>" +
               std::to_string(port) + "</port><socketType>SSL</socketType><authentication>password-cleartext</authentication>" +
               "<username>%EMAILADDRESS%</username></" + std::string(element) + ">";
    };
    return "<clientConfig version=\"1.1\"><emailProvider id=\"p\">" + server("incomingServer", "imap", 993) + server("outgoingServer", "smtp", 465) +
           "</emailProvider></clientConfig>";
}

const std::string path = "/mail/config-v1.1.xml";

void srv_pair(FarAway& net, const std::string& domain, const std::string& host, std::uint16_t priority = 0)
{
    net.srv("_imaps._tcp." + domain, 993, host, priority);
    net.srv("_submissions._tcp." + domain, 465, host, priority);
}

/// Every domain but the provider's has a web server that knows nothing of mail, as most have.
void healthy(FarAway& net)
{
    net.mail("imap.gmx.net", "192.0.2.10");
    net.mail("mail.gmx.net", "192.0.2.11");

    net.web("srv.example", "192.0.2.20");
    net.mail("mail.srv.example", "192.0.2.21");
    srv_pair(net, "srv.example", "mail.srv.example");

    net.web("auto.example", "192.0.2.30");
    net.mail("mail.auto.example", "192.0.2.31");
    net.web("autoconfig.auto.example", "192.0.2.32", {{path, document("mail.auto.example")}});

    net.web("guess.example", "192.0.2.40");
    net.mail("imap.guess.example", "192.0.2.41");
    net.mail("smtp.guess.example", "192.0.2.42");

    // The same at a hoster whose servers' names nobody could know before.
    net.mail("mx1.hoster.example", "192.0.2.50");
    net.web("far-srv.example", "192.0.2.51");
    srv_pair(net, "far-srv.example", "mx1.hoster.example");
    net.web("far-auto.example", "192.0.2.52");
    net.web("autoconfig.far-auto.example", "192.0.2.53", {{path, document("mx1.hoster.example")}});

    // Every name leads to the web server; where mail is, the SRV records say.
    net.wildcard("wild.example", "192.0.2.60");
    srv_pair(net, "wild.example", "mx1.hoster.example");
}

void one_dead_host(FarAway& net)
{
    net.web("dead-smtp.example", "192.0.2.70");
    net.mail("imap.dead-smtp.example", "192.0.2.71");
    net.mail("mail.dead-smtp.example", "192.0.2.72");
    net.silent("smtp.dead-smtp.example", "192.0.2.73");

    net.web("dead-target.example", "192.0.2.75");
    net.silent("one.dead-target.example", "192.0.2.76");
    net.mail("mail.dead-target.example", "192.0.2.77");
    srv_pair(net, "dead-target.example", "one.dead-target.example", 10);
    srv_pair(net, "dead-target.example", "mail.dead-target.example", 20);

    net.silent("dead-web.example", "192.0.2.80");
    net.mail("imap.dead-web.example", "192.0.2.81");
    net.mail("smtp.dead-web.example", "192.0.2.82");

    net.web("dead-autoconfig.example", "192.0.2.85");
    net.silent("autoconfig.dead-autoconfig.example", "192.0.2.86");
    net.mail("mail.dead-autoconfig.example", "192.0.2.87");
    srv_pair(net, "dead-autoconfig.example", "mail.dead-autoconfig.example");

    // AAAA records for hosts that can be reached by IPv4 alone.
    net.web("dead-six.example", "192.0.2.90");
    net.silent("dead-six.example", "2001:db8::90");
    net.mail("mail.dead-six.example", "192.0.2.91");
    net.silent("mail.dead-six.example", "2001:db8::91");
    net.web("autoconfig.dead-six.example", "192.0.2.92", {{path, document("mail.dead-six.example")}});
    net.silent("autoconfig.dead-six.example", "2001:db8::92");
    net.web("six-srv.example", "192.0.2.94");
    net.silent("six-srv.example", "2001:db8::94");
    net.mail("mail.six-srv.example", "192.0.2.95");
    net.silent("mail.six-srv.example", "2001:db8::95");
    srv_pair(net, "six-srv.example", "mail.six-srv.example");
    net.web("six-guess.example", "192.0.2.96");
    net.silent("six-guess.example", "2001:db8::96");
    net.mail("imap.six-guess.example", "192.0.2.97");
    net.silent("imap.six-guess.example", "2001:db8::97");
    net.mail("smtp.six-guess.example", "192.0.2.98");
    net.silent("smtp.six-guess.example", "2001:db8::98");

    // Settings that never end, where something else answers.
    net.web("slow-body.example", "192.0.2.100");
    net.endless_web("autoconfig.slow-body.example", "192.0.2.101");
    net.mail("mail.slow-body.example", "192.0.2.102");
    srv_pair(net, "slow-body.example", "mail.slow-body.example");
}

void nothing_but_trouble(FarAway& net)
{
    int last = 110;
    for (const auto* name : {"", "autoconfig.", "autodiscover.", "ua-auto-config.", "imap.", "pop.", "pop3.", "smtp.", "mail.", "mx.", "one.", "two."})
        net.silent(std::string(name) + "all-dead.example", "192.0.2." + std::to_string(last++));
    net.mx("all-dead.example", "mx.all-dead.example");
    srv_pair(net, "all-dead.example", "one.all-dead.example");
    srv_pair(net, "all-dead.example", "two.all-dead.example", 10);

    net.endless_web("endless.example", "192.0.2.130");
    net.endless_web("autoconfig.endless.example", "192.0.2.131");
    net.endless_web("autodiscover.endless.example", "192.0.2.132");
    net.endless_web("ua-auto-config.endless.example", "192.0.2.133");

    net.lossy("loss-srv.example", bad_day);
    net.web("loss-srv.example", "192.0.2.140");
    net.mail("mail.loss-srv.example", "192.0.2.141");
    srv_pair(net, "loss-srv.example", "mail.loss-srv.example");
    net.lossy("loss-guess.example", bad_day);
    net.web("loss-guess.example", "192.0.2.145");
    net.mail("imap.loss-guess.example", "192.0.2.146");
    net.mail("smtp.loss-guess.example", "192.0.2.147");
    net.lossy("loss-auto.example", bad_day);
    net.web("loss-auto.example", "192.0.2.150");
    net.mail("mail.loss-auto.example", "192.0.2.151");
    net.web("autoconfig.loss-auto.example", "192.0.2.152", {{path, document("mail.loss-auto.example")}});
}

}

std::span<const Scenario> scenarios()
{
    constexpr auto dead_host = 800ms, dead_family = 300ms;
    static constexpr std::array all{
        // Five are the least for submission: name, connect, TLS, greeting, EHLO; a client waits for the greeting (RFC 5321 section 4.3.1). IMAP,
        // whose greeting carries the capabilities, is there after four. "Elsewhere" the host's name is known only from the first answer, and its
        // address is one round trip more; the bound is the same.
        Scenario{"catalogue", "alice@gmx.net", "imap.gmx.net", Goal::bound, 5},
        Scenario{"srv", "alice@srv.example", "mail.srv.example", Goal::bound, 5},
        Scenario{"autoconfig", "alice@auto.example", "mail.auto.example", Goal::bound, 8},
        Scenario{"guess", "alice@guess.example", "imap.guess.example", Goal::bound, 5},
        Scenario{"srv-elsewhere", "alice@far-srv.example", "mx1.hoster.example", Goal::bound, 5},
        Scenario{"autoconfig-elsewhere", "alice@far-auto.example", "mx1.hoster.example", Goal::bound, 8},
        Scenario{"wildcard-zone", "alice@wild.example", "mx1.hoster.example", Goal::bound, 5},
        Scenario{"dead-smtp", "alice@dead-smtp.example", "imap.dead-smtp.example", Goal::near_twin, 0, "guess", dead_host, 2},
        Scenario{"dead-srv-target", "alice@dead-target.example", "mail.dead-target.example", Goal::near_twin, 0, "srv", dead_host, 2},
        Scenario{"dead-web-site", "alice@dead-web.example", "imap.dead-web.example", Goal::near_twin, 0, "guess", dead_host, 2},
        Scenario{"dead-autoconfig", "alice@dead-autoconfig.example", "mail.dead-autoconfig.example", Goal::near_twin, 0, "srv", dead_host, 2},
        Scenario{"slow-body", "alice@slow-body.example", "mail.slow-body.example", Goal::near_twin, 0, "srv", dead_host, 2},
        Scenario{"dead-ipv6-srv", "alice@six-srv.example", "mail.six-srv.example", Goal::near_twin, 0, "srv", dead_family, 2},
        Scenario{"dead-ipv6-autoconfig", "alice@dead-six.example", "mail.dead-six.example", Goal::near_twin, 0, "autoconfig", dead_family, 2},
        Scenario{"dead-ipv6-guess", "alice@six-guess.example", "imap.six-guess.example", Goal::near_twin, 0, "guess", dead_family, 2},
        Scenario{"loss-srv", "alice@loss-srv.example", "mail.loss-srv.example", Goal::any, 0, "srv"},
        Scenario{"loss-autoconfig", "alice@loss-auto.example", "mail.loss-auto.example", Goal::any, 0, "autoconfig"},
        Scenario{"loss-guess", "alice@loss-guess.example", "imap.loss-guess.example", Goal::any, 0, "guess"},
        Scenario{"all-dead", "alice@all-dead.example", "", Goal::end, 0, "", {}, 7},
        Scenario{"endless-bodies", "alice@endless.example", "", Goal::end, 0, "", {}, 7},
    };
    return all;
}

void build(FarAway& net)
{
    healthy(net);
    one_dead_host(net);
    nothing_but_trouble(net);
}

}
