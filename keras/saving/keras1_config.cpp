// What Keras 1 calls otherwise. Each line of the tables has its case in keras1_test.cpp.
#include <algorithm>
#include <functional>
#include <map>
#include <string_view>

#include "cornu/graph/check.h"
#include "cornu/keras/saving/internal/keras1.h"

namespace cornu::keras::saving::internal {
namespace {

using graph::require;

using Names = std::map<std::string_view, std::string_view>;

// Classes by other names; their arguments are below.
const Names kClasses = {{"Convolution1D", "Conv1D"},
                        {"Convolution2D", "Conv2D"},
                        {"Convolution3D", "Conv3D"},
                        {"AtrousConvolution1D", "Conv1D"},
                        {"AtrousConvolution2D", "Conv2D"},
                        {"Deconvolution2D", "Conv2DTranspose"},
                        {"SeparableConvolution2D", "SeparableConv2D"}};

// Arguments by other names, of whatever class.
const Names kArguments = {{"nb_filter", "filters"},
                          {"filter_length", "kernel_size"},
                          {"subsample", "strides"},
                          {"subsample_length", "strides"},
                          {"border_mode", "padding"},
                          {"dim_ordering", "data_format"},
                          {"atrous_rate", "dilation_rate"},
                          {"bias", "use_bias"},
                          {"init", "kernel_initializer"},
                          {"W_regularizer", "kernel_regularizer"},
                          {"b_regularizer", "bias_regularizer"},
                          {"U_regularizer", "recurrent_regularizer"},
                          {"W_constraint", "kernel_constraint"},
                          {"b_constraint", "bias_constraint"},
                          {"inner_init", "recurrent_initializer"},
                          {"inner_activation", "recurrent_activation"},
                          {"dropout_W", "dropout"},
                          {"dropout_U", "recurrent_dropout"},
                          {"pool_length", "pool_size"},
                          {"beta_init", "beta_initializer"},
                          {"gamma_init", "gamma_initializer"},
                          {"p", "rate"},
                          {"sigma", "stddev"},
                          {"input_dtype", "dtype"}};

// Where a class uses a name otherwise: class and argument.
const std::map<std::pair<std::string_view, std::string_view>, std::string_view> kOfClass = {
    {{"Dense", "output_dim"}, "units"},
    {{"LSTM", "output_dim"}, "units"},
    {{"GRU", "output_dim"}, "units"},
    {{"SimpleRNN", "output_dim"}, "units"},
    {{"Embedding", "init"}, "embeddings_initializer"},
    {{"Embedding", "W_regularizer"}, "embeddings_regularizer"},
    {{"Embedding", "W_constraint"}, "embeddings_constraint"},
    {{"MaxPooling1D", "stride"}, "strides"},
    {{"AveragePooling1D", "stride"}, "strides"},
    {{"UpSampling1D", "length"}, "size"},
    {{"PReLU", "init"}, "alpha_initializer"}};

// What says nothing of the computation, or what Keras 2 takes from the input.
constexpr std::string_view kLeftOut[] = {"consume_less", "forget_bias_init", "input_dim",   "input_length",
                                         "sparse",       "arguments",        "output_mask", "create_input_layer"};

// Merge's modes are classes.
const Names kMerging = {{"sum", "Add"},     {"mul", "Multiply"},       {"ave", "Average"},
                        {"max", "Maximum"}, {"concat", "Concatenate"}, {"dot", "Dot"},
                        {"cos", "Dot"}};

const Names kWords = {{"th", "channels_first"}, {"tf", "channels_last"}, {"zero", "zeros"}, {"one", "ones"}};

// {"name": "L1L2Regularizer", "l1": 0, "l2": 0.01}, {"name": "MaxNorm", "m": 2, "axis": 0}
Json named_object(const Json& object) {
  Json config = object;
  std::string name = object["name"].get<std::string>();
  config.erase("name");
  if (name == "WeightRegularizer" || name == "L1L2Regularizer") name = "L1L2";
  if (const auto m = config.find("m"); m != config.end()) {
    config["max_value"] = *m;
    config.erase("m");
  }
  return {{"class_name", name}, {"config", std::move(config)}};
}

Json value_of(const Json& value) {
  if (value.is_string()) {
    const auto word = kWords.find(value.get_ref<const std::string&>());
    return word == kWords.end() ? value : Json(word->second);
  }
  const bool described =
      value.is_object() && !value.contains("class_name") && value.contains("name") && value["name"].is_string();
  return described ? named_object(value) : value;
}

Json arguments_of(const std::string& written, const Json& config) {
  const auto renamed = kClasses.find(written);
  const std::string_view now = renamed == kClasses.end() ? std::string_view(written) : renamed->second;
  Json arguments = Json::object();
  for (const auto& [name, value] : config.items()) {
    if (std::find(std::begin(kLeftOut), std::end(kLeftOut), name) != std::end(kLeftOut) &&
        !(now == "Embedding" && name == "input_dim"))
      continue;
    const auto own = kOfClass.find({now, name});
    const auto any = kArguments.find(name);
    const std::string key(own != kOfClass.end() ? own->second : any != kArguments.end() ? any->second : name);
    arguments[key] = value_of(value);
  }
  // Lengths of a kernel or of strides that are arguments of their own.
  for (const auto& [axes, together] : {std::pair{std::vector{"nb_row", "nb_col"}, "kernel_size"},
                                       {std::vector{"kernel_dim1", "kernel_dim2", "kernel_dim3"}, "kernel_size"}}) {
    if (!arguments.contains(axes.front())) continue;
    Json list = Json::array();
    for (const char* axis : axes) list.push_back(arguments.value(axis, Json())), arguments.erase(axis);
    arguments[together] = std::move(list);
  }
  if (written == "Deconvolution2D") arguments.erase("output_shape");
  if (now == "BatchNormalization" && arguments.contains("mode")) {
    require<ValueError>(arguments["mode"] == 0 || arguments["mode"] == 2, "BatchNormalization: mode ",
                        shortened(arguments["mode"]), " of Keras 1 is not supported");
    arguments.erase("mode");
  }
  if (now == "Embedding") arguments.erase("dropout");
  if (now == "LSTM" && config.contains("forget_bias_init"))
    arguments["unit_forget_bias"] = config["forget_bias_init"] == "one";
  return arguments;
}

// A layer that joins others by its mode.
void become_merging(Json& layer) {
  Json& config = layer["config"];
  const std::string mode = config.value("mode", std::string());
  const auto now = kMerging.find(mode);
  require<ValueError>(now != kMerging.end() && config.value("layers", Json()).empty(),
                      "Merge: ", now == kMerging.end() ? "mode '" + mode + "'" : "a Merge that begins a Sequential",
                      " of Keras 1 is not supported");
  Json arguments = {{"name", config.value("name", Json())}};
  if (mode == "concat") arguments["axis"] = config.value("concat_axis", Json(-1));
  if (now->second == "Dot") {
    Json axes = config.value("dot_axes", Json(-1));
    while (axes.is_array() && axes.size() == 1) axes = Json(axes.front());
    arguments["axes"] = std::move(axes);
    arguments["normalize"] = mode == "cos";
  }
  layer["class_name"] = now->second;
  config = std::move(arguments);
}

constexpr std::string_view kOnlyKeras1[] = {"nb_filter",     "border_mode", "dim_ordering", "inner_activation",
                                            "W_regularizer", "pool_length", "input_dtype"};

}  // namespace

bool looks_like_keras1(const Json& config) {
  if (config.is_object())
    for (const std::string_view name : kOnlyKeras1)
      if (config.contains(std::string(name))) return true;
  return config.is_structured() && std::any_of(config.begin(), config.end(), looks_like_keras1);
}

Json from_keras1(const Json& json) {
  if (json.is_array()) {
    Json list = Json::array();
    for (const Json& part : json) list.push_back(from_keras1(part));
    return list;
  }
  if (!json.is_object()) return json;
  Json now = Json::object();
  for (const auto& [name, value] : json.items()) now[name] = from_keras1(value);
  const auto kind = json.find("class_name"), config = json.find("config");
  if (kind == json.end() || !kind->is_string() || config == json.end() || !config->is_object()) return now;
  const std::string written = kind->get<std::string>();
  if (now["config"].contains("layers") && written != "Merge") return now;  // a model
  if (written == "Merge") {
    become_merging(now);
    return now;
  }
  if (const auto renamed = kClasses.find(written); renamed != kClasses.end()) now["class_name"] = renamed->second;
  now["config"] = arguments_of(written, now["config"]);
  return now;
}

}  // namespace cornu::keras::saving::internal
