// load_onnx FOLDER: loads each model.onnx of a folder's folders, predicts x0.npy, … and compares with y0.npy, …; says
// of which layers the models are.
#include <cornu/cornu.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

namespace {

namespace fs = std::filesystem;
using namespace cornu;
using keras::Arrays;

std::vector<Array> arrays(const fs::path& folder, const std::string& name) {
  std::vector<Array> all;
  for (int i = 0; fs::exists(folder / (name + std::to_string(i) + ".npy")); ++i)
    all.push_back(io::npy::load(folder / (name + std::to_string(i) + ".npy")));
  return all;
}

void check(const fs::path& folder) {
  const keras::models::Model model = keras::onnx::load_model(folder / "model.onnx");
  for (const std::string kind : {"", "short_"}) {
    const auto x = arrays(folder, kind + "x"), want = arrays(folder, kind + "y");
    if (x.empty()) continue;
    const auto got = model.predict(Arrays(x), {.batch_size = 1024}).arrays();
    graph::require<ValueError>(got.size() == want.size(), got.size(), " outputs, expected ", want.size());
    for (std::size_t i = 0; i < got.size(); ++i)
      graph::require<ValueError>(
          got[i].shape() == want[i].shape() && allclose(got[i].astype(float64), want[i].astype(float64), 1e-5, 1e-5),
          "output ", i, " of shape ", got[i].shape(), " differs");
  }
  std::cout << folder.filename().string() << ':';
  for (const auto& layer : model.layers()) std::cout << ' ' << layer->class_name();
  std::cout << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: load_onnx FOLDER\n";
    return 2;
  }
  int passed = 0, failed = 0;
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(argv[1]))
    if (fs::exists(entry.path() / "model.onnx")) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  for (const fs::path& folder : folders) try {
      check(folder);
      ++passed;
    } catch (const std::exception& e) {
      ++failed;
      std::cout << "FAILED " << folder.filename().string() << ": " << e.what() << '\n';
    }
  std::cout << "load_onnx: " << passed << " models agree, " << failed << " do not\n";
  return failed == 0 && passed > 0 ? 0 : 1;
}
