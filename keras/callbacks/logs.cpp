#include "cornu/keras/callbacks/logs.h"

namespace cornu::keras {

const double* Logs::find(std::string_view name) const {
  for (const Entry& entry : entries_)
    if (entry.first == name) return &entry.second;
  return nullptr;
}

double Logs::at(std::string_view name) const {
  if (const double* value = find(name)) return *value;
  std::string known;
  for (const Entry& entry : entries_) known += (known.empty() ? "" : ", ") + entry.first;
  throw graph::ValueError(graph::message("nothing was logged as '", name, "'; there is: ", known.empty() ? "nothing" : known));
}

void Logs::set(std::string_view name, double value) {
  for (Entry& entry : entries_)
    if (entry.first == name) {
      entry.second = value;
      return;
    }
  entries_.emplace_back(name, value);
}

void Logs::update(const Logs& others) {
  for (const auto& [name, value] : others) set(name, value);
}

}  // namespace cornu::keras
