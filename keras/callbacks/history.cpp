#include "cornu/keras/callbacks/history.h"

#include <algorithm>

#include "cornu/keras/callbacks/internal/state_fields.h"

namespace cornu::keras {

const std::vector<double>& History::operator[](std::string_view name) const {
  std::string known;
  for (const Figure& figure : history_) {
    if (figure.name == name) return figure.values;
    known += (known.empty() ? "" : ", ") + figure.name;
  }
  throw graph::ValueError(
      graph::message("the history has no '", name, "'; it has: ", known.empty() ? "nothing" : known));
}

bool History::contains(std::string_view name) const {
  return std::any_of(history_.begin(), history_.end(), [&](const auto& figure) { return figure.name == name; });
}

std::vector<std::string> History::names() const {
  std::vector<std::string> names;
  for (const Figure& figure : history_) names.push_back(figure.name);
  return names;
}

void History::record(int epoch, const Logs& logs) {
  epoch_.push_back(epoch);
  for (const auto& [name, value] : logs) {
    auto found = std::find_if(history_.begin(), history_.end(), [&](const auto& f) { return f.name == name; });
    if (found == history_.end()) found = history_.insert(history_.end(), Figure{name});
    found->values.push_back(value);
    found->epochs.push_back(epoch);
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
    history_[i].name = names[i];
    callbacks::internal::numbers_field(v, graph::message("figure_", i), history_[i].values);
    callbacks::internal::numbers_field(v, graph::message("epochs_", i), history_[i].epochs);
  }
}

}  // namespace cornu::keras
