// Model::summary: the table that Keras printed when the introduction was written.
#include <algorithm>
#include <array>
#include <iostream>

#include "cornu/keras/models/model.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/utils/text_width.h"

namespace cornu::keras::models {

namespace {

using layers::Layer;

constexpr std::array<std::size_t, 3> kEnds = {29, 55, 65};  // of the fields

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

std::string with_commas(std::int64_t n) {
  std::string text = std::to_string(n);
  for (std::ptrdiff_t i = static_cast<std::ptrdiff_t>(text.size()) - 3; i > 0; i -= 3)
    text.insert(static_cast<std::size_t>(i), ",");
  return text;
}

std::int64_t count(const std::vector<Variable>& variables) {
  std::int64_t n = 0;
  for (const Variable& v : variables) n += v.shape().elements();
  return n;
}

// The shape of each layer's output: for a layer that is used more than once, in a row of layers, the one of that use;
// with the batch size, if the input has one.
std::vector<Shape> output_shapes(const Network& network) {
  const auto list = network.layers();
  std::vector<Shape> shapes;
  for (const auto& layer : list) shapes.push_back(layer->output_shape());
  const bool repeated = std::any_of(list.begin(), list.end(),
                                    [&](const auto& layer) { return std::count(list.begin(), list.end(), layer) > 1; });
  if ((!repeated && network.input_shape().front() == kUnknown) ||
      dynamic_cast<const SequentialNetwork*>(&network) == nullptr)
    return shapes;
  Shape shape = network.input_shape();
  for (std::size_t i = 0; i < list.size(); ++i) shapes[i] = shape = list[i]->compute_output_shape(shape);
  return shapes;
}

}  // namespace

void Model::summary(const std::function<void(const std::string&)>& print_line) const {
  graph::require<ValueError>(
      built(), "model \"", name(),
      "\" has not been built: call build() with an input shape, or use the model on data, before summary()");
  const std::string thin(kEnds.back(), '_'), thick(kEnds.back(), '=');
  print_line("Model: \"" + name() + "\"");
  print_line(thin);
  print_line(row({"Layer (type)", "Output Shape", "Param #"}));
  print_line(thick);
  const auto list = layers();
  const std::vector<Shape> shapes = output_shapes(*network_);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Layer& layer = *list[i];
    print_line(row({layer.name() + " (" + layer.class_name() + ")", shapes[i].is_set() ? to_string(shapes[i]) : "?",
                    std::to_string(layer.count_params())}));
    print_line(i + 1 < list.size() ? thin : thick);
  }
  const std::int64_t all = count(weights()), trained = count(trainable_weights());
  print_line("Total params: " + with_commas(all));
  print_line("Trainable params: " + with_commas(trained));
  print_line("Non-trainable params: " + with_commas(all - trained));
  print_line(thin);
}

void Model::summary(std::ostream& out) const {
  summary([&](const std::string& line) { out << line << '\n'; });
  out.flush();
}

void Model::summary() const { summary(std::cout); }

}  // namespace cornu::keras::models
