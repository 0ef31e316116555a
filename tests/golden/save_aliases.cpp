// save_aliases FOLDER: saves small trained models, one for every name of a loss, a metric and an optimizer that Cornu
// knows and for the arguments that a file has to carry, each in a folder of its own, with what Cornu predicts and how
// it trains on. scripts/check_keras.py loads them in real Keras.
#include <cornu/cornu.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

namespace {

using namespace cornu;
using namespace cornu::keras;
namespace fs = std::filesystem;

constexpr int kSteps = 2, kResumed = 3;
enum class Targets { one_hot, labels, binary };

Array noise(const Shape& shape, std::uint64_t seed) {
  Array x(shape);
  std::uint64_t state = seed * 2654435761u + 1;
  for (std::int64_t i = 0; i < x.size(); ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    x.data<float>()[i] = static_cast<float>(static_cast<double>(state >> 40) / (1 << 23) - 1);
  }
  return x;
}

Array targets(Targets kind, int samples, int classes) {
  Array labels(Shape{samples}, graph::int32);
  for (int i = 0; i < samples; ++i)
    labels.data<std::int32_t>()[i] = (i * 7 + i / 3) % (kind == Targets::binary ? 2 : classes);
  if (kind == Targets::labels) return labels;
  if (kind == Targets::binary) return labels.astype(float32).reshape({samples, 1});
  return utils::to_categorical(labels, classes);
}

class Saver {
 public:
  explicit Saver(fs::path folder) : folder_(std::move(folder)) {}

  // Trains the compiled model for some steps, saves it, and records what it goes on with.
  void save(const std::string& name, models::Model model, Targets kind, bool slots, bool keras3 = true) {
    save(name, model, noise({24, model.input_shape().back()}, 3),
         targets(kind, 24, static_cast<int>(model.output_shape().back())), slots, keras3);
  }
  void save(const std::string& name, models::Model model, const Array& x, const Array& y, bool slots,
            bool keras3 = true) {
    for (int i = 0; i < kSteps; ++i) model.train_on_batch(x, y);
    const fs::path place = folder_ / name;
    fs::create_directories(place);
    model.save(place / "model.h5");
    try {
      model.save(place / "model.keras");
    } catch (const ValueError& e) {  // Keras 2's older optimizers, its functions
      std::cout << name << ": " << e.what() << '\n';
    }
    io::npy::save(place / "x.npy", x);
    io::npy::save(place / "y.npy", model.predict(x));
    io::npy::save(place / "ry.npy", y);
    Array losses(Shape{kResumed});
    for (int i = 0; i < kResumed; ++i) {
      model.reset_metrics();
      losses.data<float>()[i] = static_cast<float>(model.train_on_batch(x, y)["loss"]);
    }
    io::npy::save(place / "losses.npy", losses);
    // Keras 3 has no older rules. Where a word comes twice it squares the two gradients one by one.
    const bool older = name.find("legacy") != std::string::npos,
               squares_apart = x.dtype() == graph::int32 && model.optimizer()->class_name() != "SGD";
    std::ofstream(place / "check.json") << nlohmann::json{{"iterations", kSteps},
                                                          {"slots", slots},
                                                          {"keras3", keras3},
                                                          {"trains_in_keras3", !older && !squares_apart}}
                                               .dump()
                                        << '\n';
    ++count_;
  }
  int count() const { return count_; }

