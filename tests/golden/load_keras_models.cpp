// load_keras_models FOLDER: loads every model that scripts/write_keras_models.py wrote with real Keras, and compares
// what it predicts and how it trains on; then the same after Cornu has saved it again, where Keras 2's form can hold
// it.
#include <cornu/cornu.h>

#include <cmath>
#include <filesystem>
#include <iostream>

namespace {

using namespace cornu;
using namespace cornu::keras;
namespace fs = std::filesystem;

void compare(const char* what, const Array& got, const Array& want, double rtol, double atol) {
  if (got.shape() != want.shape())
    throw std::runtime_error(graph::message(what, ": shape ", got.shape(), ", Keras has ", want.shape()));
  for (std::int64_t i = 0; i < got.size(); ++i) {
    const double a = got.data<float>()[i], b = want.data<float>()[i];
    if (!(std::abs(a - b) <= atol + rtol * std::abs(b)))
      throw std::runtime_error(graph::message(what, " ", i, ": ", a, ", Keras has ", b));
  }
}

// "x.npy", or of a model of several inputs "x0.npy", "x1.npy", ….
Arrays load_list(const fs::path& folder, const std::string& name) {
  if (fs::exists(folder / (name + ".npy"))) return io::npy::load(folder / (name + ".npy"));
  std::vector<Array> list;
  while (fs::exists(folder / (name + std::to_string(list.size()) + ".npy")))
    list.push_back(io::npy::load(folder / (name + std::to_string(list.size()) + ".npy")));
  return list;
}

void check(models::Model model, const fs::path& folder) {
  const Arrays x = load_list(folder, "x"), y = load_list(folder, "ry"), predicted = load_list(folder, "y");
  const Array want = io::npy::load(folder / "losses.npy");
  const Arrays got = model.predict(x);
  if (got.size() != predicted.size())
    throw std::runtime_error(graph::message(got.size(), " outputs, Keras has ", predicted.size()));
  for (std::size_t i = 0; i < got.size(); ++i) compare("prediction", got[i], predicted[i], 0, 1e-5);
  Array losses(want.shape());
  for (std::int64_t i = 0; i < want.size(); ++i) {
    model.reset_metrics();
    losses.data<float>()[i] = static_cast<float>(model.train_on_batch(x, y)["loss"]);
  }
  compare("loss of further step", losses, want, 1e-4, 1e-7);
}

// The archive, and the weights by themselves in its layers, which have none before.
void check_archive(const fs::path& folder) {
  models::Model model = models::load_model(folder / "model.keras");
  check(model, folder);
  model = models::load_model(folder / "model.keras");
  std::vector<Variable> all = model.weights();
  if (model.compiled()) {  // Keras 2 keeps no learning rate there
    all.push_back(model.optimizer()->stepping().variables().front());
    for (const auto& slot : model.optimizer()->slots())
      if (slot.slot.defined()) all.push_back(slot.slot);
  }
  for (Variable& variable : all) variable.assign(graph::zeros(variable.shape(), variable.dtype()));
  model.load_weights(folder / "model.weights.h5");
  check(model, folder);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: load_keras_models FOLDER\n";
    return 2;
  }
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(argv[1]))
    if (fs::exists(entry.path() / "model.h5")) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  int failed = 0, again = 0, archives = 0;
  for (const fs::path& folder : folders) {
    try {
      check(models::load_model(folder / "model.h5"), folder);
      if (fs::exists(folder / "model.keras")) {
        check_archive(folder);
        ++archives;
      }
      const auto model = models::load_model(folder / "model.h5");
      try {
        model.save(folder / "again.h5");
      } catch (const ValueError& e) {
        std::cout << "not for Keras 2: " << e.what() << '\n';
        continue;
      }
      check(models::load_model(folder / "again.h5"), folder);
      ++again;
    } catch (const std::exception& e) {
      ++failed;
      std::cout << "FAILED  " << folder.filename().string() << ": " << e.what() << '\n';
    }
  }
  std::cout << folders.size() - failed << " of " << folders.size() << " models of real Keras hold, " << again
            << " also when saved again, " << archives << " as .keras and .weights.h5\n";
  return failed || folders.empty() ? 1 : 0;
}
