// onnx_runner FOLDER: runs ONNX' own tests of single operators (PyPI package onnx, onnx/backend/test/data/node) and
// compares with what they expect. A test is skipped, and says why, if it is about types that are not computed here,
// about training, random numbers, or an operator that is not known; everything else that goes wrong is a failure.
#include <cornu/cornu.h>
#include <cornu/io/onnx/model.h>
#include <cornu/keras/onnx/importer.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <filesystem>
#include <iostream>
#include <map>
#include <regex>
#include <set>
#include <stdexcept>

namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;
using namespace cornu;

struct Skip : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Operators whose results nobody can compare, or that belong to training.
const std::set<std::string> kRandom = {"Bernoulli",     "RandomNormal",      "RandomNormalLike",
                                       "RandomUniform", "RandomUniformLike", "Multinomial"};

/// Tests whose expected values ONNX has corrected since: in a folder without the tests that came with the correction
/// they say what no longer holds.
struct Erratum {
  const char* tests;
  const char* came_with;
  const char* what;
};
constexpr Erratum kErrata[] = {
    {"^test_attention_(3d|4d_gqa)", "test_attention_3d_transpose_verification",
     "Attention: ONNX 1.19 corrected how heads lie"},
    {"^test_attention_.*qk_matmul_(bias|softcap)", "test_attention_4d_softcap_neginf_mask",
     "Attention: a later ONNX corrected its softcap and the numbers of qk_matmul_output_mode"},
    {"^test_l2normalization_axis_0$", "test_bitcast_bool_to_uint8",
     "LpNormalization: ONNX 1.21 corrected what a norm of 0 gives"}};

void check_errata(const fs::path& folder) {
  for (const Erratum& erratum : kErrata)
    if (std::regex_search(folder.filename().string(), std::regex(erratum.tests)) &&
        !fs::exists(folder.parent_path() / erratum.came_with))
      throw Skip(erratum.what);
}

void check_types(const std::vector<io::onnx::Value>& values) {
  for (const auto& value : values) {
    if (value.kind != "tensor") throw Skip("values of the type " + value.kind);
    const auto dtype = io::onnx::dtype_of_type(value.type);
    const std::string name = io::onnx::name_of_type(value.type);
    if (!dtype || name == "double" || name == "float16" || name == "bfloat16") throw Skip("values of the type " + name);
  }
}

void check_operators(const std::vector<io::onnx::Node>& nodes, const std::set<std::string>& known) {
  for (const auto& node : nodes) {
    if (node.domain == "ai.onnx.preview.training") throw Skip("training: " + node.op_type);
    if (kRandom.contains(node.op_type)) throw Skip("random numbers: " + node.op_type);
    if (!node.domain.empty()) throw Skip("no operator " + node.domain + "." + node.op_type);
    if (!known.contains(node.op_type)) throw Skip("no operator " + node.op_type);
    for (const auto& [name, attribute] : node.attributes)
      if (const auto* graph = std::get_if<std::shared_ptr<const io::onnx::Graph>>(&attribute.value))
        check_operators((*graph)->nodes, known);
  }
}

std::vector<Array> arrays_of(const fs::path& folder, const std::string& kind) {
  std::vector<Array> arrays;
  for (int i = 0; fs::exists(folder / graph::message(kind, '_', i, ".pb")); ++i)
    arrays.push_back(io::onnx::read_tensor(folder / graph::message(kind, '_', i, ".pb")));
  return arrays;
}

void compare(const Array& got, const Array& want, std::size_t output) {
  if (got.dtype() != want.dtype() || got.shape() != want.shape())
    throw std::runtime_error(graph::message("output ", output, " is ", got.spec(), ", expected ", want.spec()));
  const Array a = got.astype(graph::float64), b = want.astype(graph::float64);
  for (std::int64_t i = 0; i < a.size(); ++i) {
    const double x = a.data<double>()[i], y = b.data<double>()[i];
    const bool equal = x == y || (x != x && y != y) || std::abs(x - y) <= 1e-5 + 1e-3 * std::abs(y);
    if (!equal) throw std::runtime_error(graph::message("output ", output, " at ", i, " is ", x, ", expected ", y));
  }
}

void run_test(const fs::path& folder, const std::set<std::string>& known) {
  check_errata(folder);
  io::onnx::Model model;
  try {
    model = io::onnx::read(folder / "model.onnx");
  } catch (const TypeError& e) {
    throw Skip(e.what());
  }
  check_types(model.graph.inputs);
  check_types(model.graph.outputs);
  check_operators(model.graph.nodes, known);
  for (int set = 0; fs::exists(folder / graph::message("test_data_set_", set)); ++set) {
    const fs::path data = folder / graph::message("test_data_set_", set);
    std::vector<Array> got;
    try {
      got = onnx::compute(folder / "model.onnx", arrays_of(data, "input"));
    } catch (const TypeError& e) {
      const std::string what = e.what();
      if (what.find("nothing is computed here in the type") != std::string::npos) throw Skip(what);
      throw;
    } catch (const ValueError& e) {
      const std::string what = e.what();
      if (what.find("(training_mode)") != std::string::npos) throw Skip("training: " + what);
      throw;
    }
    const std::vector<Array> want = arrays_of(data, "output");
    if (got.size() != want.size())
      throw std::runtime_error(graph::message(got.size(), " outputs, expected ", want.size()));
    for (std::size_t i = 0; i < got.size(); ++i) compare(got[i], want[i], i);
  }
}

int run_all(int argc, char** argv) {
  std::string folder, filter = ".*";
  po::options_description options("onnx_runner FOLDER: runs ONNX' tests of operators");
  options.add_options()("folder", po::value(&folder)->required(), "with a folder for each test")(
      "filter", po::value(&filter), "a regular expression for names")("verbose", "names the tests that pass, too");
  po::variables_map given;
  po::store(po::command_line_parser(argc, argv)
                .options(options)
                .positional(po::positional_options_description().add("folder", 1))
                .run(),
            given);
  po::notify(given);
  const auto operators = onnx::imported_operators();
  const std::set<std::string> known(operators.begin(), operators.end());
  std::vector<fs::path> tests;
  for (const auto& entry : fs::directory_iterator(folder))
    if (fs::exists(entry.path() / "model.onnx") &&
        std::regex_search(entry.path().filename().string(), std::regex(filter)))
      tests.push_back(entry.path());
  std::sort(tests.begin(), tests.end());
  int passed = 0, failed = 0, skipped = 0;
  for (const fs::path& test : tests) {
    const std::string name = test.filename().string();
    try {
      run_test(test, known);
      ++passed;
      if (given.contains("verbose")) std::cout << "passed   " << name << '\n';
    } catch (const Skip& e) {
      ++skipped;
      std::cout << "skipped  " << name << ": " << e.what() << '\n';
    } catch (const std::exception& e) {
      ++failed;
      std::cout << "FAILED   " << name << ": " << e.what() << '\n';
    }
  }
  std::cout << passed << " passed, " << failed << " failed, " << skipped << " skipped\n";
  if (tests.empty()) std::cerr << "onnx_runner: there is no such test in " << folder << '\n';
  return failed == 0 && !tests.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) try { return run_all(argc, argv); } catch (const std::exception& e) {
  std::cerr << "onnx_runner: " << e.what() << '\n';
  return 2;
}
