// An op, a layer and a callback of a user's program: registered there, used with the installed library, saved and
// loaded.
#include <cornu/cornu.h>

#include <cstdio>
#include <iostream>

using namespace cornu;
using namespace cornu::keras;

// y = x^3
struct Cube final : Op {
  std::string_view name() const override { return "cube"; }
  Specs infer(const Specs& in) const override { return {in.at(0)}; }
  Tensors gradient(const Backward& b) const override {
    auto [x, y, dy] = b.unary();
    return {3.f * x * x * dy};
  }
  Kernel plan(const PlanRequest& r) const override {
    return Kernel::native([n = r.out[0].shape.elements()](const graph::Call& c) {
      for (std::int64_t i = 0; i < n; ++i) c.out<float>()[i] = c.in<float>()[i] * c.in<float>()[i] * c.in<float>()[i];
    });
  }
};
static const bool cube_registered = graph::register_op<Cube>();
static Tensor cube(const Tensor& x) { return graph::apply1(std::make_shared<Cube>(), {x}); }

struct CubedScale : layers::Layer {
  Variable gain;
  std::string class_name() const override { return "CubedScale"; }
  void build(const Shape& input) override {
    gain = add_weight({.name = "gain", .shape = {input.back()}, .initializer = "ones"});
  }
  Tensor call(const Tensor& x, keras::Context&) override { return cube(x * gain); }
};
static const bool layer_registered = layers::registry().add<CubedScale>("CubedScale");

struct CountEpochs : callbacks::Callback {
  int epochs = 0;
  void on_epoch_end(int, const Logs&) override { ++epochs; }
};

#define CHECK(condition) \
  if (!(condition)) return std::cerr << "line " << __LINE__ << ": " #condition " does not hold\n", 1

int main() {
  CHECK(cube_registered && layer_registered);
  Function f([](const Tensor& x) { return cube(x); });
  CHECK(array_equal(f(Array{2.f, 3.f}).one(), Array{8.f, 27.f}));
  CHECK(graph::op_registry().make("cube")->name() == "cube");

  // Templates of headers call into the library, too.
  const Array row{-1.f, 0.5f, 2.f};
  CHECK(array_equal(clip(row, 0, 1), where(row < 0, 0, minimum(row, 1))));
  CHECK(allclose(power(maximum(row, 0), 2), Array{0.f, 0.25f, 4.f}) && var(row, std::vector<int>{0}).item<float>() > 0);

  random::Generator rng(1);
  Array x = rng.uniform({64, 4}, -1, 1), y = rng.uniform({64, 1}, -1, 1);
  models::Sequential model(
      {layers::Dense(8, {.activation = "tanh", .input_shape = {4}}), CubedScale(), layers::Dense(1)});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.01}), .loss = "mse"});
  auto count = share(CountEpochs());
  History history = model.fit(x, y, {.epochs = 3, .verbose = 0, .callbacks = {count}});
  CHECK(count->epochs == 3);
  CHECK(history["loss"].back() < history["loss"].front());

  model.save("consumer.h5");
  auto loaded = models::load_model("consumer.h5");
  std::remove("consumer.h5");
  CHECK(allclose(loaded.predict(x), model.predict(x), 0, 1e-6));

  try {  // the library's exceptions are caught by type in a program with hidden visibility
    model.predict(zeros({2, 5}));
    CHECK(false);
  } catch (const ShapeError& e) {
    std::cout << e.what() << '\n';
  }
  std::cout << "op, layer and callback of the user's work\n";
}
