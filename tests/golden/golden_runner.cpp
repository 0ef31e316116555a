// golden_runner FOLDER: runs cases that real Keras has computed, each built from its config alone, and compares.
#include <algorithm>
#include <boost/program_options.hpp>
#include <iostream>
#include <regex>
#include <set>
#include <sstream>

#include "tests/golden/golden_case.h"

namespace po = boost::program_options;
namespace fs = std::filesystem;
using namespace cornu::golden;

namespace {

struct Counts {
  int passed = 0, failed = 0, skipped = 0;
};

std::vector<fs::path> case_files(const fs::path& suite) {
  std::vector<fs::path> files;
  const bool models = suite.filename() == "models";
  for (const auto& entry : fs::directory_iterator(suite)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(models ? ".case.h5" : ".h5")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void run_one(const fs::path& path, const std::string& name, bool verbose, Counts& counts) {
  try {
    Case c(path);
    const auto runner = runners().find(c.kind());
    if (runner == runners().end()) throw std::runtime_error("there are no cases of kind '" + c.kind() + "'");
    runner->second(c);
    if (c.failures().empty()) c.finish();
    if (c.failures().empty()) {
      ++counts.passed;
      if (verbose) std::cout << "passed   " << name << " (" << c.compared() << " arrays)\n";
      return;
    }
    ++counts.failed;
    std::cout << "FAILED   " << name << '\n';
    for (const std::string& failure : c.failures()) std::cout << "         " << failure << '\n';
  } catch (const Skip& e) {
    ++counts.skipped;
    std::cout << "skipped  " << name << ": " << e.what() << '\n';
  } catch (const std::exception& e) {
    ++counts.failed;
    std::cout << "FAILED   " << name << "\n         " << e.what() << '\n';
  }
}

int run(int argc, char** argv) {
  std::string folder, filter = ".*";
  std::vector<std::string> suites;
  int most_skipped = -1;
  po::options_description options("golden_runner FOLDER: compares Cornu with cases that real Keras has computed");
  // clang-format off
  options.add_options()
    ("help,h", "this text")
    ("folder", po::value(&folder), "the folder of suites")
    ("suite", po::value(&suites), "the name of a suite, or several separated by commas; without it all")
    ("filter", po::value(&filter), "a regular expression that the case's name (suite/case) has to contain")
    ("most-skipped", po::value(&most_skipped), "more cases skipped than this number are a failure")
    ("verbose", "a line for passed cases, too");
  // clang-format on
  po::positional_options_description positional;
  positional.add("folder", 1);
  po::variables_map given;
  po::store(po::command_line_parser(argc, argv).options(options).positional(positional).run(), given);
  po::notify(given);
  if (given.contains("help") || folder.empty()) {
    std::cout << options;
    return given.contains("help") ? 0 : 2;
  }
  if (!fs::is_directory(folder)) throw std::runtime_error("there is no folder " + folder);

  std::set<std::string> wanted;
  for (const std::string& list : suites) {
    std::stringstream parts(list);
    for (std::string name; std::getline(parts, name, ',');) wanted.insert(name);
  }
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_directory() && (suites.empty() || wanted.erase(entry.path().filename().string())))
      folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  if (!wanted.empty()) throw std::runtime_error("there is no suite '" + *wanted.begin() + "' in " + folder);

  const std::regex pattern(filter);
  Counts counts;
  for (const fs::path& suite : folders)
    for (const fs::path& path : case_files(suite)) {
      const std::string name = suite.filename().string() + "/" + path.stem().string();
      if (std::regex_search(name, pattern)) run_one(path, name, given.contains("verbose"), counts);
    }
  std::cout << counts.passed << " passed, " << counts.failed << " failed, " << counts.skipped << " skipped\n";
  if (counts.passed + counts.failed + counts.skipped == 0)
    throw std::runtime_error("there is no such case in " + folder);
  const bool too_many = most_skipped >= 0 && counts.skipped > most_skipped;
  if (too_many) std::cout << "FAILED   at most " << most_skipped << " cases may be skipped\n";
  return counts.failed || too_many ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) try { return run(argc, argv); } catch (const std::exception& e) {
  std::cerr << "golden_runner: " << e.what() << '\n';
  return 2;
}
