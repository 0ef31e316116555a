#include "cornu/keras/callbacks/logs.h"

namespace cornu::keras {

Logs::Logs() = default;
Logs::Logs(std::initializer_list<Entry> entries) : entries_(entries) {}
Logs::Logs(const Logs& other) : entries_(other.entries()) {}
Logs::Logs(Logs&&) noexcept = default;
Logs& Logs::operator=(Logs&&) noexcept = default;
Logs::~Logs() = default;
void Logs::reserve(std::size_t entries) { entries_.reserve(entries); }

Logs Logs::lazy(std::function<Logs()> compute) {
  Logs logs;
  logs.compute_ = std::move(compute);
  return logs;
}

Logs& Logs::operator=(const Logs& other) {
  entries_ = other.entries();
  compute_ = nullptr;
  return *this;
}

void Logs::compute() const {
  entries_ = compute_().entries();
  compute_ = nullptr;
}

const double* Logs::find(std::string_view name) const {
  for (const Entry& entry : entries())
    if (entry.first == name) return &entry.second;
  return nullptr;
}

double Logs::at(std::string_view name) const {
  if (const double* value = find(name)) return *value;
  std::string known;
  for (const Entry& entry : entries()) known += (known.empty() ? "" : ", ") + entry.first;
  throw graph::ValueError(
      graph::message("nothing was logged as '", name, "'; there is: ", known.empty() ? "nothing" : known));
}

void Logs::set(std::string_view name, double value) {
  settle();
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
