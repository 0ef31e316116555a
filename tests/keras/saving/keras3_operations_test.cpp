// Operations in graphs of layers, as a .h5 file of Keras 3 holds them: without the module that tells them from layers.
#include <cornu/cornu.h>
#include <gtest/gtest.h>

namespace cornu::keras {
namespace {

std::string tensor(const std::string& layer) {
  return R"({"class_name": "__keras_tensor__", "config": {"shape": [null, 3], "dtype": "float32", "keras_history": [")" +
         layer + R"(", 0, 0]}})";
}

std::string entry(const std::string& class_name, const std::string& config, const std::string& name,
                  const std::string& args) {
  return R"({"class_name": ")" + class_name + R"(", "config": {"name": ")" + name + '"' + config + R"(}, "name": ")" +
         name + R"(", "inbound_nodes": [{"args": [)" + args + R"(], "kwargs": {}}]})";
}

TEST(Keras3Operations, WithoutModuleAreToldFromLayersOfTheSameName) {
  // Keras 3.15: layers.Add()([ops.relu(x) * 0.5, x]) by x
  const std::string json =
      R"({"class_name": "Functional", "config": {"name": "functional", "trainable": true, "layers": [)"
      R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 3], "dtype": "float32", "name": "x"}, )"
      R"("name": "x", "inbound_nodes": []}, )" +
      entry("Relu", "", "relu", tensor("x")) + ", " + entry("Multiply", "", "multiply", tensor("relu") + ", 0.5") +
      ", " +
      entry("Add", R"(, "trainable": true, "dtype": "float32")", "sum",
            "[" + tensor("multiply") + ", " + tensor("x") + "]") +
      ", " + entry("Multiply", "", "multiply_1", tensor("sum") + ", " + tensor("x")) +
      R"(], "input_layers": ["x", 0, 0], "output_layers": ["multiply_1", 0, 0]}})";
  const auto model = models::model_from_json(json);
  const Array y = model.predict(Array{{-2.f, 0.f, 4.f}});
  ASSERT_EQ(y.shape(), Shape({1, 3}));
  EXPECT_EQ(y.data<float>()[0], 4);  // (0 - 2) * -2
  EXPECT_EQ(y.data<float>()[1], 0);
  EXPECT_EQ(y.data<float>()[2], 24);  // (2 + 4) * 4
}

}  // namespace
}  // namespace cornu::keras
