#include "probe/account/secret.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace portolan {

/// Whole pages of anonymous memory. Where the limit on locked memory (RLIMIT_MEMLOCK) is reached they are like any other, and wiped all the same.
class LockedBytes {
public:
    explicit LockedBytes(std::string_view text) : size_(text.size())
    {
        const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        mapped_ = (std::max<std::size_t>(size_, 1) + page - 1) / page * page;
        void* got = mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (got == MAP_FAILED) throw std::bad_alloc();
        at_ = static_cast<char*>(got);
        (void)mlock(at_, mapped_);
        (void)madvise(at_, mapped_, MADV_DONTDUMP);
        (void)madvise(at_, mapped_, MADV_WIPEONFORK);
        std::copy(text.begin(), text.end(), at_);
    }
    ~LockedBytes()
    {
        OPENSSL_cleanse(at_, mapped_);
        munmap(at_, mapped_);
    }
    LockedBytes(const LockedBytes&) = delete;
    LockedBytes& operator=(const LockedBytes&) = delete;

    std::string_view view() const { return {at_, size_}; }

private:
    std::size_t size_, mapped_ = 0;
    char* at_ = nullptr;
};

namespace {

/// One place for one secret: what is made from the same text while another handle to it lives, shares its pages (a password, and the same
/// password in the list of what a transcript must not keep).
std::shared_ptr<const LockedBytes> place_of(std::string_view text)
{
    static std::mutex guard;
    static std::vector<std::weak_ptr<const LockedBytes>> places;
    const std::lock_guard held(guard);
    std::erase_if(places, [](const auto& place) { return place.expired(); });
    for (const auto& place : places)
        if (auto found = place.lock(); found && found->view() == text) return found;
    auto made = std::make_shared<const LockedBytes>(text);
    places.push_back(made);
    return made;
}

}

void wipe(std::string& text)
{
    text.resize(text.capacity());
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

void keep_off_the_stack(std::string& text)
{
    constexpr std::size_t longer_than_any_string_keeps_inside = 64;
    text.reserve(std::max(text.size(), longer_than_any_string_keeps_inside));
}

Secret::Secret(std::string_view text) : bytes_(place_of(text)) {}

std::string_view Secret::reveal() const { return bytes_ ? bytes_->view() : std::string_view(); }

bool Secret::usable() const { return reveal().find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos; }

void leave_no_core_file()
{
    const rlimit none{0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}
