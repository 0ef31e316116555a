#include "cornu/io/csv/csv.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include "tests/io/mutations.h"

namespace cornu::io::csv {
namespace {

namespace fs = std::filesystem;
using graph::FormatError;
using graph::IoError;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::error_text;
using tests::TemporaryFolder;
using tests::write_text;

using Rows = std::vector<std::vector<std::string>>;

class Csv : public testing::Test {
 protected:
  Rows read(const std::string& content, CsvFormat format = {}) {
    write_text(path_, content);
    return rows(format);
  }
  Rows rows(CsvFormat format = {}) {
    CsvReader reader(path_, format);
    Rows rows;
    std::vector<std::string_view> fields;
    while (reader.next(fields)) rows.emplace_back(fields.begin(), fields.end());
    EXPECT_EQ(reader.row(), static_cast<std::int64_t>(rows.size()));
    return rows;
  }
  std::string error(const std::string& content) {
    return error_text<FormatError>([&] { read(content); });
  }
  TemporaryFolder folder_;
  fs::path path_ = folder_ / "t.csv";
};

TEST_F(Csv, HasFieldsBetweenCommas) {
  EXPECT_EQ(read("a,b,c\n1, 2 ,\r\n\n,,x"), (Rows{{"a", "b", "c"}, {"1", " 2 ", ""}, {"", "", "x"}}));
  EXPECT_EQ(read(""), Rows());
  EXPECT_EQ(read("\xef\xbb\xbf"
                 "a\n1\n"),
            (Rows{{"a"}, {"1"}}));
  EXPECT_EQ(read("a;b\n1;2,5\n", {.delimiter = ';'}), (Rows{{"a", "b"}, {"1", "2,5"}}));
}

TEST_F(Csv, HasQuotedFields) {
  EXPECT_EQ(read("\"a, b\",\"say \"\"hi\"\"\"\n\"two\nlines\",\"\"\n"),
            (Rows{{"a, b", "say \"hi\""}, {"two\nlines", ""}}));
  EXPECT_EQ(read("a\"b,\"c\n", {.quotes = false}), (Rows{{"a\"b", "\"c"}}));
  EXPECT_EQ(error("a,b\n1,x\"y\n"),
            "[" + path_.string() +
                "] row 2: a quotation mark that is not closed, or stands within a field that does "
                "not begin with one");
  EXPECT_THAT(error("a\n1\n\"open"), HasSubstr("row 3: a quotation mark that is not closed"));
}

TEST_F(Csv, IsReadBlockByBlock) {
  std::string content;
  Rows expected;
  for (int i = 0; i < 20000; ++i) {
    const std::string field(static_cast<std::size_t>(i % 50), 'x');
    content += std::to_string(i) + "," + field + ",\"q" + field + "\"\n";
    expected.push_back({std::to_string(i), field, "q" + field});
  }
  EXPECT_EQ(read(content), expected);
  const std::string longer(300'000, 'y');
  EXPECT_EQ(read("a," + longer + "\nb,c\n"), (Rows{{"a", longer}, {"b", "c"}}));
}

TEST_F(Csv, MayBeGzipped) {
  const std::string content = "a,b\n1,2\n";
  const auto write = [&](const fs::path& path) {
    const gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
    gzclose(file);
  };
  write(path_);
  EXPECT_EQ(rows(), (Rows{{"a", "b"}, {"1", "2"}}));
  fs::resize_file(path_, fs::file_size(path_) - 6);
  EXPECT_THAT(error_text<FormatError>([&] { rows(); }), HasSubstr("t.csv] truncated or damaged"));
  EXPECT_THAT(error_text<IoError>([&] { CsvReader(folder_ / "none"); }), HasSubstr("cannot read"));
}

}  // namespace
}  // namespace cornu::io::csv
