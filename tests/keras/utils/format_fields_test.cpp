#include "cornu/keras/utils/format_fields.h"

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
