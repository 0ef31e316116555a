#include "cornu/io/tensorboard/internal/pbtxt.h"

#include <gtest/gtest.h>

#include "tests/io/mutations.h"

namespace cornu::io::tensorboard::internal {
namespace {

using graph::FormatError;
using tests::error_text;

TEST(Pbtxt, ReadsFieldsMessagesAndLists) {
  const std::string text =
      "# made by hand\n"
      "a: 1; b : -2.5e+3, c { d: true e < f: X > }\n"
      "g: [1, 2,3] h { } i: []";
  const auto all = parse_pbtxt(text, "f");
  ASSERT_EQ(all.size(), 7u);
  EXPECT_EQ(all[0].name, "a");
  EXPECT_EQ(all[0].value, "1");
  EXPECT_EQ(all[1].value, "-2.5e+3");
  EXPECT_TRUE(all[2].is_message);
  EXPECT_EQ(all[2]["d"], "true");
  EXPECT_EQ(all[2]["e"], "");  // a message
  EXPECT_EQ(all[2]["missing"], "");
  EXPECT_EQ(all[2].fields[1]["f"], "X");
  EXPECT_EQ(text.substr(all[2].begin, all[2].end - all[2].begin), "c { d: true e < f: X > }");
  EXPECT_EQ(all[3].value + all[4].value + all[5].value, "123");
  EXPECT_TRUE(all[6].is_message && all[6].fields.empty());
  EXPECT_TRUE(parse_pbtxt(" \n# nothing", "f").empty());
}

TEST(Pbtxt, ReadsStrings) {
  const auto value = [](const std::string& text) { return parse_pbtxt("x: " + text, "f").at(0).value; };
  EXPECT_EQ(value(R"("a # { b")"), "a # { b");
  EXPECT_EQ(value(R"('it"s')"), "it\"s");
  EXPECT_EQ(value(R"("\"\\\'\n\t\r\a\b\f\v\?")"), "\"\\'\n\t\r\a\b\f\v?");
  EXPECT_EQ(value(R"("\0\0613\x41g\u00e9\U0001F3BA\u20ac")"),
            std::string("\0", 1) + "13Ag\xc3\xa9\xf0\x9f\x8e\xba\xe2\x82\xac");
  EXPECT_EQ(value("\"one \" # a remark\n 'two'"), "one two");
  EXPECT_EQ(value("\"\""), "");
}

TEST(Pbtxt, WritesWhatItReads) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  EXPECT_EQ(parse_pbtxt("x: " + pbtxt_string(all), "f").at(0).value, all);
  EXPECT_EQ(pbtxt_string("a\"b\\c\nd\x01"
                         "1\xc3\xa9"),
            "\"a\\\"b\\\\c\\nd\\0011\xc3\xa9\"");
}

TEST(Pbtxt, NamesTheLineOfWhatItDoesNotUnderstand) {
  const auto error = [](const std::string& text) {
    return error_text<FormatError>([&] { parse_pbtxt(text, "config"); });
  };
  EXPECT_EQ(error("a: 1\n}"), "[config] line 2: expected the name of a field, got '}'");
  EXPECT_EQ(error("a {\n b: 1"), "[config] line 2: the file ends where '}' is missing");
  EXPECT_EQ(error("a { b: 1 >"), "[config] line 1: expected the name of a field, got '>'");
  EXPECT_EQ(error("a 1"), "[config] line 1: expected ':' or '{' after \"a\"");
  EXPECT_EQ(error("a:\n"), "[config] line 2: expected a value of \"a\"");
  EXPECT_EQ(error("a: [1 2]"), "[config] line 1: expected ',' or ']' in the list \"a\"");
  EXPECT_EQ(error("a: [{ b: 1 }]"), "[config] line 1: expected a value of \"a\"");
  EXPECT_EQ(error("a: \"b\nc\""), "[config] line 1: a string without an end");
  EXPECT_EQ(error("a: \"b"), "[config] line 1: a string without an end");
  EXPECT_EQ(error("a: \"b\\"), "[config] line 1: a string without an end");
  EXPECT_EQ(error("a: \"\\q\""), "[config] line 1: an unknown escape '\\q' in a string");
  EXPECT_EQ(error("a: \"\\u12\""), "[config] line 1: an escape in a string lacks digits");
  EXPECT_EQ(error("a: \"\\x\""), "[config] line 1: an escape in a string lacks digits");
  EXPECT_EQ(error("a: \"\\U00110000\""), "[config] line 1: a character beyond Unicode");
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "a{";
  EXPECT_EQ(error(deep), "[config] line 1: messages are nested more than 100 deep");
}

}  // namespace
}  // namespace cornu::io::tensorboard::internal
