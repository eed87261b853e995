// Which kind of a failure it was: the detail that refines stage and cause, in each protocol, and the verdict and the party that come of it.
#include "tests/conversations/perform.hpp"
#include "tests/conversations/small_world.hpp"

#include "probe/trial/causes.hpp"
#include "probe/trial/trial.hpp"

using namespace portolan;
using namespace portolan::tests;

namespace {

const Hostname domain = *parse_hostname("example.org");
const auto imap = ServiceKind::imap, pop3 = ServiceKind::pop3, smtp = ServiceKind::smtp;

Service service_of(ServiceKind kind, Security security)
{
    Service one;
    one.service = kind;
    one.host = *parse_hostname("mail.example.org");
    one.security = security;
    one.port = default_port(kind, security);
    return one;
}

struct Row {
    ServiceKind kind;
    Security security;
    std::string script;                        ///< with its ending
    Detail detail;
    VerdictCode code;
    Who who = Who::domain_owner;
};

/// With and without a sign-in, in every feed: the same detail, code and party.
void check(const std::vector<Row>& rows)
{
    for (const auto& [kind, security, script, detail, code, who] : rows)
        for (const bool with_login : {true, false}) {
            CAPTURE(script);
            Scene scene{.kind = kind, .security = security, .script = script};
            if (with_login) scene.login = alice;
            for (const auto& take : perform(scene)) {
                REQUIRE_FALSE(take.heard.outcome);
                const auto& failure = take.heard.outcome.error();
                CHECK(slug(failure.detail) == slug(detail));
                const auto verdict = verdict_for(failure, service_of(kind, security), domain, {});
                REQUIRE(verdict);
                CHECK(slug(verdict->code) == slug(code));
                CHECK(slug(verdict->detail) == slug(detail));
                CHECK(slug(verdict->who) == slug(who));
                CHECK_FALSE(take.heard.sign_in_tried);
            }
        }
}

std::string asked(ServiceKind kind, const std::string& list)
{
    if (kind == imap) return "S: * OK ready\nC: p1 CAPABILITY\n" + list;
    return kind == pop3 ? "S: +OK ready\nC: CAPA\n" + list : "S: 220 hi\nC: EHLO [127.0.0.1]\n" + list;
}

std::string up_to_starttls(ServiceKind kind)
{
    if (kind == imap) return asked(kind, "S: * CAPABILITY IMAP4rev1 STARTTLS\nS: p1 OK\nC: p2 STARTTLS\n");
    return kind == pop3 ? asked(kind, "S: +OK\nS: STLS\nS: .\nC: STLS\n") : asked(kind, "S: 250-hi\nS: 250 STARTTLS\nC: STARTTLS\n");
}

}

TEST_CASE("a greeting that turns away says whom, where its words do")
{
    using enum Detail;
    std::vector<Row> rows;
    struct Greeting { ServiceKind kind; const char* text; Detail detail; };
    for (const auto& [kind, text, detail] : std::initializer_list<Greeting>{
             {imap, "* BYE Too many connections from your address", too_many_connections},
             {imap, "* BYE [UNAVAILABLE] Maximum number of connections from user+IP exceeded", too_many_connections},
             {imap, "* BYE your address is on a block list", blocklisted},
             {imap, "* BYE [UNAVAILABLE] restarting", refused_for_now},
             {imap, "* BYE no", none},
             {pop3, "-ERR too many sessions", too_many_connections},
             {pop3, "-ERR [SYS/TEMP] later", refused_for_now},
             {pop3, "-ERR banned", blocklisted},
             {pop3, "-ERR [SYS/PERM] no", none},
             {smtp, "421 4.7.0 mail too many concurrent connections", too_many_connections},
             {smtp, "421 4.3.2 shutting down", refused_for_now},
             {smtp, "554 5.7.1 blocked using dnsbl.example", blocklisted},
             {smtp, "554 no SMTP service here", none},
         })
        for (const auto security : {Security::tls, Security::starttls})
            rows.push_back({kind, security, std::string(security == Security::tls ? "TLS\n" : "") + "S: " + text + "\n= greeting rejected", detail, VerdictCode::greeting_rejected});
    check(rows);
}

