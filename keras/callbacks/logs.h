#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/graph/check.h"

namespace cornu::keras {

/// Named figures in the order in which they were set: "loss", "accuracy", "val_loss", …
class CORNU_EXPORT Logs {
 public:
  using Entry = std::pair<std::string, double>;
  Logs();
  Logs(std::initializer_list<Entry> entries);
  /// Figures that are computed when somebody first looks at them, once; what the function refers to must last until
  /// then. The logs of batches are of this kind: they cost nothing where no callback reads them. A copy is of the
  /// figures.
  static Logs lazy(std::function<Logs()> compute);
  Logs(const Logs& other);
  Logs& operator=(const Logs& other);
  Logs(Logs&&) noexcept;
  Logs& operator=(Logs&&) noexcept;
  ~Logs();

  bool contains(std::string_view name) const { return find(name) != nullptr; }
  /// Throws ValueError that lists the names there are.
  double at(std::string_view name) const;
  double operator[](std::string_view name) const { return at(name); }
  /// Null if there is none.
  const double* find(std::string_view name) const;
  void set(std::string_view name, double value);
  void update(const Logs& others);
  /// Room for so many, so that setting them allocates at most once.
  void reserve(std::size_t entries);

  bool empty() const { return entries().empty(); }
  std::size_t size() const { return entries().size(); }
  auto begin() const { return entries().begin(); }
  auto end() const { return entries().end(); }
  /// Computes figures that are still to be computed.
  void settle() const { entries(); }

 private:
  const std::vector<Entry>& entries() const {
    if (compute_) compute();
    return entries_;
  }
  void compute() const;

  mutable std::vector<Entry> entries_;
  mutable std::function<Logs()> compute_;  // empty once they are there
};

}  // namespace cornu::keras
