#include "probe/net/judge_products.hpp"

#include "probe/net/judge_view.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace portolan {

namespace {

/// Lower-case parts of the common name or organisation of their own authorities, as the products make them by default. Never the name of
/// a public authority: only products' names stand here.
constexpr auto products = std::to_array<std::string_view>({
    // antivirus with a mail or web shield
    "mail shield", "web shield", "web/mail shield", "avast! web", "avg technologies", "eset ssl filter", "kaspersky anti-virus", "kaspersky web anti-virus",
    "bitdefender personal ca", "bitdefender ca", "g data mail", "g data ssl", "dr.web", "drweb", "f-secure ssl", "trend micro", "mcafee web gateway",
    "norton web", "sophos ssl ca", "sophos web appliance", "sophos_ca", "panda security", "bullguard", "comodo internet security", "360 total security",
    "k7 computing", "quick heal", "emsisoft", "totaldefense", "checkpoint zonealarm", "zonealarm",
    // company gateways and cloud proxies
    "fortinet", "fortigate", "zscaler", "blue coat", "bluecoat", "proxysg", "netskope", "cisco umbrella", "cisco ironport", "ironport", "web security appliance",
    "palo alto networks", "pan-os", "check point", "watchguard", "barracuda", "sonicwall", "forcepoint", "websense", "menlo security", "iboss", "cloudflare gateway",
    "gateway ca - cloudflare", "cloudflare for teams", "cato networks", "sangfor", "hillstone", "huawei usg", "stormshield", "smoothwall", "untangle",
    "pfsense", "opnsense", "squid", "ssl inspection", "ssl-inspection", "ssl interception", "ssl proxy", "https inspection", "decryption ca", "deep inspection",
    "dpi-ssl", "forefront tmg", "kerio control", "clearswift", "trustwave swg", "symantec web security", "a10 networks", "f5 sslo", "gigamon", "lightspeed systems",
    "securly", "goguardian", "contentkeeper", "linewize", "deledao", "appguard", "dansguardian", "endian", "ideco", "usergate", "traffic inspector",
    // portals
    "captive portal", "captive-portal", "hotspot", "securelogin", "nomadix", "aruba networks", "arubanetworks", "ruckus", "meraki", "coovachilli", "guest portal",
    "guest access", "unifi", "mikrotik", "draytek", "fon wireless",
    // parental control, advertisements, leaked authorities
    "adguard", "net nanny", "qustodio", "covenant eyes", "mobicip", "kidlogger", "superfish", "edellroot", "dsdtestprovider", "komodia", "privdog", "wajam",
    "visual discovery", "preact-cli", "webpack-dev-server", "cyber sift",
    // debugging
    "mitmproxy", "charles proxy", "fiddler", "portswigger", "burp suite", "proxyman", "owasp", "zed attack proxy", "httptoolkit", "http toolkit", "whistle", "anyproxy",
    "telerik", "sslsplit", "bettercap", "requestly",
});

std::string lower_field(const X509_NAME* name, int field)
{
    std::string all;
    for (int at = -1; (at = X509_NAME_get_index_by_NID(name, field, at)) >= 0 && all.size() < 1000;)
        all += text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at))) + "\n";
    std::ranges::transform(all, all.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return all;
}

}

std::optional<std::string> interceptor_of(const std::vector<X509*>& chain)
{
    for (X509* certificate : chain) {
        const X509_NAME* issuer = X509_get_issuer_name(certificate);
        const auto text = lower_field(issuer, NID_commonName) + lower_field(issuer, NID_organizationName);
        if (std::ranges::none_of(products, [&](std::string_view product) { return text.find(product) != std::string::npos; })) continue;
        const auto name = common_name(issuer);
        return name.empty() ? name_text(issuer) : name;
    }
    return std::nullopt;
}

}
