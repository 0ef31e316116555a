#pragma once

#include <concepts>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "cornu/graph/check.h"

namespace cornu::keras {

/// One value for all outputs of a model, one for each in their order, or some by the outputs' names.
///
///     .loss = "mse"
///     .loss = {{"digit", "sparse_categorical_crossentropy"}, {"same", losses::BinaryCrossentropy()}}
///     .loss_weights = {1.0, 0.5}
template <class T>
class PerOutput {
 public:
  /// Nothing for any output.
  PerOutput() = default;
  template <class U>
  requires(std::convertible_to<U&&, T> && !std::derived_from<std::remove_cvref_t<U>, PerOutput>) PerOutput(U&& value)
      : values_{std::forward<U>(value)}, for_all_(true) {}  // NOLINT: one for all
  PerOutput(std::initializer_list<T> values) : values_(values) {}
  PerOutput(std::vector<T> values) : values_(std::move(values)) {}  // NOLINT: one for each
  PerOutput(std::initializer_list<std::pair<std::string, T>> named) {
    for (const auto& [name, value] : named) names_.push_back(name), values_.push_back(value);
  }
  PerOutput(const std::map<std::string, T>& named) {  // NOLINT: by name
    for (const auto& [name, value] : named) names_.push_back(name), values_.push_back(value);
  }

  bool empty() const { return values_.empty(); }
  bool for_all() const { return for_all_; }
  const std::vector<std::string>& names() const { return names_; }
  const std::vector<T>& values() const { return values_; }

  /// The value for each of these outputs; nothing where none was given. `what` is for messages: "loss". Throws
  /// ValueError for another number of values than outputs, and for names that are no output's.
  std::vector<std::optional<T>> of(const std::vector<std::string>& outputs, std::string_view what) const {
    std::vector<std::optional<T>> all(outputs.size());
    if (empty()) return all;
    if (for_all_ || (names_.empty() && outputs.size() == 1 && values_.size() == 1)) {
      for (auto& value : all) value = values_.front();
      return all;
    }
    std::string known;
    for (const std::string& output : outputs) known += (known.empty() ? "" : ", ") + output;
    if (names_.empty()) {
      graph::require<graph::ValueError>(values_.size() == outputs.size(), "compile: ", what,
                                        " needs a value for each of ", outputs.size(), " outputs (", known, "), got ",
                                        values_.size());
      for (std::size_t i = 0; i < values_.size(); ++i) all[i] = values_[i];
      return all;
    }
    for (std::size_t i = 0; i < names_.size(); ++i) {
      std::size_t at = 0;
      while (at < outputs.size() && outputs[at] != names_[i]) ++at;
      graph::require<graph::ValueError>(at < outputs.size(), "compile: ", what, ": the model has no output named '",
                                        names_[i], "'; it has: ", known);
      all[at] = values_[i];
    }
    return all;
  }

 private:
  std::vector<std::string> names_;
  std::vector<T> values_;
  bool for_all_ = false;
};

/// Several values for each output: a list for the only output (or an entry for each of several), or lists by the
/// outputs' names.
///
///     .metrics = {"accuracy", metrics::MeanSquaredError()}
///     .metrics = {{"digit", {"accuracy"}}, {"same", {"accuracy", "mse"}}}
template <class T>
class ListPerOutput {
 public:
  ListPerOutput() = default;
  ListPerOutput(std::initializer_list<T> values) : values_(values) {}
  ListPerOutput(std::vector<T> values) : values_(std::move(values)) {}  // NOLINT: a list
  ListPerOutput(std::initializer_list<std::pair<std::string, std::vector<T>>> named)
      : lists_(std::vector<std::pair<std::string, std::vector<T>>>(named)) {}
  ListPerOutput(const std::map<std::string, std::vector<T>>& named)  // NOLINT: by name
      : lists_(std::vector<std::pair<std::string, std::vector<T>>>(named.begin(), named.end())) {}
  /// A list for each output in order.
  ListPerOutput(std::vector<std::vector<T>> lists) : in_order_(std::move(lists)) {}  // NOLINT: lists

  bool empty() const { return values_.empty() && lists_.empty() && in_order_.empty(); }
  void push_back(T value) { values_.push_back(std::move(value)); }
  /// The list as it was given for the only output.
  const std::vector<T>& values() const { return values_; }

  /// The list for each of these outputs. Throws ValueError as `PerOutput::of`.
  std::vector<std::vector<T>> of(const std::vector<std::string>& outputs, std::string_view what) const {
    if (!lists_.empty()) {
      std::vector<std::vector<T>> all(outputs.size());
      std::map<std::string, std::vector<T>> named(lists_.begin(), lists_.end());
      const auto found = PerOutput<std::vector<T>>(named).of(outputs, what);
      for (std::size_t i = 0; i < all.size(); ++i) all[i] = found[i].value_or(std::vector<T>());
      return all;
    }
    const std::size_t given = in_order_.empty() ? values_.size() : in_order_.size();
    if (in_order_.empty() && outputs.size() == 1) return {values_};
    std::vector<std::vector<T>> all(outputs.size());
    if (given == 0) return all;
    graph::require<graph::ValueError>(given == outputs.size(), "compile: a list of ", what,
                                      " for a model of several outputs needs an entry for each of them: ",
                                      outputs.size(), ", got ", given, "; or name the outputs");
    for (std::size_t i = 0; i < given; ++i) all[i] = in_order_.empty() ? std::vector<T>{values_[i]} : in_order_[i];
    return all;
  }

 private:
  std::vector<T> values_;
  std::vector<std::pair<std::string, std::vector<T>>> lists_;
  std::vector<std::vector<T>> in_order_;
};

}  // namespace cornu::keras
