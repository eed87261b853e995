// Evidence first: every probe is written down when it starts and when it ends, also when it fails; faces listen here.
#pragma once

#include "probe/account/detail.hpp"
#include "probe/net/clock.hpp"

namespace portolan {

enum class ProbeKind : std::uint8_t { dns, http, connect, tls, dialog, sign_in };
enum class ProbeOutcome : std::uint8_t { running, ok, failed, timed_out, cancelled, skipped };
/// Which quarter of the rose it belongs to: names, published settings, incoming, outgoing, other services.
enum class ProbeGroup : std::uint8_t { names, settings, incoming, outgoing, other };

/// What the host of a probe learned of the person.
enum class Told : std::uint8_t { nothing, domain, address };

struct Probe {
    std::string id;                            ///< "p1", "p2", … in order of starting
    ProbeKind kind{};
    ProbeGroup group{};
    std::string target;                        ///< "imap.example.org:993 tls", "MX example.org", a URL without the address in it
    int started_ms = 0;
    int elapsed_ms = 0;
    ProbeOutcome outcome = ProbeOutcome::running;
    std::string detail;                        ///< slugs and raw facts ("certificate-expired", "nxdomain"); no sentences
    std::string host;                          ///< who was asked, where that is known: an HTTP or mail host, "DNS"
    Told told = Told::nothing;
    Detail seen = Detail::none;                ///< of a DNS question: what its answer had about it
};

class ProbeListener {
public:
    virtual ~ProbeListener() = default;
    virtual void started(const Probe& probe) = 0;
    virtual void ended(const Probe& probe) = 0;
};

/// At most 600 probes are kept; further ones are counted.
class Logbook {
public:
    Logbook(Clock& clock, ProbeListener* listener = nullptr);
    std::size_t begin(ProbeKind kind, ProbeGroup group, std::string target);
    void end(std::size_t probe, ProbeOutcome outcome, std::string detail = {});
    /// Who learned what by this probe.
    void told(std::size_t probe, std::string host, Told what);
    void saw(std::size_t probe, Detail what);
    const std::vector<Probe>& probes() const { return probes_; }
    const std::string& id_of(std::size_t probe) const;        ///< "" for a probe past the cap
    int elapsed_ms() const;
    /// Marks every probe that still runs as cancelled (the run is over).
    void close();

private:
    Clock& clock_;
    ProbeListener* listener_;
    TimePoint began_;
    std::vector<Probe> probes_;
};

std::string_view slug(ProbeKind);
std::string_view slug(ProbeOutcome);
std::string_view slug(Told);

/// Asks every question at most once in a run, shares the answer, and logs it as one probe.
std::unique_ptr<class Resolver> make_remembering_resolver(class Resolver& below, Logbook& log);

}