 private:
  fs::path folder_;
  int count_ = 0;
};

models::Sequential small(Targets kind, const char* output = nullptr) {
  const bool binary = kind == Targets::binary;
  return models::Sequential({layers::Dense(6, {.activation = "tanh", .input_shape = {5}}),
                             layers::Dense(binary ? 1 : 3, {.activation = output   ? output
                                                                          : binary ? "sigmoid"
                                                                                   : "softmax"})});
}

const char* loss_for(Targets kind) {
  return kind == Targets::labels   ? "sparse_categorical_crossentropy"
         : kind == Targets::binary ? "binary_crossentropy"
                                   : "categorical_crossentropy";
}

// The targets that a loss or metric of that name takes; several if it is chosen by their shape.
std::vector<Targets> targets_of(const std::string& name) {
  std::string lower = name;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  if (lower == "accuracy" || lower == "acc" || lower == "crossentropy" || lower == "ce")
    return {Targets::one_hot, Targets::labels, Targets::binary};
  if (lower.find("sparse") != std::string::npos) return {Targets::labels};
  if (lower.find("binary") != std::string::npos || lower == "bce") return {Targets::binary};
  return {Targets::one_hot};
}

template <class T>
std::vector<std::string> all_names(const Registry<T>& registry) {
  std::vector<std::string> names;
  for (const std::string& name : registry.class_names()) {
    names.push_back(name);
    for (const std::string& alias : registry.find(name).aliases) names.push_back(alias);
  }
  return names;
}

// Names that differ in case only must not share a folder.
std::string folder_name(std::string prefix, const std::string& name, Targets kind) {
  for (const char c : name)
    prefix += std::isupper(static_cast<unsigned char>(c)) ? std::string("^") + c : std::string(1, c);
  return prefix + (kind == Targets::labels ? "_labels" : kind == Targets::binary ? "_binary" : "");
}

void save_names(Saver& saver) {
  for (const std::string& name : all_names(losses::registry())) {
    if (losses::registry().find(name).form.since_keras3) continue;  // a .h5 has Keras 2's form
    for (const Targets kind : targets_of(name)) {
      auto model = small(kind);
      model.compile({.optimizer = "sgd", .loss = name, .metrics = {"accuracy"}});
      saver.save(folder_name("loss_", name, kind), model, kind, false);
    }
  }
  for (const std::string& name : all_names(metrics::registry())) {
    if (name == "Mean" || name == "mean" || name == "Sum" || name == "sum")
      continue;  // of values, not of targets and outputs
    if (metrics::registry().find(name).form.since_keras3) continue;
    try {
      metrics::Metric::from_name(name);
    } catch (const ValueError&) {
      continue;  // which needs an argument
    }
    for (const Targets kind : targets_of(name)) {
      auto model = small(kind);
      model.compile({.optimizer = "adam", .loss = loss_for(kind), .metrics = {name}, .weighted_metrics = {name}});
      saver.save(folder_name("metric_", name, kind), model, kind, true);
    }
  }
  for (const std::string& name : all_names(optimizers::registry())) {
    const auto& entry = optimizers::registry().find(name);
    // Keras 2 loses a product of Nadam's, the wrapper needs an optimizer.
    if (entry.form.since_keras3 || entry.class_name == "Nadam" || entry.class_name == "LossScaleOptimizer") continue;
    auto model = small(Targets::one_hot);
    model.compile({.optimizer = name, .loss = "mse", .metrics = {"acc", "mae"}});
    saver.save(folder_name("optimizer_", name, Targets::one_hot), model, Targets::one_hot,
               entry.class_name != "SGD" && entry.class_name != "Adafactor");  // which have none, or of other shapes
  }
}

void save_optimizers(Saver& saver) {
  namespace legacy = optimizers::legacy;
  using Optimizer = Arg<optimizers::Optimizer>;
  const auto save = [&](const std::string& name, const Optimizer& optimizer, bool slots = true) {
    auto model = small(Targets::one_hot);
    model.compile({.optimizer = optimizer, .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
    saver.save("with_" + name, model, Targets::one_hot, slots);
  };
  save("rmsprop_of_the_introduction", optimizers::RMSprop({.lr = 0.001, .rho = 0.9, .epsilon = 1e-08, .decay = 0.0}));
  save("rmsprop_momentum", optimizers::RMSprop({.learning_rate = 0.01, .momentum = 0.9}));
  save("rmsprop_centered", optimizers::RMSprop({.learning_rate = 0.01, .momentum = 0.5, .centered = true}));
  save("rmsprop_decay", optimizers::RMSprop({.learning_rate = 0.01, .decay = 0.3}));
  save("sgd_nesterov", optimizers::SGD({.learning_rate = 0.1, .momentum = 0.9, .nesterov = true}));
  save("adam_amsgrad", optimizers::Adam({.learning_rate = 0.01, .amsgrad = true}));
  save("adamw", optimizers::AdamW({.learning_rate = 0.01, .weight_decay = 0.1}));
  save("weight_decay", optimizers::SGD({.learning_rate = 0.1, .momentum = 0.9, .weight_decay = 0.1}));
  save("clipnorm", optimizers::Adam({.learning_rate = 0.01, .clipnorm = 0.05}));
  save("clipvalue", optimizers::SGD({.learning_rate = 0.1, .momentum = 0.9, .clipvalue = 0.01}));
  save("global_clipnorm", optimizers::SGD({.learning_rate = 0.1, .momentum = 0.9, .global_clipnorm = 0.05}));
  save("moving_averages",
       optimizers::Adam({.learning_rate = 0.05, .use_ema = true, .ema_momentum = 0.6, .ema_overwrite_frequency = 4}));
  save("own_name", optimizers::Adam({.learning_rate = 0.01, .name = "my_optimizer"}));
  save("legacy_rmsprop", legacy::RMSprop({.learning_rate = 0.01, .decay = 0.2}));
  save("legacy_rmsprop_centered",
       legacy::RMSprop({.learning_rate = 0.01, .momentum = 0.9, .centered = true, .clipnorm = 0.1}));
  save("legacy_sgd", legacy::SGD({.learning_rate = 0.1, .decay = 0.1}), false);
  save("legacy_sgd_nesterov",
       legacy::SGD({.learning_rate = 0.1, .momentum = 0.9, .nesterov = true, .clipvalue = 0.01}));
  // Not LossScaleOptimizer, whose state Keras 2 cannot restore from its own files either.
  save("legacy_adagrad", legacy::Adagrad({.learning_rate = 0.1, .decay = 0.1}));
  save("legacy_adadelta", legacy::Adadelta({.learning_rate = 1, .decay = 0.1}));
  save("legacy_adamax", legacy::Adamax({.learning_rate = 0.02, .decay = 0.1}));
  save("legacy_nadam", legacy::Nadam(0.02));
  save("legacy_ftrl", legacy::Ftrl({.learning_rate = 0.1, .l1_regularization_strength = 0.01, .beta = 0.1}));
  save("legacy_adam", legacy::Adam({.learning_rate = 0.01, .amsgrad = true, .decay = 0.1}));

  namespace schedules = keras::schedules;
  const auto scheduled = [&](const std::string& name, const LearningRate& rate) {
    save("schedule_" + name, optimizers::Adam({.learning_rate = rate}));
  };
  scheduled("exponential",
            schedules::ExponentialDecay({.initial_learning_rate = 0.1, .decay_steps = 2, .decay_rate = 0.5}));
  scheduled("inverse_time",
            schedules::InverseTimeDecay(
                {.initial_learning_rate = 0.1, .decay_steps = 2, .decay_rate = 0.5, .staircase = true}));
  scheduled("polynomial", schedules::PolynomialDecay({.initial_learning_rate = 0.1, .decay_steps = 6, .power = 2}));
  scheduled("piecewise", schedules::PiecewiseConstantDecay({.boundaries = {1, 3}, .values = {0.1, 0.05, 0.01}}));
  scheduled("cosine", schedules::CosineDecay(
                          {.initial_learning_rate = 0.01, .decay_steps = 5, .warmup_target = 0.1, .warmup_steps = 2}));
  scheduled("cosine_restarts", schedules::CosineDecayRestarts({.initial_learning_rate = 0.1, .first_decay_steps = 3}));
}

void save_losses(Saver& saver) {
  const auto save = [&](const std::string& name, Targets kind, const Arg<losses::Loss>& loss,
                        const char* output = nullptr, std::optional<double> weight = std::nullopt) {
    auto model = small(kind, output);
    model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1, .momentum = 0.9}),
                   .loss = loss,
                   .loss_weights = weight ? PerOutput<double>(*weight) : PerOutput<double>(),
                   .metrics = {"acc", loss_for(kind)}});
    saver.save("with_" + name, model, kind, true);
  };
  save("label_smoothing", Targets::one_hot, losses::CategoricalCrossentropy({.label_smoothing = 0.2}));
  save("logits", Targets::one_hot, losses::CategoricalCrossentropy({.from_logits = true}), "linear");
  save("sparse_logits", Targets::labels, losses::SparseCategoricalCrossentropy({.from_logits = true}), "linear");
  save("ignored_class", Targets::labels, losses::SparseCategoricalCrossentropy({.ignore_class = 1}));
  save("binary_smoothing", Targets::binary, losses::BinaryCrossentropy({.from_logits = true, .label_smoothing = 0.1}),
       "linear");
  save("reduction_sum", Targets::one_hot, losses::MeanSquaredError({.reduction = "sum"}));
  save("reduction_mean", Targets::one_hot, losses::MeanAbsoluteError({.reduction = "mean"}));
  save("own_loss_name", Targets::one_hot, losses::MeanSquaredError({.name = "mine"}));
  save("loss_weight", Targets::one_hot, "mse", nullptr, 0.3);
}

