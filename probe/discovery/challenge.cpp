#include "probe/discovery/challenge.hpp"

namespace portolan {

namespace {

constexpr std::size_t most_challenges = 16;

std::string lower(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    return result;
}

/// RFC 9110 §5.6.2. What is none is not repeated to anybody: it stands in a stranger's words.
bool is_token(std::string_view text)
{
    static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
    });
}

/// One header's value, read from left to right: a word is a parameter's name where "=" follows, and a scheme otherwise.
class Scan {
public:
    explicit Scan(std::string_view text) : text_(text) {}

    void into(std::vector<Challenge>& challenges)
    {
        while (at_ < text_.size()) {
            const auto name = word();
            if (name.empty()) {
                ++at_;
                continue;
            }
            blanks();
            if (!takes('=')) {
                if (challenges.size() == most_challenges) return;
                if (is_token(name)) challenges.push_back({lower(name), {}});
                continue;
            }
            auto value = takes('"') ? quoted() : std::string(word());
            if (!challenges.empty() && lower(name) == "realm") challenges.back().realm = std::move(value);
        }
    }

private:
    void blanks()
    {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    }

    bool takes(char c)
    {
        const auto before = at_;
        blanks();
        if (at_ < text_.size() && text_[at_] == c) return ++at_, true;
        at_ = before;
        return false;
    }

    std::string_view word()
    {
        const auto start = at_;
        while (at_ < text_.size() && text_[at_] != ' ' && text_[at_] != '\t' && text_[at_] != ',' && text_[at_] != '=' && text_[at_] != '"')
            ++at_;
        return text_.substr(start, at_ - start);
    }

    std::string quoted()
    {
        std::string value;
        for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
            value += text_[at_];
        }
        ++at_;
        return value;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

} // namespace

std::vector<Challenge> challenges_of(const HttpAnswer& answer)
{
    std::vector<Challenge> challenges;
    for (const auto& [name, value] : answer.headers)
        if (name == "www-authenticate") Scan(value).into(challenges);
    return challenges;
}

std::vector<Mechanism> mechanisms_of(const std::vector<Challenge>& challenges)
{
    std::set<Mechanism> known; // the enumeration stands in order of preference
    for (const auto& [scheme, realm] : challenges) {
        if (scheme == "bearer") known.insert(Mechanism::oauth2);
        else if (scheme == "digest") known.insert(Mechanism::digest_md5);
        else if (scheme == "negotiate") known.insert(Mechanism::gssapi);
        else if (scheme == "ntlm") known.insert(Mechanism::ntlm);
        else if (scheme == "basic") known.insert(Mechanism::basic);
    }
    return {known.begin(), known.end()};
}

} // namespace portolan
