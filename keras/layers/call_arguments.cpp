#include "cornu/keras/layers/call_arguments.h"

#include <optional>

#include "cornu/keras/layers/internal/call_checks.h"

namespace cornu::keras::layers::internal {
namespace {

using graph::require;
using graph::ValueError;

const char* expected_for(const CallValue& otherwise) {
  constexpr const char* kTypes[] = {"true or false", "a whole number", "a number", "a text"};
  return kTypes[otherwise.index()];
}

std::string shown(const CallValue& value) {
  return std::visit(
      [](const auto& v) {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, bool>)
          return std::string(v ? "true" : "false");
        else if constexpr (std::is_same_v<T, std::string>)
          return '\'' + v + '\'';
        else
          return graph::message(v);
      },
      value);
}

// Python's numbers stand for truth and for fractions.
std::optional<CallValue> converted(const CallValue& value, const CallValue& like) {
  if (value.index() == like.index()) return value;
  const auto* whole = std::get_if<std::int64_t>(&value);
  if (whole && std::holds_alternative<bool>(like) && (*whole == 0 || *whole == 1)) return *whole == 1;
  if (whole && std::holds_alternative<double>(like)) return static_cast<double>(*whole);
  return std::nullopt;
}

}  // namespace

CallValues checked_values(const std::string& who, const CallSignature& signature, const CallValues& given) {
  CallValues checked;
  for (const auto& [name, value] : given) {
    const CallValue* otherwise = nullptr;
    std::string known;
    for (const auto& [other, preset] : signature.values) {
      known += (known.empty() ? "" : ", ") + other;
      if (other == name) otherwise = &preset;
    }
    require<ValueError>(otherwise != nullptr, who, "takes no argument '", name, "' in a call",
                        known.empty() ? "" : "; it takes: ", known);
    std::optional<CallValue> fit = converted(value, *otherwise);
    require<ValueError>(fit.has_value(), who, "expected ", expected_for(*otherwise), " for the argument '", name,
                        "' of a call, got ", shown(value));
    checked.emplace_back(name, std::move(*fit));
  }
  return checked;
}

}  // namespace cornu::keras::layers::internal
