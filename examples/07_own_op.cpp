// An op of one's own, with kernel and gradient: the discounted sum, a recursion that ops on whole tensors cannot
// express.
#include <cornu/cornu.h>

#include <iostream>

using namespace cornu;

// y_t = x_t + decay y_(t-1) along the last axis; backwards: y_t = x_t + decay y_(t+1), the return of a sequence of
// rewards.
struct DiscountedSum final : Op {
  double decay = 0.9;
  bool reverse = false;

  std::string_view name() const override { return "discounted_sum"; }
  void fields(FieldVisitor& f) const override { f("decay", decay), f("reverse", reverse); }

  Specs infer(const Specs& in) const override {
    graph::require<TypeError>(in[0].dtype == float32, "discounted_sum: needs float32, got ", in[0]);
    graph::require<ShapeError>(in[0].shape.rank() >= 1, "discounted_sum: needs at least one axis, got a scalar");
    return {in[0]};
  }
  // Each y_t is a sum over earlier x: gradients flow the other way, by the same rule.
  Tensors gradient(const Backward& b) const override {
    auto op = std::make_shared<DiscountedSum>(*this);
    op->reverse = !reverse;
    return {graph::apply1(op, {b.dy()})};
  }
  Kernel plan(const PlanRequest& r) const override {
    const std::int64_t length = r.in[0].shape.back(), all = r.in[0].shape.elements();
    return Kernel::native([=, decay = static_cast<float>(decay), reverse = reverse](const graph::Call& call) {
      const float* x = call.in<float>();
      float* y = call.out<float>();
      for (std::int64_t row = 0; row < all; row += length) {
        float sum = 0;
        for (std::int64_t t = 0; t < length; ++t) {
          const std::int64_t i = row + (reverse ? length - 1 - t : t);
          y[i] = sum = x[i] + decay * sum;
        }
      }
    });
  }
};
static const bool registered =
    graph::register_op<DiscountedSum>();  // for tools that list ops; using it needs no registration

Tensor discounted_sum(const Tensor& x, double decay, bool reverse = false) {
  auto op = std::make_shared<DiscountedSum>();
  op->decay = decay, op->reverse = reverse;
  return graph::apply1(op, {x});
}

int main() {
  Function forwards([](const Tensor& x) { return discounted_sum(x, 0.5); });
  Function returns([](const Tensor& x) { return discounted_sum(x, 0.5, true); });
  Array rewards{{0.f, 0.f, 8.f, 0.f}, {1.f, 1.f, 1.f, 1.f}};
  std::cout << forwards(rewards) << '\n' << returns(rewards) << '\n';

  // It is differentiated like every op, and its gradient again.
  Function slope([](const Tensor& x) { return autodiff::gradients(discounted_sum(x, 0.5), {x})[0]; });
  std::cout << slope(Array{1.f, 1.f, 1.f}) << '\n';
  auto report = autodiff::gradient_check([](const Tensor& x) { return ops::square(discounted_sum(x, 0.7)); },
                                         {random::Generator(1).uniform({3, 5}, -1, 1)}, {.order = 2});
  std::cout << "gradients " << (report ? "right" : "wrong") << ", registered as "
            << graph::op_registry().make("discounted_sum")->name() << '\n';

  try {
    forwards(Array{1, 2, 3});
  } catch (const TypeError& e) {
    std::cout << e.what() << '\n';
  }
  return report && registered ? 0 : 1;
}

// Prints:
//   [[0.    0.    8.    4.   ]
//    [1.    1.5   1.75  1.875]]
//   [[2.    4.    8.    0.   ]
//    [1.875 1.75  1.5   1.   ]]
//   [1.75 1.5  1.  ]
//   gradients right, registered as discounted_sum
//   discounted_sum: needs float32, got int32(3,)
