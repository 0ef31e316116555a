#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cornu/graph/array/array.h"
#include "cornu/keras/data/element.h"

namespace cornu::keras::data {

class Dataset;

/// What a column holds, and what stands where a field is missing. tf.data: an item of `column_defaults`.
///
///     {.column_defaults = {0, 0.5, "unknown", float32}}   // int32, float32, text; float32 that must not be missing
struct CORNU_EXPORT CsvColumn {
  enum class Type { int32, int64, float32, float64, text };
  CsvColumn(int value) : type(Type::int32), number(value) {}                                // NOLINT: a default
  CsvColumn(std::int64_t value) : type(Type::int64), number(static_cast<double>(value)) {}  // NOLINT: a default
  CsvColumn(double value) : type(Type::float32), number(value) {}                           // NOLINT: a default
  CsvColumn(const char* value) : type(Type::text), text(value) {}                           // NOLINT: a default
  CsvColumn(std::string value) : type(Type::text), text(std::move(value)) {}                // NOLINT: a default
  /// Numbers that must not be missing. Throws TypeError for another dtype than int32, int64, float32 and float64.
  CsvColumn(graph::DType dtype);  // NOLINT: a type
  CsvColumn(Type type, bool required) : type(type), required(required) {}

  Type type;
  bool required = false;
  double number = 0;
  std::string text = {};
};

/// The arguments of tf.data's `make_csv_dataset`, in its order.
struct CsvConfig {
  std::vector<std::string> column_names = {};    ///< of all columns; empty: those of the header
  std::vector<CsvColumn> column_defaults = {};   ///< of the selected columns; empty: found by the first rows
  std::string label_name = "";                   ///< the column that becomes y; empty: none
  std::vector<std::string> select_columns = {};  ///< which are read, in the file's order; empty: all
  char field_delim = ',';
  bool use_quote_delim = true;
  std::string na_value = "";                              ///< what stands for a missing field, beside nothing
  bool header = true;                                     ///< the first row of each file has the names
  std::optional<std::int64_t> num_epochs = std::nullopt;  ///< passes; std::nullopt: without end
  bool shuffle = true;
  std::int64_t shuffle_buffer_size = 10000;
  std::optional<std::uint64_t> shuffle_seed = std::nullopt;
  std::int64_t prefetch_buffer_size = 2;      ///< batches that are made ahead
  std::int64_t num_rows_for_inference = 100;  ///< rows by which types are found; 0: all
  bool ignore_errors = false;                 ///< leaves out rows that are malformed
};

/// All rows of CSV files as columns: x by the names, int32, int64, float32 or float64 (n,), or texts (`Strings::of`);
/// with `label_name` that column as y. Types are found as tf.data finds them: whole numbers, numbers, else texts. Files
/// may be gzipped. What concerns order and passes is not looked at.
///
///     data::Element table = data::read_csv("titanic.csv", {.label_name = "survived"});
///     Array age = table.x()["age"];
///     std::vector<std::string> sexes = Strings::of(table.x()["sex"]).values();
///
/// `file_pattern` may have `*`, `?` and `[…]`; files come by their names. Throws ValueError for no files, arguments
/// that contradict each other, unknown and repeated names; FormatError naming file, row and column for rows of another
/// length, fields that are no number of their column, missing ones that are required, and damaged files.
Element read_csv(const std::string& file_pattern, const CsvConfig& config = {});

/// Batches of rows of CSV files, read as they are gone through: elements of columns by name and, with `label_name`, the
/// label. As in tf.data it goes on without end unless `num_epochs` is given, then with whole batches alone. Throws as
/// `read_csv`, for the first rows here, for others when they are read. tf.data: `experimental.make_csv_dataset`.
///
///     auto rows = data::make_csv_dataset("train-*.csv", 32, {.label_name = "survived", .num_epochs = 1});
///     model.fit(rows, {.epochs = 10});
Dataset make_csv_dataset(const std::string& file_pattern, std::int64_t batch_size, const CsvConfig& config = {});

}  // namespace cornu::keras::data
