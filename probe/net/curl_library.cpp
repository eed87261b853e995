#include "probe/net/curl_library.hpp"

#include <dlfcn.h>

namespace portolan {

namespace {

struct Loaded {
    CurlLibrary calls{};
    bool good = false;

    Loaded()
    {
        void* library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
        if (!library) return;
        good = true;
        const auto take = [&](auto& slot, const char* name) {
            slot = reinterpret_cast<std::remove_reference_t<decltype(slot)>>(dlsym(library, name));
            good = good && slot;
        };
        take(calls.global_init, "curl_global_init");
        take(calls.free, "curl_free");
        take(calls.slist_append, "curl_slist_append");
        take(calls.slist_free_all, "curl_slist_free_all");
        take(calls.url, "curl_url");
        take(calls.url_cleanup, "curl_url_cleanup");
        take(calls.url_get, "curl_url_get");
        take(calls.url_set, "curl_url_set");
        take(calls.easy_init, "curl_easy_init");
        take(calls.easy_cleanup, "curl_easy_cleanup");
        take(calls.easy_setopt, "curl_easy_setopt");
        take(calls.easy_getinfo, "curl_easy_getinfo");
        take(calls.multi_init, "curl_multi_init");
        take(calls.multi_cleanup, "curl_multi_cleanup");
        take(calls.multi_setopt, "curl_multi_setopt");
        take(calls.multi_add_handle, "curl_multi_add_handle");
        take(calls.multi_remove_handle, "curl_multi_remove_handle");
        take(calls.multi_socket_action, "curl_multi_socket_action");
        take(calls.multi_info_read, "curl_multi_info_read");
        good = good && calls.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    }
};

const Loaded& loaded()
{
    static const Loaded once;
    return once;
}

}

const CurlLibrary* load_curl() { return loaded().good ? &loaded().calls : nullptr; }
const CurlLibrary& curl() { return loaded().calls; }

}
