#include "cornu/keras/layers/internal/own_random_state.h"

#include <string_view>

namespace cornu::keras::layers::internal {
namespace {

class OwnRandomState final : public StateVisitor {
 public:
  void operator()(std::string_view name, Variable& variable) override {
    if (depth_ == 0 && name == "seed_generator_state") found = variable;
  }
  void operator()(std::string_view, std::int64_t&) override {}
  void operator()(std::string_view, double&) override {}
  void operator()(std::string_view, graph::random::Generator&) override {}
  Variable found;

 protected:
  void enter(std::string_view) override { ++depth_; }
  void leave() override { --depth_; }

 private:
  int depth_ = 0;
};

}  // namespace

Variable own_random_state(const Layer& layer) {
  OwnRandomState visitor;
  const_cast<Layer&>(layer).state(visitor);  // a visitor that only reads
  return visitor.found;
}

}  // namespace cornu::keras::layers::internal
