// The cells of Keras' own tests, over which some cases have an RNN.
#include "tests/golden/golden_case.h"

namespace cornu::golden {
namespace {

using keras::layers::CellOutput;

struct OneStateRNNCell : keras::layers::Cell {
  int units = 0;
  std::optional<std::vector<int>> sizes;
  Variable kernel, recurrent_kernel;

  std::vector<int> state_size() const override { return sizes.value_or(std::vector<int>{units}); }
  void build(const Shape& input) override {
    kernel = add_weight({.name = "kernel", .shape = {input.back(), units}});
    recurrent_kernel = add_weight({.name = "recurrent_kernel", .shape = {units, units}});
  }
  CellOutput step(const Tensor& x, const Tensors& states, keras::Context&) override {
    const Tensor y = ops::matmul(x, kernel) + ops::matmul(states[0], recurrent_kernel);
    return {y, {y}};
  }
  void fields(keras::ConfigVisitor& v) override {
    v("units", units);
    v("state_size", sizes);
    Layer::fields(v);
  }
};

// It has no use for its second state, as there.
struct TwoStatesRNNCell : OneStateRNNCell {
  Variable second;

  std::vector<int> state_size() const override { return sizes.value_or(std::vector<int>{units, units}); }
  void build(const Shape& input) override {
    kernel = add_weight({.name = "kernel", .shape = {input.back(), units}});
    recurrent_kernel = add_weight({.name = "recurrent_kernel_1", .shape = {units, units}});
    second = add_weight({.name = "recurrent_kernel_2", .shape = {units, units}});
  }
  CellOutput step(const Tensor& x, const Tensors& states, keras::Context&) override {
    const Tensor h = ops::matmul(x, kernel);
    const Tensor a = h + ops::matmul(states[0], recurrent_kernel), b = h + ops::matmul(states[0], second);
    return {a + b, {a, b}};
  }
};

// The cases call it in inference, where nothing is dropped.
struct RNNCellWithDropout : OneStateRNNCell {
  double dropout = 0, recurrent_dropout = 0;
  std::optional<std::int64_t> seed;
  void fields(keras::ConfigVisitor& v) override {
    v("units", units);
    v("dropout", dropout);
    v("recurrent_dropout", recurrent_dropout);
    v("seed", seed);
    Layer::fields(v);
  }
};

const bool added = keras::layers::registry().add<OneStateRNNCell>("OneStateRNNCell") &&
                   keras::layers::registry().add<TwoStatesRNNCell>("TwoStatesRNNCell") &&
                   keras::layers::registry().add<RNNCellWithDropout>("RNNCellWithDropout");

}  // namespace
}  // namespace cornu::golden
