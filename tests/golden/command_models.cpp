// command_models CORNU FOLDER: `cornu` on each model in FOLDER (tests/golden/cases/models), as a user calls it: predict
// compared with what Keras computed, summary and inspect, and convert to every form, each of which predicts the same.
// Prints a line for what does not hold; exit status 0 when all does.
#include <cornu/cornu.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "cornu/io/hdf5/reader.h"

namespace {

using namespace cornu;
namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

class Commands {
 public:
  Commands(std::string program, fs::path work) : program_(std::move(program)), work_(std::move(work)) {}

  int failed = 0, models = 0, converted = 0, refused = 0;

  void check(const fs::path& case_file, const fs::path& model) {
    const auto golden = io::hdf5::File(case_file).root();
    for (int i = 0; golden.has("input_" + std::to_string(i)); ++i) {
      const std::string name = "input_" + std::to_string(i);
      io::npy::save(work_ / (name + ".npy"), golden.dataset(name));
    }
    ++models;
    const std::string name = model.filename().string();
    predicts(name, model, golden);
    expect(name, "summary " + quoted(model), "Total params");
    expect(name, "inspect " + quoted(model), "parameters");
    for (const char* suffix : {".keras", ".h5", ".onnx"}) {
      const fs::path made = work_ / ("made" + std::string(suffix));
      if (!run("convert " + quoted(model) + ' ' + quoted(made))) {
        // Keras 2's form does not hold everything, and says so.
        const bool told = said_.find("cannot be saved for Keras 2") != std::string::npos;
        if (told && suffix == std::string(".h5"))
          ++refused;
        else
          fail(name, "convert to " + std::string(suffix) + ": " + said_);
        continue;
      }
      ++converted;
      predicts(name + " as " + suffix, made, golden);
    }
    // Layers and weights apart, and together again.
    const std::string json = quoted(work_ / "made.json"), weights = quoted(work_ / "made.weights.h5"),
                      again = quoted(work_ / "again.keras");
    if (!run("convert " + quoted(model) + ' ' + json) || !run("convert " + quoted(model) + ' ' + weights) ||
        !run("convert " + json + ' ' + again + " --weights " + weights))
      return fail(name, "convert: " + said_);
    ++converted;
    predicts(name + " as .json and .weights.h5", work_ / "again.keras", golden);
  }

 private:
  static std::string quoted(const fs::path& path) { return '\'' + path.string() + '\''; }

  void fail(const std::string& model, const std::string& what) {
    ++failed;
    std::cout << "FAILED  " << model << ": " << what << std::endl;
  }

  bool run(const std::string& arguments) {
    const std::string out = (work_ / "said").string();
    const int status = std::system((quoted(program_) + ' ' + arguments + " >" + out + " 2>&1").c_str());
    said_ = text_of(out);
    return status == 0;
  }

  void expect(const std::string& model, const std::string& arguments, const std::string& text) {
    if (!run(arguments) || said_.find(text) == std::string::npos) fail(model, arguments + ": " + said_);
  }

  void predicts(const std::string& name, const fs::path& model, const io::hdf5::Group& golden) {
    std::string arguments = "predict " + quoted(model);
    for (int i = 0; golden.has("input_" + std::to_string(i)); ++i)
      arguments += ' ' + quoted(work_ / ("input_" + std::to_string(i) + ".npy"));
    const fs::path out = work_ / "out.npz";
    fs::remove(out);
    if (!run(arguments + " -o " + quoted(out))) return fail(name, "predict: " + said_);
    const io::npy::Archive archive(out);
    const std::vector<std::string> outputs = archive.names();
    if (!golden.has("prediction_" + std::to_string(outputs.size() - 1)) ||
        golden.has("prediction_" + std::to_string(outputs.size())))
      return fail(name, "predict gives " + std::to_string(outputs.size()) + " outputs");
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const auto wanted = golden.at("prediction_" + std::to_string(i));
      // What other programs read is computed otherwise, so that ten times the tolerance is allowed.
      if (!allclose(archive[outputs[i]], wanted.read(), 1e-4, 10 * wanted.number("atol")))
        fail(name, "output '" + outputs[i] + "' is not what Keras computed");
    }
  }

  std::string program_, said_;
  fs::path work_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: command_models CORNU FOLDER\n";
    return 2;
  }
  const fs::path work = fs::temp_directory_path() / ("cornu-command-models-" + std::to_string(std::random_device()()));
  fs::create_directories(work);
  Commands commands(fs::absolute(argv[1]).string(), work);
  std::vector<fs::path> cases;
  for (const auto& entry : fs::directory_iterator(argv[2]))
    if (entry.path().string().ends_with(".case.h5")) cases.push_back(entry.path());
  std::sort(cases.begin(), cases.end());
  for (const fs::path& path : cases) {
    const auto files = nlohmann::json::parse(io::hdf5::File(path).root().text("model_files"));
    for (const char* form : {"h5", "keras"})
      if (files.contains(form)) commands.check(path, path.parent_path() / files[form].get<std::string>());
  }
  fs::remove_all(work);
  std::cout << commands.models << " models, " << commands.converted << " of them converted, " << commands.refused
            << " refused for Keras 2, " << commands.failed << " failed" << std::endl;
  return commands.failed > 0 || commands.models == 0;
}
