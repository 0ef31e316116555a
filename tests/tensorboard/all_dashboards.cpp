// Writes a small log with something for every dashboard, by the writer alone: all_dashboards DIR.
// scripts/check_tensorboard.sh shows it to a real TensorBoard.
#include <cornu/cornu.h>

#include <cmath>
#include <filesystem>
#include <iostream>
#include <numbers>

using namespace cornu;
namespace tb = io::tensorboard;
namespace fs = std::filesystem;

namespace {

constexpr int kEpochs = 4;

/// Discs of several sizes, 28 x 28.
Array discs(int count) {
  Array images = zeros({count, 28, 28, 1});
  float* to = images.data<float>();
  for (int i = 0; i < count; ++i)
    for (int y = 0; y < 28; ++y)
      for (int x = 0; x < 28; ++x) *to++ = std::hypot(y - 13.5, x - 13.5) < 3 + 2 * (i % 5) ? 1.f : 0.1f;
  return images;
}

/// A torus: vertices, triangles, a color for each vertex.
void write_torus(tb::SummaryWriter& w, int step) {
  constexpr int kAround = 24, kTube = 12;
  Array vertices(Shape{kAround * kTube, 3}), colors(Shape{kAround * kTube, 3}, uint8),
      faces(Shape{2 * kAround * kTube, 3}, int32);
  float* v = vertices.data<float>();
  std::uint8_t* c = colors.data<std::uint8_t>();
  std::int32_t* f = faces.data<std::int32_t>();
  for (int i = 0; i < kAround; ++i)
    for (int j = 0; j < kTube; ++j) {
      const double a = 2 * std::numbers::pi * i / kAround, b = 2 * std::numbers::pi * j / kTube,
                   r = 2 + (0.5 + 0.1 * step) * std::cos(b);
      for (const double x : {r * std::cos(a), r * std::sin(a), 0.7 * std::sin(b)}) *v++ = static_cast<float>(x);
      for (const int x : {255 * i / kAround, 255 * j / kTube, 128}) *c++ = static_cast<std::uint8_t>(x);
      const auto at = [&](int p, int q) { return (i + p) % kAround * kTube + (j + q) % kTube; };
      for (const int n : {at(0, 0), at(1, 0), at(1, 1), at(0, 0), at(1, 1), at(0, 1)}) *f++ = n;
    }
  w.mesh("torus", vertices, step,
         {.colors = colors, .faces = faces, .json_config = R"({"camera": {"cls": "PerspectiveCamera", "fov": 75}})"});
  w.mesh("points", vertices, step);
}

Array tone(double frequency, int rate) {
  Array samples(Shape{rate / 2});
  for (int i = 0; i < rate / 2; ++i)
    samples.data<float>()[i] = 0.5f * static_cast<float>(std::sin(2 * std::numbers::pi * frequency * i / rate));
  return samples;
}

void write_epoch(tb::SummaryWriter& train, tb::SummaryWriter& validation, random::Generator& rng, int epoch) {
  train.scalar("epoch_loss", 1.0 / (1 + epoch), epoch);
  train.scalar("epoch_accuracy", 1 - 0.2 / (1 + epoch), epoch,
               {.display_name = "accuracy", .description = "of the *training* data"});
  train.scalar("epoch_learning_rate", 0.001, epoch);
  validation.scalar("epoch_loss", 1.1 / (1 + epoch), epoch);
  validation.scalar("epoch_accuracy", 1 - 0.22 / (1 + epoch), epoch);
  validation.scalar("evaluation_loss_vs_iterations", 1.1 / (1 + epoch), 47 * (epoch + 1));

  const Array kernel = rng.normal({64, 32}, 0, 0.05 * (epoch + 1));
  train.histogram("mlp/dense/kernel/histogram", kernel, epoch);
  train.histogram("mlp/dense/kernel/gradient/histogram", rng.normal({64, 32}, 0, 0.01 / (epoch + 1)), epoch);
  train.histogram("mlp/dense/activation/histogram", rng.normal({1000}, 0.3 * epoch), epoch);
  train.histogram("mlp/dense/bias/histogram", full({32}, 0.1 * epoch), epoch);  // all equal
  Array diverged = rng.normal({1000});
  diverged.data<float>()[7] = NAN;
  diverged.data<float>()[8] = INFINITY;
  train.histogram("diverged/histogram", diverged, epoch);
  train.histogram("empty/histogram", zeros({0}), epoch);

  train.image("digits", discs(3), epoch);
  train.image("mlp/dense/kernel/image", tb::weight_images(kernel).value(), epoch, {.rescale = true});
  const Array labels = rng.integers({500}, 0, 10);
  Array predictions = labels.copy();
  for (std::int64_t& p : predictions.span<std::int64_t>())
    if (rng.next_double() < 0.5 / (1 + epoch)) p = static_cast<std::int64_t>(rng.below(10));
  train.image("confusion", tb::confusion_matrix_image(tb::confusion_matrix(labels, predictions, 10)), epoch);
  train.image("confusion_named",
              tb::confusion_matrix_image(Array{{50, 3, 0}, {4, 41, 12}, {0, 9, 60}}, {"cat", "dog", "hippopotamus"}),
              epoch);

  train.text("notes", "epoch **" + std::to_string(epoch) + "** done: \xe8\xa7\x92, and a stray byte \xff", epoch);
  train.text("table", {{"layer", "units"}, {"dense", "32"}, {"dense_1", "10"}}, epoch);
  train.audio("tones", stack(std::vector<Array>{tone(440, 8000), tone(660, 8000)}).reshape({2, -1, 1}), 8000, epoch);
  write_torus(train, epoch);

  const Array truth = rng.integers({400}, 0, 2);
  Array scores(Shape{400});
  for (int i = 0; i < 400; ++i)
    scores.data<float>()[i] =
        static_cast<float>(1 / (1 + std::exp(-(1 + epoch) * (static_cast<double>(truth.data<std::int64_t>()[i]) - 0.5) -
                                             rng.normal({1}).item<double>())));
  train.pr_curve("pr/class_1", truth, scores, epoch);
}

void write_embeddings(tb::SummaryWriter& w, random::Generator& rng) {
  Array points = rng.normal({100, 16});
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 100; ++i) {
    points.data<float>()[i * 16 + i % 5] += 6;
    rows.push_back({"point " + std::to_string(i), std::to_string(i % 5)});
  }
  w.embedding({.name = "dense/activation",
               .points = points,
               .columns = {"name", "radius"},
               .metadata = rows,
               .images = discs(100)});
  w.embedding({.name = "words/embeddings", .points = rng.normal({50, 3})});
}

