// save_graphs FOLDER: saves small trained models that are graphs of layers, each in a folder of its own, with what
// Cornu predicts and how it trains on. scripts/check_keras_graphs.py loads them in real Keras.
#include <cornu/cornu.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

namespace {

using namespace cornu;
using namespace cornu::keras;
namespace fs = std::filesystem;

constexpr int kSamples = 24, kSteps = 2, kResumed = 3;

Array noise(Shape shape, std::uint64_t seed) {
  Array x(shape);
  std::uint64_t state = seed * 2654435761u + 1;
  for (std::int64_t i = 0; i < x.size(); ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    x.data<float>()[i] = static_cast<float>(static_cast<double>(state >> 40) / (1 << 23) - 1);
  }
  return x;
}

Array noise(std::int64_t features, std::uint64_t seed) { return noise(Shape{kSamples, features}, seed); }

Array labels(int classes) {
  Array list(Shape{kSamples}, graph::int32);
  for (int i = 0; i < kSamples; ++i) list.data<std::int32_t>()[i] = (i * 7 + i / 3) % classes;
  return list;
}

Array ones_and_zeros() { return labels(2).astype(float32).reshape({-1, 1}); }

void save_list(const fs::path& folder, const std::string& name, const Arrays& arrays) {
  for (std::size_t i = 0; i < arrays.size(); ++i)
    io::npy::save(folder / (name + std::to_string(i) + ".npy"), arrays[i]);
}

// What a file of the model does not say.
struct Kind {
  bool operations = false;  // Keras 3 cannot read them in a .h5
  bool nested = false;      // nor a graph in a graph in Keras 2's form, where nodes are numbered otherwise
  bool named = false;       // nor tensors by name, the states with which a recurrent layer begins
};

class Saver {
 public:
  explicit Saver(fs::path folder) : folder_(std::move(folder)) {}

  void save(const std::string& name, models::Model model, const Arrays& x, const Arrays& y, Kind kind = {}) {
    for (int i = 0; i < kSteps; ++i) model.train_on_batch(x, y);
    const fs::path place = folder_ / name;
    fs::create_directories(place);
    model.save(place / "model.h5");
    model.save(place / "model.keras");
    model.save_weights(place / "model.weights.h5");
    std::ofstream(place / "model.json") << model.to_json();
    save_list(place, "x", x);
    save_list(place, "y", y);
    save_list(place, "prediction", model.predict(x));
    save_list(place, "weight", Arrays(model.get_weights()));
    Array losses(Shape{kResumed});
    for (int i = 0; i < kResumed; ++i) {
      model.reset_metrics();
      losses.data<float>()[i] = static_cast<float>(model.train_on_batch(x, y)["loss"]);
    }
    io::npy::save(place / "losses.npy", losses);
    std::ofstream(place / "check.json") << nlohmann::json{{"iterations", kSteps},
                                                          {"operations", kind.operations},
                                                          {"nested", kind.nested},
                                                          {"named", kind.named}}
                                               .dump()
                                        << '\n';
    ++count_;
  }
  int count() const { return count_; }

