// Expected texts are those of Python 3.11.
#include "cornu/keras/utils/internal/python_format.h"

#include <gmock/gmock.h>

#include <limits>

#include "cornu/graph/check.h"

namespace cornu::keras::utils {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity(), kNan = std::numeric_limits<double>::quiet_NaN();

TEST(PythonFormat, NumbersAsRepr) {
  const std::pair<double, const char*> cases[] = {{1e-05, "1e-05"},
                                                  {1e16, "1e+16"},
                                                  {123456789012345680.0, "1.2345678901234568e+17"},
                                                  {1e15, "1000000000000000.0"},
                                                  {0.1, "0.1"},
                                                  {1, "1.0"},
                                                  {-2.5, "-2.5"},
                                                  {0.0001, "0.0001"},
                                                  {0.00001234, "1.234e-05"},
                                                  {0, "0.0"},
                                                  {-0.0, "-0.0"},
                                                  {5e-324, "5e-324"},
                                                  {std::numeric_limits<double>::max(), "1.7976931348623157e+308"},
                                                  {0.001f, "0.0010000000474974513"},
                                                  {kNan, "nan"},
                                                  {-kNan, "nan"},
                                                  {kInf, "inf"},
                                                  {-kInf, "-inf"}};
  for (const auto& [value, text] : cases) {
    EXPECT_EQ(python_repr(value), text);
    EXPECT_EQ(python_format(value, ""), text);
  }
}

TEST(PythonFormat, RealNumbers) {
  struct Case {
    double value;
    const char* spec;
    const char* text;
  };
  const Case cases[] = {{0.5398, ".4f", "0.5398"},
                        {0.00012345, ".4e", "1.2345e-04"},
                        {3.14159, "8.2f", "    3.14"},
                        {3.14159, "08.2f", "00003.14"},
                        {-3.14159, "08.2f", "-0003.14"},
                        {3.14159, "+.1f", "+3.1"},
                        {3.14159, " .1f", " 3.1"},
                        {3.14159, "<8.2f", "3.14    "},
                        {3.14159, "^9.2f", "  3.14   "},
                        {3.14159, "*>9.2f", "*****3.14"},
                        {3.14159, "x=+9.2f", "+xxxx3.14"},
                        {3.14159, "·>6.2f", "··3.14"},
                        {0.256, ".1%", "25.6%"},
                        {1234567, "g", "1.23457e+06"},
                        {1e-05, "g", "1e-05"},
                        {1234567, ".3", "1.23e+06"},
                        {1234, ".6", "1234.0"},
                        {12, ".3", "12.0"},
                        {2.5, ".0f", "2"},
                        {0.125, ".2f", "0.12"},
                        {1e-05, "E", "1.000000E-05"},
                        {1.5, "G", "1.5"},
                        {kNan, ".2f", "nan"},
                        {-kNan, ".2f", "nan"},
                        {kInf, "F", "INF"},
                        {-kInf, "08.2f", "-0000inf"},
                        {-0.0, ".1f", "-0.0"},
                        {100, "e", "1.000000e+02"}};
  for (const auto& [value, spec, text] : cases) EXPECT_EQ(python_format(value, spec), text) << spec;
  EXPECT_EQ(python_format(1e300, ".1f").size(), 303u);
}

TEST(PythonFormat, WholeNumbers) {
  struct Case {
    std::int64_t value;
    const char* spec;
    const char* text;
  };
  const Case cases[] = {{7, "02d", "07"},
                        {7, "", "7"},
                        {7, "d", "7"},
                        {-7, "04d", "-007"},
                        {7, "5", "    7"},
                        {7, "<5d", "7    "},
                        {7, ".2f", "7.00"},
                        {7, "+d", "+7"},
                        {12345, "03d", "12345"},
                        {7, "e", "7.000000e+00"},
                        {50, "%", "5000.000000%"},
                        {std::numeric_limits<std::int64_t>::min(), "d", "-9223372036854775808"}};
  for (const auto& [value, spec, text] : cases) EXPECT_EQ(python_format(value, spec), text) << spec;
}

TEST(PythonFormat, RefusesWhatItDoesNotKnow) {
  const auto message = [](double value, const char* spec) {
    try {
      python_format(value, spec);
    } catch (const ValueError& e) {
      return std::string(e.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(message(0.5, "02d"), "format '02d' is for whole numbers, not for 0.5");
  EXPECT_THAT(message(0.5, "q"), testing::HasSubstr("format 'q': 'q' is not understood"));
  EXPECT_THAT(message(0.5, ".2fx"), testing::HasSubstr("'x' is not understood"));
  EXPECT_THAT(message(0.5, ".f"), testing::HasSubstr("digits are missing after the point"));
  EXPECT_THAT(message(0.5, "99999999999f"), testing::HasSubstr("at most 1000"));
  EXPECT_THROW(python_format(std::int64_t{7}, ".2d"), ValueError);
  EXPECT_THROW(python_format(std::int64_t{7}, ".2"), ValueError);
}

}  // namespace
}  // namespace cornu::keras::utils
