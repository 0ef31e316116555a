// A layer of one's own: weights, what belongs to them, arguments that are saved, a place in a model beside Keras'
// layers.
#include <cornu/cornu.h>

#include <filesystem>
#include <iostream>

using namespace cornu;
using namespace cornu::keras;

/// y = x * gain + offset, for each feature its own; the gains are kept near 0 by a penalty, and noise is added while it
/// trains.
struct Scale : layers::Layer {
  double penalty = 0;
  double noise = 0;
  Variable gain, offset;

  Scale() { set_seed(std::nullopt); }  // it uses random numbers: a stream of its own

  // Called once, with the shape of the first input: (None, features).
  void build(const Shape& input) override {
    gain = add_weight(
        {.name = "gain", .shape = {input.back()}, .initializer = "ones", .regularizer = regularizers::l2(penalty)});
    offset = add_weight({.name = "offset", .shape = {input.back()}, .initializer = "zeros"});
  }

  // Describes the computation; the context says whether this is training, and takes losses and updates.
  Tensor call(const Tensor& x, Context& ctx) override {
    Tensor y = x * gain + offset;
    if (ctx.training() && noise > 0) y = y + noise * ops::random_normal(random_state(ctx), y.shape());
    return y;
  }

  // The arguments, by name: they are written to files and read from there. The last line adds the name and the like.
  void fields(ConfigVisitor& v) override {
    v("penalty", penalty);
    v("noise", noise);
    Layer::fields(v);
  }
};

// A file holds the name; with this the program can read such files, too.
static const bool registered = layers::registry().add<Scale>("Scale");

int main() {
  if (!registered) return 1;
  random::Generator rng(7);
  Array x = rng.uniform({256, 3}, -1, 1);
  Array y = x * Array{1.f, -2.f, 0.5f} + Array{0.f, 1.f, 3.f};  // what the layer should find

  // Passed by value it becomes part of the model; shared, it can be looked at as well.
  auto scale = share(Scale());
  scale->noise = 0.01;
  models::Sequential model({layers::Input({.shape = {3}}), scale});
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.05}), .loss = "mse"});
  model.fit(x, y, {.epochs = 60, .verbose = 0});

  std::cout << model.get_layer(0)->class_name() << ' ' << scale->name() << ' ' << scale->gain.name() << ' '
            << scale->output_shape() << '\n';
  std::cout << "gain   " << (allclose(scale->gain.value(), Array{1.f, -2.f, 0.5f}, 0, 0.05) ? "found" : "not found")
            << '\n';
  std::cout << "offset " << (allclose(scale->offset.value(), Array{0.f, 1.f, 3.f}, 0, 0.05) ? "found" : "not found")
            << '\n';

  // The same layer with its arguments and weights comes back from a file.
  const auto path = std::filesystem::temp_directory_path() / "cornu_own_layer.h5";
  model.save(path);
  auto loaded = models::load_model(path);
  std::filesystem::remove(path);
  std::cout << "same predictions: " << std::boolalpha << array_equal(loaded.predict(x), model.predict(x)) << '\n';
  std::cout << "noise " << loaded.get_layer(0).as<Scale>()->noise << '\n';

  // A wrong shape is reported with the layer's name, when the model is built.
  try {
    models::Sequential wrong({layers::Input({.shape = {3}}), Scale(), layers::Reshape({4, 4})});
  } catch (const Error& error) {
    std::cout << error.what() << '\n';
  }
}

// Prints:
//   Scale scale scale/gain (None, 3)
//   gain   found
//   offset found
//   same predictions: true
//   noise 0.01
//   [Reshape "reshape"] cannot reshape samples of shape (3,) (3 elements) to (4, 4)
