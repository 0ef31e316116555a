// History::plot: the curves of a training, as a picture.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "cornu/io/atomic_file.h"
#include "cornu/keras/callbacks/history.h"
#include "cornu/keras/utils/internal/drawing.h"
#include "cornu/keras/utils/internal/graphviz.h"
#include "cornu/keras/utils/internal/python_format.h"

namespace cornu::keras {

using graph::require;
using utils::internal::Drawing;

namespace {

constexpr double kPanelWidth = 400, kPanelHeight = 290, kTitleHeight = 40;
constexpr double kLeft = 64, kRight = 18, kTop = 42, kBottom = 46;  // around the axes of a panel
constexpr const char *kTraining = "#1f77b4", *kValidation = "#ff7f0e", *kInk = "#262626", *kGrey = "#6b6b6b",
                     *kGrid = "#e4e4e4", *kAxis = "#8c8c8c";

struct Curve {
  std::string name;
  const char* colour;
  std::vector<double> x, y;
};

struct Panel {
  std::string title;
  std::vector<Curve> curves;
};

// Where an axis has its marks: multiples of 1, 2 or 5 times a power of ten, some five of them.
struct Scale {
  double low, high, step;

  static Scale over(double low, double high, bool whole) {
    if (!(low < high)) {  // one value
      const double room = low == 0 || whole ? 1 : std::abs(low) / 10;
      low -= room, high += room;
    }
    const double raw = (high - low) / 5, power = std::pow(10, std::floor(std::log10(raw)));
    const double step = raw <= power ? power : raw <= 2 * power ? 2 * power : raw <= 5 * power ? 5 * power : 10 * power;
    return {low, high, whole ? std::max(1., std::round(step)) : step};
  }
  std::vector<double> marks() const {
    std::vector<double> at;
    for (double k = std::ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; ++k) at.push_back(k * step);
    return at;
  }
  std::string label(double mark) const {
    if (std::abs(mark) < step / 2) return "0";
    const double digits = -std::floor(std::log10(step) + 1e-9);
    if (digits > 4 || std::abs(mark) >= 1e6) return utils::python_format(mark, ".3g");
    return utils::python_format(mark, digits > 0 ? graph::message('.', static_cast<int>(digits), 'f') : ".0f");
  }
};

Scale scale_of(const Panel& panel, std::vector<double> Curve::*values, bool whole) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Curve& curve : panel.curves)
    for (const double v : curve.*values)
      if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  if (low > high) low = 0, high = 1;  // nothing but NaN
  const double room = (high - low) * 0.05;
  return Scale::over(low - room, high + room, whole);
}

void draw_curve(Drawing& drawing, const Curve& curve, const auto& place) {
  std::vector<Drawing::Point> piece;  // up to what is no number
  const bool marked = curve.x.size() <= 20;
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    if (!std::isfinite(curve.y[i])) {
      drawing.line(piece, curve.colour, 1.8);
      piece.clear();
      continue;
    }
    piece.push_back(place(curve.x[i], curve.y[i]));
    if (marked) drawing.disc(piece.back(), 2.6, curve.colour);
  }
  drawing.line(piece, curve.colour, 1.8);
}

void draw_legend(Drawing& drawing, const Panel& panel, double right, double y) {
  constexpr double kSize = 11, kSample = 16, kGap = 6;
  for (auto curve = panel.curves.rbegin(); curve != panel.curves.rend(); ++curve) {
    drawing.text({right, y}, curve->name, kSize, kGrey, Drawing::Anchor::end);
    right -= Drawing::width_of(curve->name, kSize) + kGap;
    drawing.line({{right - kSample, y - 4}, {right, y - 4}}, curve->colour, 2.2);
    right -= kSample + 12;
  }
}

