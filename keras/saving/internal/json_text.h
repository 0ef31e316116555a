#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace cornu::keras::saving::internal {

using Json = nlohmann::ordered_json;

/// Reads a text that Python wrote: JSON with the numbers NaN, Infinity and -Infinity. Throws FormatError, beginning
/// with `what`, for a text that is no JSON or is nested more than 200 deep.
Json parse_json(const std::string& text, const std::string& what);
/// On one line, with these numbers as Python's json writes them; `ascii`: other characters as \u escapes. Throws
/// nlohmann's exception for a text in it that is not UTF-8.
std::string write_json(const Json& json, bool ascii = false);
/// For messages: at most so many characters, whatever is in it.
std::string shortened(const Json& json, std::size_t length = 60);

}  // namespace cornu::keras::saving::internal
