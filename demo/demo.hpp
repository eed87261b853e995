// The offline twin: a small scripted internet on loopback with real TLS, handed in where the real resolver and connector would be.
#pragma once

#include "probe/net/run.hpp"

namespace portolan {

/// What an address of the demonstration shows.
enum class DemoStory : std::uint8_t { succeeds, certificate_expired, wrong_password, app_password_needed, server_dead, nothing_there };
struct DemoAddress {
    std::string_view address;                  ///< "alice@demo.example"
    DemoStory story;
    std::string_view password;                 ///< one that the servers take; for wrong_password the servers refuse every one
};
std::span<const DemoAddress> demo_addresses();
/// What the provider that wants an app password has made for mail programs; the usual password is refused there.
inline constexpr std::string_view demo_app_password = "hkwqtzpanmdverlc";

/// Starts the scripted servers on loopback (ports chosen by the kernel) on `loop`, makes an authority and certificates of its own,
/// and returns a world whose resolver and connector lead there. Nothing else is faked: discovery, TLS, dialogs and sign-in are the real ones.
std::expected<World, std::string> make_demo_world(asio::io_context& loop);

}
