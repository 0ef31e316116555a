// A run that is killed and goes on: `31_resume train FOLDER` trains with its checkpoints, log and model in a folder,
// and can be killed and started again at any time. Without arguments this program does that to itself, and compares.
#include <cornu/cornu.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

using namespace cornu;
using namespace cornu::keras;
namespace fs = std::filesystem;

// As if somebody pulled the plug when so many batches were trained with.
struct Dies : callbacks::Callback {
  int batches;
  explicit Dies(int batches) : batches(batches) {}
  void on_train_batch_end(int, const Logs&) override {
    if (--batches == 0) raise(SIGKILL);
  }
};

static void train(const fs::path& folder, int epochs, int dies_after) {
  utils::set_random_seed(1);  // weights, order and dropout: a run that is started again begins as the first one did
  random::Generator rng(2);
  const Array x = rng.normal({2000, 64});
  const Array y = (sum(x * x, 1) > 64.f).astype(float32).reshape({-1, 1});  // is the row longer than most?

  models::Sequential model({layers::Input({.shape = {64}}), layers::Dense(256, {.activation = "relu"}),
                            layers::BatchNormalization(), layers::Dropout(0.3),
                            layers::Dense(1, {.activation = "sigmoid"})});
  model.compile({.optimizer = optimizers::Adam(
                     {.learning_rate = schedules::CosineDecay({.initial_learning_rate = 0.002, .decay_steps = 2000})}),
                 .loss = "binary_crossentropy",
                 .metrics = {"accuracy", metrics::AUC({.name = "auc"})}});
  fs::create_directories(folder);
  const History history =
      model.fit(x, y,
                {.epochs = epochs,
                 .verbose = 0,
                 .callbacks = {callbacks::BackupAndRestore(folder / "backup", {.save_freq = 5}),
                               callbacks::EarlyStopping({.patience = epochs, .restore_best_weights = true}),
                               callbacks::ReduceLROnPlateau({.monitor = "loss", .patience = epochs}),
                               callbacks::CSVLogger(folder / "log.csv"), Dies(dies_after)},
                 .validation_split = 0.2});
  model.save(folder / "model.h5");
  std::ofstream figures(folder / "history.txt");
  for (const std::string& name : history.names()) {
    figures << name << std::hexfloat;
    for (const double value : history[name]) figures << ' ' << value;
    figures << '\n';
  }
}

// This program as another process: whether it came to its end.
static bool run(const char* program, const fs::path& folder, const char* dies_after) {
  const std::string path = folder.string();
  const char* arguments[] = {program, "train", path.c_str(), "10", dies_after, nullptr};
  pid_t child = 0;
  if (posix_spawn(&child, program, nullptr, nullptr, const_cast<char**>(arguments), environ) != 0)
    throw IoError("cannot start " + std::string(program));
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static std::string bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int main(int argc, char** argv) try {
  if (argc >= 3) {
    train(argv[2], argc > 3 ? std::stoi(argv[3]) : 10, argc > 4 ? std::stoi(argv[4]) : 0);
    return 0;
  }
  const fs::path folder = fs::temp_directory_path() / ("cornu-31_resume-" + std::to_string(getpid()));
  train(folder / "whole", 10, 0);
  for (const char* dies_after : {"123", "234", "0"})
    std::cout << (run(argv[0], folder / "killed", dies_after) ? "came to its end" : "killed") << '\n';
  bool same = true;
  for (const char* file : {"model.h5", "history.txt", "log.csv"})
    same = same && bytes(folder / "whole" / file) == bytes(folder / "killed" / file);
  std::cout << "the same bits as a run that nobody killed: " << (same ? "yes" : "no") << '\n';
  fs::remove_all(folder);
} catch (const Error& e) {
  std::cerr << e.what() << '\n';
  return 1;
}
// Prints:
//   killed
//   killed
//   came to its end
//   the same bits as a run that nobody killed: yes
