#include "cornu/keras/callbacks/history.h"

#include <algorithm>

#include "cornu/keras/callbacks/internal/state_fields.h"

namespace cornu::keras {

const std::vector<double>& History::operator[](std::string_view name) const {
  std::string known;
  for (const auto& [key, values] : history_) {
    if (key == name) return values;
    known += (known.empty() ? "" : ", ") + key;
  }
  throw graph::ValueError(
      graph::message("the history has no '", name, "'; it has: ", known.empty() ? "nothing" : known));
}

bool History::contains(std::string_view name) const {
  return std::any_of(history_.begin(), history_.end(), [&](const auto& entry) { return entry.first == name; });
}

std::vector<std::string> History::names() const {
  std::vector<std::string> names;
  for (const auto& entry : history_) names.push_back(entry.first);
  return names;
}

void History::record(int epoch, const Logs& logs) {
  epoch_.push_back(epoch);
  for (const auto& [name, value] : logs) {
    const auto found =
        std::find_if(history_.begin(), history_.end(), [&](const auto& entry) { return entry.first == name; });
    if (found != history_.end())
      found->second.push_back(value);
    else
      history_.push_back({name, {value}});
  }
}

void History::state(StateVisitor& v) {
  std::vector<std::string> names = this->names();
  callbacks::internal::texts_field(v, "names", names);
  std::vector<double> epochs(epoch_.begin(), epoch_.end());
  callbacks::internal::numbers_field(v, "epochs", epochs);
  epoch_.assign(epochs.begin(), epochs.end());
  history_.resize(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    history_[i].first = names[i];
    callbacks::internal::numbers_field(v, graph::message("figure_", i), history_[i].second);
  }
}

}  // namespace cornu::keras
