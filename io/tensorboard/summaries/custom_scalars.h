#pragma once

#include <string>
#include <vector>

#include "cornu/io/tensorboard/summary.h"

namespace cornu::io::tensorboard::summaries {

/// Charts of the Custom scalars dashboard. `tags` are regular expressions that match from the start of scalar tags; a
/// margin's are tags themselves.
struct Layout {
  struct Margin {  ///< a curve between two others
    std::string value, lower, upper;
  };
  struct Chart {
    std::string title;
    std::vector<std::string> tags = {};  ///< curves in one chart
    std::vector<Margin> margins = {};    ///< or curves with a margin; not both
  };
  struct Category {
    std::string title;
    std::vector<Chart> charts;
    bool closed = false;
  };
  std::vector<Category> categories;
};

/// `custom_scalars({.categories = {{"progress", {{.title = "loss", .tags = {"epoch_loss"}}}}}})`. One layout a run: the
/// last one counts. Throws ValueError for a chart with both kinds of content or none.
Summary custom_scalars(const Layout& layout);

}  // namespace cornu::io::tensorboard::summaries
