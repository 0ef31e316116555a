// save_onnx FOLDER: writes models like those of the examples as ONNX, each in a folder of its own, with inputs and what
// Cornu predicts for them. scripts/check_onnx.sh runs them in onnxruntime.
#include <cornu/cornu.h>

#include <filesystem>
#include <iostream>

namespace {

using namespace cornu;
using namespace cornu::keras;
namespace fs = std::filesystem;

Array noise(const Shape& shape, std::uint64_t seed) { return random::Generator(seed).uniform(shape, -1, 1); }

void save(const fs::path& folder, const std::string& name, const models::Model& model, const std::vector<Array>& x) {
  const fs::path place = folder / name;
  fs::create_directories(place);
  model.export_model(place / "model.onnx", {.format = "onnx"});
  const auto y = model.predict(Arrays(x)).arrays();
  for (std::size_t i = 0; i < x.size(); ++i) io::npy::save(place / ("x" + std::to_string(i) + ".npy"), x[i]);
  for (std::size_t i = 0; i < y.size(); ++i) io::npy::save(place / ("y" + std::to_string(i) + ".npy"), y[i]);
}

void save_rows(const fs::path& folder) {
  models::Sequential mlp({layers::Dense(64, {.activation = "relu", .input_shape = {784}}), layers::Dropout(0.2),
                          layers::Dense(10, {.activation = "softmax"})});
  mlp.compile({.optimizer = "adam", .loss = "sparse_categorical_crossentropy"});
  mlp.fit(noise({32, 784}, 1), graph::zeros({32}, int32), {.verbose = 0});
  save(folder, "mlp", mlp, {noise({9, 784}, 2)});

  models::Sequential convnet(
      {layers::Conv2D(8, 3, {.activation = "relu", .input_shape = {28, 28, 1}}), layers::BatchNormalization(),
       layers::MaxPooling2D(2), layers::DepthwiseConv2D(3, {.padding = "same"}),
       layers::Conv2D(16, 3, {.strides = 2, .padding = "same"}), layers::Flatten(), layers::Dense(10)});
  convnet.compile({.optimizer = "adam", .loss = "mse"});
  convnet.fit(noise({8, 28, 28, 1}, 1), noise({8, 10}, 2), {.verbose = 0});
  save(folder, "convnet", convnet, {noise({5, 28, 28, 1}, 3)});
}

void save_graphs(const fs::path& folder) {
  const auto words = layers::Input({.shape = {kUnknown}, .dtype = "int32", .name = "words"});
  auto x = layers::Embedding(50, 8, {.mask_zero = true})(words);
  x = layers::Bidirectional(layers::LSTM(6, {.return_sequences = true}))(x);
  const models::Model sequence(words, layers::Dense(3, {.activation = "softmax"})(layers::GRU(5)(x)));
  save(folder, "sequence", sequence, {random::Generator(4).integers({7, 12}, 0, 50).astype(int32)});

  const auto picture = layers::Input({.shape = {kUnknown, kUnknown, 3}, .name = "picture"});
  const auto down = layers::Conv2D(6, 3, {.strides = 2, .padding = "same", .activation = "gelu"})(picture);
  const auto up = layers::Conv2DTranspose(6, 3, {.strides = 2, .padding = "same"})(down);
  const models::Model segments(picture, layers::Conv2D(2, 1)(layers::Concatenate()({up, picture})));
  save(folder, "unet", segments, {noise({3, 20, 28, 3}, 5)});

  const auto steps = layers::Input({.shape = {10, 16}, .name = "steps"});
  const auto attended = layers::MultiHeadAttention(4, 4)({steps, steps}, {.values = {{"use_causal_mask", true}}});
  const auto normed = layers::LayerNormalization()(layers::Add()({steps, attended}));
  const auto wide = layers::Dense(16)(layers::Dense(32, {.activation = "gelu"})(normed));
  const models::Model transformer(steps, layers::LayerNormalization()(layers::Add()({normed, wide})));
  save(folder, "transformer", transformer, {noise({4, 10, 16}, 6)});

  const auto first = layers::Input({.shape = {5}, .name = "first"}),
             second = layers::Input({.shape = {5}, .name = "second"});
  auto shared = layers::Dense(5, {.activation = "tanh"});
  const auto u = shared(first), v = shared(second);
  const models::Model branches(
      {.inputs = {first, second},
       .outputs = {layers::Dense(1)(layers::Concatenate()({u, v, ops::square(u - v) * 0.5})), u - v}});
  save(folder, "branches", branches, {noise({6, 5}, 7), noise({6, 5}, 8)});
}

void save_mixed(const fs::path& folder) {
  const auto x = layers::Input({.shape = {12}, .name = "x"});
  const auto y = layers::Dense(8, {.activation = "relu", .dtype = "mixed_bfloat16"})(x);
  const models::Model mixed(x, layers::Dense(3, {.dtype = "float32"})(y));
  const fs::path place = folder / "mixed_bfloat16";  // computed in float32 there, so only that it runs is checked
  fs::create_directories(place);
  mixed.export_model(place / "model.onnx");
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::cerr << "usage: save_onnx FOLDER\n";
    return 2;
  }
  utils::set_random_seed(1);
  save_rows(argv[1]), save_graphs(argv[1]), save_mixed(argv[1]);
  return 0;
} catch (const std::exception& e) {
  std::cerr << "save_onnx: " << e.what() << '\n';
  return 1;
}
