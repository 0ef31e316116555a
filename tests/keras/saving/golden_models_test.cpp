// Files that real Keras 2.15 and 3.15 wrote.
#include <gtest/gtest.h>

#include <tuple>

#include "cornu/io/hdf5/reader.h"
#include "cornu/keras/models/model.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/saving/shared_files.h"

namespace cornu::keras {
namespace {

using tests::golden_models;

void expect_close(const Array& got, const Array& want, double rtol, double atol, const char* what) {
  ASSERT_EQ(got.shape(), want.shape()) << what;
  const Array a = got.astype(graph::float64), b = want.astype(graph::float64);
  for (std::int64_t i = 0; i < a.size(); ++i)
    ASSERT_NEAR(a.data<double>()[i], b.data<double>()[i], atol + rtol * std::abs(b.data<double>()[i]))
        << what << " at " << i;
}

void expect_dataset(const io::hdf5::Group& golden, const std::string& name, const Array& got) {
  const auto dataset = golden.at(name);
  expect_close(got, dataset.read(), dataset.number("rtol"), dataset.number("atol"), name.c_str());
}

class GoldenModel : public testing::TestWithParam<std::tuple<const char*, const char*>> {};

TEST_P(GoldenModel, PredictsAndGoesOnTraining) {
  CORNU_NEEDS_GOLDEN_MODELS();
  const std::string name = std::get<0>(GetParam()), form = std::get<1>(GetParam());
  if (!std::filesystem::exists(golden_models() / (name + form))) GTEST_SKIP() << "Keras 2's are .h5 alone";
  const auto golden = io::hdf5::File(golden_models() / (name + ".case.h5")).root();
  const Array x = golden.dataset("input_0"), y = golden.dataset("y_true_0");
  auto model = models::load_model(golden_models() / (name + form));

  expect_dataset(golden, "prediction_0", model.predict(x));
  const Logs scores =
      model.evaluate(x, y, {.batch_size = static_cast<int>(golden.integer("evaluate_batch_size")), .verbose = 0});
  for (const auto& [metric, value] : scores)
    expect_dataset(golden, "evaluate_" + metric, Array::scalar(static_cast<float>(value)));

  const auto resume = [&](models::Model resumed) {
    const History history =
        resumed.fit(x, y, {.batch_size = static_cast<int>(x.shape()[0]), .epochs = 3, .verbose = 0, .shuffle = false});
    Array losses(Shape{3});
    for (int i = 0; i < 3; ++i) losses.data<float>()[i] = static_cast<float>(history["loss"][i]);
    expect_dataset(golden, "resume_loss", losses);
    expect_dataset(golden, "resume_prediction_0", resumed.predict(x));
  };
  const tests::TemporaryFolder folder;
  model.save(folder / ("again" + form));
  resume(model);
  resume(models::load_model(folder / ("again" + form)));  // what Keras wrote goes through our file
}

INSTANTIATE_TEST_SUITE_P(Mlp, GoldenModel,
                         testing::Combine(testing::Values("k2_mnist_mlp", "k3_mnist_mlp", "k2_configs", "k3_configs"),
                                          testing::Values(".h5", ".keras")),
                         [](const auto& p) {
                           return std::get<0>(p.param) + std::string("_") + (std::get<1>(p.param) + 1);
                         });

}  // namespace
}  // namespace cornu::keras
