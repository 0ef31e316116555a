// What holds for every layer, checked with the examples that the classes' own tests register.

#include <gmock/gmock.h>

#include "cornu/autodiff/gradient_check.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/saving/config_json.h"
#include "cornu/ops/native/slice.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/copied_state.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras {
namespace {

using graph::Specs;
using layers::Layer;
using tests::call_layer;
using tests::KerasSample;
using tests::LayerExample;

/// Layers that are made while one lives have this dtype policy.
class GlobalPolicy {
 public:
  explicit GlobalPolicy(const char* name) { mixed_precision::set_global_policy(name); }
  ~GlobalPolicy() { mixed_precision::set_global_policy("float32"); }
};

Specs specs_of(const std::vector<Array>& arrays) {
  Specs specs;
  for (const Array& x : arrays) specs.push_back({x.dtype(), x.shape()});
  return specs;
}

/// The first `length` numbers along an axis.
Array first(const Array& x, int axis, std::int64_t length) {
  const Function f([&](const Tensor& t) { return ops::slice(t, axis, 0, length); });
  return f(x);
}
std::vector<Array> first(std::vector<Array> all, int axis, std::int64_t shorter_by) {
  for (Array& x : all) x = first(x, axis, x.shape()[axis] - shorter_by);
  return all;
}

bool close(const Array& a, const Array& b, double tolerance = 1e-5) {
  return a.dtype() == b.dtype() && a.shape() == b.shape() &&
         allclose(a.astype(float64), b.astype(float64), tolerance, tolerance);
}
void expect_close(const std::vector<Array>& a, const std::vector<Array>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(close(a[i], b[i])) << i << ":\n" << a[i] << "\n" << b[i];
}

class LayerSweep : public testing::TestWithParam<KerasSample> {
 protected:
  const LayerExample& example = GetParam().example;
  const std::vector<Array>& inputs = example.inputs;

  void SetUp() override {
    ASSERT_TRUE(!inputs.empty() || GetParam().class_name == "InputLayer")
        << "needs example inputs: see tests/support/keras_samples.h";
    if (inputs.empty()) GTEST_SKIP() << "is called on nothing";
  }

  Shared<Layer> make(const std::string& name = "n") const {
    std::string config = example.config.empty() ? GetParam().config : example.config;
    if (const auto at = config.find("BASE"); at != std::string::npos)
      config.replace(at, 4, R"("name": ")" + name + R"(", "trainable": true)");
    return saving::deserialize(layers::registry(),
                               R"({"class_name": ")" + GetParam().class_name + R"(", "config": )" + config + "}");
  }
  /// A layer that is built, with weights that are no initial zeros.
  Shared<Layer> built(const std::string& name = "n") const {
    auto layer = make(name);
    layer->ensure_built_for(specs_of(inputs));
    std::vector<Array> weights;
    for (const Variable& w : layer->weights()) weights.push_back(tests::some(w.shape(), 7 + weights.size()));
    layer->set_weights(weights);
    return layer;
  }

  bool refuses_floats() const {
    std::vector<Array> floats;
    for (const Array& x : inputs) floats.push_back(x.astype(float32));
    try {
      call_layer(make(), floats);
      return false;
    } catch (const TypeError&) {
      return true;
    }
  }

