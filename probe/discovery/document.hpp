// One document asked for over HTTP(S) by a source: written down, its failures told to the owner, the address kept out of every record.
#pragma once

#include "probe/discovery/finding.hpp"

namespace portolan {

struct DocumentRequest {
    HttpRequest http;
    std::string shown;                         ///< its URL as it may be recorded: never with the address in it
    bool names_address = false;                ///< the URL or the body has the person's address in it
    bool names_domain = true;                  ///< false: whoever is asked does not even learn its domain
};

struct Document {
    HttpAnswer answer;                         ///< any status
    std::size_t probe = 0;                     ///< still open: whoever reads the document ends it with what it was
};

/// nothing: it could not be asked; the probe is ended, and a redirect loop or a certificate that is not good is a verdict of `result`.
Task<std::optional<Document>> ask_document(SourceInput in, DocumentRequest request, SourceResult& result);

/// Adds a verdict about a published document.
void say(SourceResult& result, VerdictCode code, Severity severity, std::string target, std::string proof, std::string said = {});

/// In place of `host` the network's own sign-in page answered.
void say_portal(SourceResult& result, std::string host, std::string proof);

}
