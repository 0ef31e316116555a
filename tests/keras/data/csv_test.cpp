#include "cornu/keras/data/csv.h"

#include <gmock/gmock.h>

#include "cornu/keras/data/dataset.h"
#include "cornu/keras/data/strings.h"
#include "tests/io/mutations.h"

namespace cornu::keras::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::error_text;
using tests::TemporaryFolder;
using tests::write_text;

constexpr const char* kTitanic =
    "survived,sex,age,parch,ticket,fare\n"
    "0,male,22.0,0,110000000000,7.25\n"
    "1,female,38,1,5,71.2833\n"
    "1,\"fe, male\",,0,6,1e40\n";

class CsvTables : public testing::Test {
 protected:
  CsvTables() { write_text(path_, kTitanic); }
  std::string error(const CsvConfig& config) {
    return error_text<Error>([&] { read_csv(path_.string(), config); });
  }
  std::string bad(const std::string& content, const CsvConfig& config = {}) {
    write_text(path_, content);
    return error_text<FormatError>([&] { read_csv(path_.string(), config); });
  }
  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "t.csv";
};

TEST_F(CsvTables, HaveColumnsOfTheTypesThatTheirFieldsHave) {
  const Element table = read_csv(path_.string(), {.label_name = "survived"});
  EXPECT_THAT(table.x().names(), ElementsAre("sex", "age", "parch", "ticket", "fare"));
  EXPECT_EQ(table.y()[0].spec(), (graph::Spec{graph::int32, {3}}));
  EXPECT_EQ(table.x()["parch"].dtype(), graph::int32);
  EXPECT_EQ(table.x()["ticket"].dtype(), graph::int64);
  EXPECT_EQ(table.x()["fare"].dtype(), graph::float64);  // 1e40
  EXPECT_TRUE(array_equal(table.x()["age"], Array{22.f, 38.f, 0.f}));
  EXPECT_EQ(table.x()["age"].dtype(), graph::float32);
  EXPECT_EQ(Strings::of(table.x()["sex"]), (Strings{"male", "female", "fe, male"}));
}

TEST_F(CsvTables, TakeTypesAndDefaults) {
  const Element table = read_csv(
      path_.string(),
      {.column_defaults = {"?", -1.5, graph::float32}, .select_columns = {"fare", "sex", "age"}, .na_value = "male"});
  EXPECT_THAT(table.x().names(), ElementsAre("sex", "age", "fare"));
  EXPECT_EQ(Strings::of(table.x()["sex"]), (Strings{"?", "female", "fe, male"}));
  EXPECT_TRUE(array_equal(table.x()["age"], Array{22.f, 38.f, -1.5f}));
  EXPECT_EQ(error({.column_defaults = {graph::float32}, .select_columns = {"age"}}),
            "[" + path_.string() + "] row 4, column 'age': a required field is missing");
  EXPECT_EQ(error({.column_defaults = {0}, .select_columns = {"age"}}),
            "[" + path_.string() + "] row 2, column 'age': expected int32, got '22.0'");
  EXPECT_THAT(error_text<TypeError>([] { CsvColumn column(graph::uint8); }),
              HasSubstr("expected a column of int32, int64, float32 or float64, got uint8"));
}

TEST_F(CsvTables, WithoutAHeader) {
  write_text(path_, "1|x\n2|y\n");
  const Element table = read_csv(path_.string(), {.column_names = {"a", "b"}, .field_delim = '|', .header = false});
  EXPECT_TRUE(array_equal(table.x()["a"], Array{1, 2}));
  EXPECT_EQ(error({.header = false}), "csv: expected column_names or a header, got neither");
}

TEST_F(CsvTables, OfSeveralFiles) {
  write_text(folder_ / "p-1.csv", "a\n1\n2\n");
  write_text(folder_ / "p-0.csv", "a\n0\n");
  EXPECT_TRUE(array_equal(read_csv((folder_ / "p-*.csv").string()).x()["a"], Array{0, 1, 2}));
  write_text(folder_ / "p-2.csv", "b\n0\n");
  EXPECT_THAT(error_text<FormatError>([&] { read_csv((folder_ / "p-*.csv").string()); }),
              HasSubstr("p-2.csv] expected the columns a, as in "));
  EXPECT_THAT(error_text<ValueError>([&] { read_csv((folder_ / "q-*.csv").string()); }),
              HasSubstr("csv: no file matches '"));
}

