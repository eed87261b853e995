#include "tests/conversations/perform.hpp"

namespace portolan::tests {

std::vector<std::string> forms_of_secret(const Login& login)
{
    if (login.password.empty()) return {};
    std::string plain;
    plain.append(1, '\0').append(login.username).append(1, '\0').append(login.password);
    return {login.password, to_base64(login.password), to_base64(plain)};
}

std::string ending_of(const Conversation& heard)
{
    if (heard.outcome) return "ok";
    return std::string(slug(heard.outcome.error().stage)) + " " + std::string(slug(heard.outcome.error().cause));
}

Take perform_once(const Scene& scene, const Script& script, Feed feed)
{
    asio::io_context loop;
    VirtualClock clock(loop);
    const auto played = std::make_shared<Played>();
    Take take{.feed = feed};
    bool ended = false;
    {
        Channel channel(std::make_unique<ScriptedStream>(script, feed, clock, played, scene.scram), clock);
        DialogPlan plan;
        const Port port = default_port(scene.kind, scene.security);
        plan.endpoint = {*parse_hostname("mail.example.org"), port, scene.security};
        plan.preferred = scene.preferred;
        plan.accept = scene.accept;
        plan.allow_plaintext = scene.security == Security::plaintext;
        if (scene.login) plan.credentials = Credentials{scene.login->username, Secret(scene.login->password)};
        const auto began = clock.now();
        asio::co_spawn(loop, mail_dialog(scene.kind, channel, clock, std::move(plan)), [&](std::exception_ptr thrown, Conversation heard) {
            if (thrown) std::rethrow_exception(thrown);
            take.heard = std::move(heard);
            take.took = std::chrono::duration_cast<milliseconds>(clock.now() - began);
            ended = true;
        });
        clock.run([&] { return ended; });
    }
    REQUIRE(ended);
    take.played = *played;
    for (const auto& line : take.heard.heard.lines())
        take.said_to_whom += (line.speaker == Speaker::client ? "C: " : line.speaker == Speaker::server ? "S: " : "-- ") + line.text + "\n";
    return take;
}

std::vector<Take> perform(const Scene& scene)
{
    const auto script = parse_script(scene.script);
    std::vector<Take> takes;
    for (const auto feed : {Feed::whole, Feed::line, Feed::byte}) {
        auto take = perform_once(scene, script, feed);
        CAPTURE(static_cast<int>(feed));
        INFO("transcript:\n", take.said_to_whom);
        CHECK(ending_of(take.heard) == script.ending);
        for (const auto& complaint : take.played.complaints) FAIL_CHECK("the client ", complaint);
        for (const auto& line : take.played.unheard) FAIL_CHECK("the client never said: ", line);
        CHECK(take.played.closed);
        if (scene.login) {
            const auto& reply = take.heard.outcome ? std::string() : take.heard.outcome.error().reply;
            for (const auto& secret : forms_of_secret(*scene.login))
                for (const std::string* text : std::initializer_list<const std::string*>{&take.said_to_whom, &take.played.clear, &take.heard.refusal, &take.heard.greeting, &reply}) CHECK(text->find(secret) == std::string::npos);
        }
        takes.push_back(std::move(take));
    }
    return takes;
}

}
