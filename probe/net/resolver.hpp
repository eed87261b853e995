// DNS questions and what came back, with every kind of "no" kept apart.
#pragma once

#include "probe/account/detail.hpp"
#include "probe/account/names.hpp"
#include "probe/net/clock.hpp"

namespace portolan {

enum class RecordType : std::uint16_t { a = 1, cname = 5, mx = 15, txt = 16, aaaa = 28, srv = 33, tlsa = 52 };
enum class DnsStatus : std::uint8_t { answer, no_data, no_such_name, servfail, refused, timed_out, malformed, cancelled, not_asked };   ///< not_asked: the run has asked enough

struct MxTarget { std::uint16_t preference = 0; std::string host; bool operator==(const MxTarget&) const = default; };            ///< "" host: null MX (RFC 7505)
struct SrvTarget { std::uint16_t priority = 0, weight = 0; std::uint16_t port = 0; std::string host; bool operator==(const SrvTarget&) const = default; };  ///< "" host: declined (RFC 2782)

/// RFC 6698 §2.1; `data` is raw.
struct TlsaRecord { std::uint8_t usage = 0, selector = 0, matching = 0; std::string data; bool operator==(const TlsaRecord&) const = default; };

/// Records of the asked type, following CNAMEs inside the answer; at most 64 of each. Names are lower case without trailing dot.
struct DnsAnswer {
    DnsStatus status = DnsStatus::cancelled;
    bool authentic = false;                    ///< validated by DNSSEC: the AD bit, believed only from a resolver on this very computer (RFC 6840 §5.7)
    std::vector<IpAddress> addresses;
    std::vector<std::string> aliases;          ///< the CNAME chain, in order
    std::vector<MxTarget> mx;                  ///< by preference
    std::vector<SrvTarget> srv;                ///< as heard; order with order_srv
    std::vector<std::string> txt;              ///< strings of one record joined
    std::vector<std::string> txt_strings;      ///< each string by itself (key=value pairs, RFC 6763 §6.1); at most 256
    std::vector<TlsaRecord> tlsa;
    Detail detail = Detail::none;              ///< dnssec_bogus, large_answers_lost: why there is none; forged_answers: beside it, others came that were not believed
    bool found() const { return status == DnsStatus::answer; }
    bool said_no() const { return status == DnsStatus::no_data || status == DnsStatus::no_such_name; }
};

/// `name` is an owner name in A-labels without trailing dot (underscore labels allowed); always asked as fully qualified.
/// Never throws; cancellation yields DnsStatus::cancelled at once.
class Resolver {
public:
    virtual ~Resolver() = default;
    virtual Task<DnsAnswer> ask(std::string name, RecordType type) = 0;
    /// The addresses of the servers that are asked, where there are such.
    virtual std::vector<IpAddress> servers() const { return {}; }
    /// Questions that were answered as soon as they were asked again, once: a packet was lost.
    virtual unsigned lost() const { return 0; }
};

std::string_view slug(RecordType);
std::string_view slug(DnsStatus);

/// RFC 2782: priority ascending; within one priority by weighted draw, `random(n)` gives a uniform integer in 0..n inclusive.
std::vector<SrvTarget> order_srv(std::vector<SrvTarget> targets, const std::function<std::uint32_t(std::uint32_t)>& random);

/// c-ares on the loop: UDP with TCP on truncation, EDNS 1232, no search list, no hosts file, at most 64 questions in flight.
/// `servers` are "IP" or "IP:port" or "[v6]:port"; empty: those of /etc/resolv.conf. A server is given 600 ms, then 1.2 s, and 2.4 s where it is the only one;
/// where packets are lost the question is asked anew beside that, for 6.6 s.
/// SERVFAIL is asked once more a domain with checking disabled, to tell a broken signature from a server that fails (RFC 4035 §3.2.2).
/// nothing when a server text cannot be read.
std::unique_ptr<Resolver> make_cares_resolver(asio::io_context& loop, const std::vector<std::string>& servers);

}
