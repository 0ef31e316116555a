#include "cornu/io/tensorboard/summaries/custom_scalars.h"

#include "cornu/io/tensorboard/internal/new_summary.h"
#include "cornu/io/tensorboard/internal/utf8.h"
#include "cornu/io/tensorboard/proto/plugins.pb.h"

namespace cornu::io::tensorboard::summaries {

using internal::valid_utf8;

namespace {

void fill(cornu_tensorboard::Chart& to, const Layout::Chart& chart) {
  graph::require<graph::ValueError>(chart.tags.empty() != chart.margins.empty(), "[custom_scalars] the chart \"",
                                    valid_utf8(chart.title),
                                    chart.tags.empty() ? "\" needs tags or margins, got none"
                                                       : "\" has both tags and margins; one chart shows one of them");
  to.set_title(valid_utf8(chart.title));
  for (const std::string& tag : chart.tags) to.mutable_multiline()->add_tag(valid_utf8(tag));
  for (const Layout::Margin& margin : chart.margins) {
    auto& series = *to.mutable_margin()->add_series();
    series.set_value(valid_utf8(margin.value));
    series.set_lower(valid_utf8(margin.lower));
    series.set_upper(valid_utf8(margin.upper));
  }
}

}  // namespace

Summary custom_scalars(const Layout& layout) {
  cornu_tensorboard::Layout message;
  for (const Layout::Category& category : layout.categories) {
    auto& to = *message.add_category();
    to.set_title(valid_utf8(category.title));
    to.set_closed(category.closed);
    for (const Layout::Chart& chart : category.charts) fill(*to.add_chart(), chart);
  }
  Summary summary = internal::new_summary("custom_scalars__config__", "custom_scalars", DataClass::tensor);
  summary.strings = {message.SerializeAsString()};
  return summary;
}

}  // namespace cornu::io::tensorboard::summaries
