#include "probe/discovery/strict_json.hpp"

#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>

#include <set>
#include <vector>

namespace portolan {

namespace json = boost::json;

namespace {

/// Watches the names of every object that is open. Boost.JSON itself lets the last of two members win: whoever reads the first would read
/// another document.
struct NameWatch {
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1), max_array_size = max_object_size,
                                 max_key_size = max_object_size, max_string_size = max_object_size;
    using Error = json::error_code;

    std::vector<std::set<std::string>> open;
    std::string name;
    bool twice = false;

    bool on_document_begin(Error&) { return true; }
    bool on_document_end(Error&) { return true; }
    bool on_object_begin(Error&)
    {
        open.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t, Error&)
    {
        open.pop_back();
        return true;
    }
    bool on_array_begin(Error&) { return true; }
    bool on_array_end(std::size_t, Error&) { return true; }
    bool on_key_part(json::string_view part, std::size_t, Error&)
    {
        name.append(part.data(), part.size());
        return true;
    }
    bool on_key(json::string_view part, std::size_t, Error& error)
    {
        name.append(part.data(), part.size());
        if (!open.back().insert(std::exchange(name, {})).second) {
            twice = true;
            error = json::error::syntax;
            return false;
        }
        return true;
    }
    bool on_string_part(json::string_view, std::size_t, Error&) { return true; }
    bool on_string(json::string_view, std::size_t, Error&) { return true; }
    bool on_number_part(json::string_view, Error&) { return true; }
    bool on_int64(std::int64_t, json::string_view, Error&) { return true; }
    bool on_uint64(std::uint64_t, json::string_view, Error&) { return true; }
    bool on_double(double, json::string_view, Error&) { return true; }
    bool on_bool(bool, Error&) { return true; }
    bool on_null(Error&) { return true; }
    bool on_comment_part(json::string_view, Error&) { return true; }
    bool on_comment(json::string_view, Error&) { return true; }
};

} // namespace

std::expected<json::value, std::string> read_strict_json(std::string_view body, std::size_t largest, std::size_t deepest)
{
    if (body.size() > largest) return std::unexpected("too-large");
    json::parse_options options;
    options.max_depth = deepest;
    json::error_code error;
    json::basic_parser<NameWatch> watch(options);
    watch.write_some(false, body.data(), body.size(), error);
    if (watch.handler().twice) return std::unexpected("duplicate-name");
    if (error == json::error::too_deep) return std::unexpected("too-deep");
    if (error) return std::unexpected("not-json");
    auto value = json::parse(json::string_view(body.data(), body.size()), error, {}, options); // also refuses what stands behind the value
    if (error) return std::unexpected("not-json");
    return value;
}

} // namespace portolan
