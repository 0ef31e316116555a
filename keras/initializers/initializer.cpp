#include "cornu/keras/initializers/initializer.h"

#include "cornu/graph/check.h"

namespace cornu::keras::initializers {
namespace {

class Nameless final : public Initializer {
 public:
  explicit Nameless(std::function<Array(const Shape&)> function) : function_(std::move(function)) {}
  Array operator()(const Shape& shape, graph::random::Generator&) const override { return function_(shape); }
  std::string class_name() const override { return "<lambda>"; }

 private:
  std::function<Array(const Shape&)> function_;
};

}  // namespace

Registry<Initializer>& Initializer::registry() {
  static Registry<Initializer> registry("initializer",
                                        {.module = "keras.initializers", .registry = "initializers::registry()"});
  return registry;
}

Shared<Initializer> Initializer::from_name(const std::string& name) { return registry().make(name); }

Shared<Initializer> Initializer::from_callable(std::function<Array(const Shape&)> function) {
  return std::make_shared<Nameless>(std::move(function));
}

}  // namespace cornu::keras::initializers