void draw_panel(Drawing& drawing, const Panel& panel, Drawing::Point corner) {
  const double left = corner.x + kLeft, right = corner.x + kPanelWidth - kRight, top = corner.y + kTop,
               bottom = corner.y + kPanelHeight - kBottom;
  const Scale x = scale_of(panel, &Curve::x, true), y = scale_of(panel, &Curve::y, false);
  const auto place = [&](double at, double value) {
    return Drawing::Point{left + (at - x.low) / (x.high - x.low) * (right - left),
                          bottom - (value - y.low) / (y.high - y.low) * (bottom - top)};
  };
  for (const double mark : y.marks()) {
    const double at = place(x.low, mark).y;
    drawing.line({{left, at}, {right, at}}, kGrid, 1);
    drawing.text({left - 8, at + 4}, y.label(mark), 11, kGrey, Drawing::Anchor::end);
  }
  for (const double mark : x.marks()) {
    const double at = place(mark, y.low).x;
    drawing.line({{at, top}, {at, bottom}}, kGrid, 1);
    drawing.line({{at, bottom}, {at, bottom + 4}}, kAxis, 1);
    drawing.text({at, bottom + 17}, x.label(mark), 11, kGrey, Drawing::Anchor::middle);
  }
  drawing.line({{left, top}, {left, bottom}, {right, bottom}}, kAxis, 1);
  for (const Curve& curve : panel.curves) draw_curve(drawing, curve, place);
  drawing.text({left, corner.y + 27}, panel.title, 14, kInk, Drawing::Anchor::start, true);
  draw_legend(drawing, panel, right, corner.y + 27);
  drawing.text({(left + right) / 2, bottom + 35}, "epoch", 11, kGrey, Drawing::Anchor::middle);
}

Drawing drawn(const std::vector<Panel>& panels, const HistoryPlotConfig& config) {
  const auto count = static_cast<int>(panels.size());
  // Four are two by two, more are three in a row.
  const int columns = std::min(count, config.columns > 0 ? config.columns : count == 4 ? 2 : 3);
  const int rows = (count + columns - 1) / columns;
  const double above = config.title.empty() ? 0 : kTitleHeight;
  Drawing drawing(columns * kPanelWidth, rows * kPanelHeight + above);
  drawing.rectangle({0, 0}, columns * kPanelWidth, rows * kPanelHeight + above, "#ffffff");
  if (above > 0) drawing.text({columns * kPanelWidth / 2, 30}, config.title, 17, kInk, Drawing::Anchor::middle, true);
  for (int i = 0; i < count; ++i)
    draw_panel(drawing, panels[static_cast<std::size_t>(i)],
               {i % columns * kPanelWidth, above + i / columns * kPanelHeight});
  return drawing;
}

}  // namespace

void History::plot(const io::Path& path, const HistoryPlotConfig& config) const {
  constexpr std::string_view kPrefix = "val_";
  const std::string suffix = std::filesystem::path(path).extension().string();
  require<ValueError>(suffix == ".svg" || suffix == ".png" || suffix == ".pdf" || suffix == ".jpg" || suffix == ".jpeg",
                      "History::plot: the name must end in .svg, .png, .pdf or .jpg, got ", path);
  require<ValueError>(config.columns >= 0 && config.dpi >= 1,
                      "History::plot: columns must be at least 0 and dpi 1, got ", config.columns, " and ", config.dpi);
  require<ValueError>(!epoch_.empty(), "History::plot: no epoch was recorded");
  const auto is_asked = [&](const std::string& name) {
    return config.figures.empty() ||
           std::find(config.figures.begin(), config.figures.end(), name) != config.figures.end();
  };
  for (const std::string& name : config.figures)
    if (!contains(name)) (*this)[name];  // which lists the names there are

  std::vector<Panel> panels;
  for (const Figure& figure : history_) {
    const bool validation = figure.name.starts_with(kPrefix);
    const std::string title = validation ? figure.name.substr(kPrefix.size()) : figure.name;
    if (!is_asked(title) && !is_asked(figure.name)) continue;
    auto panel = std::find_if(panels.begin(), panels.end(), [&](const Panel& p) { return p.title == title; });
    if (panel == panels.end()) panel = panels.insert(panels.end(), Panel{title, {}});
    Curve curve{validation ? "validation" : "training", validation ? kValidation : kTraining, {}, figure.values};
    for (const double epoch : figure.epochs) curve.x.push_back(epoch + 1);  // as they are counted on the console
    panel->curves.push_back(std::move(curve));
  }

  const Drawing drawing = drawn(panels, config);
  io::AtomicFile file(path);
  if (suffix == ".svg") {
    const std::string text = drawing.svg();
    file.write(text.data(), text.size());
  } else {
    utils::internal::run_graphviz("History::plot", "give a name that ends in .svg",
                                  {"neato", "-T" + suffix.substr(1), "-n2"}, drawing.dot(config.dpi), file.temporary());
  }
  file.commit();
}

}  // namespace cornu::keras
