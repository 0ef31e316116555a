#include "cornu/keras/data/internal/csv_table.h"

#include <glob.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

#include "cornu/graph/check.h"
#include "cornu/io/csv/csv.h"
#include "cornu/keras/data/strings.h"

namespace cornu::keras::data {

using graph::Array;
using graph::message;
using graph::require;
using graph::Shape;

namespace {

std::string_view without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
  return first == std::string_view::npos ? std::string_view() : text.substr(first, last - first + 1);
}

template <class T>
std::optional<T> number_in(std::string_view field) {
  field = without_blanks(field);
  if (field.starts_with('+')) field.remove_prefix(1);
  T value{};
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc{} || end != field.data() + field.size()) return std::nullopt;
  return value;
}

using Type = CsvColumn::Type;
constexpr const char* kTypeNames[] = {"int32", "int64", "float32", "float64", "text"};

/// The first type, from `least` on, that a field is of.
Type type_of(std::string_view field, Type least) {
  if (least <= Type::int32 && number_in<std::int32_t>(field)) return Type::int32;
  if (least <= Type::int64 && number_in<std::int64_t>(field)) return Type::int64;
  const auto number = number_in<double>(field);
  const bool finite = number && *number < std::numeric_limits<double>::infinity();  // NaN is none, as in tf.data
  if (least <= Type::float32 && finite && *number <= std::numeric_limits<float>::max()) return Type::float32;
  return least <= Type::float64 && finite ? Type::float64 : Type::text;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::vector<std::filesystem::path> files_of(const std::string& pattern) {
  glob_t found{};
  const int status = ::glob(pattern.c_str(), 0, nullptr, &found);
  std::vector<std::filesystem::path> files(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  require<ValueError>(status == 0 && !files.empty(), "csv: no file matches '", pattern, "'");
  return files;
}

}  // namespace

CsvColumn::CsvColumn(graph::DType dtype) : type(Type::int32), required(true) {
  const std::string name = message(dtype);
  const auto found = std::find(std::begin(kTypeNames), std::end(kTypeNames), name);
  require<TypeError>(found != std::end(kTypeNames), "csv: expected a column of int32, int64, float32 or float64, got ",
                     name);
  type = static_cast<Type>(found - std::begin(kTypeNames));
}

namespace internal {

CsvTable::CsvTable(const std::string& file_pattern, const CsvConfig& config)
    : config_(config), files_(files_of(file_pattern)), names_(config.column_names), columns_(config.column_defaults) {
  find_names();
  select();
  if (columns_.empty()) infer_types();
  require<ValueError>(columns_.size() == selected_.size(), "csv: expected column_defaults for ", selected_.size(),
                      " columns, got ", columns_.size());
}

void CsvTable::find_names() {
  require<ValueError>(!names_.empty() || config_.header, "csv: expected column_names or a header, got neither");
  if (names_.empty()) {
    for (const auto& file : files_) {
      io::csv::CsvReader reader(file, {config_.field_delim, config_.use_quote_delim});
      std::vector<std::string_view> fields;
      require<FormatError>(reader.next(fields), "[", file.string(), "] has no header: the file is empty");
      const std::vector<std::string> names(fields.begin(), fields.end());
      if (names_.empty()) names_ = names;
      require<FormatError>(names == names_, "[", file.string(), "] expected the columns ", listed(names_), ", as in ",
                           files_.front().string(), ", got ", listed(names));
    }
  }
  std::set<std::string> known;
  for (const std::string& name : names_)
    require<ValueError>(known.insert(name).second, "csv: there are two columns '", name, "'");
}

void CsvTable::select() {
  const auto require_column = [&](const std::string& name) {
    require<ValueError>(std::find(names_.begin(), names_.end(), name) != names_.end(), "csv: no column '", name,
                        "'; there are ", listed(names_));
  };
  const std::set<std::string> wanted(config_.select_columns.begin(), config_.select_columns.end());
  require<ValueError>(wanted.size() == config_.select_columns.size(), "csv: select_columns names a column twice");
  for (const std::string& name : config_.select_columns) require_column(name);
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (wanted.empty() || wanted.contains(names_[i])) selected_.push_back(i);
  if (config_.label_name.empty()) return;
  require_column(config_.label_name);
  require<ValueError>(wanted.empty() || wanted.contains(config_.label_name), "csv: select_columns has no '",
                      config_.label_name, "', which is the label");
}

void CsvTable::infer_types() {
  std::vector<std::optional<Type>> types(selected_.size());
  std::int64_t rows = 0;
  const std::int64_t most = config_.num_rows_for_inference;
  std::vector<std::string_view> fields;
  for (const auto& file : files_) {
    io::csv::CsvReader reader(file, {config_.field_delim, config_.use_quote_delim});
    if (config_.header) reader.next(fields);
    while ((most == 0 || rows < most) && reader.next(fields)) {
      if (fields.size() != names_.size()) {
        require<FormatError>(config_.ignore_errors, "[", file.string(), "] row ", reader.row(), " has ", fields.size(),
                             " fields, expected ", names_.size());
        continue;
      }
      ++rows;
      for (std::size_t i = 0; i < types.size(); ++i) {
        const std::string_view field = fields[selected_[i]];
        if (field.empty() || field == config_.na_value) continue;
        types[i] = type_of(field, types[i].value_or(Type::int32));
      }
    }
  }
  for (const auto& type : types) columns_.emplace_back(type.value_or(Type::text), false);
}

bool CsvTable::has_texts() const {
  return std::any_of(columns_.begin(), columns_.end(), [](const CsvColumn& c) { return c.type == Type::text; });
}

// --- rows

struct CsvTable::Rows::State {
  /// The values of one column, which become an array.
  struct Values {
    std::vector<std::int64_t> whole;
    std::vector<double> real;
    std::vector<std::string> texts;

    void resize(std::size_t rows) {
      whole.resize(std::min(rows, whole.size()));
      real.resize(std::min(rows, real.size()));
      texts.resize(std::min(rows, texts.size()));
    }
    Array array(Type type) const {
      switch (type) {
        case Type::int32:
          return Array(whole).astype(graph::int32);
        case Type::int64:
          return Array(whole);
        case Type::float32:
          return Array(real).astype(graph::float32);
        case Type::float64:
          return Array(real);
        case Type::text:
          break;
      }
      return Strings(texts).array();
    }
  };

  explicit State(std::shared_ptr<const CsvTable> table) : table(std::move(table)) {}

  /// The fields of the next row; false behind the last file.
  bool next_fields() {
    for (;; reader.reset(), ++file) {
      if (file == table->files_.size()) return false;
      if (!reader) {
        reader.emplace(table->files_[file],
                       io::csv::CsvFormat{table->config_.field_delim, table->config_.use_quote_delim});
        if (table->config_.header) reader->next(fields);
      }
      if (reader->next(fields)) return true;
    }
  }

  template <class... Parts>
  bool fail(const Parts&... parts) const {
    if (table->config_.ignore_errors) return false;
    throw FormatError(message("[", table->files_[file].string(), "] row ", reader->row(), parts...));
  }

  /// Appends the row to the columns; false if it is left out.
  bool take_row(std::vector<Values>& values) const {
    if (fields.size() != table->names_.size())
      return fail(" has ", fields.size(), " fields, expected ", table->names_.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const CsvColumn& column = table->columns_[i];
      const std::string_view field = fields[table->selected_[i]];
      const bool missing = field.empty() || field == table->config_.na_value;
      if (missing && column.required) return fail(", column '", table->name_of(i), "': a required field is missing");
      if (!take_field(values[i], column, field, missing))
        return fail(", column '", table->name_of(i), "': expected ", kTypeNames[static_cast<int>(column.type)],
                    ", got '", field.substr(0, 40), "'");
    }
    return true;
  }

  static bool take_field(Values& values, const CsvColumn& column, std::string_view field, bool missing) {
    if (column.type == Type::text) {
      values.texts.emplace_back(missing ? std::string_view(column.text) : field);
      return true;
    }
    if (column.type == Type::float32 || column.type == Type::float64) {
      const auto number = missing ? std::optional(column.number) : number_in<double>(field);
      if (number) values.real.push_back(*number);
      return number.has_value();
    }
    auto number = missing ? std::optional(static_cast<std::int64_t>(column.number)) : number_in<std::int64_t>(field);
    if (number && column.type == Type::int32 && *number != static_cast<std::int32_t>(*number)) number.reset();
    if (number) values.whole.push_back(*number);
    return number.has_value();
  }

  std::shared_ptr<const CsvTable> table;
  std::size_t file = 0;
  std::optional<io::csv::CsvReader> reader;
  std::vector<std::string_view> fields;
};

CsvTable::Rows::Rows(std::shared_ptr<const CsvTable> table) : state_(std::make_unique<State>(std::move(table))) {}
CsvTable::Rows::~Rows() = default;
CsvTable::Rows::Rows(Rows&&) noexcept = default;

std::optional<Element> CsvTable::Rows::next(std::int64_t most) {
  const CsvTable& table = *state_->table;
  std::vector<State::Values> values(table.columns_.size());
  std::int64_t rows = 0;
  while (rows < most && state_->next_fields()) {
    if (state_->take_row(values))
      ++rows;
    else  // what the row appended before its error
      for (State::Values& column : values) column.resize(static_cast<std::size_t>(rows));
  }
  if (rows == 0) return std::nullopt;
  std::vector<std::string> names;
  std::vector<Array> x;
  Arrays y;
  for (std::size_t i = 0; i < values.size(); ++i) {
    Array column = values[i].array(table.columns_[i].type);
    if (table.name_of(i) == table.config_.label_name) {
      y = std::move(column);
      continue;
    }
    names.push_back(table.name_of(i));
    x.push_back(std::move(column));
  }
  return Element(Arrays(std::move(names), std::move(x)), std::move(y));
}

}  // namespace internal

}  // namespace cornu::keras::data
