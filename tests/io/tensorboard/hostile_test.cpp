// Damaged and malicious files: nothing may crash, hang, or take memory that the file does not hold. First with the
// checksums as they were, then with right ones, so that the messages inside are damaged as well.
#include <gtest/gtest.h>

#include <random>

#include "cornu/io/tensorboard/internal/event_proto.h"
#include "cornu/io/tensorboard/internal/record.h"
#include "cornu/io/tensorboard/proto/event.pb.h"
#include "tests/io/mutations.h"
#include "tests/io/tensorboard/summaries_of.h"
#include "tests/support/shared_data.h"

using namespace cornu;
using namespace cornu::io::tensorboard;
using namespace cornu::tests;

namespace {

/// Events of each form, those of other writers as well.
std::vector<std::string> samples() {
  namespace tb = cornu_tensorboard;
  std::vector<std::string> all;
  const auto add = [&](const Event& event) { all.push_back(internal::serialize(event)); };
  add({.wall_time = 1.7e9, .file_version = "brain.Event:2"});
  add({.wall_time = 1.7e9, .step = 5, .summaries = {number("loss", 0.5f)}});
  add({.wall_time = 1.7e9,
       .step = 5,
       .summaries = {{.tag = "h", .plugin = "histograms", .numbers = arange(0, 12).astype(float64).reshape({4, 3})}}});
  add({.wall_time = 1.7e9,
       .step = 5,
       .summaries = {{.tag = "i", .plugin = "images", .strings = {"3", "2", "PNG"}, .shape = {3}}}});
  add({.wall_time = 1.7e9, .step = 5, .graph_def = "graph"});
  add({.wall_time = 1.7e9, .step = 5, .metadata_tag = "step_1", .run_metadata = "metadata"});
  for (const auto dtype : {tb::DT_FLOAT, tb::DT_DOUBLE, tb::DT_INT32, tb::DT_UINT8, tb::DT_INT16, tb::DT_INT8,
                           tb::DT_STRING, tb::DT_INT64, tb::DT_BOOL, tb::DT_BFLOAT16, tb::DT_HALF}) {
    tb::Event event;
    auto& tensor = *event.mutable_summary()->add_value()->mutable_tensor();
    tensor.set_dtype(dtype);
    for (const int dim : {2, 3}) tensor.mutable_tensor_shape()->add_dim()->set_size(dim);
    tensor.add_float_val(1);
    tensor.add_double_val(1);
    tensor.add_int_val(1);
    tensor.add_int64_val(1);
    tensor.add_bool_val(true);
    tensor.add_half_val(1);
    tensor.add_string_val("x");
    all.push_back(event.SerializeAsString());
  }
  tb::Event old;
  auto& histogram = *old.mutable_summary()->add_value()->mutable_histo();
  for (const double x : {1., 2., 3.}) histogram.add_bucket_limit(x), histogram.add_bucket(x);
  old.mutable_summary()->add_value()->mutable_image()->set_encoded_image_string("PNG");
  old.mutable_summary()->add_value()->mutable_audio()->set_encoded_audio_string("RIFF");
  old.mutable_summary()->add_value()->set_simple_value(2);
  all.push_back(old.SerializeAsString());
  return all;
}

/// Reads an event, or is told that it is none.
bool parses(const std::string& data) {
  try {
    internal::parse(data);
    return true;
  } catch (const graph::FormatError& e) {
    EXPECT_EQ(std::string(e.what()).substr(0, 8), "no event");
    return false;
  }
}

/// The data of the records of the real logs, where they are there.
std::vector<std::string> real_events() {
  std::vector<std::string> all;
  const auto folder = shared_data("golden-tb");
  if (!folder) return all;
  for (const auto& path : event_files(*folder)) {
    const std::string bytes = read_text(path);
    for (std::string_view left = bytes; !left.empty(); left.remove_prefix(internal::record_size(left)))
      all.emplace_back(left.substr(internal::kRecordHeader,
                                   internal::record_size(left) - internal::kRecordHeader - internal::kRecordFooter));
  }
  return all;
}

std::string mutated(std::string bytes, std::mt19937& random) {
  const int changes = 1 + static_cast<int>(random() % 4);
  for (int i = 0; i < changes && !bytes.empty(); ++i) {
    const std::size_t at = random() % bytes.size();
    switch (random() % 5) {
      case 0:
        bytes[at] = static_cast<char>(random());
        break;
      case 1:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
        break;
      case 2:
        bytes.insert(at, 1 + random() % 9, random() % 2 == 0 ? '\xff' : static_cast<char>(random()));
        break;
      case 3:
        bytes.erase(at, 1 + random() % 4);
        break;
      default:
        bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 20));
        break;
    }
  }
  return bytes;
}

}  // namespace

TEST(HostileEvents, EveryByteOfEveryFormMayBeWrong) {
  MemoryLimit limit(std::size_t{300} << 20);
  int bad = 0, all = 0;
  for (const std::string& sample : samples()) {
    EXPECT_TRUE(parses(sample));
    for (std::size_t i = 0; i < sample.size(); ++i)
      for (int change = 1; change < 256; change = change * 2 + 1) {
        for (const int xor_with : {change, change ^ 0x80}) {
          std::string changed = sample;
          changed[i] = static_cast<char>(changed[i] ^ xor_with);
          bad += !parses(changed);
          ++all;
        }
      }
    for (std::size_t length = 0; length < sample.size(); ++length) parses(sample.substr(0, length));
  }
  EXPECT_GT(bad, 1000);
  EXPECT_GT(all - bad, 1000);
}

TEST(HostileEvents, ManyBytesMayBeWrong) {
  MemoryLimit limit(std::size_t{300} << 20);
  std::mt19937 random(5);
  const auto all = samples();
  for (int i = 0; i < 50'000; ++i) parses(mutated(all[random() % all.size()], random));
}

TEST(HostileEvents, RealOnesWithWrongBytes) {
  const auto all = real_events();
  if (all.empty()) GTEST_SKIP() << "there is no shared data golden-tb";
  MemoryLimit limit(std::size_t{300} << 20);
  std::mt19937 random(6);
  for (int i = 0; i < 20'000; ++i) parses(mutated(all[random() % all.size()], random));
}

TEST(HostileFiles, AreReadToTheEndWithWrongChecksumsAndRightOnes) {
  TemporaryFolder folder;
  std::mt19937 random(7);
  auto all = samples();
  for (auto& event : real_events())
    if (event.size() < 3000) all.push_back(std::move(event));
  MemoryLimit limit(std::size_t{300} << 20);
  std::size_t events = 0, damages = 0;
  for (int i = 0; i < 300; ++i) {
    std::string bytes;
    for (int r = 0; r < 20; ++r) {
      std::string data = all[random() % all.size()];
      if (random() % 3 == 0) data = mutated(data, random);
      std::string whole = internal::record(data);
      if (random() % 4 == 0) whole = mutated(whole, random);
      bytes += whole;
    }
    const auto path = folder / ("tfevents" + std::to_string(i));
    write_text(path, bytes);
    EventReader reader(path);
    while (reader.next()) ++events;
    std::uint64_t end = 0;
    for (const auto& damage : reader.damages()) {
      ASSERT_GE(damage.offset, end);
      ASSERT_GT(damage.skipped, 0u);
      end = damage.offset + damage.skipped;
    }
    ASSERT_LE(end + reader.incomplete(), bytes.size());
    damages += reader.damages().size();
  }
  EXPECT_GT(events, 3000u);
  EXPECT_GT(damages, 500u);
}