TEST_CASE("who greets in somebody else's place is named, in clear and inside TLS")
{
    using enum Detail;
    std::vector<Row> rows;
    for (const auto kind : {imap, pop3, smtp})
        for (const auto security : {Security::tls, Security::starttls}) {
            const std::string start = security == Security::tls ? "TLS\nS: " : "S: ";
            const auto here = [&](const std::string& line, Detail detail) {
                rows.push_back({kind, security, start + line + "\n= greeting not-this-protocol", detail, VerdictCode::not_this_protocol});
            };
            here("HTTP/1.1 400 Bad Request", web_server);
            here("<html><head><title>400 Bad Request</title></head>", web_server);
            here("<!DOCTYPE HTML PUBLIC \"x\">", web_server);
            here("SSH-2.0-OpenSSH_9.2p1", ssh_server);
            here(kind == imap ? "+OK POP3" : "* OK IMAP", other_mail_protocol);
        }
    for (const auto kind : {imap, pop3, smtp}) {
        rows.push_back({kind, Security::tls, "S: HTTP/1.0 408 Timeout\n= tls not-this-protocol", web_server, VerdictCode::not_this_protocol});
        rows.push_back({kind, Security::tls, "S: SSH-2.0-x\n= tls not-this-protocol", ssh_server, VerdictCode::not_this_protocol});
        rows.push_back({kind, Security::tls, "S: hello\n= tls tls-not-spoken", none, VerdictCode::tls_not_spoken});
    }
    check(rows);
}

TEST_CASE("a greeting of no kind, of the wrong kind, or before its time")
{
    using enum Detail;
    const auto error = VerdictCode::protocol_error;
    const auto greets = [](ServiceKind kind, const char* text, Detail detail) {
        return Row{kind, Security::tls, std::string("TLS\nS: ") + text + "\n= greeting broke-protocol", detail, error};
    };
    check({greets(imap, "* NO no", wrong_reply_code), greets(imap, "* BAD no", wrong_reply_code), greets(imap, "a1 OK ready", early_reply), greets(imap, "garbage", none),
           greets(pop3, "a1 OK ready", early_reply), greets(pop3, "+OKAY", none), greets(smtp, "250 hi", wrong_reply_code), greets(smtp, "220-a\nS: 250 b", wrong_reply_code),
           {imap, Security::starttls, "S: * PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hi\n= greeting broke-protocol", preauth_in_clear, error}});
}

TEST_CASE("a server that keeps silent is looked at once: TLS where none was due, a web server, or nobody")
{
    using enum Detail;
    const auto late = VerdictCode::greeting_timeout;
    for (const auto kind : {imap, pop3, smtp}) {
        const std::string goodbye = kind == imap ? "C: p1 LOGOUT\n" : "C: QUIT\n";
        check({{kind, Security::starttls, "SILENT\n= greeting timed-out", never_spoke, late},
               {kind, Security::tls, "TLS\nSILENT\n= greeting timed-out", never_spoke, late},
               {kind, Security::tls, "SILENT\n= tls timed-out", never_spoke, late},
               {kind, Security::tls, "TLS\nSILENT\n" + goodbye + "S: HTTP/1.1 400 Bad Request\n= greeting not-this-protocol", web_server, VerdictCode::not_this_protocol},
               {kind, Security::tls, "TLS\nSILENT\n" + goodbye + "S: hello\n= greeting timed-out", never_spoke, late}});
        // A handshake that is taken is no finding about a certificate: nothing was promised at this port.
        for (const auto* tls : {"TLS", "TLS expired"})
            for (const auto& take : perform({.kind = kind, .security = Security::starttls, .login = alice, .script = std::string("SILENT\n") + tls + "\n= greeting timed-out"})) {
                CHECK(take.heard.outcome.error().detail == expects_tls);
                CHECK_FALSE(take.heard.tls);
                CHECK(take.played.lines.empty());
                CHECK(take.took == 8s);
            }
    }
}

