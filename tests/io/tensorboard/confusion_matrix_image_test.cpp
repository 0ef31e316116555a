#include "cornu/io/tensorboard/confusion_matrix_image.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>

#include "cornu/io/tensorboard/internal/canvas.h"
#include "cornu/io/tensorboard/internal/font.h"
#include "tests/io/mutations.h"

namespace cornu::io::tensorboard {
namespace {

using graph::Array;
using graph::Shape;
using graph::ShapeError;
using graph::TypeError;
using graph::ValueError;
using tests::error_text;
using Color = std::array<int, 3>;

Color pixel(const Array& image, std::int64_t y, std::int64_t x) {
  const auto* p = image.data<std::uint8_t>() + (y * image.shape()[1] + x) * 3;
  return {p[0], p[1], p[2]};
}

/// The picture as rows of '#' where it is not white.
std::vector<std::string> ink(const Array& image) {
  std::vector<std::string> rows(image.shape()[0], std::string(image.shape()[1], '.'));
  for (std::size_t y = 0; y < rows.size(); ++y)
    for (std::size_t x = 0; x < rows[y].size(); ++x)
      if (pixel(image, y, x) != Color{255, 255, 255}) rows[y][x] = '#';
  return rows;
}

TEST(ConfusionMatrix, CountsTrueClassesByPredictedOnes) {
  const Array counts =
      confusion_matrix(Array{0, 1, 1, 2, 2, 2}, Array{0, 1, 0, 2, 2, 1}.astype(graph::int64).reshape({6, 1}), 4);
  EXPECT_EQ(counts.dtype(), graph::int64);
  EXPECT_TRUE(array_equal(counts, Array{{1, 0, 0, 0}, {1, 1, 0, 0}, {0, 1, 2, 0}, {0, 0, 0, 0}}));
  EXPECT_TRUE(
      array_equal(confusion_matrix(Array(Shape{0}, graph::int32), Array(Shape{0}, graph::int32), 1), Array{{0}}));
}

TEST(ConfusionMatrix, RefusesOtherLabels) {
  EXPECT_EQ(error_text<ValueError>([] {
              confusion_matrix(Array{0, 3}, Array{0, 0}, 3);
            }),
            "confusion_matrix: the label 3 is not in [0, 3)");
  EXPECT_EQ(error_text<ValueError>([] { confusion_matrix(Array{0}, Array{-1}, 3); }),
            "confusion_matrix: the label -1 is not in [0, 3)");
  EXPECT_EQ(error_text<ValueError>([] { confusion_matrix(Array{0}, Array{0}, 0); }),
            "confusion_matrix needs a positive number of classes, got 0");
  EXPECT_EQ(error_text<ShapeError>([] {
              confusion_matrix(Array{0}, Array{0, 1}, 3);
            }),
            "confusion_matrix needs as many true labels as predicted ones, got shapes (1,) and (2,)");
  EXPECT_EQ(error_text<TypeError>([] { confusion_matrix(Array{0.f}, Array{0}, 3); }),
            "confusion_matrix needs labels of an integer dtype, got float32");
}

TEST(ConfusionMatrixImage, HasCellsColoredByTheirShareOfTheRow) {
  const Array image = confusion_matrix_image(Array{{0, 8}, {3, 1}});
  // Pad 8, text 14 high, digits 10 wide: cells of 30 x 30 from row 8 + 14 + 8 + 14 + 8 and column 8 + 14 + 8 + 10 + 8,
  // with lines between; "predicted" is wider.
  EXPECT_EQ(image.shape(), (Shape{52 + 61 + 8, 48 + 106 + 8, 3}));
  const Color none = pixel(image, 54, 50), all = pixel(image, 54, 80), most = pixel(image, 84, 50),
              some = pixel(image, 84, 80);
  EXPECT_EQ(none, (Color{255, 255, 255}));
  for (int c = 0; c < 3; ++c) {
    EXPECT_GT(none[c], some[c]);
    EXPECT_GT(some[c], most[c]);
    EXPECT_GT(most[c], all[c]);
  }
  EXPECT_GT(all[2], all[0]);                                // blue
  EXPECT_EQ(pixel(image, 82, 60), (Color{222, 222, 222}));  // a line
  EXPECT_TRUE(array_equal(image, confusion_matrix_image(Array{{0., 8.}, {3., 1.}})));
}

TEST(ConfusionMatrixImage, WritesCountsAndNames) {
  const auto rows = ink(confusion_matrix_image(Array{{0}}, {"A"}));
  // The only cell is white: its count, and the class beside and above it.
  const auto at = [&](int top, int left, char c) {
    for (int y = 0; y < internal::kGlyphHeight; ++y)
      for (int x = 0; x < internal::kGlyphWidth; ++x)
        if ((rows.at(top + 2 * y).at(left + 2 * x) == '#') != internal::has_ink(internal::glyph(c), y, x)) return false;
    return true;
  };
  EXPECT_TRUE(at(52 + 8, 48 + 10, '0'));
  EXPECT_TRUE(at(52 + 8, 48 - 8 - 10, 'A'));
  EXPECT_TRUE(at(52 - 8 - 14, 48 + 10, 'A'));
  EXPECT_TRUE(at(8 + 4, 48, 'p'));
}

TEST(ConfusionMatrixImage, WritesSharesAndLargeCounts) {
  const Array shares = confusion_matrix_image(Array{{0.25, 0.75}, {1., 0.}});
  EXPECT_EQ(shares.shape()[1], 48 + 2 * (4 * 12 - 2 + 16) + 1 + 8);  // "0.25"
  const Array large = confusion_matrix_image(Array{{1e12, 0.}, {0., 123456789.}});
  EXPECT_EQ(large.shape()[1], 48 + 2 * (9 * 12 - 2 + 16) + 1 + 8);  // "123456789"; "1.0e+12" is shorter
}

TEST(ConfusionMatrixImage, TurnsAndShortensLongNames) {
  const Array shorter = confusion_matrix_image(Array{{1, 0}, {0, 1}}, {"abcdefghijklmnop", "b"});
  const Array longer = confusion_matrix_image(Array{{1, 0}, {0, 1}}, {"abcdefghijklmnopqrstuvwxyz", "b"});
  EXPECT_EQ(shorter.shape(), longer.shape());
  EXPECT_FALSE(array_equal(shorter, longer));
  EXPECT_EQ(shorter.shape()[0], 8 + 14 + 8 + (16 * 12 - 2) + 8 + 61 + 8);
  EXPECT_TRUE(
      array_equal(confusion_matrix_image(Array{{1}}, {"\xc3\xa9\n"}), confusion_matrix_image(Array{{1}}, {"??"})));
}

TEST(ConfusionMatrixImage, DrawsManyClassesAsColorsOnly) {
  EXPECT_EQ(confusion_matrix_image(graph::eye(65)).shape(), (Shape{65 * 15, 65 * 15, 3}));
  const Array large = confusion_matrix_image(graph::eye(1500));
  EXPECT_EQ(large.shape(), (Shape{1500, 1500, 3}));
  EXPECT_EQ(pixel(large, 0, 1), (Color{255, 255, 255}));
  EXPECT_NE(pixel(large, 7, 7), (Color{255, 255, 255}));
}

TEST(ConfusionMatrixImage, RefusesWhatIsNoMatrixOfCounts) {
  const std::string shape =
      "confusion_matrix_image needs counts of shape (classes, classes) with 1 to 2048 classes, got ";
  EXPECT_EQ(error_text<ShapeError>([] { confusion_matrix_image(graph::zeros({2, 3})); }), shape + "(2, 3)");
  EXPECT_EQ(error_text<ShapeError>([] { confusion_matrix_image(graph::zeros({0, 0})); }), shape + "(0, 0)");
  EXPECT_EQ(error_text<ShapeError>([] {
              confusion_matrix_image(graph::zeros({2049, 2049}, graph::uint8));
            }),
            shape + "(2049, 2049)");
  EXPECT_EQ(error_text<TypeError>([] {
              confusion_matrix_image(graph::zeros({2, 2}, graph::bool_));
            }),
            "confusion_matrix_image needs counts of integers or floating numbers, got bool");
  EXPECT_EQ(error_text<ValueError>([] { confusion_matrix_image(Array{{-1}}); }),
            "confusion_matrix_image needs counts that are finite and not negative, got -1");
  EXPECT_EQ(error_text<ValueError>([] { confusion_matrix_image(Array{{NAN}}); }),
            "confusion_matrix_image needs counts that are finite and not negative, got nan");
  EXPECT_EQ(error_text<ValueError>([] {
              confusion_matrix_image(Array{{1}}, {"a", "b"});
            }),
            "confusion_matrix_image needs a name for each of the 1 classes or none, got 2");
}

TEST(Canvas, DrawsText) {
  internal::Canvas canvas(7, 11);
  canvas.text(0, 0, "L1", 1, {0, 0, 0});
  const std::vector<std::string> expected{"#.......#..", "#......##..", "#.......#..", "#.......#..",
                                          "#.......#..", "#.......#..", "#####..###."};
  EXPECT_EQ(ink(canvas.picture()), expected);
  internal::Canvas upwards(11, 7);
  upwards.text_upwards(0, 0, "L1", 1, {0, 0, 0});
  for (int y = 0; y < 7; ++y)
    for (int x = 0; x < 11; ++x) EXPECT_EQ(ink(upwards.picture())[10 - x][y], expected[y][x]);
}

TEST(Canvas, DrawsTailsBelowTheLine) {
  internal::Canvas canvas(9, 11);
  canvas.text(0, 0, "pL", 1, {0, 0, 0});
  EXPECT_EQ(ink(canvas.picture()),
            (std::vector<std::string>{"......#....", "......#....", "####..#....", "#...#.#....", "#...#.#....",
                                      "#...#.#....", "####..#####", "#..........", "#.........."}));
}

TEST(Canvas, LeavesOutWhatIsOutside) {
  internal::Canvas canvas(3, 3);
  canvas.rectangle(-5, -5, 6, 6, {0, 0, 0});
  canvas.rectangle(2, 2, 100, 100, {0, 0, 0});
  EXPECT_EQ(ink(canvas.picture()), (std::vector<std::string>{"#..", "...", "..#"}));
}

TEST(Font, DrawsEveryPrintableCharacterDifferently) {
  std::set<std::string_view> glyphs;
  for (char c = ' '; c <= '~'; ++c) {
    EXPECT_EQ(internal::glyph(c).size(), 41u) << c;
    EXPECT_TRUE(glyphs.insert(internal::glyph(c)).second) << c;
  }
  EXPECT_EQ(internal::glyph('\xff'), internal::glyph('?'));
  EXPECT_EQ(internal::glyph('\x7f'), internal::glyph('?'));
}

}  // namespace
}  // namespace cornu::io::tensorboard
