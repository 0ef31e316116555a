#pragma once

#include <cornu/cornu.h>

#include <functional>
#include <map>
#include <string>

namespace bench {

/// What the programs call by `--model`.
struct Kind {
  cornu::Shape input;  ///< of one sample
  int classes;
  std::function<cornu::keras::models::Model()> make;  ///< not yet compiled
  std::function<cornu::keras::Shared<cornu::keras::optimizers::Optimizer>()>
      optimizer;         ///< as the peers' programs have it
  bool letters = false;  ///< reads numbers of classes and gives what follows each of them
};

inline cornu::keras::models::Model mlp() {
  using namespace cornu::keras;
  return models::Sequential({layers::Dense(512, {.activation = "relu", .input_shape = {784}}),
                             layers::Dense(512, {.activation = "relu"}), layers::Dense(10, {.activation = "softmax"})});
}

/// Keras' small convnet for MNIST.
inline cornu::keras::models::Model cnn() {
  using namespace cornu::keras;
  return models::Sequential({layers::Conv2D(32, 3, {.activation = "relu", .input_shape = {28, 28, 1}}),
                             layers::MaxPooling2D(2), layers::Conv2D(64, 3, {.activation = "relu"}),
                             layers::MaxPooling2D(2), layers::Flatten(), layers::Dropout(0.5),
                             layers::Dense(10, {.activation = "softmax"})});
}

/// Two blocks of a transformer's encoder (4 heads, width 64, MLP 128) over the rows of MNIST's images.
inline cornu::keras::models::Model transformer() {
  using namespace cornu::keras;
  const KerasTensor input = layers::Input({.shape = {28, 28}});
  KerasTensor x = layers::Dense(64)(input);
  for (int block = 0; block < 2; ++block) {
    x = layers::LayerNormalization()(layers::Add()({x, layers::MultiHeadAttention(4, 16)(x, x)}));
    const auto y = layers::Dense(64)(layers::Dense(128, {.activation = "relu"})(x));
    x = layers::LayerNormalization()(layers::Add()({x, y}));
  }
  const auto y = layers::Dense(10, {.activation = "softmax"})(layers::GlobalAveragePooling1D()(x));
  return models::Model({.inputs = {input}, .outputs = {y}, .name = "transformer"});
}

/// ResNet-20 for images of 32 x 32 (He et al., 2015): three stacks of three blocks, 16, 32 and 64 filters.
inline cornu::keras::models::Model resnet20() {
  using namespace cornu::keras;
  const auto normalized = [](int filters, int kernel, int strides, const KerasTensor& x) {
    const auto y = layers::Conv2D(
        filters, kernel,
        {.strides = strides, .padding = "same", .use_bias = false, .kernel_initializer = "he_normal"})(x);
    return layers::BatchNormalization()(y);
  };
  const KerasTensor input = layers::Input({.shape = {32, 32, 3}});
  auto x = layers::ReLU()(normalized(16, 3, 1, input));
  for (const int stack : {0, 1, 2})
    for (int block = 0; block < 3; ++block) {
      const int filters = 16 << stack, strides = stack > 0 && block == 0 ? 2 : 1;
      auto y = layers::ReLU()(normalized(filters, 3, strides, x));
      y = normalized(filters, 3, 1, y);
      const auto shortcut = strides == 2 ? normalized(filters, 1, 2, x) : x;
      x = layers::ReLU()(layers::Add()({shortcut, y}));
    }
  const auto y = layers::Dense(10, {.activation = "softmax"})(layers::GlobalAveragePooling2D()(x));
  return models::Model({.inputs = {input}, .outputs = {y}, .name = "resnet20"});
}

/// MobileNetV2 of width 1 for images of 224 x 224 (Sandler et al., 2018).
inline cornu::keras::models::Model mobilenetv2() {
  using namespace cornu::keras;
  const auto pointwise = [](const KerasTensor& x, int filters) {
    return layers::BatchNormalization()(layers::Conv2D(filters, 1, {.use_bias = false})(x));
  };
  const auto relu6 = [](const KerasTensor& x) { return layers::ReLU({.max_value = 6})(x); };
  const KerasTensor input = layers::Input({.shape = {224, 224, 3}});
  KerasTensor x = relu6(
      layers::BatchNormalization()(layers::Conv2D(32, 3, {.strides = 2, .padding = "same", .use_bias = false})(input)));
  int inputs = 32;
  struct Stage {
    int expansion, filters, count, stride;
  };
  for (const Stage& stage :
       {Stage{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}})
    for (int block = 0; block < stage.count; ++block) {
      const int strides = block == 0 ? stage.stride : 1;
      KerasTensor y = stage.expansion > 1 ? relu6(pointwise(x, inputs * stage.expansion)) : x;
      y = relu6(layers::BatchNormalization()(
          layers::DepthwiseConv2D(3, {.strides = strides, .padding = "same", .use_bias = false})(y)));
      y = pointwise(y, stage.filters);
      x = strides == 1 && inputs == stage.filters ? layers::Add()({x, y}) : y;
      inputs = stage.filters;
    }
  x = layers::GlobalAveragePooling2D()(relu6(pointwise(x, 1280)));
  return models::Model(
      {.inputs = {input}, .outputs = {layers::Dense(1000, {.activation = "softmax"})(x)}, .name = "mobilenetv2"});
}

/// One recurrent layer of 128 units over the rows of an image.
inline cornu::keras::models::Model lstm() {
  using namespace cornu::keras;
  return models::Sequential(
      {layers::Input({.shape = {28, 28}}), layers::LSTM(128), layers::Dense(10, {.activation = "softmax"})});
}
inline cornu::keras::models::Model gru() {
  using namespace cornu::keras;
  return models::Sequential(
      {layers::Input({.shape = {28, 28}}), layers::GRU(128), layers::Dense(10, {.activation = "softmax"})});
}

/// What comes after each of a hundred letters, of 64.
inline cornu::keras::models::Model characters() {
  using namespace cornu::keras;
  return models::Sequential({layers::Input({.shape = {100}, .dtype = "int32"}), layers::Embedding(64, 64),
                             layers::LSTM(256, {.return_sequences = true}),
                             layers::LSTM(256, {.return_sequences = true}),
                             layers::Dense(64, {.activation = "softmax"})});
}

inline const std::map<std::string, Kind>& models() {
  using namespace cornu::keras;
  const auto adam = []() -> Shared<optimizers::Optimizer> { return optimizers::Adam(); };
  static const std::map<std::string, Kind> all = {
      {"mlp",
       {{784},
        10,
        mlp,
        []() -> Shared<optimizers::Optimizer> {
          return optimizers::RMSprop({.learning_rate = 0.001, .rho = 0.9, .epsilon = 1e-8});
        }}},
      {"cnn", {{28, 28, 1}, 10, cnn, adam}},
      {"transformer", {{28, 28}, 10, transformer, adam}},
      {"lstm", {{28, 28}, 10, lstm, adam}},
      {"gru", {{28, 28}, 10, gru, adam}},
      {"characters", {{100}, 64, characters, adam, true}},
      {"resnet20", {{32, 32, 3}, 10, resnet20, adam}},
      {"mobilenetv2", {{224, 224, 3}, 1000, mobilenetv2, adam}}};
  return all;
}

/// Throws ValueError with the names that there are.
inline const Kind& kind(const std::string& name) {
  std::string known;
  for (const auto& [key, kind] : models()) {
    if (key == name) return kind;
    known += (known.empty() ? "" : ", ") + key;
  }
  throw cornu::ValueError("--model: there is no model '" + name + "'; known: " + known);
}

inline cornu::keras::models::Model model(const std::string& name) { return kind(name).make(); }

/// Compiled as the peers' programs compile theirs.
inline void compile(cornu::keras::models::Model& network, const std::string& name = "mlp", int threads = 0) {
  network.compile({.optimizer = kind(name).optimizer(),
                   .loss = kind(name).letters ? "sparse_categorical_crossentropy" : "categorical_crossentropy",
                   .metrics = {"accuracy"},
                   .threads = threads});
}

/// Samples and one-hot targets of no meaning, for what does not depend on them.
struct RandomData {
  cornu::Array x, y;
  explicit RandomData(std::int64_t samples, const std::string& name = "mlp") {
    const Kind& k = kind(name);
    cornu::random::Generator rng(1);
    cornu::Shape shape{samples};
    for (const std::int64_t length : k.input) shape = shape.append(length);
    if (k.letters) {
      x = rng.integers(shape, 0, k.classes).astype(cornu::int32);
      y = rng.integers(shape, 0, k.classes).astype(cornu::int32);
      return;
    }
    x = rng.uniform(shape);
    y = cornu::keras::utils::to_categorical(rng.integers({samples}, 0, k.classes), k.classes);
  }
};

}  // namespace bench
