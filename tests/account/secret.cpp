// A password in memory. This program watches every block that is given back, so that a secret left in one is seen.
#include "probe/account/secret.hpp"
#include "probe/account/transcript.hpp"

#include <doctest/doctest.h>

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <type_traits>

using namespace portolan;

namespace {

constexpr std::string_view marker = "correct horse battery staple";
int blocks_with_marker = 0;
bool watching = false;

void inspect(void* block)
{
    if (!watching || !block) return;
    const std::string_view bytes(static_cast<const char*>(block), malloc_usable_size(block));
    if (bytes.find(marker) != std::string_view::npos) ++blocks_with_marker;
}

/// How many blocks were given back with the marker in them while `work` ran.
template <class Work>
int left_behind(Work work)
{
    blocks_with_marker = 0;
    watching = true;
    work();
    watching = false;
    return blocks_with_marker;
}

}

void* operator new(std::size_t size)
{
    if (void* block = std::malloc(size ? size : 1)) return block;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size ? size : 1); }
void operator delete(void* block) noexcept
{
    inspect(block);
    std::free(block);
}
void operator delete(void* block, std::size_t) noexcept { operator delete(block); }

TEST_CASE("the watch sees what an ordinary string leaves behind")
{
    CHECK(left_behind([] { std::string text(marker); }) == 1);
}

TEST_CASE("rule 21: a secret is wiped when its last handle goes, and only then")
{
    CHECK(left_behind([] {
              Secret copy;
              {
                  const Secret secret(marker);
                  copy = secret;
              }
              if (copy.reveal() != marker) ++blocks_with_marker;
          }) == 0);
    CHECK(left_behind([] {
              std::string text(marker);
              wipe(text);
          }) == 0);
    CHECK(left_behind([] {
              std::string text(marker);
              text.resize(3);                                          // what lies behind the end is wiped as well
              wipe(text);
          }) == 0);
    CHECK(left_behind([] {
              Transcript transcript;
              transcript.never_store(marker);
              transcript.forget_secrets();
          }) == 0);
}

TEST_CASE("one secret stands in one place, however often it is made")
{
    const Secret one(marker), two(marker), other("incorrect horse");
    CHECK(one.reveal().data() == two.reveal().data());
    CHECK(one.reveal().data() != other.reveal().data());
    CHECK(other.reveal() == "incorrect horse");
}

TEST_CASE("a short text that carries a secret is moved without leaving a copy")
{
    std::string text;
    keep_off_the_stack(text);
    text.append("Tr0ub4d&r");
    const auto* place = text.data();
    const std::string moved(std::move(text));
    CHECK(moved.data() == place);
}

TEST_CASE("an empty secret is empty, and CR, LF and NUL make one unusable")
{
    CHECK(Secret().empty());
    CHECK(Secret("").empty());
    CHECK(Secret().reveal().empty());
    CHECK_FALSE(Secret("x").empty());
    CHECK(Secret("pässwörd with \"quotes\" \\ and spaces").usable());
    CHECK_FALSE(Secret("a\rb").usable());
    CHECK_FALSE(Secret("a\nb").usable());
    CHECK_FALSE(Secret(std::string_view("a\0b", 3)).usable());
}

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };
template <class T>
concept BecomesText = std::is_convertible_v<T, std::string> || std::is_convertible_v<T, std::string_view>;

TEST_CASE("a secret neither prints nor turns into text by itself, nor is made from text by accident")
{
    CHECK_FALSE(Printable<Secret>);
    CHECK_FALSE(BecomesText<Secret>);
    CHECK_FALSE(std::is_convertible_v<std::string_view, Secret>);
}
