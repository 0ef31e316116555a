#include "cornu/keras/data/strings.h"

#include <gmock/gmock.h>

#include "tests/keras/expect_error.h"

namespace cornu::keras {
namespace {

using graph::Array;
using graph::Shape;
using testing::ElementsAre;
using tests::error_text;

TEST(StringsTest, AreBytesWithZerosBehind) {
  const Strings words({"a", "", "earth and wind"}, {3, 1});
  const Array bytes = words.array();
  EXPECT_EQ(bytes.dtype(), graph::uint8);
  EXPECT_EQ(bytes.shape(), (Shape{3, 1, 16})) << "a power of two";
  EXPECT_EQ(bytes.data<std::uint8_t>()[0], 'a');
  EXPECT_EQ(bytes.data<std::uint8_t>()[1], 0);
  EXPECT_EQ(Strings::of(bytes), words);
  EXPECT_EQ(Strings{}.array().shape(), (Shape{0, 8}));
  EXPECT_EQ(Arrays(words)[0].shape(), bytes.shape());
}

TEST(StringsTest, HaveAShape) {
  const Strings rows(std::vector<std::vector<std::string>>{{"a", "b"}, {"c", "d"}, {"e", "f"}});
  EXPECT_EQ(rows.shape(), (Shape{3, 2}));
  EXPECT_EQ(rows.reshape({-1, 3}).shape(), (Shape{2, 3}));
  EXPECT_THAT(rows.values(), ElementsAre("a", "b", "c", "d", "e", "f"));
  EXPECT_EQ(error_text<graph::ShapeError>([&] { rows.reshape({4, 2}); }), "Strings: 6 texts have no shape (4, 2)");
  EXPECT_EQ(error_text<graph::ShapeError>([] {
              Strings(std::vector<std::vector<std::string>>{{"a", "b"}, {"c"}});
            }),
            "Strings: expected rows of one length, got 2 and 1 texts");
  EXPECT_EQ(error_text<graph::TypeError>([] { Strings::of(Array{1.f}); }),
            "Strings: expected an array of texts, uint8 with an axis of bytes, got float32 of shape (1,)");
}

}  // namespace
}  // namespace cornu::keras
