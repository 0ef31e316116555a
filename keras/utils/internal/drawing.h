#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cornu::keras::utils::internal {

/// A picture of lines and texts, which is written down as SVG, or in the DOT language for Graphviz. Lengths are pixels,
/// x to the right and y down; colours are "#rrggbb".
class Drawing {
 public:
  struct Point {
    double x, y;
  };
  enum class Anchor { start, middle, end };

  Drawing(double width, double height) : width_(width), height_(height) {}

  void rectangle(Point corner, double width, double height, std::string_view fill);
  void line(const std::vector<Point>& points, std::string_view colour, double width);
  void disc(Point centre, double radius, std::string_view fill);
  /// On one line, whose base is at `at.y`.
  void text(Point at, std::string_view text, double size, std::string_view colour, Anchor anchor = Anchor::start,
            bool bold = false);
  /// About how wide a text will be: the fonts of those who look at it are not known.
  static double width_of(std::string_view text, double size);

  std::string svg() const;
  /// For `neato -n2`: the lines are the background, the texts nodes at their places.
  std::string dot(int dpi) const;

 private:
  struct Shape {
    enum class Kind { rectangle, line, disc } kind;
    std::vector<Point> points;
    double width, height;
    std::string colour;
  };
  struct Label {
    Point at;
    std::string text;
    double size;
    std::string colour;
    Anchor anchor;
    bool bold;
  };
  double width_, height_;
  std::vector<Shape> shapes_;
  std::vector<Label> labels_;
};

}  // namespace cornu::keras::utils::internal
