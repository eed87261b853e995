// Apple configuration profile: IMAP or POP3 with SMTP (com.apple.mail.managed of Apple's device-management schema, iOS 18 / macOS 15).
#include "profiles/common.hpp"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <pugixml.hpp>

#include <array>
#include <map>
#include <memory>

namespace portolan {

namespace {

/// A dictionary of a property list, in the order of writing.
class Dictionary {
public:
    Dictionary& text(std::string_view key, std::string_view value) { return put(key, "<string>" + xml_escaped(value) + "</string>"); }
    Dictionary& number(std::string_view key, int value) { return put(key, "<integer>" + std::to_string(value) + "</integer>"); }
    Dictionary& flag(std::string_view key, bool value) { return put(key, value ? "<true/>" : "<false/>"); }
    Dictionary& raw(std::string_view key, const std::string& xml) { return put(key, xml); }
    std::string xml() const { return "<dict>\n" + body_ + "</dict>\n"; }

private:
    Dictionary& put(std::string_view key, const std::string& value)
    {
        body_ += "<key>" + std::string(key) + "</key>" + value + "\n";
        return *this;
    }
    std::string body_;
};

/// "org.example" for example.org: reverse DNS, as identifiers are.
std::string reversed(const std::string& domain)
{
    std::string out;
    std::size_t end = domain.size();
    while (end != std::string::npos) {
        const auto dot = end == 0 ? std::string::npos : domain.rfind('.', end - 1);
        const auto start = dot == std::string::npos ? 0 : dot + 1;
        out += (out.empty() ? "" : ".") + domain.substr(start, end - start);
        end = dot;
    }
    return out;
}

std::string authentication(const Service& service)
{
    // PLAIN and SCRAM are both "password" here; the device picks what the server offers.
    return service.auth.size() == 1 && service.auth.front() == Mechanism::cram_md5 ? "EmailAuthCRAMMD5" : "EmailAuthPassword";
}

struct Labels {
    std::string_view description, organization;
};

Labels labels_in(std::string_view language)
{
    if (language.starts_with("de")) return {"Richtet dieses E-Mail-Konto ein. Das Passwort wird bei der Installation abgefragt.", "Mit Portolan erstellt"};
    if (language.starts_with("fr")) return {"Configure ce compte de messagerie. Le mot de passe est demandé à l’installation.", "Créé avec Portolan"};
    if (language.starts_with("es")) return {"Configura esta cuenta de correo. La contraseña se pide al instalar.", "Creado con Portolan"};
    return {"Sets up this email account. The password is asked for during installation.", "Made with Portolan"};
}

std::string plist(const PersonalAccount& account, const MailPair& mail, const WriteOptions& options)
{
    const auto& address = account.address.text();
    const auto identifier = reversed(account.address.domain().text()) + ".portolan." + stable_uuid(address).substr(0, 8);
    const auto labels = labels_in(options.language);
    Dictionary payload;
    payload.text("PayloadType", "com.apple.mail.managed").number("PayloadVersion", 1).text("PayloadIdentifier", identifier + ".mail").text("PayloadUUID", stable_uuid(identifier + ".mail"));
    payload.text("PayloadDisplayName", address).text("PayloadDescription", labels.description);
    payload.text("EmailAccountType", mail.incoming.service == ServiceKind::pop3 ? "EmailTypePOP" : "EmailTypeIMAP");
    payload.text("EmailAccountDescription", address).text("EmailAccountName", display_of(account)).text("EmailAddress", address);
    payload.text("IncomingMailServerHostName", mail.incoming.host.text()).number("IncomingMailServerPortNumber", mail.incoming.port);
    payload.flag("IncomingMailServerUseSSL", true).text("IncomingMailServerUsername", mail.incoming.username).text("IncomingMailServerAuthentication", authentication(mail.incoming));
    payload.text("OutgoingMailServerHostName", mail.outgoing.host.text()).number("OutgoingMailServerPortNumber", mail.outgoing.port);
    payload.flag("OutgoingMailServerUseSSL", true).text("OutgoingMailServerUsername", mail.outgoing.username).text("OutgoingMailServerAuthentication", authentication(mail.outgoing));
    payload.flag("OutgoingPasswordSameAsIncomingPassword", true);

    Dictionary root;
    root.raw("PayloadContent", "<array>\n" + payload.xml() + "</array>");
    root.text("PayloadType", "Configuration").number("PayloadVersion", 1).text("PayloadIdentifier", identifier).text("PayloadUUID", stable_uuid(identifier));
    root.text("PayloadDisplayName", address).text("PayloadDescription", labels.description).text("PayloadOrganization", labels.organization);
    root.text("PayloadScope", "User").flag("PayloadRemovalDisallowed", false);
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
           "<plist version=\"1.0\">\n" + root.xml() + "</plist>\n";
}

/// What a device would read: the mail payload's keys and values.
std::map<std::string, std::string> read_payload(const std::string& text)
{
    std::map<std::string, std::string> values;
    pugi::xml_document xml;
    if (!xml.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single | pugi::parse_doctype)) return values;
    std::string key;
    for (const auto& content : xml.child("plist").child("dict").child("array").child("dict").children()) {
        const std::string_view kind = content.name();
        if (kind == "key") key = content.text().get();
        else if (kind == "string" || kind == "integer") values[key] = content.text().get();
        else if (kind == "true" || kind == "false") values[key] = kind;
    }
    return values;
}

Written<std::string> signed_profile(const std::string& text, const SigningKey& key)
{
    const auto bad = [](std::string_view what) {
        ERR_clear_error();
        return std::unexpected(WriteFailure{WriteProblem::bad_signing_key, std::string(what)});
    };
    const auto memory = [](const std::string& pem) { return std::unique_ptr<BIO, decltype(&BIO_free)>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free); };
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(PEM_read_bio_X509(memory(key.certificate_pem).get(), nullptr, nullptr, nullptr), X509_free);
    if (!certificate) return bad("certificate");
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> secret(PEM_read_bio_PrivateKey(memory(key.key_pem).get(), nullptr, [](char*, int, int, void*) { return 0; }, nullptr), EVP_PKEY_free);
    if (!secret || X509_check_private_key(certificate.get(), secret.get()) != 1) return bad("key");
    STACK_OF(X509)* chain = sk_X509_new_null();
    if (!key.chain_pem.empty()) {
        const auto in = memory(key.chain_pem);
        while (X509* one = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)) sk_X509_push(chain, one);
    }
    const auto content = memory(text);
    // CMS_BINARY: otherwise OpenSSL turns LF into CRLF, and what the device extracts is not what was written.
    CMS_ContentInfo* cms = CMS_sign(certificate.get(), secret.get(), chain, content.get(), CMS_BINARY);
    std::string der;
    if (cms) {
        BIO* out = BIO_new(BIO_s_mem());
        if (i2d_CMS_bio(out, cms) == 1) {
            char* data = nullptr;
            const long size = BIO_get_mem_data(out, &data);
            der.assign(data, static_cast<std::size_t>(size));
        }
        BIO_free(out);
        CMS_ContentInfo_free(cms);
    }
    sk_X509_pop_free(chain, X509_free);
    if (der.empty()) return bad("signature");
    return der;
}

}

