#include <cornu/cornu.h>
#include <cornu/io/hdf5/reader.h>
#include <cornu/io/tensorboard/event_reader.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>

#include "cornu/keras/command_line/command.h"
#include "cornu/keras/command_line/inputs.h"
#include "cornu/keras/command_line/weights.h"

namespace cornu::command_line {
namespace {

using namespace cornu::keras;

/// Rows of texts, each column as wide as it has to be; numbers stand on the right.
class Table {
 public:
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.size() < 2; }
  void print(std::ostream& out, std::size_t texts) const {
    std::vector<std::size_t> widths(rows_.empty() ? 0 : rows_[0].size(), 0);
    for (const auto& row : rows_)
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    for (const auto& row : rows_) {
      std::string line = "  ";
      for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string space(widths[i] - row[i].size(), ' ');
        line += (i < texts ? row[i] + space : space + row[i]) + "  ";
      }
      line.erase(line.find_last_not_of(' ') + 1);
      out << line << '\n';
    }
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

std::vector<std::string> figures_of(const Array& values) {
  if (values.size() == 0) return {"-", "-", "-", "-"};
  const Array x = values.astype(float64);
  const auto number = [](const Array& one) { return short_number(one.item<double>()); };
  return {number(mean(x)), number(cornu::std(x)), number(min(x)), number(max(x))};
}

void print_array(Table& table, const std::string& name, const Array& values) {
  std::vector<std::string> row{name, graph::message(values.shape()), graph::message(values.dtype())};
  for (auto& figure : figures_of(values)) row.push_back(std::move(figure));
  table.add(std::move(row));
}

Table array_table() {
  Table table;
  table.add({"weight", "shape", "dtype", "mean", "std", "min", "max"});
  return table;
}

void inspect_model(const models::Model& model) {
  std::cout << "model \"" << model.name() << "\", " << model.layers().size() << " layers, " << model.count_params()
            << " parameters\n";
  for (std::size_t i = 0; i < model.inputs().size(); ++i)
    std::cout << "  input " << model.input_names()[i] << ": " << model.inputs()[i].shape() << '\n';
  for (std::size_t i = 0; i < model.outputs().size(); ++i)
    std::cout << "  output " << model.output_names()[i] << ": " << model.outputs()[i].shape() << '\n';
  Table table = array_table();
  for (const NamedWeight& weight : weights_of(model)) print_array(table, weight.name, weight.variable.value());
  if (!table.empty()) table.print(std::cout, 3);
  if (!model.compiled()) {
    std::cout << "not compiled\n";
    return;
  }
  const auto optimizer = model.optimizer();
  std::cout << "compiled: optimizer " << optimizer->class_name() << ", " << optimizer->iterations() << " steps; ";
  const char* separator = "figures ";
  for (const std::string& name : model.metrics_names()) {
    std::cout << separator << name;
    separator = ", ";
  }
  std::cout << '\n';
}

// The attributes that Keras writes, and every dataset below.
void walk(const io::hdf5::Group& group, Table& table) {
  for (const std::string& child : group.children()) {
    if (!group.has(child)) continue;
    if (group.is_group(child))
      walk(group.group(child), table);
    else
      print_array(table, (group.path() == "/" ? "" : group.path().substr(1) + "/") + child, group.dataset(child));
  }
}

void inspect_hdf5(const std::string& path) {
  const io::hdf5::Group root = io::hdf5::File(path).root();
  for (const char* name : {"keras_version", "backend"})
    if (root.has_attribute(name)) std::cout << name << ": " << root.text(name) << '\n';
  if (root.has_attribute("model_config")) return;
  Table table = array_table();
  walk(root, table);
  if (!table.empty()) table.print(std::cout, 3);
}

void inspect_events(const std::string& path) {
  struct Last {
    std::string plugin, value;
    std::int64_t step = 0, count = 0;
  };
  std::map<std::string, Last> tags;
  std::int64_t events = 0;
  io::tensorboard::EventReader reader(path);
  for (const auto& event : reader) {
    ++events;
    for (const auto& summary : event.summaries) {
      Last& last = tags[summary.tag];
      last = {summary.plugin, "", event.step, last.count + 1};
      if (summary.numbers && summary.numbers->size() == 1)
        last.value = short_number(summary.numbers->astype(float64).item<double>());
      else if (summary.numbers)
        last.value = graph::message(summary.numbers->shape());
    }
  }
  std::cout << events << " events, " << tags.size() << " tags\n";
  Table table;
  table.add({"tag", "dashboard", "values", "last step", "last value"});
  for (const auto& [tag, last] : tags)
    table.add({tag, last.plugin, std::to_string(last.count), std::to_string(last.step), last.value});
  if (!table.empty()) table.print(std::cout, 2);
  for (const auto& damage : reader.damages())
    std::cout << "damaged: " << damage.what << " at " << damage.offset << ", " << damage.skipped << " bytes\n";
}

void inspect_arrays(const std::string& path) {
  Table table;
  table.add({"array", "shape", "dtype", "mean", "std", "min", "max"});
  const Arrays arrays = read_arrays(path, {});
  for (std::size_t i = 0; i < arrays.size(); ++i)
    print_array(table, arrays.names().empty() ? "-" : arrays.names()[i], arrays[i]);
  table.print(std::cout, 3);
}

std::array<char, 16> first_bytes(const std::string& path) {
  std::array<char, 16> bytes{};
  std::ifstream file(path, std::ios::binary);
  if (!file) throw IoError(path + ": cannot be opened");
  file.read(bytes.data(), bytes.size());
  return bytes;
}

void inspect(const std::string& path) {
  const auto bytes = first_bytes(path);
  const auto begins = [&](const char* text, std::size_t at = 0) {
    return std::memcmp(bytes.data() + at, text, std::strlen(text)) == 0;
  };
  const std::string name = std::filesystem::path(path).filename().string();
  std::cout << path << ": " << short_bytes(static_cast<double>(std::filesystem::file_size(path))) << '\n';
  if (name.find(".tfevents.") != std::string::npos) return inspect_events(path);
  const bool npz = name.size() > 4 && name.compare(name.size() - 4, 4, ".npz") == 0;
  if (npz || begins("NUMPY", 1)) return inspect_arrays(path);
  bool model = true;
  if (begins("HDF", 1)) {
    inspect_hdf5(path);
    model = io::hdf5::File(path).root().has_attribute("model_config");
  }
  if (model) inspect_model(open_model(path, true));
}

const Registered registered_inspect({
    .name = "inspect",
    .arguments = "FILE…",
    .does = "what is in a file: weights with figures, optimizer, versions; event files, arrays",
    .positional = {"file"},
    .required = {"file"},
    .run =
        [](const po::variables_map& given) {
          for (const auto& file : get<std::vector<std::string>>(given, "file")) inspect(file);
          return 0;
        },
});

}  // namespace
}  // namespace cornu::command_line
