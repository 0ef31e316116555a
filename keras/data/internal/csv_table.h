#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cornu/keras/data/csv.h"

namespace cornu::keras::data::internal {

/// What is known of CSV files before their rows are read.
class CsvTable {
 public:
  /// Finds files, names and types. Throws as `read_csv`.
  CsvTable(const std::string& file_pattern, const CsvConfig& config);

  const std::vector<std::filesystem::path>& files() const { return files_; }
  bool has_texts() const;

  /// Reads the rows of the files in turn.
  class Rows {
   public:
    explicit Rows(std::shared_ptr<const CsvTable> table);
    ~Rows();
    Rows(Rows&&) noexcept;
    /// The next rows as columns; nothing at the end.
    std::optional<Element> next(std::int64_t most);

   private:
    struct State;
    std::unique_ptr<State> state_;
  };

 private:
  void find_names();
  void select();
  void infer_types();
  const std::string& name_of(std::size_t selected) const { return names_[selected_[selected]]; }

  CsvConfig config_;
  std::vector<std::filesystem::path> files_;
  std::vector<std::string> names_;     // of all columns
  std::vector<std::size_t> selected_;  // columns that are read
  std::vector<CsvColumn> columns_;     // of those
};

}  // namespace cornu::keras::data::internal
