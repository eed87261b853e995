#include "wizard/english.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace portolan {

namespace {

struct Pair {
    std::string_view many;
    const char* one;
};

constexpr Pair pairs[] = {
    {"%n further sources say the same.", "One further source says the same."},
    {"%n good answers already. Better ones may still come.", "One good answer already. Better ones may still come."},
    {"%n other ways", "One other way"},
    {"%n questions asked, %1 answered, none with a mail server. %2 seconds.",
     "One question asked, %1 answered, none with a mail server. %2 seconds."},
    {"Set &up %n places", "Set &up one place"},
    {"The certificate of %1 begins in %n days. Is this computer’s clock right?",
     "The certificate of %1 begins tomorrow. Is this computer’s clock right?"},
    {"The certificate of %1 ended %n days ago.", "The certificate of %1 ended yesterday."},
    {"Your password goes to %n servers, encrypted, and to no one else.",
     "Your password goes to one server, encrypted, and to no one else."},
    {"of %n answered", "of one answered"},
};

}

QString EnglishSingulars::translate(const char*, const char* source, const char*, int n) const
{
    if (n != 1 || !source) return {};
    const auto found = std::ranges::find(pairs, std::string_view(source), &Pair::many);
    return found == std::end(pairs) ? QString() : QString::fromUtf8(found->one);
}

int EnglishSingulars::count() { return static_cast<int>(std::size(pairs)); }

}
