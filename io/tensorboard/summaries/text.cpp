#include "cornu/io/tensorboard/summaries/text.h"

#include "cornu/io/tensorboard/internal/new_summary.h"
#include "cornu/io/tensorboard/internal/utf8.h"

namespace cornu::io::tensorboard::summaries {

using namespace graph;

Summary text(std::string_view tag, std::string_view markdown, const Description& about) {
  Summary summary = internal::new_summary(tag, "text", DataClass::tensor, about);
  summary.strings = {internal::valid_utf8(markdown)};
  return summary;
}

Summary text(std::string_view tag, const std::vector<std::vector<std::string>>& rows, const Description& about) {
  Summary summary = internal::new_summary(tag, "text", DataClass::tensor, about);
  require<ValueError>(!rows.empty() && !rows.front().empty(), "[text \"", summary.tag,
                      "\"] a table needs at least one row and one column");
  const std::size_t columns = rows.front().size();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    require<ValueError>(rows[i].size() == columns, "[text \"", summary.tag, "\"] row ", i, " of a table has ",
                        rows[i].size(), " cells, the first one has ", columns);
    for (const std::string& cell : rows[i]) summary.strings.push_back(internal::valid_utf8(cell));
  }
  summary.shape = {static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(columns)};
  return summary;
}

}  // namespace cornu::io::tensorboard::summaries