 private:
  fs::path folder_;
  int count_ = 0;
};

optimizers::Adam adam() { return optimizers::Adam({.learning_rate = 0.02}); }
optimizers::SGD momentum() { return optimizers::SGD({.learning_rate = 0.05, .momentum = 0.9}); }

// Two inputs, a layer used twice, a residual, two outputs.
models::Model two_towers() {
  const auto left = layers::Input({.shape = {5}, .name = "left"}),
             right = layers::Input({.shape = {5}, .name = "right"});
  auto shared = layers::Dense(5, {.activation = "tanh", .name = "shared"});
  const auto a = layers::Add({.name = "residual"})({shared(left), left});
  const auto both = layers::Concatenate({.name = "join"})({a, shared(right)});
  const auto digit = layers::Dense(3, {.activation = "softmax", .name = "digit"})(both);
  const auto same = layers::Dense(1, {.activation = "sigmoid", .name = "same"})(both);
  return models::Model({.inputs = {left, right}, .outputs = {digit, same}, .name = "towers"});
}

void save_several(Saver& saver) {
  const Arrays x = {noise(5, 3), noise(5, 4)}, y = {labels(3), ones_and_zeros()};
  models::Model by_name = two_towers();
  by_name.compile({.optimizer = adam(),
                   .loss = {{"digit", "sparse_categorical_crossentropy"}, {"same", losses::BinaryCrossentropy()}},
                   .loss_weights = {{"digit", 1.0}, {"same", 0.5}},
                   .metrics = {{"digit", {"accuracy"}}, {"same", {"accuracy", "mae"}}}});
  saver.save("per_output_by_name", by_name, x, y);
  models::Model in_order = two_towers();
  in_order.compile({.optimizer = momentum(),
                    .loss = std::vector<Arg<losses::Loss>>{"sparse_categorical_crossentropy", "binary_crossentropy"},
                    .loss_weights = std::vector<double>{0.3, 0.7}});
  saver.save("per_output_in_order", in_order, x, y);
  models::Model one_loss = two_towers();
  one_loss.compile({.optimizer = momentum(), .loss = "mse"});
  saver.save("one_loss_for_all", one_loss, x, {noise(3, 8), noise(1, 9)});
}

void save_nested(Saver& saver) {
  const auto x = layers::Input({.shape = {5}, .name = "innermost_x"});
  models::Model innermost(x, layers::Dense(5, {.activation = "tanh", .name = "deep"})(x), "innermost");
  const auto y = layers::Input({.shape = {5}, .name = "middle_x"});
  models::Model middle(y, layers::Add({.name = "skip"})({innermost(y), y}), "middle");
  models::Sequential row({layers::Dense(4, {.activation = "relu", .name = "row_1", .input_shape = {10}}),
                          layers::Dense(3, {.name = "row_2"})},
                         "row");
  const auto a = layers::Input({.shape = {5}, .name = "a"}), b = layers::Input({.shape = {5}, .name = "b"});
  const auto both = layers::Concatenate({.name = "both"})({middle(a), middle(b)});
  models::Model outer(
      {.inputs = {a, b}, .outputs = {layers::Activation("softmax", {.name = "end"})(row(both))}, .name = "outer"});
  outer.compile({.optimizer = adam(), .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  saver.save("nested", outer, {noise(5, 3), noise(5, 4)}, labels(3), {.nested = true});

  innermost.set_trainable(false);
  outer.compile({.optimizer = momentum(), .loss = "sparse_categorical_crossentropy"});
  saver.save("nested_frozen", outer, {noise(5, 3), noise(5, 4)}, labels(3), {.nested = true});

  models::Sequential around({layers::Dense(5, {.activation = "relu", .input_shape = {5}})}, "around");
  around.add(models::clone_model(middle));
  around.add(layers::Dense(1));
  around.compile({.optimizer = adam(), .loss = "mse"});
  saver.save("graph_in_row", around, noise(5, 3), noise(1, 7), {.nested = true});
}

void save_merging(Saver& saver) {
  const auto a = layers::Input({.shape = {4}, .name = "a"}), b = layers::Input({.shape = {4}, .name = "b"});
  const auto p = layers::Dense(4, {.name = "p"})(a), q = layers::Dense(4, {.name = "q"})(b);
  const auto all = layers::Concatenate({.name = "all"})(
      {layers::Add({.name = "sum"})({p, q, a}), layers::Subtract({.name = "difference"})({p, q}),
       layers::Multiply({.name = "product"})({p, q}), layers::Average({.name = "mean"})({p, b}),
       layers::Maximum({.name = "largest"})({p, q}), layers::Minimum({.name = "smallest"})({p, q}),
       layers::Dot({.axes = {1}, .normalize = true, .name = "cosine"})({p, q})});
  models::Model model({.inputs = {a, b}, .outputs = {layers::Dense(2, {.name = "out"})(all)}, .name = "merging"});
  model.compile({.optimizer = adam(), .loss = "mse", .metrics = {"mae"}});
  saver.save("merging", model, {noise(4, 3), noise(4, 4)}, noise(2, 5));
}

void save_sequences(Saver& saver) {
  const auto x = layers::Input({.shape = {6, 3}, .name = "steps"});
  const auto masked = layers::Masking({.mask_value = 0, .name = "masking"})(x);
  const auto each =
      layers::TimeDistributed(layers::Dense(4, {.activation = "tanh", .name = "each"}), {.name = "per_step"})(masked);
  models::Model model(x, layers::TimeDistributed(layers::Dense(2, {.name = "last"}), {.name = "end"})(each),
                      "sequence");
  model.compile({.optimizer = adam(), .loss = "mse"});
  Array data = noise(Shape{kSamples, 6, 3}, 3);
  for (int i = 0; i < kSamples; ++i)
    for (int t = 1 + i % 5; t < 6; ++t)
      for (int k = 0; k < 3; ++k) data.data<float>()[(i * 6 + t) * 3 + k] = 0;
  saver.save("masked_steps", model, data, noise(Shape{kSamples, 6, 2}, 5));

  const auto y = layers::Input({.shape = {4}, .name = "y"});
  const auto turned =
      layers::Permute({.dims = {2, 1}, .name = "turned"})(layers::RepeatVector(3, {.name = "repeated"})(y));
  models::Model shapes(y, layers::Dense(2, {.name = "out"})(layers::Flatten({.name = "flat"})(turned)), "shapes");
  shapes.compile({.optimizer = momentum(), .loss = "mse"});
  saver.save("reshaping", shapes, noise(4, 3), noise(2, 5));
}

void save_recurrent(Saver& saver) {
  const auto x = layers::Input({.shape = {5, 3}, .name = "sequence"});
  const auto cells = layers::StackedRNNCells({layers::LSTMCell(3), layers::GRUCell(2), layers::LSTMCell(4)});
  const auto steps = layers::RNN(cells, {.return_sequences = true, .name = "stack"})(x);
  const auto both = layers::Bidirectional(layers::RNN(layers::SimpleRNNCell(2)), {.name = "both"})(steps);
  models::Model stack(x, layers::Dense(2, {.name = "out"})(both), "stacked");
  stack.compile({.optimizer = adam(), .loss = "mse"});
  saver.save("stacked_cells", stack, noise(Shape{kSamples, 5, 3}, 3), noise(2, 5));

  const auto source = layers::Input({.shape = {5, 3}, .name = "source"}),
             target = layers::Input({.shape = {4, 2}, .name = "target"});
  const auto encoded =
      layers::LSTM(3, {.return_sequences = true, .return_state = true, .name = "encoder"})(source).outputs();
  const auto decoded = layers::LSTM(3, {.name = "decoder"})(target, {.initial_state = {encoded[1], encoded[2]}});
  const auto last = layers::GRU(3, {.name = "reader"})(encoded[0], {.initial_state = {encoded[1]}});
  models::Model translator({source, target}, layers::Dense(2, {.name = "out"})(layers::add({decoded, last})),
                           "translator");
  translator.compile({.optimizer = adam(), .loss = "mse"});
  saver.save("initial_state", translator, {noise(Shape{kSamples, 5, 3}, 3), noise(Shape{kSamples, 4, 2}, 4)},
             noise(2, 5), {.named = true});
}

void save_operations(Saver& saver) {
  const auto x = layers::Input({.shape = {5}, .name = "x"});
  const auto p = layers::Dense(5, {.name = "p"})(x), q = layers::Dense(5, {.name = "q"})(x);
  const auto z = (p * 0.5 + ops::relu(q) - 1.0) / 2.0 - 0.25 * (1.0 - q);
  models::Model model(x, layers::Dense(2, {.name = "out"})(ops::maximum(z, p * q)), "operations");
  model.compile({.optimizer = adam(), .loss = "mse"});
  saver.save("operations", model, noise(5, 3), noise(2, 5), {.operations = true});
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::cerr << "usage: save_graphs FOLDER\n";
    return 2;
  }
  utils::set_random_seed(1);
  Saver saver(argv[1]);
  save_several(saver);
  save_nested(saver);
  save_merging(saver);
  save_sequences(saver);
  save_recurrent(saver);
  save_operations(saver);
  std::cout << saver.count() << " graphs saved\n";
  return 0;
} catch (const std::exception& e) {
  std::cerr << "save_graphs: " << e.what() << '\n';
  return 1;
}
