// What holds for every operation on symbolic tensors, checked with the samples that their own tests register.

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/operations/operation.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/operation_samples.h"

namespace cornu::tests {
void PrintTo(const OperationSample& sample, std::ostream* out) { *out << sample.class_name; }
}  // namespace cornu::tests

namespace cornu::keras {
namespace {

class OperationSweep : public testing::TestWithParam<tests::OperationSample> {
 protected:
  const std::vector<Array>& inputs = GetParam().inputs;
  std::vector<KerasTensor> x = [this] {
    std::vector<KerasTensor> list;
    for (const Array& array : inputs)
      list.push_back(
          layers::Input({.shape = array.shape().drop_front(), .dtype = std::string(graph::name_of(array.dtype()))}));
    return list;
  }();
  const KerasTensor y = GetParam().symbolic(x);
  const models::Model model{KerasTensors(x), y};

  Array predict(const models::Model& m) const { return m.predict(Arrays(inputs))[0]; }
};

TEST_P(OperationSweep, IsTheOpOfItsName) {
  EXPECT_EQ(y.layer()->class_name(), GetParam().class_name);
  const Function f([&](std::span<const Tensor> t) { return GetParam().computed({t.begin(), t.end()}); });
  const Array want = f.call(inputs).one(), got = predict(model);
  EXPECT_EQ(got.dtype(), want.dtype());
  EXPECT_TRUE(array_equal(got, want)) << got << "\n" << want;
  EXPECT_EQ(y.dtype(), want.dtype());
  ASSERT_EQ(y.ndim(), want.ndim());
  for (int axis = 0; axis < y.ndim(); ++axis)
    EXPECT_TRUE(y.shape()[axis] == kUnknown || y.shape()[axis] == want.shape()[axis]) << axis;
}

TEST_P(OperationSweep, FilesAndJsonGiveItBack) {
  const Array want = predict(model);
  EXPECT_TRUE(array_equal(predict(models::model_from_json(model.to_json())), want));
  EXPECT_TRUE(array_equal(predict(models::clone_model(model)), want));
  const auto& network = *model.network();
  if (!GetParam().in_keras2) {
    EXPECT_THROW(saving::serialize(network, saving::KerasVersion::keras2), ValueError);
    return;
  }
  const Shared<layers::Layer> read = saving::deserialize(
      layers::registry(), saving::serialize(network, saving::KerasVersion::keras2), saving::KerasVersion::keras2);
  EXPECT_TRUE(array_equal(predict(models::Model(read.as<models::Network>())), want));
  const tests::TemporaryFolder folder;
  model.save(folder / "m.h5");
  EXPECT_TRUE(array_equal(predict(models::load_model(folder / "m.h5")), want));
}

TEST_P(OperationSweep, MasksEnd) {
  const Array mask = graph::ones({inputs[0].shape()[0]}, bool_);
  const std::vector<Array> masks(inputs.size(), mask);
  EXPECT_FALSE(tests::call_layer(y.layer(), inputs, masks).mask);
}

std::string name_of(const testing::TestParamInfo<tests::OperationSample>& info) {
  return info.param.class_name + "_" + std::to_string(info.index);
}
INSTANTIATE_TEST_SUITE_P(All, OperationSweep, testing::ValuesIn(tests::operation_samples()), name_of);

TEST(KerasOperationsSweep, EveryOperationHasASample) {
  const auto samples = tests::operation_samples();
  for (const std::string& name : operations::class_names())
    EXPECT_TRUE(std::any_of(samples.begin(), samples.end(), [&](const auto& s) { return s.class_name == name; }))
        << "operation '" << name << "' has no sample: see tests/support/operation_samples.h";
}

}  // namespace
}  // namespace cornu::keras
