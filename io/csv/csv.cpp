#include "cornu/io/csv/csv.h"

#include <csv.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include "cornu/graph/check.h"
#include "cornu/io/internal/source.h"

namespace cornu::io::csv {

using graph::FormatError;
using graph::IoError;
using graph::message;
using graph::require;

namespace {

constexpr std::size_t kCsvBlock = 1 << 16;
constexpr unsigned char kNoQuote = 0x1f;  // a control character, "unit separator", that texts do not hold

}  // namespace

/// Blocks of the file go through libcsv, which calls back for each field and each row.
struct CsvReader::State {
  State(const std::filesystem::path& path, CsvFormat format) : name(path.string()) {
    internal::InputFile checked(path);  // for its errors
    file = gzopen(path.c_str(), "rb");
    require<IoError>(file != nullptr, "[", name, "] cannot read: ", std::generic_category().message(errno));
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_delim(&parser, static_cast<unsigned char>(format.delimiter));
    csv_set_quote(&parser, format.quotes ? static_cast<unsigned char>(CSV_QUOTE) : kNoQuote);
    csv_set_space_func(&parser, [](unsigned char) { return 0; });  // blanks belong to fields
  }
  ~State() {
    csv_free(&parser);
    gzclose(file);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  static void end_field(void* data, std::size_t size, void* user) {
    State& s = *static_cast<State*>(user);
    s.text.append(static_cast<const char*>(data), size);
    s.ends.push_back(s.text.size());
  }
  static void end_row(int, void* user) {
    State& s = *static_cast<State*>(user);
    s.rows.push_back(s.ends.size());
  }

  /// Reads until there is a row, or the end.
  void fill() {
    text.clear(), ends.clear(), rows.clear(), next_row = 0;
    // A row that the last block began is in libcsv's buffer as far as its last field goes; the fields before it are
    // kept by `pending`.
    text = std::move(pending), ends = std::move(pending_ends);
    pending.clear(), pending_ends.clear();
    while (rows.empty() && !ended) read_block();
    const std::size_t whole = rows.empty() ? 0 : rows.back();
    if (whole == ends.size()) return;
    const std::size_t from = whole == 0 ? 0 : ends[whole - 1];
    pending = text.substr(from);
    for (std::size_t i = whole; i < ends.size(); ++i) pending_ends.push_back(ends[i] - from);
    ends.resize(whole);
  }

  void read_block() {
    std::array<char, kCsvBlock> block;
    const int read = gzread(file, block.data(), static_cast<unsigned>(block.size()));
    int error = Z_OK;
    const char* reason = gzerror(file, &error);
    if (read < 0 || (read == 0 && error != Z_OK && error != Z_STREAM_END))
      throw FormatError(message("[", name, "] truncated or damaged: ", reason));
    const char* data = block.data();
    auto size = static_cast<std::size_t>(read);
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (std::exchange(begins, false) && std::string_view(data, size).starts_with(kByteOrderMark))
      data += kByteOrderMark.size(), size -= kByteOrderMark.size();
    const bool ok = read == 0 ? csv_fini(&parser, end_field, end_row, this) == 0
                              : csv_parse(&parser, data, size, end_field, end_row, this) == size;
    ended = read == 0;
    if (!ok)
      throw FormatError(message("[", name, "] row ", row + static_cast<std::int64_t>(rows.size()) + 1, ": ",
                                csv_error(&parser) == CSV_EPARSE
                                    ? "a quotation mark that is not closed, or stands within a field that does not "
                                      "begin with one"
                                    : csv_strerror(csv_error(&parser))));
  }

  std::string name;
  gzFile file = nullptr;
  csv_parser parser{};
  std::string text, pending;                    // fields one after another
  std::vector<std::size_t> ends, pending_ends;  // where each ends
  std::vector<std::size_t> rows;                // how many fields there are up to the end of each row
  std::size_t next_row = 0;
  std::int64_t row = 0;
  bool begins = true, ended = false;
};

CsvReader::CsvReader(const std::filesystem::path& path, CsvFormat format)
    : state_(std::make_unique<State>(path, format)) {}
CsvReader::~CsvReader() = default;
CsvReader::CsvReader(CsvReader&&) noexcept = default;
CsvReader& CsvReader::operator=(CsvReader&&) noexcept = default;

bool CsvReader::next(std::vector<std::string_view>& fields) {
  State& s = *state_;
  if (s.next_row == s.rows.size()) s.fill();
  if (s.rows.empty()) return false;
  fields.clear();
  const std::size_t first = s.next_row == 0 ? 0 : s.rows[s.next_row - 1], last = s.rows[s.next_row];
  for (std::size_t i = first; i < last; ++i) {
    const std::size_t from = i == 0 ? 0 : s.ends[i - 1];
    fields.push_back(std::string_view(s.text).substr(from, s.ends[i] - from));
  }
  ++s.next_row, ++s.row;
  return true;
}

std::int64_t CsvReader::row() const { return state_->row; }

}  // namespace cornu::io::csv
