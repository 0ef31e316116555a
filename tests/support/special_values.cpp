#include "tests/support/special_values.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace cornu::tests {
namespace {

std::map<std::string, SpecialFunction>& functions() {
  static std::map<std::string, SpecialFunction> all;
  return all;
}

std::map<std::string, std::string>& exempt() {
  static std::map<std::string, std::string> all;
  return all;
}

std::vector<std::string> split(const std::string& text, const std::string& separator) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t end; (end = text.find(separator, begin)) != std::string::npos; begin = end + separator.size())
    parts.push_back(text.substr(begin, end - begin));
  parts.push_back(text.substr(begin));
  return parts;
}

double number(const std::string& text) {
  std::size_t used = 0;
  const double value = std::stod(text, &used);
  if (used != text.size()) throw std::invalid_argument(text);
  return value;
}

std::vector<Alternatives> cells(const std::string& text) {
  std::vector<Alternatives> all;
  for (const std::string& cell : split(text, " ")) {
    all.emplace_back();
    for (const std::string& one : split(cell, "/")) all.back().push_back(number(one));
  }
  return all;
}

std::vector<double> numbers_of(const std::string& text) {
  std::vector<double> all;
  for (const Alternatives& cell : cells(text)) all.push_back(cell.at(0));
  return all;
}

/// Of `x`, `x[3]`, `x=1,2` or `x[3]=1,2,3;4,5,6`.
int length_of(const std::string& input) {
  const std::size_t open = input.find('['), given = input.find('=');
  return open < given ? std::stoi(input.substr(open + 1)) : 1;
}

void read_line(const std::string& line, std::vector<SpecialTable>& tables, const std::string& file) {
  if (line.empty() || line.starts_with("//")) return;
  if (line.starts_with("== ")) {
    const auto words = split(line.substr(3, line.find(": ") - 3), " ");
    tables.push_back({.file = file, .name = words.at(0)});
    for (std::size_t i = 1; i < words.size(); ++i) tables.back().lengths.push_back(length_of(words[i]));
  } else if (line.starts_with("# dy ")) {
    for (const std::string& dy : split(line.substr(5), " | ")) tables.back().dys.push_back(numbers_of(dy));
  } else {
    const auto parts = split(line, " | ");
    SpecialRow row{.inputs = numbers_of(parts.at(0)), .outputs = cells(parts.at(1))};
    for (std::size_t i = 2; i < parts.size(); ++i) row.gradients.push_back(cells(parts[i]));
    tables.back().rows.push_back(std::move(row));
  }
}

}  // namespace

bool register_special_functions(std::vector<SpecialFunction> added) {
  for (SpecialFunction& f : added)
    if (!functions().emplace(f.name, f).second) throw std::logic_error("two special functions named " + f.name);
  return true;
}
const std::map<std::string, SpecialFunction>& special_functions() { return functions(); }

bool register_without_special_values(std::string op, std::string why) {
  return exempt().emplace(std::move(op), std::move(why)).second;
}
const std::map<std::string, std::string>& ops_without_special_values() { return exempt(); }

bool any_nan(const std::vector<double>& inputs) {
  return std::any_of(inputs.begin(), inputs.end(), [](double v) { return std::isnan(v); });
}
bool any_denormal(const std::vector<double>& inputs) {
  return std::any_of(inputs.begin(), inputs.end(),
                     [](double v) { return std::fpclassify(static_cast<float>(v)) == FP_SUBNORMAL; });
}

std::vector<SpecialTable> read_special_tables(const std::filesystem::path& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  std::vector<SpecialTable> tables;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    try {
      read_line(line, tables, path.filename().string());
    } catch (const std::exception&) {
      throw std::runtime_error(path.string() + ":" + std::to_string(number) + ": not a row of a table: " + line);
    }
  }
  return tables;
}

}  // namespace cornu::tests