TEST_CASE("what drips is quoted with as much as came")
{
    for (const auto* start : {"S! * OK al", "TLS\nS! * OK al"})
        for (const auto& take : perform({.security = std::string_view(start).starts_with("TLS") ? Security::tls : Security::starttls, .login = alice,
                                         .script = std::string(start) + "\nSILENT\n= greeting timed-out"})) {
            CHECK(take.heard.outcome.error().detail == Detail::too_slow);
            CHECK(take.heard.outcome.error().reply == "* OK al");
            CHECK(take.said_to_whom.find("S: * OK al\n") != std::string::npos);
            CHECK(take.played.lines.empty());
            CHECK(take.took == 8s);
        }
    for (const auto& take : perform({.script = "TLS\nS: * OK\nC: p1 CAPABILITY\nS! * CAPA\nSILENT\n= capability timed-out"})) CHECK(take.heard.outcome.error().detail == Detail::too_slow);

    SmallWorld world;                                                  // the endpoint's own limit asks for the same detail
    std::string drip = "TLS\nS: * OK\nC: p1 CAPABILITY\nWAIT 6000\nS: * OK still here\n";
    world.serve(993, drip + "S! p1 O\nSILENT\n");
    const auto trial = world.run(try_service(service_of(imap, Security::tls), domain, world.around, {}));
    REQUIRE_FALSE(trial.outcome);
    CHECK(trial.outcome.error() == Failure{Stage::capability, Cause::timed_out, "p1 O", Detail::too_slow});
    REQUIRE_FALSE(trial.verdicts.empty());
    CHECK(trial.verdicts.back().detail == Detail::too_slow);
    CHECK(trial.verdicts.back().said == "p1 O");
}

TEST_CASE("the end of the stream: at once, or after so many bytes")
{
    using enum Detail;
    for (const auto kind : {imap, pop3, smtp}) {
        check({{kind, Security::starttls, "CLOSE\n= greeting closed", closed_at_once, VerdictCode::greeting_rejected},
               {kind, Security::starttls, "RESET\n= greeting reset", closed_at_once, VerdictCode::greeting_rejected},
               {kind, Security::tls, "TLS\nCLOSE\n= greeting closed", closed_at_once, VerdictCode::greeting_rejected},
               {kind, Security::tls, "CLOSE\n= tls closed", closed_at_once, VerdictCode::tls_handshake_failed},
               {kind, Security::tls, "RESET\n= tls reset", closed_at_once, VerdictCode::tls_handshake_failed},
               {kind, Security::starttls, "S! 12345\nCLOSE\n= greeting closed", cut_off, VerdictCode::connection_reset},
               {kind, Security::starttls, "S! 12345\nRESET\n= greeting reset", cut_off, VerdictCode::connection_reset, Who::this_network}});
        for (const auto& take : perform({.kind = kind, .security = Security::starttls, .script = "S! 12345\nRESET\n= greeting reset"})) CHECK(take.heard.outcome.error().reply == "5 bytes");
    }
}

TEST_CASE("STARTTLS that is not there: stripped, hidden by a firewall, unknown")
{
    using enum Detail;
    const auto code = VerdictCode::tls_not_offered;
    const auto starttls = Security::starttls;
    check({{imap, starttls, asked(imap, "S: * CAPABILITY IMAP4rev1 AUTH=PLAIN\nS: p1 OK\nC: p2 LOGOUT\n= starttls not-offered"), not_listed, code},
           {imap, starttls, asked(imap, "S: * CAPABILITY IMAP4rev1 XXXXXXXA\nS: p1 OK\nC: p2 LOGOUT\n= starttls not-offered"), hidden_by_firewall, code, Who::this_network},
           {imap, starttls, asked(imap, "S: p1 BAD what\nC: p2 LOGOUT\n= starttls not-offered"), unknown_command, code},
           {pop3, starttls, asked(pop3, "S: +OK\nS: USER\nS: .\nC: QUIT\n= starttls not-offered"), not_listed, code},
           {pop3, starttls, asked(pop3, "S: +OK\nS: XXXX\nS: .\nC: QUIT\n= starttls not-offered"), hidden_by_firewall, code, Who::this_network},
           {pop3, starttls, asked(pop3, "S: -ERR\nC: STLS\nS: -ERR\nC: QUIT\n= starttls rejected"), unknown_command, code},
           {smtp, starttls, asked(smtp, "S: 250-hi\nS: 250 AUTH PLAIN\nC: QUIT\n= starttls not-offered"), not_listed, code},
           {smtp, starttls, asked(smtp, "S: 250-hi\nS: 250-XXXXXXXB\nS: 250 AUTH\nC: QUIT\n= starttls not-offered"), hidden_by_firewall, code, Who::this_network},
           {smtp, starttls, "S: 220 ****************\nC: EHLO [127.0.0.1]\nS: 250 hi\nC: QUIT\n= starttls not-offered", hidden_by_firewall, code, Who::this_network},
           {smtp, starttls, asked(smtp, "S: 502 what\nC: QUIT\n= starttls not-offered"), unknown_command, code}});
    // An X in a name of its own is no firewall.
    check({{imap, starttls, asked(imap, "S: * CAPABILITY IMAP4rev1 X-GM-EXT-1 XLIST XX MAXX\nS: p1 OK\nC: p2 LOGOUT\n= starttls not-offered"), not_listed, code}});
}

