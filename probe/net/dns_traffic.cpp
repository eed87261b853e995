#include "probe/net/dns_traffic.hpp"

#include <algorithm>
#include <ares.h>
#include <cctype>

namespace portolan {

namespace {

constexpr std::size_t most_remembered = 1024;

/// What a datagram says it answers.
struct Header {
    std::uint16_t id = 0;
    bool answers = false, truncated = false;
    std::string name;
    std::uint16_t type = 0;
};

std::optional<Header> header_of(std::span<const unsigned char> message)
{
    const auto size = static_cast<int>(std::min<std::size_t>(message.size(), 65535));
    if (size < 12) return std::nullopt;
    const auto u16 = [&](int at) { return static_cast<std::uint16_t>(message[static_cast<std::size_t>(at)] << 8 | message[static_cast<std::size_t>(at) + 1]); };
    Header header{u16(0), (message[2] & 0x80) != 0, (message[2] & 0x02) != 0, {}, 0};
    char* text = nullptr;
    long used = 0;
    if (u16(4) != 1 || ares_expand_name(message.data() + 12, message.data(), size, &text, &used) != ARES_SUCCESS || !text) return std::nullopt;
    header.name = text;
    ares_free_string(text);
    std::ranges::transform(header.name, header.name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (12 + used + 4 > size) return std::nullopt;
    header.type = u16(12 + static_cast<int>(used));
    return header;
}

}

std::uint16_t DnsTraffic::free_id()
{
    if (ids_.size() == most_remembered) {
        asked_.erase(ids_.front());
        sent_.erase(ids_.front());
        truncated_.erase(ids_.front());
        ids_.pop_front();
    }
    std::uint16_t id = 0;
    do id = static_cast<std::uint16_t>(random_());
    while (asked_.contains(id));
    ids_.push_back(id);
    return id;
}

void DnsTraffic::sent(std::span<const unsigned char> datagram)
{
    if (datagram.size() < 2) return;
    auto& sent = sent_[static_cast<std::uint16_t>(datagram[0] << 8 | datagram[1])];
    ++sent.times;
    sent.last = std::chrono::steady_clock::now();
}

bool DnsTraffic::belongs(std::span<const unsigned char> datagram)
{
    const auto header = header_of(datagram);
    if (!header) return true;
    const auto asked = asked_.find(header->id);
    if (!header->answers || asked == asked_.end() || asked->second != std::pair(header->name, header->type)) {
        forged_ = true;
        return false;
    }
    if (header->truncated) truncated_.insert(header->id);
    note_answer(header->id);
    return true;
}

void DnsTraffic::note_answer(std::uint16_t id)
{
    auto& sent = sent_[id];
    if (++sent.answers > 1) return;
    sent.took = std::chrono::steady_clock::now() - sent.last;
    if (sent.times == 1) quickest_ = std::min<std::chrono::nanoseconds>(quickest_.value_or(sent.took), sent.took);
}

unsigned DnsTraffic::lost() const
{
    using namespace std::chrono_literals;
    if (!quickest_) return 0;
    const auto usual = *quickest_;
    const auto lost_one = [&](const auto& one) {
        const auto& sent = one.second;
        return sent.times > 1 && sent.answers == 1 && sent.took * 5 >= usual * 4 && sent.took <= std::max<std::chrono::nanoseconds>(3 * usual, usual + 200ms);
    };
    return static_cast<unsigned>(std::ranges::count_if(sent_, lost_one));
}

}