TEST_F(CsvTables, AreStrict) {
  const std::string name = "[" + path_.string() + "] ";
  EXPECT_EQ(bad("a,b\n1,2\n3\n"), name + "row 3 has 1 fields, expected 2");
  EXPECT_EQ(bad("a,b\n1,2\n3,4,5\n"), name + "row 3 has 3 fields, expected 2");
  EXPECT_EQ(bad("a,b\n1,2\n3,x\n", {.num_rows_for_inference = 1}), name + "row 3, column 'b': expected int32, got 'x'");
  EXPECT_EQ(bad("a\n1\n3000000000\n", {.num_rows_for_inference = 1}),
            name + "row 3, column 'a': expected int32, got '3000000000'");
  EXPECT_EQ(bad("a,b\n"), name + "has no rows");
  EXPECT_EQ(bad(""), name + "has no header: the file is empty");
  write_text(path_, "a,b\n1,2\n3\n4,x\n5,6\n");
  const Element table = read_csv(path_.string(), {.num_rows_for_inference = 1, .ignore_errors = true});
  EXPECT_TRUE(array_equal(table.x()["a"], Array{1, 5}));
  EXPECT_TRUE(array_equal(table.x()["b"], Array{2, 6}));
  write_text(path_, "a,a\n1,2\n");
  EXPECT_EQ(error({}), "csv: there are two columns 'a'");
  write_text(path_, "a,b\n1,2\n");
  EXPECT_EQ(error({.label_name = "c"}), "csv: no column 'c'; there are a, b");
  EXPECT_EQ(error({.label_name = "b", .select_columns = {"a"}}), "csv: select_columns has no 'b', which is the label");
  EXPECT_EQ(error({.column_defaults = {1}}), "csv: expected column_defaults for 2 columns, got 1");
}

TEST_F(CsvTables, AreReadBatchByBatch) {
  std::string content = "x,word,y\n";
  for (int i = 0; i < 2500; ++i)
    content += std::to_string(i) + "," + std::string(static_cast<std::size_t>(i / 100), 'w') + "," +
               std::to_string(2 * i) + "\n";
  write_text(path_, content);
  CsvConfig config{.label_name = "y", .num_epochs = 1, .shuffle = false};
  std::int64_t at = 0;
  for (const Element& e : make_csv_dataset(path_.string(), 300, config)) {
    EXPECT_EQ(e.x()["x"].rows(), std::min<std::int64_t>(300, 2500 - at));
    EXPECT_EQ(e.x()["x"].at<std::int32_t>({0}), at);
    EXPECT_EQ(e.y()[0].at<std::int32_t>({0}), 2 * at);
    EXPECT_EQ(Strings::of(e.x()["word"]).values()[0].size(), static_cast<std::size_t>(at / 100));
    at += e.y()[0].rows();
  }
  EXPECT_EQ(at, 2500);
  config.shuffle = true, config.shuffle_seed = 3, config.select_columns = {"x", "y"};
  const Dataset shuffled = make_csv_dataset(path_.string(), 100, config);
  std::vector<std::int32_t> first, second;
  for (std::vector<std::int32_t>* pass : {&first, &second})
    for (const Element& e : shuffled)
      for (const std::int32_t x : e.x()["x"].span<std::int32_t>()) pass->push_back(x);
  EXPECT_NE(first, second);
  std::sort(first.begin(), first.end()), std::sort(second.begin(), second.end());
  EXPECT_EQ(first, second);
  EXPECT_EQ(first.size(), 2500u);
  config.num_epochs.reset();
  std::int64_t batches = 0;
  for (const Element& e : make_csv_dataset(path_.string(), 400, config).take(20)) {
    EXPECT_EQ(e.y()[0].rows(), 400);
    ++batches;
  }
  EXPECT_EQ(batches, 20);
  EXPECT_THAT(error_text<ValueError>([&] { make_csv_dataset(path_.string(), 0); }), HasSubstr("batch_size"));
}

}  // namespace
}  // namespace cornu::keras::data