Written<std::vector<WrittenFile>> write_apple(const PersonalAccount& account, const WriteOptions& options)
{
    const auto mail = mail_services(account);
    if (!mail) return std::unexpected(mail.error());
    const auto text = plist(account, *mail, options);
    const auto read = read_payload(text);
    const auto same = [&](const char* key, const std::string& value) {
        const auto found = read.find(key);
        return found != read.end() && found->second == value;
    };
    const std::array<std::pair<const char*, std::string>, 8> expected{{{"IncomingMailServerHostName", mail->incoming.host.text()},
                                                                       {"IncomingMailServerPortNumber", std::to_string(mail->incoming.port)},
                                                                       {"IncomingMailServerUsername", mail->incoming.username},
                                                                       {"OutgoingMailServerHostName", mail->outgoing.host.text()},
                                                                       {"OutgoingMailServerPortNumber", std::to_string(mail->outgoing.port)},
                                                                       {"OutgoingMailServerUsername", mail->outgoing.username},
                                                                       {"EmailAddress", account.address.text()},
                                                                       {"EmailAccountName", display_of(account)}}};
    for (const auto& [key, value] : expected)
        if (!same(key, value)) return std::unexpected(WriteFailure{WriteProblem::read_back_differs, key});
    WrittenFile file{"apple/" + file_stem(account.address) + ".mobileconfig", text};
    if (options.sign) {
        auto der = signed_profile(text, *options.sign);
        if (!der) return std::unexpected(der.error());
        file.content = std::move(*der);
    }
    return std::vector{std::move(file)};
}

}
