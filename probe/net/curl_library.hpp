// libcurl, loaded when the first page is asked for: it brings some thirty libraries along, and neither a window's first picture nor an
// answer from the catalogue should wait for them.
#pragma once

#define CURL_DISABLE_TYPECHECK                 // its macros check calls by name; these go through pointers
#include <curl/curl.h>

namespace portolan {

/// The functions that are used here, by their names without "curl_".
struct CurlLibrary {
    decltype(&::curl_global_init) global_init;
    decltype(&::curl_free) free;
    decltype(&::curl_slist_append) slist_append;
    decltype(&::curl_slist_free_all) slist_free_all;
    decltype(&::curl_url) url;
    decltype(&::curl_url_cleanup) url_cleanup;
    decltype(&::curl_url_get) url_get;
    decltype(&::curl_url_set) url_set;
    decltype(&::curl_easy_init) easy_init;
    decltype(&::curl_easy_cleanup) easy_cleanup;
    decltype(&::curl_easy_setopt) easy_setopt;
    decltype(&::curl_easy_getinfo) easy_getinfo;
    decltype(&::curl_multi_init) multi_init;
    decltype(&::curl_multi_cleanup) multi_cleanup;
    decltype(&::curl_multi_setopt) multi_setopt;
    decltype(&::curl_multi_add_handle) multi_add_handle;
    decltype(&::curl_multi_remove_handle) multi_remove_handle;
    decltype(&::curl_multi_socket_action) multi_socket_action;
    decltype(&::curl_multi_info_read) multi_info_read;
};

/// Loaded and initialised at the first call; nothing when this computer has no libcurl.so.4 that can be used. Stays loaded.
const CurlLibrary* load_curl();
/// After load_curl said that it is there.
const CurlLibrary& curl();

}
