#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/io/tensorboard/summaries/hparams.h"

namespace cornu::keras::tuner {

/// The value of a hyperparameter: a number, a truth value or a text.
using Value = io::tensorboard::summaries::HParam;
/// Values by name, as the callback HParams takes them.
using Values = io::tensorboard::summaries::HParams;

/// What may stand behind the bounds of an Int or a Float, as in KerasTuner.
template <class T>
struct RangeConfig {
  std::optional<T> step =
      std::nullopt;                 ///< from one value to the next: added, or multiplied where sampling is not linear
  std::string sampling = "linear";  ///< or "log": each power of ten is as likely; "reverse_log": likewise from above
  std::optional<T> default_value = std::nullopt;  ///< `min_value`
};

/// One dimension of a search: what is known of it once it was asked for.
struct HyperParameter {
  enum class Kind { Int, Float, Choice, Boolean, Fixed };
  std::string name;
  Kind kind;
  Value default_value;
  double min_value = 0, max_value = 0;  ///< of an Int and a Float; both may come
  std::optional<double> step = std::nullopt;
  std::string sampling = "linear";
  std::vector<Value> values = {};  ///< of a Choice

  /// The value at this place of the range, 0 to below 1.
  Value at(double place) const;
};

/// The values that a trial tries: a function that makes or runs something asks for them by name, and with that says
/// what may be searched. Without a search each is its default.
///
///     auto build = [](tuner::HyperParameters& hp) {
///       models::Sequential model({layers::Dense(hp.Int("units", 32, 256, {.step = 32}), {.activation = "relu"}),
///                                 layers::Dense(10)});
///       if (hp.Boolean("dropout")) …
///       model.compile({.optimizer = optimizers::Adam(hp.Float("rate", 1e-4, 1e-2, {.sampling = "log"})), …});
///       return model;
///     };
///
/// Throws ValueError for a range that ends before it begins, no choices, a name that is empty or was another kind of
/// hyperparameter before, a step or a sampling that the range cannot have. KerasTuner: `HyperParameters`.
class CORNU_EXPORT HyperParameters {
 public:
  /// A whole number, both bounds included.
  std::int64_t Int(const std::string& name, std::int64_t min_value, std::int64_t max_value,
                   const RangeConfig<std::int64_t>& config = {});
  double Float(const std::string& name, double min_value, double max_value, const RangeConfig<double>& config = {});
  /// One of these; by default the first.
  std::string Choice(const std::string& name, const std::vector<std::string>& values,
                     const std::optional<std::string>& default_value = std::nullopt);
  std::int64_t Choice(const std::string& name, std::initializer_list<int> values,
                      std::optional<int> default_value = std::nullopt);
  double Choice(const std::string& name, std::initializer_list<double> values,
                std::optional<double> default_value = std::nullopt);
  bool Boolean(const std::string& name, bool default_value = false);
  /// A value that is not searched for: in the hyperparameters that a search is given, it stands for whatever is asked
  /// for under that name.
  Value Fixed(const std::string& name, const Value& value);

  /// Throws ValueError with the names that are there.
  const Value& get(const std::string& name) const;
  bool contains(const std::string& name) const { return values_.contains(name); }
  /// Sets a value, whatever the range is.
  void set(const std::string& name, const Value& value) { values_.insert_or_assign(name, value); }
  const Values& values() const { return values_; }
  /// What was asked for, in that order.
  const std::vector<HyperParameter>& space() const { return space_; }

  /// Who gives the value of what is asked for and was not set. A search does.
  /// Forgets values that were set and not asked for.
  void keep_asked();
  using Draw = std::function<Value(const HyperParameter&)>;
  void draw_by(Draw draw) { draw_ = std::move(draw); }

 private:
  const Value& asked(HyperParameter parameter);

  std::vector<HyperParameter> space_;
  Values values_;
  Draw draw_;
};

}  // namespace cornu::keras::tuner
