#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/io/path.h"
#include "cornu/keras/callbacks/callback.h"

namespace cornu::keras {

/// What `History::plot` draws, and how large.
struct HistoryPlotConfig {
  std::vector<std::string> figures = {};  ///< without `val_`; empty: all
  std::string title = "";                 ///< above everything
  int columns = 0;                        ///< panels beside each other; 0: up to three
  int dpi = 150;                          ///< of a picture of pixels
};

/// What `fit` returns: each logged figure, once per epoch.
///
///     History history = model.fit(x, y, {.epochs = 3});
///     for (double v : history["val_loss"]) …
class History {
 public:
  /// Throws ValueError with the names that were logged.
  const std::vector<double>& operator[](std::string_view name) const;
  bool contains(std::string_view name) const;
  std::vector<std::string> names() const;  ///< in the order of logging
  const std::vector<int>& epoch() const { return epoch_; }
  const CallbackParams& params() const { return params_; }
  /// True if Ctrl-C ended the run.
  bool interrupted() const { return interrupted_; }

  /// Draws the figures over the epochs, one panel for each with its `val_` beside it, to an SVG file, or to a PNG (or
  /// PDF, JPEG) by its suffix, for which the program `dot` of Graphviz must be there. Throws ValueError for figures
  /// that were not logged, for an empty history and for another suffix, IoError if the file cannot be written.
  ///
  ///     history.plot("curves.svg");
  ///     history.plot("accuracy.png", {.figures = {"accuracy"}, .title = "MNIST"});
  void plot(const io::Path& path, const HistoryPlotConfig& config = {}) const;

  void record(int epoch, const Logs& logs);
  void set_params(const CallbackParams& params) { params_ = params; }
  void set_interrupted() { interrupted_ = true; }
  /// The figures and their epochs, for runs that are resumed.
  void state(StateVisitor& v);

 private:
  struct Figure {
    std::string name;
    std::vector<double> values = {};
    std::vector<double> epochs = {};  // of the values
  };
  std::vector<Figure> history_;
  std::vector<int> epoch_;
  CallbackParams params_;
  bool interrupted_ = false;
};

}  // namespace cornu::keras
