// Model::summary: a row of layers as Keras printed it when the introduction was written, other tables as Keras 2.15
// does.
#include <algorithm>
#include <array>
#include <iostream>

#include "cornu/keras/models/internal/table.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/utils/internal/text_width.h"

namespace cornu::keras::models {

namespace {

using layers::Layer;
using Print = std::function<void(const std::string&)>;

std::string with_commas(std::int64_t n) {
  std::string text = std::to_string(n);
  for (std::ptrdiff_t i = static_cast<std::ptrdiff_t>(text.size()) - 3; i > 0; i -= 3)
    text.insert(static_cast<std::size_t>(i), 1, ',');
  return text;
}

std::int64_t count(const std::vector<Variable>& variables) {
  std::int64_t n = 0;
  for (const Variable& v : variables) n += v.shape().elements();
  return n;
}

// "(None, 10)", of several outputs "[(None, 10), (None, 3)]". Keras 2 puts an input's into brackets.
std::string shape_text(const graph::Specs& outputs, bool is_input) {
  if (outputs.empty()) return "?";
  std::string text;
  for (const Spec& spec : outputs) text += (text.empty() ? "" : ", ") + to_string(spec.shape);
  return is_input || outputs.size() > 1 ? '[' + text + ']' : text;
}

std::string named(const Layer& layer) { return layer.name() + " (" + layer.class_name() + ")"; }

constexpr std::array<std::size_t, 3> kEnds = {29, 55, 65};  // of the introduction's fields

// A field that is too long is cut before its end, so that a blank stays between two.
std::string row(const std::array<std::string, 3>& fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) line = std::string(utils::text_prefix(line, kEnds[i - 1] - 1)) + ' ';
    line = utils::text_prefix(line + fields[i], kEnds[i]);
    line.append(kEnds[i] - utils::text_width(line), ' ');
  }
  return line;
}

void print_introduction(const Model& model, const Print& print_line) {
  const Network& network = *model.network();
  const std::string thin(kEnds.back(), '_'), thick(kEnds.back(), '=');
  print_line("Model: \"" + model.name() + "\"");
  print_line(thin);
  print_line(row({"Layer (type)", "Output Shape", "Param #"}));
  print_line(thick);
  // A row a use: a layer that is used twice in a row of layers stands there twice, each time with that output.
  std::vector<std::array<std::string, 3>> rows;
  if (network.wiring().empty()) {
    for (const auto& layer : network.layers())
      rows.push_back({named(*layer), shape_text(layer->output_specs(), false), std::to_string(layer->count_params())});
  } else {
    for (const auto& use : network.wiring().uses)
      if (!use->inputs.empty() || network.form() == Network::Form::graph)
        rows.push_back(
            {named(*use->layer), shape_text(use->outputs, false), std::to_string(use->layer->count_params())});
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    print_line(row(rows[i]));
    print_line(i + 1 < rows.size() ? thin : thick);
  }
  const std::int64_t all = count(model.weights()), trained = count(model.trainable_weights());
  print_line("Total params: " + with_commas(all));
  print_line("Trainable params: " + with_commas(trained));
  print_line("Non-trainable params: " + with_commas(all - trained));
  print_line(thin);
}

// Whether each layer follows the one before it, as Keras decides it: then there is no column of connections.
bool is_row(const Network& network) {
  const Wiring& wiring = network.wiring();
  if (network.form() != Network::Form::graph) return true;
  for (std::size_t i = 0; i < wiring.uses.size(); ++i) {
    const Use& use = *wiring.uses[i];
    if (use.inputs.size() + use.named.size() > 1) return false;
    if (i > 0 && (use.inputs.empty() || use.inputs[0].use_ptr() != wiring.uses[i - 1])) return false;
    if (wiring.uses_of(*use.layer).size() > 1) return false;
  }
  return true;
}

class Keras2Summary {
 public:
  Keras2Summary(const Network& network, const SummaryConfig& config, const Print& print_line)
      : network_(network), config_(config), connected_(!is_row(network)), print_(print_line) {
    if (connected_)
      table_.ends = {29, 58, 68, 98};
    else
      table_.ends = {29, 55, 65};
    width_ = table_.ends.back();
    if (config.show_trainable) table_.ends.push_back(width_ += 11);
  }

