// Host and domain names as values: A-labels, lower case, no trailing dot (RFC 5890, UTS 46).
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace portolan {

/// A DNS host name in A-labels, lower case, at most 253 octets, each label 1..63 octets; or an IP literal (v6 without brackets).
/// Made only by `parse_hostname`, so what is held is safe to put into a request.
class Hostname {
public:
    Hostname() = default;                                        ///< the empty name: "none"
    const std::string& text() const { return text_; }
    bool empty() const { return text_.empty(); }
    bool is_ip() const;
    auto operator<=>(const Hostname&) const = default;
    friend std::optional<Hostname> parse_hostname(std::string_view text);

private:
    explicit Hostname(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

/// UTF-8 or A-labels in, A-labels out (UTS 46, non-transitional). Underscores are allowed in the first labels only
/// for SRV owner names, which never come through here: they are refused. nothing for anything that is no host name.
std::optional<Hostname> parse_hostname(std::string_view text);

/// The name as a person reads it (U-labels), or the A-labels where they do not convert back.
std::string display_name(const Hostname& host);

/// The domain one label below the public suffix ("mail.example.co.uk" -> "example.co.uk"); empty for a public suffix
/// itself, an IP literal or an unknown single label. Private suffixes (github.io) count as suffixes.
std::string registrable_domain(const Hostname& host);
bool same_registrable_domain(const Hostname& a, const Hostname& b);

/// example.com|net|org and below, .example .test .invalid .localhost (RFC 2606, RFC 6761): never told to third parties.
bool is_reserved_name(const Hostname& host);

}
