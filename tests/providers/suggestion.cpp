// The domain that was probably meant: one slip, common domains alone, and nobody is asked.
#include "providers/suggestion.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

using namespace portolan;

TEST_CASE("one slip away from a domain that most people have")
{
    for (const auto& [typed, meant] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"gmial.com", "gmail.com"},   // two changed about
             {"gmal.com", "gmail.com"},    // one too few
             {"gmaill.com", "gmail.com"},  // one too many
             {"gmsil.com", "gmail.com"},   // one wrong
             {"gmail.co", "gmail.com"},
             {"gmail.con", "gmail.com"},
             {"hotmial.com", "hotmail.com"},
             {"outlok.com", "outlook.com"},
             {"yaho.com", "yahoo.com"},
             {"icluod.com", "icloud.com"},
             {"wbe.de", "web.de"},
             {"gmail.com", ""},            // as it should be
             {"gmx.at", ""},               // the catalogue knows it
             {"gamil.org", ""},            // two slips
             {"example.org", ""},
             {"harbour-club.net", ""},
         }) {
        CAPTURE(typed);
        CHECK(domain_probably_meant(*parse_hostname(typed)).value_or("") == meant);
    }
}
