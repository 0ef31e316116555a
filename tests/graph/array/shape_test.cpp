#include "cornu/graph/array/shape.h"

#include <gtest/gtest.h>

#include <sstream>

namespace cornu::graph {
namespace {

template <class F>
std::string shape_error(F f) {
  try {
    f();
  } catch (const ShapeError& e) {
    return e.what();
  }
  return "no ShapeError";
}

TEST(Shape, Parts) {
  const Shape s{2, 3, 4};
  EXPECT_EQ(s.rank(), 3);
  EXPECT_EQ(s.elements(), 24);
  EXPECT_EQ(s.front(), 2);
  EXPECT_EQ(s.back(), 4);
  EXPECT_EQ(s[1], 3);
  EXPECT_EQ(std::vector<std::int64_t>(s.begin(), s.end()), (std::vector<std::int64_t>{2, 3, 4}));
  EXPECT_EQ(Shape(std::vector<std::int64_t>{2, 3, 4}), s);
}

TEST(Shape, ScalarAndUnset) {
  EXPECT_EQ(Shape().elements(), 1);
  EXPECT_TRUE(Shape().is_set());
  EXPECT_TRUE(Shape().empty());
  EXPECT_FALSE(Shape::unset().is_set());
  EXPECT_NE(Shape::unset(), Shape());
  EXPECT_EQ(Shape::unset().rank(), 0);
  EXPECT_EQ((Shape{3, 0, 2}).elements(), 0);
}

TEST(Shape, TooManyElementsToCount) {
  const std::int64_t many = std::int64_t{1} << 40;
  EXPECT_EQ(shape_error([&] {
              (void)Shape{many, many}.elements();
            }),
            "shape (1099511627776, 1099511627776) has more elements than can be counted");
}

TEST(Shape, Comparison) {
  EXPECT_EQ((Shape{2, 3}), (Shape{2, 3}));
  EXPECT_NE((Shape{2, 3}), (Shape{3, 2}));
  EXPECT_NE((Shape{2, 3}), (Shape{2, 3, 1}));
}

TEST(Shape, UnknownAxes) {
  EXPECT_TRUE((Shape{2, 3}).is_static());
  EXPECT_FALSE((Shape{kUnknown, 3}).is_static());
}

TEST(Shape, Text) {
  EXPECT_EQ(to_string(Shape()), "()");
  EXPECT_EQ(to_string(Shape{3}), "(3,)");
  EXPECT_EQ(to_string(Shape{kUnknown, 784}), "(None, 784)");
  EXPECT_EQ(to_string(Shape::unset()), "unset");
  std::ostringstream out;
  out << Shape{1, 2};
  EXPECT_EQ(out.str(), "(1, 2)");
}

TEST(Shape, Changes) {
  const Shape s{2, 3, 4};
  EXPECT_EQ(s.prepend(9), (Shape{9, 2, 3, 4}));
  EXPECT_EQ(s.append(9), (Shape{2, 3, 4, 9}));
  EXPECT_EQ(s.drop_front(), (Shape{3, 4}));
  EXPECT_EQ(s.drop_front(5), Shape());
  EXPECT_EQ(s.drop_back(2), Shape{2});
  EXPECT_EQ(s.with(-1, 7), (Shape{2, 3, 7}));
  EXPECT_EQ(s.insert(1, 7), (Shape{2, 7, 3, 4}));
  EXPECT_EQ(s.insert(3, 7), (Shape{2, 3, 4, 7}));
  EXPECT_EQ(s.erase(1), (Shape{2, 4}));
  EXPECT_EQ(s.erase(-1), (Shape{2, 3}));
  EXPECT_EQ(s, (Shape{2, 3, 4}));
}

TEST(Shape, Axes) {
  EXPECT_EQ((Shape{2, 3}).normalize(-1), 1);
  EXPECT_EQ((Shape{2, 3}).normalize(0), 0);
  EXPECT_EQ(shape_error([] { (Shape{2, 3}).normalize(2); }), "axis 2 is out of bounds for shape (2, 3)");
  EXPECT_EQ(shape_error([] { Shape().normalize(-1); }), "axis -1 is out of bounds for shape ()");
  EXPECT_EQ(shape_error([] { (Shape{2, 3}).insert(3, 1); }), "an axis cannot be inserted at 3 into shape (2, 3)");
  EXPECT_EQ(shape_error([] { (Shape{2, 3}).erase(-3); }), "axis -3 is out of bounds for shape (2, 3)");
}

TEST(Shape, AtMostEightAxes) {
  const Shape eight{1, 2, 1, 2, 1, 2, 1, 2};
  EXPECT_EQ(eight.elements(), 16);
  EXPECT_EQ(shape_error([&] { eight.append(1); }), "a shape has at most 8 axes, got 9");
}

TEST(Broadcast, AsNumPy) {
  EXPECT_EQ(broadcast({2, 3}, {2, 3}), (Shape{2, 3}));
  EXPECT_EQ(broadcast({2, 3}, {3}), (Shape{2, 3}));
  EXPECT_EQ(broadcast({2, 1}, {5, 1, 3}), (Shape{5, 2, 3}));
  EXPECT_EQ(broadcast({}, {4}), Shape{4});
  EXPECT_EQ(broadcast({0, 3}, {1, 3}), (Shape{0, 3}));
  EXPECT_EQ(broadcast({kUnknown, 3}, {1, 3}), (Shape{kUnknown, 3}));
  EXPECT_EQ(shape_error([] {
              broadcast({2, 3}, {4}, "add");
            }),
            "add: shapes (2, 3) and (4,) do not broadcast together");
  EXPECT_EQ(shape_error([] { broadcast({0}, {2}); }), "broadcast: shapes (0,) and (2,) do not broadcast together");
}

}  // namespace
}  // namespace cornu::graph