void save_layers(Saver& saver) {
  const std::set<std::string> only_keras3 = {
      "celu",        "glu",       "hard_shrink", "hard_sigmoid",   "hard_silu",  "hard_tanh",   "log_sigmoid",
      "soft_shrink", "sparsemax", "sparse_plus", "sparse_sigmoid", "squareplus", "tanh_shrink", "threshold"};
  for (const std::string& name : activations::registry().class_names()) {
    if (only_keras3.contains(name)) continue;
    models::Sequential model({layers::Dense(6, {.activation = name, .input_shape = {5}}), layers::Dense(3)});
    model.add(layers::Activation("softmax"));
    model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1, .momentum = 0.9}), .loss = "mse"});
    saver.save("activation_" + name, model, Targets::one_hot, true,
               name != "hard_sigmoid_keras2");  // Keras 3 has another one by its name
  }
  models::Sequential initialized({layers::Input({.shape = {5}, .name = "x"})}, "initializers");
  for (const std::string& name : initializers::registry().class_names()) {
    if (name == "STFT") continue;
    initialized.add(layers::Dense(5, {.activation = "tanh", .kernel_initializer = name, .name = "with_" + name}));
  }
  initialized.add(layers::Dense(3, {.activation = "softmax"}));
  initialized.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1, .momentum = 0.9}), .loss = "mse"});
  saver.save("initializers", initialized, Targets::one_hot, false);

  models::Sequential all(
      {layers::Dense(8, {.activation = "relu",
                         .kernel_initializer = "he_normal",
                         .kernel_regularizer = regularizers::L1L2({.l1 = 0.01, .l2 = 0.02}),
                         .activity_regularizer = regularizers::L2({.l2 = 0.01}),
                         .kernel_constraint = constraints::MaxNorm({.max_value = 1.5}),
                         .input_shape = {5}}),
       layers::Reshape({2, 4}),
       layers::Dense(4, {.use_bias = false, .bias_regularizer = "l1", .kernel_constraint = "unit_norm"}),
       layers::Flatten(), layers::Dropout(0.0), layers::ActivityRegularization({.l1 = 0.01}),
       layers::Dense(4, {.kernel_constraint = "non_neg", .trainable = false}),
       layers::Dense(3, {.activation = "softmax",
                         .kernel_regularizer = regularizers::OrthogonalRegularizer(),
                         .kernel_constraint = constraints::MinMaxNorm()})},
      "all_layers");
  all.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1, .momentum = 0.9}),
               .loss = "categorical_crossentropy",
               .metrics = {"acc"}});
  saver.save("layers", all, Targets::one_hot, true);

  models::Sequential inner({layers::Dense(4, {.activation = "tanh", .input_shape = {6}}), layers::Dense(4)}, "inner");
  models::Sequential nested({layers::Dense(6, {.input_shape = {5}})}, "nested");
  nested.add(inner.network());
  nested.add(layers::Dense(3, {.activation = "softmax"}));
  nested.compile({.optimizer = "adam", .loss = "mse"});
  saver.save("nested", nested, Targets::one_hot, true);
}