TEST_CASE("an answer to STARTTLS that is not yes: no, not now, what, or neither")
{
    using enum Detail;
    const auto code = VerdictCode::tls_not_offered;
    std::vector<Row> rows;
    struct Answer { ServiceKind kind; const char* text; Detail detail; };
    for (const auto& [kind, text, detail] : std::initializer_list<Answer>{
             {imap, "p2 NO", refused},           {imap, "p2 NO [UNAVAILABLE] later", refused_for_now}, {imap, "p2 BAD what", unknown_command}, {imap, "p2 BAD XXXXXXXX", hidden_by_firewall},
             {pop3, "-ERR no", refused},         {pop3, "-ERR [SYS/TEMP] later", refused_for_now},     {pop3, "-ERR \"XXXX\"", hidden_by_firewall},
             {smtp, "502 no", refused},          {smtp, "454 4.7.0 later", refused_for_now},           {smtp, "500 what", unknown_command},    {smtp, "500 \"XXXXXXXX\"", hidden_by_firewall},
             {smtp, "354 go on", no_go_ahead},   {smtp, "250 fine", no_go_ahead},                      {smtp, "554 no", refused}}) {
        const std::string goodbye = kind == imap ? "C: p3 LOGOUT\n" : "C: QUIT\n";
        rows.push_back({kind, Security::starttls, up_to_starttls(kind) + "S: " + text + "\n" + goodbye + "= starttls rejected", detail, code,
                        detail == hidden_by_firewall ? Who::this_network : Who::domain_owner});
    }
    for (const auto kind : {imap, pop3}) rows.push_back({kind, Security::starttls, up_to_starttls(kind) + "S: + go on\n= starttls broke-protocol", no_go_ahead, code});
    const auto error = VerdictCode::protocol_error;
    rows.push_back({imap, Security::starttls, up_to_starttls(imap) + "S: p3 OK\n= starttls broke-protocol", early_reply, error});
    rows.push_back({imap, Security::starttls, up_to_starttls(imap) + "S: a9 NO\n= starttls broke-protocol", early_reply, error});
    rows.push_back({imap, Security::starttls, up_to_starttls(imap) + "S: p1 OK\n= starttls broke-protocol", none, error});
    rows.push_back({imap, Security::starttls, up_to_starttls(imap) + "S: p2 YES\n= starttls broke-protocol", wrong_reply_code, error});
    rows.push_back({imap, Security::starttls, up_to_starttls(imap) + "S: * BYE over\n= starttls rejected", refused, code});
    check(rows);
}

TEST_CASE("after the go-ahead: data behind it, text for TLS, silence, the end")
{
    using enum Detail;
    for (const auto kind : {imap, pop3, smtp}) {
        const auto go = up_to_starttls(kind) + (kind == imap ? "S: p2 OK\n" : kind == pop3 ? "S: +OK\n" : "S: 220 go\n");
        check({{kind, Security::starttls, go + "SILENT\n= tls timed-out", never_spoke, VerdictCode::tls_handshake_failed},
               {kind, Security::starttls, go + "CLOSE\n= tls closed", closed_at_once, VerdictCode::tls_handshake_failed},
               {kind, Security::starttls, go + "TLS fails\n= tls tls-failed", none, VerdictCode::tls_handshake_failed}});
        const auto injected = go + "S: hello\n= starttls tls-injected";
        for (const auto feed : {Feed::whole, Feed::line}) {
            const auto take = perform_once({.kind = kind, .security = Security::starttls, .login = alice}, parse_script(injected), feed);
            REQUIRE_FALSE(take.heard.outcome);
            CHECK(slug(take.heard.outcome.error().detail) == slug(feed == Feed::whole ? behind_the_answer : instead_of_tls));
            CHECK(take.heard.outcome.error().reply.starts_with("hello"));
        }
    }
}

