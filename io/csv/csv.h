#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "cornu/graph/hidden.h"

namespace cornu::io::csv {

struct CsvFormat {
  char delimiter = ',';
  bool quotes = true;  ///< fields may stand in "…", with "" for a quotation mark, and hold delimiters and line ends
};

/// Reads the rows of a file of comma-separated values (RFC 4180), gzipped or not, one after another: what is in memory
/// is some of them. Empty lines and a byte order mark are passed over; blanks belong to fields.
///
///     csv::CsvReader reader("titanic.csv");
///     std::vector<std::string_view> fields;
///     while (reader.next(fields)) …
///
/// Throws IoError if the file cannot be opened; FormatError with the row's number for a quotation mark within a field
/// that does not begin with one, for one that is not closed, and for a truncated or damaged gzip file.
class CsvReader {
 public:
  explicit CsvReader(const std::filesystem::path& path, CsvFormat format = {});
  ~CsvReader();
  CsvReader(CsvReader&&) noexcept;
  CsvReader& operator=(CsvReader&&) noexcept;

  /// The next row's fields, valid until the next call; false at the end.
  bool next(std::vector<std::string_view>& fields);
  /// The number of the row that came last, from 1.
  std::int64_t row() const;

 private:
  struct State;
  graph::Hidden<State> state_;
};

}  // namespace cornu::io::csv
