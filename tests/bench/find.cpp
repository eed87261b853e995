// Time from an address to tested endpoints over 50 ms of round trip, as a multiple of it. The search is the real one, by its own clock.
#include "tests/bench/far_away.hpp"

#include <cstdio>
#include <cstring>

using namespace portolan;
using namespace portolan::bench;

namespace {

std::string document(std::string_view imap, std::string_view smtp)
{
    const auto server = [](std::string_view element, std::string_view type, std::string_view host, int port) {
        return "<" + std::string(element) + " type=\"" + std::string(type) + "\"><hostname>" + std::string(host) + "</hostname><port>" + std::to_string(port) +
               "</port><socketType>SSL</socketType><authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></" + std::string(element) + ">";
    };
    return "<clientConfig version=\"1.1\"><emailProvider id=\"p\">" + server("incomingServer", "imap", imap, 993) + server("outgoingServer", "smtp", smtp, 465) + "</emailProvider></clientConfig>";
}

void build(FarAway& net)
{
    // Every domain but the provider's has a web server that knows nothing of mail, as most have.
    net.mail("imap.gmx.net", "192.0.2.10");
    net.mail("mail.gmx.net", "192.0.2.11");

    net.web("srv.example", "192.0.2.20");
    net.mail("mail.srv.example", "192.0.2.21");
    net.srv("_imaps._tcp.srv.example", 993, "mail.srv.example");
    net.srv("_submissions._tcp.srv.example", 465, "mail.srv.example");

    net.web("auto.example", "192.0.2.30");
    net.mail("mail.auto.example", "192.0.2.31");
    net.web("autoconfig.auto.example", "192.0.2.32", {{"/mail/config-v1.1.xml", document("mail.auto.example", "mail.auto.example")}});

    net.web("guess.example", "192.0.2.40");
    net.mail("imap.guess.example", "192.0.2.41");
    net.mail("smtp.guess.example", "192.0.2.42");

    // The same at a hoster whose servers' names nobody could know before.
    net.mail("mx1.hoster.example", "192.0.2.50");
    net.web("far-srv.example", "192.0.2.51");
    net.srv("_imaps._tcp.far-srv.example", 993, "mx1.hoster.example");
    net.srv("_submissions._tcp.far-srv.example", 465, "mx1.hoster.example");
    net.web("far-auto.example", "192.0.2.52");
    net.web("autoconfig.far-auto.example", "192.0.2.53", {{"/mail/config-v1.1.xml", document("mx1.hoster.example", "mx1.hoster.example")}});
}

struct Figure {
    const char* name;
    const char* address;
    const char* incoming;                      ///< the host that has to be found
    double goal;                               ///< in round trips; 0: none
};
constexpr std::array figures{
    // Five are the least for submission: name, connect, TLS, greeting, EHLO; a client waits for the greeting (RFC 5321 section 4.3.1). IMAP, whose greeting
    // carries the capabilities, is there after four.
    Figure{"catalogue", "alice@gmx.net", "imap.gmx.net", 4},
    Figure{"srv", "alice@srv.example", "mail.srv.example", 5},
    Figure{"autoconfig", "alice@auto.example", "mail.auto.example", 8},
    Figure{"guess", "alice@guess.example", "imap.guess.example", 5},
    Figure{"srv-elsewhere", "alice@far-srv.example", "mx1.hoster.example", 0},
    Figure{"autoconfig-elsewhere", "alice@far-auto.example", "mx1.hoster.example", 0},
};

std::optional<Report> search_once(FarAway& net, const char* address)
{
    asio::io_context loop;
    World world;
    world.clock = std::make_unique<SteadyClock>();
    world.tls = *TlsClient::make({}, *world.clock);
    world.tls->add_anchors(net.authority());
    world.resolver = make_cares_resolver(loop, {net.resolver()});
    world.connector = make_socket_connector(world.tls, [&net](IpEndpoint to) { return net.route(to); });
    std::optional<Report> report;
    {
        Run run(loop, world);
        asio::co_spawn(loop, find(*parse_email_address(address), run.around(), {}), [&](std::exception_ptr thrown, Report one) {
            if (!thrown) report = std::move(one);
        });
        while (!report && loop.run_one_for(std::chrono::seconds(30)) > 0) {}
    }
    return report;
}

void waterfall(const Report& report)
{
    for (const auto& probe : report.probes)
        if (probe.kind != ProbeKind::dns || probe.elapsed_ms > 60)
            std::fprintf(stderr, "  %5d +%4d  %-7s %-9s %s %s\n", probe.started_ms, probe.elapsed_ms, std::string(slug(probe.kind)).c_str(), std::string(slug(probe.outcome)).c_str(), probe.target.c_str(), probe.detail.c_str());
}

}

/// bench_find RUNS [--waterfall]: one line a figure, "name median-ratio goal passed(0|1)".
int main(int count, char** arguments)
{
    const int runs = count > 1 ? std::max(1, std::atoi(arguments[1])) : 5;
    const bool show = count > 2 && std::strcmp(arguments[2], "--waterfall") == 0;
    FarAway net;
    build(net);
    net.start();
    for (const auto& figure : figures) {
        std::vector<int> times;
        for (int i = 0; i < runs; ++i) {
            const auto report = search_once(net, figure.address);
            const auto* incoming = report ? report->account.incoming() : nullptr;
            const auto* outgoing = report ? report->account.find(ServiceKind::smtp) : nullptr;
            if (!incoming || !outgoing || incoming->host.text() != figure.incoming || incoming->state != ServiceState::reachable || outgoing->state != ServiceState::reachable) {
                std::fprintf(stderr, "bench_find: %s: the tested pair was not found\n", figure.name);
                if (report) waterfall(*report);
                return 1;
            }
            times.push_back(report->elapsed_ms);
            if (show && i == 0) {
                std::fprintf(stderr, "%s: %d ms\n", figure.name, report->elapsed_ms);
                waterfall(*report);
            }
        }
        std::ranges::sort(times);
        const double median = times[times.size() / 2], trip = static_cast<double>(round_trip.count());
        const bool passed = figure.goal == 0 || median <= figure.goal * trip + 30;
        std::printf("%s %.2f %.0f %d\n", figure.name, median / trip, figure.goal, passed ? 1 : 0);
        std::fflush(stdout);
    }
    return 0;
}