void save_embeddings(Saver& saver) {
  Array words(Shape{24, 5}, graph::int32);
  for (int i = 0; i < words.size(); ++i) words.data<std::int32_t>()[i] = (i * 7 + i * i / 5) % 11;
  const auto save = [&](const std::string& name, layers::EmbeddingConfig config,
                        const Arg<optimizers::Optimizer>& optimizer) {
    config.input_shape = {5};
    models::Sequential model({layers::Embedding(11, 4, config), layers::Dense(3, {.activation = "tanh"}),
                              layers::Flatten(), layers::Dense(3, {.activation = "softmax"})});
    model.compile({.optimizer = optimizer, .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
    saver.save("embedding_" + name, model, words, targets(Targets::one_hot, 24, 3), true);
  };
  save("sgd", {}, optimizers::SGD({.learning_rate = 0.1, .momentum = 0.9}));
  save("adam", {}, optimizers::Adam({.learning_rate = 0.02}));
  save("rmsprop", {.input_length = 5}, optimizers::RMSprop({.learning_rate = 0.01}));
  save("arguments",
       {.embeddings_initializer = initializers::RandomNormal({.stddev = 0.5}),
        .embeddings_regularizer = regularizers::L2({.l2 = 0.01}),
        .activity_regularizer = regularizers::L1({.l1 = 0.01}),
        .embeddings_constraint = constraints::MaxNorm({.max_value = 0.9, .axis = {1}})},
       optimizers::SGD({.learning_rate = 0.1, .momentum = 0.9}));
  save("mask_ends", {.mask_zero = true}, optimizers::Adam({.learning_rate = 0.02}));

  models::Sequential masked(
      {layers::Embedding(11, 4, {.mask_zero = true, .input_shape = {5}}), layers::Dense(2, {.activation = "tanh"})});
  masked.compile({.optimizer = optimizers::Adam({.learning_rate = 0.02}),
                  .loss = "mse",
                  .metrics = {"mae"},
                  .weighted_metrics = {"mae"}});
  saver.save("embedding_mask_stays", masked, words, noise({24, 5, 2}, 4), true);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::cerr << "usage: save_aliases FOLDER\n";
    return 2;
  }
  utils::set_random_seed(1);
  Saver saver(argv[1]);
  save_names(saver);
  save_optimizers(saver);
  save_losses(saver);
  save_layers(saver);
  save_embeddings(saver);
  std::cout << saver.count() << " models saved\n";
  return 0;
} catch (const std::exception& e) {
  std::cerr << "save_aliases: " << e.what() << '\n';
  return 1;
}
