#include "cornu/keras/callbacks/csv_logger.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "cornu/keras/callbacks/internal/state_fields.h"
#include "cornu/keras/utils/internal/python_format.h"

namespace cornu::keras::callbacks {
namespace {

using graph::require;

class CSVLoggerCallback final : public Callback {
 public:
  explicit CSVLoggerCallback(CSVLoggerConfig config) : config_(std::move(config)) {
    require<ValueError>(!config_.filename.empty(), "CSVLogger: filename is empty");
    require<ValueError>(config_.separator.size() == 1, "CSVLogger: separator must be one character, got \"",
                        config_.separator, '"');
  }

  void on_train_begin(const Logs&) override {
    names_.clear();
    file_ = std::ofstream(config_.filename.string(), std::ios::binary | std::ios::app);
    require<IoError>(file_.is_open(), "CSVLogger: cannot write ", config_.filename, ": ",
                     std::generic_category().message(errno));
    length_ = config_.append ? size() : 0;
    header_ = length_ == 0;
  }

  void on_epoch_end(int epoch, const Logs& logs) override {
    cut();
    if (names_.empty()) {
      for (const auto& entry : logs) names_.push_back(entry.first);
      std::sort(names_.begin(), names_.end());
      const bool validated =
          std::any_of(names_.begin(), names_.end(), [](const std::string& name) { return name.starts_with("val_"); });
      // Validation may come in a later epoch, and a header cannot grow.
      for (std::size_t i = 0, n = names_.size(); !validated && i < n; ++i) names_.push_back("val_" + names_[i]);
      std::vector<std::string> header{"epoch"};
      header.insert(header.end(), names_.begin(), names_.end());
      if (header_) write_row(header);
    }
    std::vector<std::string> row{std::to_string(epoch)};
    for (const std::string& name : names_) {
      const double* value = logs.find(name);
      row.push_back(value != nullptr ? utils::python_repr(*value) : "NA");
    }
    write_row(row);
    file_.flush();
    require<IoError>(file_.good(), "CSVLogger: writing ", config_.filename, " failed");
    length_ = size();
  }

  void on_train_end(const Logs&) override {
    cut();
    file_.close();
  }

  void state(StateVisitor& v) override {
    internal::texts_field(v, "names", names_);
    internal::flag_field(v, "header", header_);
    v("length", length_);
  }

 private:
  std::int64_t size() const {
    std::error_code none;
    const auto size = std::filesystem::file_size(std::filesystem::path(config_.filename), none);
    return none ? 0 : static_cast<std::int64_t>(size);
  }

  // What is in the file beyond the lines of this run goes: an older log, or the lines of epochs that a run had written
  // when it was killed and that are trained once more. Not before there is a line to be written: a run that is resumed
  // knows its lines only when everything has begun.
  void cut() {
    if (size() <= length_) return;
    std::error_code error;
    std::filesystem::resize_file(std::filesystem::path(config_.filename), static_cast<std::uintmax_t>(length_), error);
    require<IoError>(!error, "CSVLogger: cannot write ", config_.filename, ": ", error.message());
  }

  void write_row(const std::vector<std::string>& cells) {
    std::string line;
    for (const std::string& cell : cells) {
      if (&cell != &cells.front()) line += config_.separator;
      if (cell.find_first_of("\"\r\n" + config_.separator) == std::string::npos) {
        line += cell;
        continue;
      }
      line += '"';
      for (const char c : cell) line += c == '"' ? std::string("\"\"") : std::string(1, c);
      line += '"';
    }
    file_ << line << "\r\n";
  }

  CSVLoggerConfig config_;
  std::ofstream file_;              // open while training
  std::vector<std::string> names_;  // of the columns behind "epoch"; empty before the first epoch
  bool header_ = true;
  std::int64_t length_ = 0;  // of the file, as far as it is of this run
};

}  // namespace

std::shared_ptr<Callback> CSVLoggerConfig::make() const { return std::make_shared<CSVLoggerCallback>(*this); }

CSVLogger::CSVLogger(CSVLoggerConfig config) : Handle(std::move(config)) {}
CSVLogger::CSVLogger(io::Path filename, std::string separator, bool append)
    : Handle({std::move(filename), std::move(separator), append}) {}

}  // namespace cornu::keras::callbacks