  std::vector<KerasTensor> symbolic() const {
    std::vector<KerasTensor> list;
    for (const Array& x : inputs)
      list.push_back(layers::Input({.shape = x.shape().drop_front(), .dtype = std::string(graph::name_of(x.dtype()))}));
    return list;
  }
  static std::vector<KerasTensor> use(const Shared<Layer>& layer, const std::vector<KerasTensor>& x) {
    return (x.size() == 1 ? layer(x[0]) : layer(x)).outputs();
  }
  models::Model model(const Shared<Layer>& layer) const {
    const auto x = symbolic();
    return models::Model(KerasTensors(x), KerasTensors(use(layer, x)), "m");
  }
  std::vector<Array> predict(const models::Model& model) const { return model.predict(Arrays(inputs)).arrays(); }
};

TEST_P(LayerSweep, SpecsAreThoseThatACallGives) {
  const auto layer = built();
  const auto call = call_layer(layer, inputs);
  EXPECT_EQ(layer->compute_output_specs(specs_of(inputs)), specs_of(call.outputs));
  EXPECT_EQ(make()->compute_output_specs(specs_of(inputs)), specs_of(call.outputs)) << "of a layer that is not built";
}

TEST_P(LayerSweep, UnknownAxesAreThoseThatVary) {
  std::vector<int> axes{0};
  axes.insert(axes.end(), example.free_axes.begin(), example.free_axes.end());
  for (const int axis : axes) {
    SCOPED_TRACE(axis);
    const auto layer = built();
    Specs specs = specs_of(inputs);
    for (Spec& spec : specs) spec.shape[axis] = kUnknown;
    const Specs found = layer->compute_output_specs(specs), known = specs_of(call_layer(layer, inputs).outputs),
                shorter = specs_of(call_layer(layer, first(inputs, axis, 1)).outputs);
    ASSERT_EQ(found.size(), known.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].dtype, known[i].dtype);
      ASSERT_EQ(found[i].shape.rank(), known[i].shape.rank());
      for (int a = 0; a < found[i].shape.rank(); ++a) {
        const bool varies = known[i].shape[a] != shorter[i].shape[a];
        EXPECT_EQ(found[i].shape[a], varies ? kUnknown : known[i].shape[a]) << "axis " << a << " of output " << i;
      }
    }
  }
}

TEST_P(LayerSweep, GradientsAreThoseOfItsValues) {
  const auto layer = built();
  const std::vector<Variable> weights = layer->weights();
  std::vector<Array> all = inputs;
  for (const Variable& w : weights) all.push_back(w.value());
  bool any = false;
  for (const Array& x : all) any = any || x.dtype() == float32;
  if (!any && refuses_floats()) GTEST_SKIP() << "it takes integers alone";
  ASSERT_TRUE(any) << "there is nothing to differentiate by";
  const auto report = autodiff::gradient_check(
      [&](std::span<const Tensor> x) {
        Context ctx;  // where the weights are what the check makes of them
        Tensors tensors(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(inputs.size()));
        for (std::size_t i = 0; i < weights.size(); ++i) ctx.update(weights[i], x[inputs.size() + i]);
        Outputs outputs;
        for (const Tensor& y : (*layer)(Inputs(tensors), ctx)) outputs.add(y);
        return outputs;
      },
      all);
  EXPECT_TRUE(report.passed) << report;
}

TEST_P(LayerSweep, Bfloat16IsNearFloat32) {
  const auto wide = built();
  const GlobalPolicy policy("mixed_bfloat16");
  const auto narrow = built();
  narrow->set_weights(wide->get_weights());
  for (const Variable& w : narrow->weights()) EXPECT_EQ(w.dtype(), float32) << w.name();
  const auto a = call_layer(wide, inputs).outputs, b = call_layer(narrow, inputs).outputs;
  ASSERT_EQ(a.size(), b.size());
  EXPECT_EQ(narrow->compute_output_specs(specs_of(inputs)), specs_of(b));
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(b[i].dtype(), a[i].dtype() == float32 ? bfloat16 : a[i].dtype());
    EXPECT_TRUE(close(b[i].astype(float32), a[i].astype(float32), 0.04)) << a[i] << "\n" << b[i];
  }
}

TEST_P(LayerSweep, AMaskGoesOnOrEnds) {
  const auto layer = built();
  std::vector<Array> masks;
  Array mask;
  for (const Array& x : inputs) {
    const bool steps = x.ndim() >= 2;
    mask = graph::ones(steps ? Shape{x.shape()[0], x.shape()[1]} : Shape{x.shape()[0]}, bool_);
    for (std::int64_t i = 0; i < mask.size(); i += 2) mask.data<bool>()[i] = false;
    masks.push_back(mask);
  }
  const auto call = call_layer(layer, inputs, masks);
  if (!layer->supports_masking() || example.mask == LayerExample::Mask::none) {
    EXPECT_FALSE(call.mask);
  } else {
    ASSERT_TRUE(call.mask);
    EXPECT_EQ(call.mask->dtype(), bool_);
    EXPECT_TRUE(example.mask == LayerExample::Mask::own || array_equal(*call.mask, mask)) << *call.mask;
  }
  EXPECT_TRUE(example.mask == LayerExample::Mask::own || !call_layer(layer, inputs).mask) << "a mask out of nothing";
}

