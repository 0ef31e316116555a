#include "cornu/io/tensorboard/summaries/hparams.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/io/mutations.h"

namespace cornu::io::tensorboard::summaries {
namespace {

using graph::Shape;
using graph::ValueError;
using tests::error_text;
using tests::from_hex;

const std::string kOne = from_hex("000000000000f03f"), kTwo = from_hex("0000000000000040");

TEST(HParamsSummary, KeepsAllInTheContent) {
  const Summary s = hparams_session_start({{"u", 2.0}, {"o", "sgd"}, {"b", true}}, "t", 1);
  EXPECT_EQ(s.tag, "_hparams_/session_start_info");
  EXPECT_EQ(s.plugin, "hparams");
  EXPECT_EQ(s.data_class, DataClass::tensor);
  EXPECT_EQ(s.numbers.value().spec(), (graph::Spec{graph::float32, {0}}));
  EXPECT_TRUE(s.strings.empty());
  const std::string values = from_hex(
                                 "0a07"
                                 "0a0162"
                                 "1202"
                                 "2001") +
                             from_hex(
                                 "0a0a"
                                 "0a016f"
                                 "1205"
                                 "1a03736764") +
                             from_hex(
                                 "0a0e"
                                 "0a0175"
                                 "1209"
                                 "11") +
                             kTwo;
  EXPECT_EQ(s.content, from_hex("1a31") + values +
                           from_hex("220174"
                                    "29") +
                           kOne);
}

TEST(HParamsSummary, EndsATrial) {
  const Summary s = hparams_session_end(Status::success, 1);
  EXPECT_EQ(s.tag, "_hparams_/session_end_info");
  EXPECT_EQ(s.content, from_hex("220b"
                                "0801"
                                "11") +
                           kOne);
  EXPECT_EQ(hparams_session_end(Status::failure, 0).content, from_hex("2202"
                                                                      "0802"));
}

TEST(HParamsSummary, DescribesAnExperiment) {
  const Summary s =
      hparams_experiment({.parameters = {{.name = "u", .display_name = "U", .description = "d", .values = {1.0, 2.0}},
                                         {.name = "o", .values = {"a"}},
                                         {.name = "b", .values = {false}},
                                         {.name = "i", .interval = {{1, 2}}},
                                         {.name = "n"}},
                          .metrics = {{.tag = "loss", .group = "v", .display_name = "L", .description = "D"}}});
  EXPECT_EQ(s.tag, "_hparams_/experiment");
  const std::string u = from_hex(
                            "2223"
                            "0a0175"
                            "120155"
                            "1a0164"
                            "2003"
                            "2a16"
                            "0a09"
                            "11") +
                        kOne +
                        from_hex(
                            "0a09"
                            "11") +
                        kTwo;
  const std::string o = from_hex(
      "220c"
      "0a016f"
      "2001"
      "2a05"
      "0a03"
      "1a0161");
  const std::string b = from_hex(
      "220b"
      "0a0162"
      "2002"
      "2a04"
      "0a02"
      "2000");
  const std::string i = from_hex(
                            "2219"
                            "0a0169"
                            "2003"
                            "3212"
                            "09") +
                        kOne + from_hex("11") + kTwo;
  const std::string n = from_hex(
      "2203"
      "0a016e");
  const std::string metric = from_hex(
      "2a11"
      "0a09"
      "0a0176"
      "12046c6f7373"
      "1a014c"
      "220144");
  const std::string all = u + o + b + i + n + metric;
  EXPECT_EQ(s.content, from_hex("12") + static_cast<char>(all.size()) + all);
}

TEST(HParamsSummary, RepairsTexts) {
  EXPECT_EQ(hparams_session_start({{"o", "\xff"}}, "\xff", 0).content, from_hex("1a11"
                                                                                "0a0a"
                                                                                "0a016f"
                                                                                "1205"
                                                                                "1a03efbfbd"
                                                                                "2203efbfbd"));
}

TEST(HParamsSummary, RefusesWhatTheDashboardCannotShow) {
  EXPECT_EQ(
      error_text<ValueError>([] {
        hparams_session_start({{"lr", NAN}}, "", 0);
      }),
      "[hparams] the value of \"lr\" must be finite, got nan (TensorBoard takes no other number; give it as a text)");
  const std::string no_name = "[hparams] a hyperparameter needs a name that is not empty";
  EXPECT_EQ(error_text<ValueError>([] { hparams_session_start({{"", 1.0}}, "", 0); }), no_name);
  EXPECT_EQ(error_text<ValueError>([] { hparams_experiment({.parameters = {{.name = ""}}, .metrics = {}}); }), no_name);
  EXPECT_EQ(error_text<ValueError>([] {
              hparams_experiment({.parameters = {{.name = "u", .values = {1.0, "1"}}}, .metrics = {}});
            }),
            "[hparams] the values of \"u\" are of several kinds");
  EXPECT_EQ(error_text<ValueError>([] {
              hparams_experiment({.parameters = {{.name = "u", .values = {1.0}, .interval = {{0, 1}}}}, .metrics = {}});
            }),
            "[hparams] \"u\" has both values and an interval");
  EXPECT_EQ(error_text<ValueError>([] {
              hparams_experiment({.parameters = {{.name = "u", .interval = {{1, 0}}}}, .metrics = {}});
            }),
            "[hparams] the interval of \"u\" ends before it begins: 1 to 0");
  EXPECT_EQ(
      error_text<ValueError>([] {
        hparams_experiment({.parameters = {{.name = "u", .interval = {{0, INFINITY}}}}, .metrics = {}});
      }),
      "[hparams] the value of \"u\" must be finite, got inf (TensorBoard takes no other number; give it as a text)");
  EXPECT_EQ(error_text<ValueError>([] {
              hparams_experiment({.parameters = {{.name = "u"}, {.name = "u"}}, .metrics = {}});
            }),
            "[hparams] \"u\" is there twice");
  EXPECT_EQ(error_text<ValueError>([] { hparams_experiment({.parameters = {}, .metrics = {{.tag = ""}}}); }),
            "[hparams] a metric needs a tag that is not empty");
}

}  // namespace
}  // namespace cornu::io::tensorboard::summaries
