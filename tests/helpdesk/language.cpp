// Which language is spoken, and how its sentences are put together.
#include "helpdesk/language.hpp"
#include "helpdesk/layout.hpp"
#include "helpdesk/options.hpp"
#include "helpdesk/words.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace portolan;

namespace {

struct Environment {
    explicit Environment(std::initializer_list<std::pair<const char*, const char*>> values)
    {
        for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) unsetenv(name);
        for (const auto& [name, value] : values) setenv(name, value, 1);
    }
    ~Environment()
    {
        for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) unsetenv(name);
        speak("en");
    }
};

std::string wanted(std::vector<const char*> words)
{
    words.insert(words.begin(), "portolan");
    return language_wanted(static_cast<int>(words.size()), const_cast<char**>(words.data()));
}

}

TEST_CASE("the first variable that is set chooses the language")
{
    struct Row {
        std::vector<std::pair<const char*, const char*>> set;
        const char* language;
    };
    const std::vector<Row> rows{
        {{}, "en"},
        {{{"LANG", "de_DE.UTF-8"}}, "de"},
        {{{"LANG", "de_AT.UTF-8@euro"}}, "de"},
        {{{"LANG", "de"}, {"LC_MESSAGES", "fr_CA.UTF-8"}}, "fr"},
        {{{"LANG", "de_DE.UTF-8"}, {"LC_MESSAGES", "fr_FR"}, {"LC_ALL", "C"}}, "en"},
        {{{"LANG", "de_DE.UTF-8"}, {"LC_ALL", ""}}, "de"},
        {{{"LANG", "POSIX"}}, "en"},
        {{{"LANG", "tlh_QO.UTF-8"}}, "en"},
        {{{"LANG", "deutsch"}}, "en"},
    };
    for (const auto& row : rows) {
        Environment environment({});
        for (const auto& [name, value] : row.set) setenv(name, value, 1);
        CAPTURE(row.language);
        CHECK(language_of_environment() == row.language);
    }
}

TEST_CASE("the command line's word counts more than the environment, and not behind --")
{
    const Environment environment({{"LANG", "fr_FR.UTF-8"}});
    CHECK(wanted({"find", "alice@example.org"}) == "fr");
    CHECK(wanted({"find", "--language", "de", "alice@example.org"}) == "de");
    CHECK(wanted({"find", "--language=de", "alice@example.org"}) == "de");
    CHECK(wanted({"find", "--", "--language=de"}) == "fr");
    CHECK(wanted({"find", "--language"}) == "fr");
}

TEST_CASE("a tag with a country speaks its language; an unknown one leaves English")
{
    const Environment environment({});
    CHECK(speak("de-CH"));
    CHECK(spoken() == "de");
    CHECK(translated("you") == "Sie");
    CHECK_FALSE(speak("xx"));
    CHECK(spoken() == "en");
    CHECK(translated("you") == "you");
    CHECK(speak("FR"));
    CHECK(translated("you") == "vous");
    CHECK(speak("en_GB.UTF-8"));
    CHECK(translated("this text was never translated") == "this text was never translated");
    CHECK(languages_spoken() == std::vector<std::string_view>{"de", "en", "fr"});
}

TEST_CASE("each language has its own rule for one and many")
{
    const Environment environment({});
    const auto sentence = [](std::uint64_t n) {
        return counted("{n} question in {seconds} seconds.", "{n} questions in {seconds} seconds.", n, {{"{seconds}", "2"}});
    };
    CHECK(sentence(0) == "0 questions in 2 seconds.");
    CHECK(sentence(1) == "1 question in 2 seconds.");
    CHECK(sentence(2) == "2 questions in 2 seconds.");
    speak("de");
    CHECK(sentence(0) == "0 Fragen in 2 Sekunden.");
    CHECK(sentence(1) == "1 Frage in 2 Sekunden.");
    speak("fr");
    CHECK(sentence(0) == "0 question en 2 secondes.");            // French counts nothing as one
    CHECK(sentence(1) == "1 question en 2 secondes.");
    CHECK(sentence(2) == "2 questions en 2 secondes.");
}

TEST_CASE("a value is put in as it is, whatever braces it holds")
{
    const Environment environment({});
    CHECK(translated("Did you mean {address}?", {{"{address}", "{address}"}}) == "Did you mean {address}?");
    CHECK(translated("{first} and {last}", {{"{first}", "{last}"}, {"{last}", "{first}"}}) == "{last} and {first}");
    CHECK(translated("{unknown} stays", {}) == "{unknown} stays");
}

TEST_CASE("a list ends as the language ends it")
{
    const Environment environment({});
    const std::vector<std::string> hosts{"a.example", "b.example", "c.example"};
    CHECK(listed({}).empty());
    CHECK(listed(std::span(hosts).first(1)) == "a.example");
    CHECK(listed(std::span(hosts).first(2)) == "a.example and b.example");
    CHECK(listed(hosts) == "a.example, b.example and c.example");
    speak("de");
    CHECK(listed(hosts) == "a.example, b.example und c.example");
    speak("fr");
    CHECK(listed(hosts) == "a.example, b.example et c.example");
}

TEST_CASE("every enumerator has words, and other ones in German and French")
{
    const Environment environment({});
    const auto all = [] {
        std::vector<std::string> words;
        for (int i = 0; i <= static_cast<int>(Who::domain_owner); ++i) words.emplace_back(words_for(static_cast<Who>(i)));
        for (int i = 0; i <= static_cast<int>(Security::plaintext); ++i) words.emplace_back(words_for(static_cast<Security>(i)));
        for (int i = 0; i <= static_cast<int>(Source::user); ++i) words.emplace_back(words_for(static_cast<Source>(i)));
        for (int i = 1; i <= static_cast<int>(Lost::not_tried); ++i) words.emplace_back(words_for(static_cast<Lost>(i)));
        for (int i = 1; i <= static_cast<int>(Told::address); ++i) words.emplace_back(words_for(static_cast<Told>(i), "dns.example"));
        for (int i = 0; i <= static_cast<int>(AddressProblem::domain_incomplete); ++i) words.emplace_back(words_for(static_cast<AddressProblem>(i)));
        for (int i = 0; i <= static_cast<int>(WriteProblem::cannot_write); ++i) words.emplace_back(words_for(WriteFailure{static_cast<WriteProblem>(i), "host"}));
        return words;
    };
    const auto english = all();
    for (const auto* language : {"de", "fr"}) {
        speak(language);
        const auto others = all();
        for (std::size_t i = 0; i < english.size(); ++i) {
            CAPTURE(english[i]);
            CHECK(!english[i].empty());
            CHECK(!others[i].empty());
            CHECK(others[i] != english[i]);
        }
    }
}

TEST_CASE("a line is cut between characters and broken between words, never at a blank that holds words together")
{
    CHECK(shortened("für alle", 2) == "fü");
    CHECK(shortened("für", 9) == "für");
    CHECK(shortened("", 3).empty());
    const auto broken = wrapped("un mot «\u00a0cité\u00a0» " + std::string(90, 'x'), 0);
    CHECK(broken.find("«\u00a0cité\u00a0»") != std::string::npos);
}
