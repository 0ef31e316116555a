#include "cornu/keras/utils/internal/format_fields.h"

#include <gtest/gtest.h>

#include <vector>

#include "cornu/graph/check.h"

namespace cornu::keras::utils {
namespace {

const std::vector<FormatField> kFields{{"epoch", std::int64_t{3}}, {"val_loss", 0.54321}, {"val_acc", 0.5}};

std::string message(std::string_view pattern) {
  try {
    return format_fields(pattern, kFields);
  } catch (const ValueError& e) {
    return e.what();
  }
}

TEST(FormatFields, FillsFields) {
  EXPECT_EQ(format_fields("model.{epoch:02d}-{val_loss:.2f}.h5", kFields), "model.03-0.54.h5");
  EXPECT_EQ(format_fields("{epoch}{epoch:d}-{val_acc:.4f}-{val_loss}", kFields), "33-0.5000-0.54321");
  EXPECT_EQ(format_fields("{{epoch}}", kFields), "{epoch}");
  EXPECT_EQ(format_fields("best.h5", kFields), "best.h5");
  EXPECT_EQ(format_fields("", kFields), "");
}

// Values by Python's str.format.
TEST(FormatFields, ConvertsToTexts) {
  EXPECT_EQ(format_fields("[{val_acc!r:>10}]", kFields), "[       0.5]");
  EXPECT_EQ(format_fields("[{val_acc!s:10}][{epoch!a:*^5}]", kFields), "[0.5       ][**3**]");
  EXPECT_EQ(format_fields("{val_loss!r:.4}{val_loss!r}", kFields), "0.540.54321");
  EXPECT_EQ(format_fields("{epoch!r:03}", kFields), "300");
  EXPECT_EQ(message("{epoch!x}"), "\"{epoch!x}\": expected !r, !s or !a, got '!x'");
  EXPECT_EQ(message("{epoch!r:+d}"),
            "\"{epoch!r:+d}\", field 'epoch': format '+d': 'd' is not understood; a format is "
            "[[fill]align][sign][0][width][.precision][type] with a type of s");
  EXPECT_EQ(message("{epoch!r:+}"), "\"{epoch!r:+}\", field 'epoch': format '+': a text has no sign to align or show");
  EXPECT_EQ(message("{epoch!r:=5}"),
            "\"{epoch!r:=5}\", field 'epoch': format '=5': a text has no sign to align or show");
}

TEST(FormatFields, NamesWhatIsWrong) {
  EXPECT_EQ(message("{acc:.2f}.h5"), "\"{acc:.2f}.h5\": unknown field 'acc'; known: epoch, val_loss, val_acc");
  EXPECT_EQ(message("{}.h5"), "\"{}.h5\": unknown field ''; known: epoch, val_loss, val_acc");
  EXPECT_EQ(message("{val_loss:02d}"),
            "\"{val_loss:02d}\", field 'val_loss': format '02d' is for whole numbers, not for 0.54321");
  EXPECT_EQ(message("a{epoch"), "\"a{epoch\": a single '{'; write it twice to mean the brace itself");
  EXPECT_EQ(message("{epoch{"), "\"{epoch{\": a single '{'; write it twice to mean the brace itself");
  EXPECT_EQ(message("epoch}"), "\"epoch}\": a single '}'; write it twice to mean the brace itself");
}

}  // namespace
}  // namespace cornu::keras::utils
