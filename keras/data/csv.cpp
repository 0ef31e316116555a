#include "cornu/keras/data/csv.h"

#include <limits>
#include <memory>

#include "cornu/graph/check.h"
#include "cornu/keras/data/dataset.h"
#include "cornu/keras/data/internal/csv_table.h"

namespace cornu::keras::data {

using graph::require;
using internal::CsvTable;

Element read_csv(const std::string& file_pattern, const CsvConfig& config) {
  auto rows = CsvTable::Rows(std::make_shared<const CsvTable>(file_pattern, config))
                  .next(std::numeric_limits<std::int64_t>::max());
  require<FormatError>(rows.has_value(), "[", file_pattern, "] has no rows");
  return *std::move(rows);
}

Dataset make_csv_dataset(const std::string& file_pattern, std::int64_t batch_size, const CsvConfig& config) {
  constexpr std::int64_t kRowsAtOnce = 1024;
  require<ValueError>(batch_size >= 1, "make_csv_dataset: batch_size must be at least 1, got ", batch_size);
  const auto table = std::make_shared<const CsvTable>(file_pattern, config);
  // Each pass begins with a copy of the function, which has no rows yet.
  Dataset rows = Dataset::from_generator([table, reader = std::shared_ptr<CsvTable::Rows>()]() mutable {
                   if (!reader) reader = std::make_shared<CsvTable::Rows>(table);
                   return reader->next(kRowsAtOnce);
                 }).unbatch();
  if (config.shuffle) rows = rows.shuffle(config.shuffle_buffer_size, {.seed = config.shuffle_seed});
  const bool endless = !config.num_epochs;
  rows = rows.repeat(config.num_epochs.value_or(-1));
  // Texts of several chunks have different lengths.
  rows = table->has_texts() ? rows.padded_batch(batch_size, {.drop_remainder = endless})
                            : rows.batch(batch_size, {.drop_remainder = endless});
  return config.prefetch_buffer_size > 0 ? rows.prefetch(config.prefetch_buffer_size) : rows;
}

}  // namespace cornu::keras::data