  void print(const Model& model) const {
    print_("Model: \"" + model.name() + "\"");
    print_(std::string(width_, '_'));
    std::vector<std::string> heads = {"Layer (type)", "Output Shape", "Param #"};
    if (connected_) heads.emplace_back("Connected to");
    if (config_.show_trainable) heads.emplace_back("Trainable");
    table_.print_row(heads, 0, print_);
    print_(std::string(width_, '='));
    for (const auto& layer : network_.layers()) print_layer(*layer, 0, false);
    print_(std::string(width_, '='));
    const auto total = [&](const char* what, const std::vector<Variable>& variables) {
      print_(what + std::string(" params: ") + std::to_string(count(variables)) + " (" + memory(variables) + ")");
    };
    total("Total", model.weights());
    total("Trainable", model.trainable_weights());
    total("Non-trainable", model.non_trainable_weights());
    print_(std::string(width_, '_'));
  }

 private:
  // "336.00 Byte", "1.56 MB".
  static std::string memory(const std::vector<Variable>& variables) {
    double size = 0;
    for (const Variable& v : variables) size += static_cast<double>(v.spec().bytes());
    const std::array<const char*, 6> units = {"Byte", "KB", "MB", "GB", "TB", "PB"};
    std::size_t unit = 0;
    while (size >= 1024 && unit + 1 < units.size()) size /= 1024, ++unit;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.2f %s", size, units[unit]);
    return text.data();
  }

  std::string connections(const Layer& layer) const {
    std::string list;
    for (const auto& use : network_.wiring().uses_of(layer)) {
      const auto add = [&](const KerasTensor& x) {
        list += graph::message(list.empty() ? "'" : ", '", x.layer()->name(), '[', network_.wiring().number(x.use()),
                               "][", x.index(), "]'");
      };
      for (const KerasTensor& input : use->inputs) add(input);
      for (const auto& [name, tensor] : use->named) add(tensor);
    }
    return '[' + list + ']';
  }

  void print_layer(const Layer& layer, std::size_t level, bool last) const {
    const bool is_input = !layer.output_specs().empty() && layer.input_shapes().empty();
    std::vector<std::string> fields = {named(layer), output_of(layer, is_input), std::to_string(layer.count_params())};
    if (connected_) fields.push_back(level == 0 ? connections(layer) : "[]");
    if (config_.show_trainable) fields.emplace_back(layer.trainable() ? "Y" : "N");
    table_.print_row(fields, level, print_);
    const auto* inner = dynamic_cast<const Network*>(&layer);
    // As Keras does, no blank line behind a model whose layers are shown.
    if (config_.expand_nested && inner != nullptr && !inner->layers().empty()) {
      last = true;
      const auto parts = inner->layers();
      rule("¯", level + 1);
      for (std::size_t i = 0; i < parts.size(); ++i) print_layer(*parts[i], level + 1, i + 1 == parts.size());
      rule("¯", level);
    }
    if (!last) rule(" ", level);
  }

  // An InputLayer is never called: its output is that of its use.
  std::string output_of(const Layer& layer, bool is_input) const {
    for (const auto& use : network_.wiring().uses)
      if (use->layer.get() == &layer) return shape_text(use->outputs, use->inputs.empty());
    if (layer.output_specs().empty() && layer.base().input_shape.is_set())
      return '[' + to_string(layer.base().input_shape.prepend(layer.base().batch_size.value_or(kUnknown))) + ']';
    return shape_text(layer.output_specs(), is_input);
  }

  void rule(const char* sign, std::size_t level) const {
    std::string line(level, '|');
    for (std::size_t i = 2 * level; i < width_; ++i) line += sign;
    print_(line + std::string(level, '|'));
  }

  const Network& network_;
  SummaryConfig config_;
  bool connected_;
  internal::Table table_;
  std::size_t width_;
  const Print& print_;
};

}  // namespace

void Model::summary(const Print& print_line, SummaryConfig config) const {
  graph::require<ValueError>(
      built(), "model \"", name(),
      "\" has not been built: call build() with an input shape, or use the model on data, before summary()");
  if (!config.expand_nested && !config.show_trainable && is_row(*network_))
    return print_introduction(*this, print_line);
  Keras2Summary(*network_, config, print_line).print(*this);
}

void Model::summary(std::ostream& out, SummaryConfig config) const {
  summary([&](const std::string& line) { out << line << '\n'; }, config);
  out.flush();
}

void Model::summary(SummaryConfig config) const { summary(std::cout, config); }

}  // namespace cornu::keras::models
