#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "cornu/keras/formula.h"

// The bodies of Formula's functions, for the one source file of each kind that instantiates it: a program that
// includes the headers does not compile them again.

namespace cornu::keras {

/// A function of the user's that was given where an object is taken: `.activation = [](const Tensor& x) { return … }`.
/// It has no name, so a file cannot hold it.
template <class Kind, class Result, class... A>
class Nameless final : public Kind {
 public:
  explicit Nameless(std::function<Result(A...)> function) : function_(std::move(function)) {}
  Result operator()(A... arguments) const override { return function_(std::forward<A>(arguments)...); }
  std::string class_name() const override { return "<lambda>"; }

 private:
  std::function<Result(A...)> function_;
};

template <class Kind, class Result, class... A>
Shared<Kind> Formula<Kind, Result(A...)>::from_name(const std::string& name) {
  return Kind::registry().make(name);
}

template <class Kind, class Result, class... A>
Shared<Kind> Formula<Kind, Result(A...)>::from_callable(std::function<Result(A...)> function) {
  return std::make_shared<Nameless<Kind, Result, A...>>(std::move(function));
}

template <class Kind, class Result, class... A>
const AnyRegistry* Formula<Kind, Result(A...)>::kind() const {
  return &Kind::registry();
}

}  // namespace cornu::keras
