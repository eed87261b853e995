// Every block that this program gives back is overwritten first. What handles a password wipes its own buffers; this is for those that cannot: the
// libraries below (OpenSSL, libgsasl, Qt), coroutine frames, strings that a server's echo of the password went through.
#include <cstddef>
#include <cstring>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PORTOLAN_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PORTOLAN_SANITIZED 1
#endif
#endif

#if defined(PORTOLAN_SANITIZED)

#include <sanitizer/allocator_interface.h>

namespace {

void allocated(const volatile void*, std::size_t) {}

void given_back(const volatile void* block)
{
    explicit_bzero(const_cast<void*>(block), __sanitizer_get_allocated_size(block));
}

[[maybe_unused]] const int installed = __sanitizer_install_malloc_and_free_hooks(allocated, given_back);

}

#elif defined(__GLIBC__)

#include <algorithm>
#include <cstdlib>
#include <malloc.h>

// glibc's own names for what these two stand in front of; see "Replacing malloc" in its manual.
extern "C" void __libc_free(void* block);

extern "C" void free(void* block) noexcept
{
    if (!block) return;
    explicit_bzero(block, malloc_usable_size(block));
    __libc_free(block);
}

/// Moves where it has to, so that the old place is wiped as well.
extern "C" void* realloc(void* block, std::size_t size) noexcept
{
    if (!block) return std::malloc(size);
    if (size == 0) {
        std::free(block);
        return nullptr;
    }
    const auto room = malloc_usable_size(block);
    if (size <= room && size >= room / 2) return block;
    void* moved = std::malloc(size);
    if (!moved) return nullptr;
    std::memcpy(moved, block, std::min(room, size));
    std::free(block);
    return moved;
}

#endif
