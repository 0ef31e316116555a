#pragma once

#include <functional>
#include <string>
#include <utility>

#include "cornu/keras/object.h"

namespace cornu::keras {

/// A function of the user's that was given where an object is taken: `.activation = [](const Tensor& x) { return … }`.
/// It has no name, so a file cannot hold it. `Kind`'s call operator is the function's.
template <class Kind, class Result, class... Parameters>
class Nameless final : public Kind {
 public:
  explicit Nameless(std::function<Result(Parameters...)> function) : function_(std::move(function)) {}
  Result operator()(Parameters... arguments) const override { return function_(arguments...); }
  std::string class_name() const override { return "<lambda>"; }

 private:
  std::function<Result(Parameters...)> function_;
};

}  // namespace cornu::keras