TEST_CASE("an answer that is here before its command was given is early, whatever the command")
{
    struct Early { ServiceKind kind; const char* script; const char* said; };
    for (const auto& [kind, script, said] : std::initializer_list<Early>{
             {imap, "S: * OK ready\nS: p1 OK\nC: p1 CAPABILITY", ""},
             {imap, "S: * OK ready\nS: * FLAGS ()\nS: p1 OK\nC: p1 CAPABILITY", ""},
             {pop3, "S: +OK ready\nS: +OK 2 messages\nS: 1 120\nS: .\nC: CAPA", ""},
             {smtp, "S: 220 hi\nS: 250 STARTTLS\nC: EHLO [127.0.0.1]", ""},
             {imap, "S: * OK ready\nC: p1 CAPABILITY\nS: * CAPABILITY IMAP4rev1 STARTTLS\nS: p1 OK\nS: * LIST () x y\nC: p2 STARTTLS", "p1 CAPABILITY\r\n"},
             {pop3, "S: +OK\nC: CAPA\nS: +OK\nS: STLS\nS: .\nS: +OK\nC: STLS", "CAPA\r\n"}}) {
        const auto take = perform_once({.kind = kind, .security = Security::starttls, .login = alice}, parse_script(script), Feed::whole);
        INFO(take.said_to_whom);
        REQUIRE_FALSE(take.heard.outcome);
        CHECK(take.heard.outcome.error().cause == Cause::broke_protocol);
        CHECK(slug(take.heard.outcome.error().detail) == slug(Detail::early_reply));
        CHECK(take.played.clear == said);
    }
}

TEST_CASE("what has no end is called by its kind")
{
    using enum Detail;
    const auto much = VerdictCode::too_much_data;
    const std::string long_line(20000, 'x');
    check({{imap, Security::tls, "TLS\nS: * OK " + long_line + "\n= greeting too-much", endless_line, much},
           {imap, Security::tls, "TLS\nS! " + long_line + "\n= greeting too-much", endless_line, much},
           {imap, Security::tls, "TLS\nS: * OK\nC: p1 CAPABILITY\nS*300: * OK still here\n= capability too-much", endless_lines, much},
           {pop3, Security::tls, "TLS\nS: +OK\nC: CAPA\nS: +OK\nS*300: X-SOMETHING\n= capability too-much", endless_lines, much},
           {smtp, Security::tls, "TLS\nS*300: 220-hi\n= greeting too-much", endless_lines, much}});
}

TEST_CASE("SCRAM: an iteration count beyond the bound, a wrong signature, a refusal in its own words")
{
    const std::string start = "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256]\nC: p1 AUTHENTICATE SCRAM-SHA-256 «scram:client-first»\nS: + «scram:server-first»\n";
    for (const auto* count : {"1000001", "2147483648", "99999999999999999999999"})
        for (const auto& take : perform({.login = alice, .script = start + "C: *\n= sign-in broke-protocol", .scram = {.iterations = count}})) {
            const auto& failure = take.heard.outcome.error();
            CHECK(failure.detail == Detail::too_many_iterations);
            CHECK(failure.reply == "i=" + std::string(count).substr(0, 20));
            const auto verdict = verdict_for(failure, service_of(imap, Security::tls), domain, {});
            CHECK(verdict->code == VerdictCode::protocol_error);
            CHECK(verdict->detail == Detail::too_many_iterations);
        }
    for (const auto* count : {"4095", "1", "0", "-5", "", "4096x"})    // too weak or no number: refused, and not for its cost
        for (const auto& take : perform({.login = alice, .script = start + "C: *\n= sign-in broke-protocol", .scram = {.iterations = count}}))
            CHECK(take.heard.outcome.error().detail == Detail::none);
    for (const auto* end : {"S: + «v=d3Jvbmc=»\nC: *\n= sign-in broke-protocol", "S: p1 OK\n= sign-in broke-protocol"})
        for (const auto& take : perform({.login = alice, .script = start + "C: «scram:client-final»\n" + end})) {
            CHECK(take.heard.outcome.error().detail == Detail::server_not_proven);
            CHECK_FALSE(take.heard.signed_in_with);
        }
    // RFC 5802 §7, server-error: a refusal like any other.
    for (const auto& take : perform({.login = alice, .script = start + "C: «scram:client-final»\nS: + «e=invalid-proof»\nC: *\nC: p2 LOGOUT\nS: p2 OK\n= sign-in rejected"}))
        CHECK(take.heard.refusal == "e=invalid-proof");
}
