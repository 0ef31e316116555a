#include "cornu/io/tensorboard/summaries/mesh.h"

#include <gtest/gtest.h>

#include "tests/io/mutations.h"

namespace cornu::io::tensorboard::summaries {
namespace {

using graph::Array;
using graph::Shape;
using graph::ShapeError;
using graph::TypeError;
using graph::ValueError;
using tests::error_text;
using tests::from_hex;

const Array kPoints = graph::arange(0, 12).reshape({4, 3});
const Array kFaces{{0, 1, 2}, {1, 2, 3}};
const Array kColors = graph::full({4, 3}, 200, graph::uint8);

TEST(MeshSummary, OfPointsIsOneValue) {
  const auto all = mesh("m", kPoints.astype(graph::float64), {.about = {.description = "four points"}});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].tag, "m_VERTEX");
  EXPECT_EQ(all[0].plugin, "mesh");
  EXPECT_EQ(all[0].data_class, DataClass::tensor);
  EXPECT_EQ(all[0].description.description, "four points");
  // name "m", content 1, config "{}", shape 1 4 3, components 1 << 1
  EXPECT_EQ(all[0].content, from_hex("12016d"
                                     "1801"
                                     "2a027b7d"
                                     "3203010403"
                                     "3802"));
  EXPECT_TRUE(array_equal(*all[0].numbers, kPoints.reshape({1, 4, 3})));
  EXPECT_EQ(all[0].numbers->dtype(), graph::float32);
}

TEST(MeshSummary, OfASurfaceHasAValueForEachPart) {
  const auto all =
      mesh("m", kPoints, {.colors = kColors, .faces = kFaces.astype(graph::int64), .json_config = R"({"a":1})"});
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].tag, "m_VERTEX");
  EXPECT_EQ(all[1].tag, "m_FACE");
  EXPECT_EQ(all[2].tag, "m_COLOR");
  const std::string config = from_hex("2a07") + R"({"a":1})";
  EXPECT_EQ(all[0].content, from_hex("12016d1801") + config +
                                from_hex("3203010403"
                                         "380e"));
  EXPECT_EQ(all[1].content, from_hex("12016d1802") + config +
                                from_hex("3203010203"
                                         "380e"));
  EXPECT_EQ(all[2].content, from_hex("12016d1803") + config +
                                from_hex("3203010403"
                                         "380e"));
  EXPECT_EQ(all[1].numbers->dtype(), graph::int32);
  EXPECT_TRUE(array_equal(*all[1].numbers, kFaces.reshape({1, 2, 3})));
  EXPECT_EQ(all[2].numbers->dtype(), graph::uint8);
}

TEST(MeshSummary, TakesSeveralMeshes) {
  const Array two = graph::zeros({2, 4, 3});
  EXPECT_EQ(mesh("m", two)[0].numbers->shape(), (Shape{2, 4, 3}));
  EXPECT_EQ(error_text<ShapeError>([&] { mesh("m", two, {.faces = kFaces}); }),
            "[mesh \"m\"] has vertices of 2 meshes but faces of 1");
}

TEST(MeshSummary, RefusesWhatDoesNotFit) {
  EXPECT_EQ(error_text<ShapeError>([] {
              mesh("m", graph::zeros({4, 2}));
            }),
            "[mesh \"m\"] needs vertices of shape (n, 3) or (meshes, n, 3), got (4, 2)");
  EXPECT_EQ(error_text<ShapeError>([] {
              mesh("m", graph::zeros({0, 3}));
            }),
            "[mesh \"m\"] needs vertices of shape (n, 3) or (meshes, n, 3), got (0, 3)");
  EXPECT_EQ(error_text<TypeError>([] { mesh("m", kFaces); }),
            "[mesh \"m\"] needs vertices of a floating dtype, got int32");
  EXPECT_EQ(error_text<TypeError>([] { mesh("m", kPoints, {.faces = kPoints}); }),
            "[mesh \"m\"] needs faces of an integer dtype, got float32");
  EXPECT_EQ(error_text<ValueError>([] {
              mesh("m", kPoints, {.faces = Array{{0, 1, 4}}});
            }),
            "[mesh \"m\"] a face names vertex 4, but there are 4");
  EXPECT_EQ(error_text<ValueError>([] {
              mesh("m", kPoints, {.faces = Array{{0, -1, 2}}});
            }),
            "[mesh \"m\"] a face names vertex -1, but there are 4");
  EXPECT_EQ(error_text<TypeError>([] { mesh("m", kPoints, {.colors = kPoints}); }),
            "[mesh \"m\"] needs colors of dtype uint8, got float32");
  EXPECT_EQ(error_text<ShapeError>([] { mesh("m", kPoints, {.colors = kColors.slice(0, 3)}); }),
            "[mesh \"m\"] needs a color for each vertex: vertices of shape (4, 3), colors of shape (3, 3)");
  EXPECT_EQ(error_text<ValueError>([] { mesh("", kPoints); }),
            "a value for the dashboard \"mesh\" needs a tag that is not empty");
}

}  // namespace
}  // namespace cornu::io::tensorboard::summaries
