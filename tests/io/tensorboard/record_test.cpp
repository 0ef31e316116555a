#include "cornu/io/tensorboard/internal/record.h"

#include <gtest/gtest.h>

#include "cornu/io/internal/crc32c.h"
#include "tests/io/mutations.h"

using namespace cornu::io::internal;
using namespace cornu::io::tensorboard::internal;
using cornu::tests::from_hex;

TEST(Crc32c, IsCastagnolis) {
  for (const auto& crc : {crc32c, crc32c_by_boost}) {
    EXPECT_EQ(crc(""), 0u);
    EXPECT_EQ(crc("123456789"), 0xe3069283u);
    // RFC 3720, B.4
    EXPECT_EQ(crc(std::string(32, '\0')), 0x8a9136aau);
    EXPECT_EQ(crc(std::string(32, '\xff')), 0x62a8ab43u);
  }
  EXPECT_EQ(masked_crc32c("123456789"), 0xc78ab0e5u);
}

TEST(Crc32c, TheInstructionGivesWhatBoostGives) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) bytes += static_cast<char>(i * 37 + i / 7);
  for (std::size_t begin : {0, 1, 3, 7})
    for (std::size_t size = 0; begin + size <= bytes.size(); ++size) {
      const auto part = std::string_view(bytes).substr(begin, size);
      ASSERT_EQ(crc32c(part), crc32c_by_boost(part)) << begin << " " << size;
    }
}

TEST(Record, HasLengthChecksumDataChecksum) {
  // wall_time 1700000000, file_version "brain.Event:2"
  const std::string data = from_hex(
      "09000000"
      "40fc54d9"
      "411a0d62"
      "7261696e"
      "2e457665"
      "6e743a32");
  ASSERT_EQ(data.size(), 24u);
  const std::string whole = record(data);
  ASSERT_EQ(whole.size(), 40u);
  EXPECT_EQ(whole.substr(0, 12), from_hex("1800000000000000"
                                          "a37f4b22"));
  EXPECT_EQ(whole.substr(12, 24), data);
  EXPECT_EQ(record_length(whole.substr(0, 12)), 24u);
  EXPECT_TRUE(record_footer_fits(data, whole.substr(36)));
  EXPECT_EQ(record_size(whole + "more"), 40u);
}

TEST(Record, MayBeEmpty) {
  const std::string whole = record("");
  EXPECT_EQ(whole.size(), 16u);
  EXPECT_EQ(record_length(whole), 0u);
  EXPECT_TRUE(record_footer_fits("", whole.substr(12)));
}

TEST(Record, KnowsAnyChangedByte) {
  const std::string whole = record("some data");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] ^= 4;
    const bool right = record_length(changed.substr(0, 12)).has_value() &&
                       record_footer_fits(changed.substr(12, 9), changed.substr(21));
    EXPECT_FALSE(right) << i;
  }
}

TEST(Record, IsSealedAnew) {
  std::string changed = record("some data");
  changed[kRecordHeader] = 'S';
  seal_record(changed);
  EXPECT_EQ(changed, record("Some data"));
}
