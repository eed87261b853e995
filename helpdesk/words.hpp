// The words for every verdict and every problem, once, in the language chosen (helpdesk/language.hpp).
#pragma once

#include "probe/account/address.hpp"
#include "probe/report.hpp"
#include "profiles/writer.hpp"

namespace portolan {

struct Words {
    std::string what;                          ///< what happened, for a person
    std::string why;                           ///< for an engineer, with the proof
    std::string todo;                          ///< what to do next, in order
};

/// {target}, {host} and {said} are filled in; the server's own words are cleaned and set in quotation marks. Where a probe shows it, `why`
/// ends with the moment and the probe's id.
Words words_for(const Verdict& verdict, const Report& report);

std::string_view words_for(AddressProblem problem);
std::string words_for(const WriteFailure& failure);
std::string_view words_for(Who who);                   ///< "you", "the mail provider", …
std::string_view words_for(ServiceKind kind);          ///< "Incoming mail (IMAP)"
std::string_view words_for(Security security);         ///< "encrypted from the start"
std::string_view words_for(Source source);             ///< "published by the domain itself"

std::string_view words_for(Lost lost);                 ///< why an alternative was not chosen: "it failed its test"; empty for none
std::string words_for(Told told, const std::string& hosts);    ///< "The address was told to …."; empty for nothing

/// Writes the words into a report that comes from the core: one sentence for a person into `summary`, and those of every verdict.
void fill_words(Report& report);

}
