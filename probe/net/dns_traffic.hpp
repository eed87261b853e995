// What was sent to the DNS servers and what came back, datagram by datagram: which answers are ours, and what got lost on the way.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <utility>

namespace portolan {

/// Remembers the last 1,024 questions; those that were answered as well, so that a second answer is late, not forged.
class DnsTraffic {
public:
    /// An id that no question of late has: two with the same one could not be told apart.
    std::uint16_t free_id();
    /// `name` in lower case without a trailing dot.
    void asked(std::uint16_t id, std::string name, std::uint16_t type) { asked_[id] = {std::move(name), type}; }
    /// A datagram goes out; the same question may go out several times.
    void sent(std::span<const unsigned char> datagram);
    /// One came in. false: it answers nothing that was asked (RFC 5452 §9). Errors such as FORMERR may come without the question (RFC 1035
    /// §4.1.1) and are let through; whoever forges wants to be believed and repeats it.
    bool belongs(std::span<const unsigned char> datagram);

    bool truncated(std::uint16_t id) const { return truncated_.contains(id); }
    /// Was there a foreign answer since this was asked last?
    bool take_forged() { return std::exchange(forged_, false); }
    /// Questions that were sent again, answered once and as quickly as usual: had the first answer only been slow, there would be two.
    unsigned lost() const;

private:
    struct Sent {
        unsigned times = 0, answers = 0;
        std::chrono::steady_clock::time_point last{};
        std::chrono::nanoseconds took{};                               ///< the first answer, from the last sending on
    };
    void note_answer(std::uint16_t id);

    std::random_device random_;
    std::map<std::uint16_t, std::pair<std::string, std::uint16_t>> asked_;     ///< by id
    std::deque<std::uint16_t> ids_;                                    ///< oldest first
    std::set<std::uint16_t> truncated_;
    std::map<std::uint16_t, Sent> sent_;
    std::optional<std::chrono::nanoseconds> quickest_;                 ///< answer to a question that was sent once
    bool forged_ = false;
};

}
