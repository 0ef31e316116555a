#include "cornu/keras/data/arrays.h"

#include <algorithm>
#include <set>

#include "cornu/graph/check.h"

namespace cornu::keras {

using graph::Array;
using graph::require;
using graph::ValueError;

namespace {

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

Arrays::Arrays(std::initializer_list<std::pair<std::string, Array>> named) {
  for (const auto& [name, array] : named) names_.push_back(name), arrays_.push_back(array);
  *this = Arrays(std::move(names_), std::move(arrays_));
}

Arrays::Arrays(const std::map<std::string, Array>& named) {
  for (const auto& [name, array] : named) names_.push_back(name), arrays_.push_back(array);
}

Arrays::Arrays(std::vector<std::string> names, std::vector<Array> arrays)
    : names_(std::move(names)), arrays_(std::move(arrays)) {
  require<ValueError>(names_.size() == arrays_.size(), names_.size(), " names for ", arrays_.size(), " arrays");
  require<ValueError>(std::set<std::string>(names_.begin(), names_.end()).size() == names_.size(),
                      "a name is given twice among: ", listed(names_));
}

const Array& Arrays::operator[](std::size_t i) const {
  require<ValueError>(i < arrays_.size(), "there are ", arrays_.size(), " arrays, asked for number ", i);
  return arrays_[i];
}

const Array& Arrays::operator[](std::string_view name) const {
  const auto at = std::find(names_.begin(), names_.end(), name);
  require<ValueError>(at != names_.end(), "there is no array named '", name,
                      "'; there are: ", names_.empty() ? "arrays without names" : listed(names_));
  return arrays_[static_cast<std::size_t>(at - names_.begin())];
}

bool Arrays::contains(std::string_view name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

std::vector<Array> Arrays::in_order(const std::vector<std::string>& names, std::string_view what) const {
  if (arrays_.size() != names.size())
    throw ValueError(
        graph::message(what, ": expected ", names.size(), " arrays (", listed(names), "), got ", arrays_.size()));
  if (names_.empty()) return arrays_;
  for (const std::string& name : names_)
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw ValueError(graph::message(what, ": there is no '", name, "' in the model; it has: ", listed(names)));
  std::vector<Array> ordered;
  for (const std::string& name : names) ordered.push_back((*this)[name]);
  return ordered;
}

}  // namespace cornu::keras
