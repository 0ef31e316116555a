#include "cornu/io/tensorboard/event_reader.h"

#include <gtest/gtest.h>

#include <cstring>

#include "cornu/io/tensorboard/internal/event_proto.h"
#include "cornu/io/tensorboard/internal/record.h"
#include "tests/io/mutations.h"
#include "tests/io/tensorboard/summaries_of.h"

using namespace cornu;
using namespace cornu::io::tensorboard;
using namespace cornu::tests;
using cornu::graph::IoError;
using internal::record;

namespace {

std::string scalar_record(std::int64_t step) {
  return record(internal::serialize(
      {.wall_time = 1700000000.0 + static_cast<double>(step), .step = step, .summaries = {number("loss", 0.5f)}}));
}

/// A file of some bytes, and what a reader makes of it.
class EventReaderTest : public ::testing::Test {
 protected:
  void write(const std::string& bytes) {
    std::filesystem::remove(path_);  // overwriting makes some file systems wait for the disk
    write_text(path_, bytes);
  }
  std::vector<std::int64_t> read() {
    reader_ = std::make_unique<EventReader>(path_);
    return more();
  }
  std::vector<std::int64_t> more() {
    std::vector<std::int64_t> steps;
    while (const auto event = reader_->next()) steps.push_back(event->step);
    return steps;
  }
  void expect_damage(std::uint64_t offset, std::uint64_t skipped, const std::string& what) {
    ASSERT_EQ(reader_->damages().size(), 1u);
    EXPECT_EQ(reader_->damages()[0].offset, offset);
    EXPECT_EQ(reader_->damages()[0].skipped, skipped);
    EXPECT_EQ(reader_->damages()[0].what, what);
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "events.out.tfevents.1.x";
  std::unique_ptr<EventReader> reader_;
};

using Steps = std::vector<std::int64_t>;
constexpr char kLengthText[] = "wrong checksum of a length", kDataText[] = "wrong checksum of the data";

}  // namespace

TEST_F(EventReaderTest, GivesTheEventsInTheirOrder) {
  write(scalar_record(1) + scalar_record(2) + scalar_record(3));
  EXPECT_EQ(read(), (Steps{1, 2, 3}));
  EXPECT_TRUE(reader_->damages().empty());
  EXPECT_EQ(reader_->incomplete(), 0u);
  Steps steps;
  EventReader reader(path_);
  for (const Event& event : reader) {
    steps.push_back(event.step);
    EXPECT_EQ(event.summaries.at(0).tag, "loss");
  }
  EXPECT_EQ(steps, (Steps{1, 2, 3}));
}

TEST_F(EventReaderTest, AnEmptyFileHasNoEvents) {
  write("");
  EXPECT_EQ(read(), Steps{});
  EXPECT_EQ(reader_->incomplete(), 0u);
}

TEST_F(EventReaderTest, WhatCannotBeOpenedIsAnError) {
  const auto missing = (folder_ / "none").string();
  EXPECT_EQ(error_text<IoError>([&] { EventReader reader(missing); }),
            "[" + missing + "] cannot open: No such file or directory");
  EXPECT_EQ(error_text<IoError>([&] { EventReader reader(folder_.path()); }),
            "[" + folder_.path().string() + "] cannot open: Is a directory");
}

TEST_F(EventReaderTest, AfterDataWithAWrongChecksumTheNextRecordComes) {
  const std::string a = scalar_record(1), b = scalar_record(2), c = scalar_record(3);
  for (std::size_t i = internal::kRecordHeader; i < b.size(); ++i) {
    std::string changed = b;
    changed[i] ^= 1;
    write(a + changed + c);
    ASSERT_EQ(read(), (Steps{1, 3})) << i;
    expect_damage(a.size(), b.size(), kDataText);
  }
}

TEST_F(EventReaderTest, AfterAHeaderWithAWrongChecksumTheNextRecordIsFound) {
  const std::string a = scalar_record(1), b = scalar_record(2), c = scalar_record(3), d = scalar_record(4);
  for (std::size_t i = 0; i < internal::kRecordHeader; ++i) {
    std::string changed = b;
    changed[i] ^= 0x40;
    write(a + changed + c + d);
    ASSERT_EQ(read(), (Steps{1, 3, 4})) << i;
    expect_damage(a.size(), b.size(), kLengthText);
  }
}

TEST_F(EventReaderTest, LostAndForeignBytesAreSkipped) {
  const std::string a = scalar_record(1), b = scalar_record(2), c = scalar_record(3);
  write(a + b.substr(5) + c);
  EXPECT_EQ(read(), (Steps{1, 3}));
  expect_damage(a.size(), b.size() - 5, kLengthText);
  write("foreign" + a + c);
  EXPECT_EQ(read(), (Steps{1, 3}));
  expect_damage(0, 7, kLengthText);
  write(a + std::string(5000, '\0') + c);
  EXPECT_EQ(read(), (Steps{1, 3}));
  expect_damage(a.size(), 5000, kLengthText);
  write(a + b.substr(0, b.size() - 3) + c);  // takes the begin of the next one as its end
  EXPECT_EQ(read(), Steps{1});
  ASSERT_EQ(reader_->damages().size(), 2u);
  EXPECT_EQ(reader_->damages()[0].what, kDataText);
  EXPECT_EQ(reader_->damages()[1].what, kLengthText);
  EXPECT_EQ(reader_->damages()[1].offset + reader_->damages()[1].skipped, std::filesystem::file_size(path_));
}

TEST_F(EventReaderTest, DamageAtTheEndIsTold) {
  const std::string a = scalar_record(1);
  std::string b = scalar_record(2);
  b[9] ^= 1;
  write(a + b);
  EXPECT_EQ(read(), Steps{1});
  expect_damage(a.size(), b.size(), kLengthText);
  EXPECT_EQ(reader_->incomplete(), 0u);
}

TEST_F(EventReaderTest, ManyDamagedRecordsInARowAreOneDamage) {
  std::string bytes = scalar_record(1);
  const std::size_t begin = bytes.size();
  std::string bad = scalar_record(2);
  bad.back() ^= 1;
  for (int i = 0; i < 100; ++i) bytes += bad;
  write(bytes + scalar_record(3));
  EXPECT_EQ(read(), (Steps{1, 3}));
  expect_damage(begin, 100 * bad.size(), kDataText);
}

TEST_F(EventReaderTest, ARecordThatIsNoEventIsSkipped) {
  const std::string a = scalar_record(1), b = record("\xff\xff\xff");
  write(a + b + scalar_record(3));
  EXPECT_EQ(read(), (Steps{1, 3}));
  expect_damage(a.size(), b.size(), "no event");
}

TEST_F(EventReaderTest, ALengthBeyondWhatAnEventCanHaveIsDamage) {
  std::string huge = record("");
  const std::uint64_t length = std::uint64_t{1} << 40;
  std::memcpy(huge.data(), &length, 8);
  // its checksum is right: that of the length alone, as the data of a record of these 8 bytes
  const std::string sealed = record(huge.substr(0, 8));
  huge.replace(8, 4, sealed.substr(sealed.size() - 4));
  ASSERT_EQ(internal::record_length(huge), length);
  const std::string a = scalar_record(1);
  write(a + huge + scalar_record(3));
  EXPECT_EQ(read(), (Steps{1, 3}));
  expect_damage(a.size(), huge.size(), kLengthText);
}

TEST_F(EventReaderTest, ARightHeaderInTheWrongPlaceIsNoRecord) {
  // Damaged bytes that hold a header whose record would reach over the good ones.
  const std::string good = scalar_record(7) + scalar_record(8);
  const std::string decoy = record(std::string(good.size() - 20, 'x')).substr(0, internal::kRecordHeader);
  const std::string a = scalar_record(1), beyond = record(std::string(100000, 'x')).substr(0, internal::kRecordHeader);
  write(a + "??" + decoy + "??" + beyond + good);
  EXPECT_EQ(read(), (Steps{1, 7, 8}));
  expect_damage(a.size(), 4 + 2 * internal::kRecordHeader, kLengthText);
}

TEST_F(EventReaderTest, AFileMadeOfHeadersIsReadInTime) {
  // Each claims to reach to the end of the file: to look at the data of all would take minutes.
  constexpr std::size_t kSize = 12 << 20;
  std::string bytes = "?";
  const std::string end = scalar_record(5);
  while (bytes.size() < kSize) {
    const std::uint64_t length = kSize + 12 - bytes.size();
    std::string header(8, '\0');
    std::memcpy(header.data(), &length, 8);
    const std::string sealed = record(header);
    bytes += header + sealed.substr(sealed.size() - 4);
  }
  write(bytes + end);
  read();
  EXPECT_FALSE(reader_->damages().empty());
}

TEST_F(EventReaderTest, WaitsForTheRestOfARecord) {
  const std::string all = scalar_record(1) + scalar_record(2) + scalar_record(3);
  const std::size_t size = all.size() / 3;
  write("");
  reader_ = std::make_unique<EventReader>(path_);
  std::ofstream out(path_, std::ios::binary | std::ios::app);
  for (std::size_t i = 0; i < all.size(); ++i) {
    out.put(all[i]).flush();
    const bool whole = (i + 1) % size == 0;
    ASSERT_EQ(more(), whole ? Steps{static_cast<std::int64_t>((i + 1) / size)} : Steps{}) << i;
    ASSERT_EQ(reader_->incomplete(), (i + 1) % size) << i;
  }
  EXPECT_TRUE(reader_->damages().empty());
}

TEST_F(EventReaderTest, FindsWhatIsWrittenAfterDamageByAndBy) {
  const std::string a = scalar_record(1), b = scalar_record(2), c = scalar_record(3);
  std::string all = a + b.substr(3) + c;
  write("");
  reader_ = std::make_unique<EventReader>(path_);
  std::ofstream out(path_, std::ios::binary | std::ios::app);
  Steps steps;
  for (const char byte : all) {
    out.put(byte).flush();
    for (const auto step : more()) steps.push_back(step);
  }
  EXPECT_EQ(steps, (Steps{1, 3}));
  expect_damage(a.size(), b.size() - 3, kLengthText);
  EXPECT_EQ(reader_->incomplete(), 0u);
}

TEST_F(EventReaderTest, AFileThatBecomesShorterEnds) {
  const std::string a = scalar_record(1);
  write(a + a + "garbage of some length");
  reader_ = std::make_unique<EventReader>(path_);
  EXPECT_EQ(more(), (Steps{1, 1}));
  std::filesystem::resize_file(path_, 10);
  EXPECT_EQ(more(), Steps{});
  EXPECT_EQ(reader_->incomplete(), 0u);
}

TEST_F(EventReaderTest, LargeRecordsPassThroughTheBuffer) {
  std::string all;
  for (int i = 0; i < 5; ++i) {
    all += record(internal::serialize({.step = 2 * i, .summaries = {{.tag = "x", .numbers = full({300'000}, i)}}}));
    all += scalar_record(2 * i + 1);
  }
  write(all);
  EventReader reader(path_);
  for (int i = 0; i < 10; ++i) {
    const auto event = reader.next();
    ASSERT_TRUE(event);
    EXPECT_EQ(event->step, i);
    if (i % 2 == 0) {
      EXPECT_TRUE(array_equal(*event->summaries.at(0).numbers, full({300'000}, i / 2)));
    }
  }
  EXPECT_FALSE(reader.next());
}

TEST_F(EventReaderTest, CanBeMoved) {
  write(scalar_record(1) + scalar_record(2));
  EventReader first(path_);
  EXPECT_EQ(first.next()->step, 1);
  EventReader second = std::move(first);
  EXPECT_EQ(second.next()->step, 2);
}

TEST_F(EventReaderTest, AnyChangedByteCostsAtMostItsRecord) {
  std::string all;
  for (int i = 1; i <= 5; ++i) all += scalar_record(i);
  for (std::size_t i = 0; i < all.size(); ++i)
    for (const int change : {1, 0x80, 0xff}) {
      std::string changed = all;
      changed[i] = static_cast<char>(changed[i] ^ change);
      write(changed);
      ASSERT_EQ(read().size(), 4u) << i << " xor " << change;
      ASSERT_EQ(reader_->damages().size(), 1u);
      ASSERT_EQ(reader_->damages()[0].skipped, all.size() / 5);
    }
  for (std::size_t length = 0; length < all.size(); ++length) {
    write(all.substr(0, length));
    const auto size = all.size() / 5;
    ASSERT_EQ(read().size(), length / size);
    ASSERT_EQ(reader_->incomplete(), length % size);
    ASSERT_TRUE(reader_->damages().empty());
  }
}

TEST(EventFiles, AreFoundBelowAFolder) {
  TemporaryFolder folder;
  std::filesystem::create_directories(folder / "b/c.tfevents");
  std::filesystem::create_directories(folder / "a");
  for (const char* name :
       {"b/events.out.tfevents.2", "a/my.tfevents.v2", "b/other", "events.out.tfevents.1", "b/c.tfevents/tfevents"})
    write_text(folder / name, "");
  const std::vector<std::filesystem::path> expected{folder / "a/my.tfevents.v2", folder / "b/c.tfevents/tfevents",
                                                    folder / "b/events.out.tfevents.2",
                                                    folder / "events.out.tfevents.1"};
  EXPECT_EQ(event_files(folder.path()), expected);
  EXPECT_TRUE(event_files(folder / "none").empty());
}
