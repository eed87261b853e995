// What is stored of a conversation, and what is shown of a server's words.
#include "probe/account/transcript.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace portolan;

TEST_CASE("lines are kept in order, with speaker and time")
{
    Transcript transcript;
    transcript.heard("* OK", 3);
    transcript.said("a CAPABILITY", 4);
    transcript.said_masked("a LOGIN", 5);
    transcript.noted("TLS", 6);
    CHECK(transcript.lines() == std::vector<TranscriptLine>{{Speaker::server, "* OK", 3}, {Speaker::client, "a CAPABILITY", 4}, {Speaker::client, "a LOGIN …", 5}, {Speaker::note, "TLS", 6}});
}

TEST_CASE("at most 400 lines of 1 KiB; the rest is counted")
{
    Transcript transcript;
    for (int i = 0; i < 450; ++i) transcript.heard(std::string(5000, 'x'), i);
    CHECK(transcript.lines().size() == 400);
    CHECK(transcript.dropped() == 50);
    for (const auto& line : transcript.lines()) CHECK(line.text.size() == 1024);
}

TEST_CASE("a secret is masked wherever it stands, also across the cap and many times in a line")
{
    Transcript transcript;
    transcript.never_store("hunter22");
    transcript.heard("hunter22 and hunter22hunter22", 0);
    transcript.said("PASS hunter22", 0);
    transcript.noted("hunter22", 0);
    transcript.heard(std::string(1020, 'x') + "hunter22", 0);
    transcript.said_masked("PASS hunter22", 0);
    for (const auto& line : transcript.lines()) {
        CHECK(line.text.find("hunter") == std::string::npos);
        CHECK(line.text.find("hunt") == std::string::npos);
    }
    CHECK(transcript.lines()[0].text == "… and ……");
    CHECK(transcript.masked("say hunter22 again") == "say … again");
}

TEST_CASE("a long line is masked as a whole before it is cut, also where masks make it much shorter")
{
    const std::string secret = "AGFsaWNlQGV4YW1wbGUub3JnAGNvcnJlY3QgaG9yc2U=";
    Transcript transcript;
    transcript.never_store(secret);
    std::string line;
    while (line.size() < 4090) line += secret;
    transcript.heard(line + secret, 0);
    CHECK(transcript.lines()[0].text.find(secret.substr(0, 4)) == std::string::npos);
}

TEST_CASE("one and two bytes are no secret to look for, the mask itself neither is a trap")
{
    Transcript transcript;
    transcript.never_store("");
    transcript.never_store("OK");
    transcript.never_store("…");
    transcript.heard("* OK … then", 0);
    CHECK(transcript.lines()[0].text == "* OK … then");
}

TEST_CASE("secrets are forgotten at the end, the masks stay")
{
    Transcript transcript;
    transcript.never_store("hunter22");
    transcript.heard("hunter22", 0);
    transcript.forget_secrets();
    CHECK(transcript.lines()[0].text == "…");
    CHECK(transcript.masked("hunter22") == "hunter22");
}

TEST_CASE("rule 8: a server's words lose controls, escapes, bidi marks and broken UTF-8, and are capped")
{
    struct Row {
        std::string raw, clean;
    };
    for (const auto& [raw, clean] : std::initializer_list<Row>{
             {"plain words", "plain words"},
             {"übung ☃ 🦀", "übung ☃ 🦀"},
             {"a\x1b[31mred\x1b[0m", "ared"},
             {"a\x1b[2Jb", "ab"},
             {"a\x1b" "cb", "ab"},
             {"a\x1b", "a"},
             {"a\x1b[", "a"},
             {"a\x1b[31", "a"},
             {"bell\x07 back\x08 nul", "bell back nul"},
             {std::string("nu\0l", 4), "nul"},
             {"two\r\nlines\tand tab", "two lines and tab"},
             {"\r\n\r\n", ""},
             {"trailing   ", "trailing"},
             {"c1 \xc2\x9b" "31m", "c1 31m"},
             {"\xe2\x80\xae" "evil\xe2\x80\xac", "evil"},
             {"\xe2\x81\xa6x\xe2\x81\xa9", "x"},
             {"\xd8\x9cx\xef\xbb\xbf", "x"},
             {"zero\xe2\x80\x8bwidth", "zerowidth"},
             {"line\xe2\x80\xa8sep", "linesep"},
             {"latin\xe9" "1", "latin\xef\xbf\xbd" "1"},
             {"cut\xe2\x82", "cut\xef\xbf\xbd\xef\xbf\xbd"},
             {"overlong \xc0\xaf", "overlong \xef\xbf\xbd\xef\xbf\xbd"},
             {"overlong \xe0\x80\xaf", "overlong \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
             {"surrogate \xed\xa0\x80", "surrogate \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
             {"overlong \xf0\x80\x80\xaf", "overlong \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
             {"beyond \xf4\x90\x80\x80", "beyond \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
             {"last \xf4\x8f\xbf\xbd", "last \xf4\x8f\xbf\xbd"},
         }) {
        CAPTURE(raw);
        CHECK(clean_server_text(raw) == clean);
    }
    CHECK(clean_server_text(std::string(1000, 'x')).size() == 300);
    CHECK(clean_server_text("ääää", 3) == "äää");
    CHECK(clean_server_text("abc", 0).empty());
}
