#include "cornu/keras/utils/internal/drawing.h"

#include <cstdio>
#include <utility>

#include "cornu/graph/check.h"

namespace cornu::keras::utils::internal {

using graph::message;

namespace {

// With up to two digits behind the point, in any locale.
std::string coordinate(double x) {
  const auto hundredths = static_cast<long long>(x < 0 ? x * 100 - 0.5 : x * 100 + 0.5);
  const long long whole = hundredths / 100, part = hundredths % 100 < 0 ? -(hundredths % 100) : hundredths % 100;
  std::string text = (hundredths < 0 && whole == 0 ? "-" : "") + std::to_string(whole);
  if (part != 0) text += message('.', part / 10);
  if (part % 10 != 0) text += std::to_string(part % 10);
  return text;
}

std::string for_xml(std::string_view text) {
  std::string safe;
  for (const char c : text) switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      default:
        safe += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
  return safe;
}

std::string for_dot(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '"' || c == '\\') safe += '\\';
    safe += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return safe;
}

}  // namespace

void Drawing::rectangle(Point corner, double width, double height, std::string_view fill) {
  shapes_.push_back({Shape::Kind::rectangle, {corner}, width, height, std::string(fill)});
}
void Drawing::line(const std::vector<Point>& points, std::string_view colour, double width) {
  if (points.size() > 1) shapes_.push_back({Shape::Kind::line, points, width, 0, std::string(colour)});
}
void Drawing::disc(Point centre, double radius, std::string_view fill) {
  shapes_.push_back({Shape::Kind::disc, {centre}, radius, radius, std::string(fill)});
}
void Drawing::text(Point at, std::string_view text, double size, std::string_view colour, Anchor anchor, bool bold) {
  labels_.push_back({at, std::string(text), size, std::string(colour), anchor, bold});
}

double Drawing::width_of(std::string_view text, double size) {
  std::size_t letters = 0;
  for (const char c : text)
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++letters;  // not the rest of a letter in UTF-8
  return 0.6 * size * static_cast<double>(letters);
}

std::string Drawing::svg() const {
  const std::string width = coordinate(width_), height = coordinate(height_);
  std::string text =
      message("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"", width, "\" height=\"", height, "\" viewBox=\"0 0 ",
              width, ' ', height, "\" font-family=\"DejaVu Sans, Verdana, Helvetica, Arial, sans-serif\">\n");
  for (const Shape& shape : shapes_) {
    const std::string x = coordinate(shape.points[0].x), y = coordinate(shape.points[0].y);
    switch (shape.kind) {
      case Shape::Kind::rectangle:
        text += message("<rect x=\"", x, "\" y=\"", y, "\" width=\"", coordinate(shape.width), "\" height=\"",
                        coordinate(shape.height), "\" fill=\"", shape.colour, "\"/>\n");
        break;
      case Shape::Kind::disc:
        text += message("<circle cx=\"", x, "\" cy=\"", y, "\" r=\"", coordinate(shape.width), "\" fill=\"",
                        shape.colour, "\"/>\n");
        break;
      case Shape::Kind::line:
        text += "<polyline points=\"";
        for (const Point& p : shape.points) text += coordinate(p.x) + ',' + coordinate(p.y) + ' ';
        text.back() = '"';
        text += message(" fill=\"none\" stroke=\"", shape.colour, "\" stroke-width=\"", coordinate(shape.width),
                        "\" stroke-linejoin=\"round\"/>\n");
    }
  }
  for (const Label& label : labels_) {
    text += message("<text x=\"", coordinate(label.at.x), "\" y=\"", coordinate(label.at.y), "\" font-size=\"",
                    coordinate(label.size), "\" fill=\"", label.colour, '"');
    if (label.anchor != Anchor::start)
      text += label.anchor == Anchor::middle ? " text-anchor=\"middle\"" : " text-anchor=\"end\"";
    if (label.bold) text += " font-weight=\"bold\"";
    text += '>' + for_xml(label.text) + "</text>\n";
  }
  return text + "</svg>\n";
}

// Graphviz measures from the lower left corner, in points, which are taken for pixels, and in inches. Texts in its
// background make some of its versions crash; as the labels of nodes they are safe.
std::string Drawing::dot(int dpi) const {
  std::string background = message("c 7 -#ffffff C 7 -#ffffff P 4 0 0 ", coordinate(width_), " 0 ", coordinate(width_),
                                   ' ', coordinate(height_), " 0 ", coordinate(height_), ' ');
  const auto place = [&](double x, double y) { return coordinate(x) + ' ' + coordinate(height_ - y) + ' '; };
  for (const Shape& shape : shapes_) {
    const Point p = shape.points[0];
    const std::string colour = message(shape.colour.size(), " -", shape.colour, ' ');
    switch (shape.kind) {
      case Shape::Kind::rectangle:
        background += "c " + colour + "C " + colour + "P 4 " + place(p.x, p.y) + place(p.x + shape.width, p.y) +
                      place(p.x + shape.width, p.y + shape.height) + place(p.x, p.y + shape.height);
        break;
      case Shape::Kind::disc:
        background += "c " + colour + "C " + colour + "E " + place(p.x, p.y) + coordinate(shape.width) + ' ' +
                      coordinate(shape.height) + ' ';
        break;
      case Shape::Kind::line: {
        const std::string style = "setlinewidth(" + coordinate(shape.width) + ")";
        background += message("c ", colour, "S ", style.size(), " -", style, " L ", shape.points.size(), ' ');
        for (const Point& q : shape.points) background += place(q.x, q.y);
      }
    }
  }
  constexpr double kInch = 72;
  std::string text =
      message("graph {\ngraph [margin=0, pad=0, dpi=", dpi, ", bgcolor=\"#ffffff\", _background=\"", background,
              "\"];\nnode [shape=none, margin=0, fixedsize=true, fontname=\"DejaVu Sans\"];\n",
              "all [label=\"\", pos=\"", coordinate(width_ / 2), ',', coordinate(height_ / 2),
              "\", width=", width_ / kInch, ", height=", height_ / kInch, "];\n");
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    const Label& label = labels_[i];
    const double wide = 2 * width_of(label.text, label.size);  // more than it needs: the text stands at a side of it
    double x = label.at.x;
    if (label.anchor == Anchor::start) x += wide / 2;
    if (label.anchor == Anchor::end) x -= wide / 2;
    const char* side = label.anchor == Anchor::start ? "\\l" : label.anchor == Anchor::end ? "\\r" : "";
    text += message("t", i, " [label=\"", for_dot(label.text), side, "\", pos=\"", coordinate(x), ',',
                    coordinate(height_ - label.at.y + 0.35 * label.size), "\", width=", wide / kInch,
                    ", height=", 1.4 * label.size / kInch, ", fontsize=", coordinate(label.size), ", fontcolor=\"",
                    label.colour, '"', label.bold ? ", fontname=\"DejaVu Sans Bold\"" : "", "];\n");
  }
  return text + "}\n";
}

}  // namespace cornu::keras::utils::internal