TEST_P(LayerSweep, NoRowsAndOneRowArePredicted) {
  const models::Model m = model(built());
  const std::vector<Array> all = predict(m);
  for (const std::int64_t rows : {0, 1}) {
    std::vector<Array> few, want;
    for (const Array& x : inputs) few.push_back(x.slice(0, rows));
    for (const Array& y : all) want.push_back(y.slice(0, rows));
    expect_close(m.predict(Arrays(few)).arrays(), want);
  }
}

TEST_P(LayerSweep, UsedTwiceItHasOneSetOfWeights) {
  const auto layer = built();
  const auto a = symbolic(), b = symbolic();
  std::vector<KerasTensor> x = a, y = use(layer, a);
  x.insert(x.end(), b.begin(), b.end());
  const auto second = use(layer, b);
  y.insert(y.end(), second.begin(), second.end());
  const models::Model twice((KerasTensors(x)), KerasTensors(y));
  EXPECT_EQ(twice.weights().size(), layer->weights().size());
  std::vector<Array> data = inputs;
  std::vector<Array> shorter = inputs;
  for (Array& array : shorter) array = graph::concatenate({array.slice(1, array.shape()[0]), array.slice(0, 1)}, 0);
  data.insert(data.end(), shorter.begin(), shorter.end());
  std::vector<Array> want = call_layer(layer, inputs).outputs;
  for (const Array& other : call_layer(layer, shorter).outputs) want.push_back(other);
  expect_close(twice.predict(Arrays(data)).arrays(), want);
  EXPECT_EQ(twice.get_layer(layer->name()), layer);
}

TEST_P(LayerSweep, FilesAndJsonGiveItBack) {
  const models::Model m = model(built());
  const std::vector<Array> want = predict(m);
  expect_close(want, call_layer(m.layers().back(), inputs).outputs);
  const tests::TemporaryFolder folder;
  if (GetParam().in_keras2) {
    m.save(folder.path() / "m.h5");
    expect_close(predict(models::load_model(folder.path() / "m.h5")), want);
  } else {
    EXPECT_THROW(m.save(folder.path() / "m.h5"), ValueError);
    m.save_weights(folder.path() / "m.h5");
  }
  models::Model fresh = models::model_from_json(m.to_json());
  fresh.load_weights(folder.path() / "m.h5");
  expect_close(predict(fresh), want);
  for (const auto version : {saving::KerasVersion::keras3, saving::KerasVersion::keras2}) {
    if (version == saving::KerasVersion::keras2 && !GetParam().in_keras2) continue;
    const Shared<Layer> layer =
        saving::deserialize(layers::registry(), saving::serialize(*m.network(), version), version);
    models::Model read(layer.as<models::Network>());
    read.set_weights(m.get_weights());
    expect_close(predict(read), want);
  }
}

TEST_P(LayerSweep, AClonedModelHasLayersOfItsOwn) {
  const models::Model m = model(built());
  models::Model clone = models::clone_model(m);
  EXPECT_NE(clone.layers().back(), m.layers().back());
  EXPECT_EQ(clone.layers().back()->name(), m.layers().back()->name());
  const std::vector<Array> want = predict(m);
  clone.set_weights(m.get_weights());
  expect_close(predict(clone), want);
  std::vector<Array> zeros;
  for (const Array& w : clone.get_weights()) zeros.push_back(graph::zeros(w.shape()));
  clone.set_weights(zeros);
  expect_close(predict(m), want);
}

TEST_P(LayerSweep, GoesOnFromACopiedState) {
  const auto one = built(), other = make();
  other->ensure_built_for(specs_of(inputs));
  tests::CopiedState state;
  one->state(state);
  EXPECT_GE(state.size(), one->weights().size());
  state.give();
  other->state(state);
  expect_close(call_layer(other, inputs).outputs, call_layer(one, inputs).outputs);
}

std::string name_of(const testing::TestParamInfo<KerasSample>& info) { return info.param.class_name; }
INSTANTIATE_TEST_SUITE_P(All, LayerSweep, testing::ValuesIn(tests::keras_samples("layer")), name_of);

}  // namespace
}  // namespace cornu::keras
