#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/keras/callbacks/callback.h"

namespace cornu::keras {

/// What `fit` returns: each logged figure, once per epoch.
///
///     History history = model.fit(x, y, {.epochs = 3});
///     for (double v : history["val_loss"]) …
class History {
 public:
  /// Throws ValueError with the names that were logged.
  const std::vector<double>& operator[](std::string_view name) const;
  bool contains(std::string_view name) const;
  std::vector<std::string> names() const;  ///< in the order of logging
  const std::vector<int>& epoch() const { return epoch_; }
  const CallbackParams& params() const { return params_; }
  /// True if Ctrl-C ended the run.
  bool interrupted() const { return interrupted_; }

  void record(int epoch, const Logs& logs);
  void set_params(const CallbackParams& params) { params_ = params; }
  void set_interrupted() { interrupted_ = true; }

 private:
  std::vector<std::pair<std::string, std::vector<double>>> history_;
  std::vector<int> epoch_;
  CallbackParams params_;
  bool interrupted_ = false;
};

}  // namespace cornu::keras