void write_trials(const fs::path& folder) {
  tb::SummaryWriter(folder).write(
      tb::summaries::hparams_experiment({.parameters = {{.name = "units", .values = {128.0, 512.0}},
                                                        {.name = "optimizer", .values = {"rmsprop", "sgd"}},
                                                        {.name = "bias"}},
                                         .metrics = {{.tag = "accuracy", .display_name = "final accuracy"}}}),
      0);
  int trial = 0;
  for (const double units : {128.0, 512.0})
    for (const std::string optimizer : {"rmsprop", "sgd"}) {
      tb::SummaryWriter w(folder / ("trial_" + std::to_string(trial)));
      w.hparams({{"units", units}, {"optimizer", optimizer}, {"bias", trial % 2 == 0}},
                {{"accuracy", 0.9 + 0.02 * trial}});
      ++trial;
    }
}

/// A training step of a small network, and what its nodes took.
void write_graph(tb::SummaryWriter& w, random::Generator& rng) {
  const Variable kernel(rng.normal({64, 10}, 0, 0.05), "mlp/dense/kernel"), bias(zeros({10}), "mlp/dense/bias");
  const auto layer = [&](const Tensor& x) {
    const graph::NameScope scope("mlp/dense");
    return ops::relu(ops::matmul(x, kernel) + bias);
  };
  const auto loss_of = [](const Tensor& logits, const Tensor& labels) {
    const graph::NameScope scope("loss");
    return ops::mean(ops::sparse_softmax_cross_entropy(logits, labels));
  };
  const Function step([&](const Tensor& x, const Tensor& labels) {
    const Tensor loss = loss_of(layer(x), labels);
    const Tensors g = autodiff::gradients(loss, {kernel, bias});
    const graph::NameScope scope("optimizer");
    return Outputs{loss}.update(kernel, kernel - 0.1f * g[0]).update(bias, bias - 0.1f * g[1]);
  });
  const Array x = rng.normal({32, 64}), labels = rng.integers({32}, 0, 10);
  w.graph(step, {x.spec(), labels.spec()}, {"x", "labels"});
  w.run_metadata("step_1", step.profile({x, labels}, 3), 1);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::cerr << "usage: all_dashboards DIR\n";
    return 2;
  }
  const fs::path folder = argv[1];
  random::Generator rng(0);
  tb::SummaryWriter train(folder / "train"), validation(folder / "validation");
  train.custom_scalars(
      {.categories = {
           {"progress", {{.title = "loss", .tags = {"epoch_loss"}}, {.title = "accuracy", .tags = {"epoch_acc.*"}}}},
           {"margin",
            {{.title = "loss in between", .margins = {{"epoch_loss", "epoch_learning_rate", "epoch_accuracy"}}}},
            true}}});
  train.keras_model(R"({"class_name": "Sequential", "config": {"name": "mlp", "layers": [
      {"class_name": "InputLayer", "config": {"name": "input", "dtype": "float32"}}, {"class_name": "Dense", "config": {"name": "dense", "dtype": "float32"}}]}})");
  write_graph(train, rng);
  for (int epoch = 0; epoch < kEpochs; ++epoch) write_epoch(train, validation, rng, epoch);
  write_embeddings(train, rng);
  write_trials(folder / "trials");
  return train.dropped() + validation.dropped() == 0 ? 0 : 1;
} catch (const Error& e) {
  std::cerr << "all_dashboards: " << e.what() << '\n';
  return 1;
}
