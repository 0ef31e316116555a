#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/keras/callbacks/logs.h"
#include "cornu/keras/state.h"

// Kinds of state that StateVisitor has no slot for, made of those that it has.
namespace cornu::keras::callbacks::internal {

/// Visits a count.
void count_field(StateVisitor& v, std::string_view name, int& value);
/// Visits a flag.
void flag_field(StateVisitor& v, std::string_view name, bool& value);
/// Visits a figure that there may be none of, which NaN stands for.
void figure_field(StateVisitor& v, std::string_view name, std::optional<double>& value);
/// Visits numbers or a text of any length: the length, then what there is.
void numbers_field(StateVisitor& v, std::string_view name, std::vector<double>& values);
void text_field(StateVisitor& v, std::string_view name, std::string& text);
/// Visits texts without NUL characters.
void texts_field(StateVisitor& v, std::string_view name, std::vector<std::string>& texts);
/// Visits names and figures.
void logs_field(StateVisitor& v, std::string_view name, Logs& logs);

}  // namespace cornu::keras::callbacks::internal
