#include "cornu/io/tensorboard/internal/event_proto.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cornu/io/tensorboard/proto/event.pb.h"
#include "cornu/io/tensorboard/proto/plugins.pb.h"
#include "tests/io/mutations.h"

using namespace cornu;
using namespace cornu::io::tensorboard;
using cornu::graph::FormatError;
using cornu::graph::ValueError;
using cornu::tests::error_text;
using internal::parse;
using internal::serialize;
namespace tb = cornu_tensorboard;

namespace {

Summary round_trip(const Summary& summary) {
  const Event back = parse(serialize({.wall_time = 1.5, .step = 3, .summaries = {summary}}));
  EXPECT_EQ(back.wall_time, 1.5);
  EXPECT_EQ(back.step, 3);
  EXPECT_EQ(back.summaries.size(), 1u);
  return back.summaries.at(0);
}

/// What is read of an event with one value.
Summary read(const tb::Summary::Value& value) {
  tb::Event event;
  *event.mutable_summary()->add_value() = value;
  return parse(event.SerializeAsString()).summaries.at(0);
}

tb::Summary::Value tensor(tb::DataType dtype, std::initializer_list<std::int64_t> shape) {
  tb::Summary::Value value;
  value.set_tag("t");
  value.mutable_tensor()->set_dtype(dtype);
  for (const auto dim : shape) value.mutable_tensor()->mutable_tensor_shape()->add_dim()->set_size(dim);
  return value;
}

template <class T>
std::vector<T> elements(const Summary& summary) {
  if (!summary.numbers) return {};
  return {summary.numbers->span<T>().begin(), summary.numbers->span<T>().end()};
}

}  // namespace

TEST(EventProto, KeepsEveryPart) {
  EXPECT_EQ(parse(serialize({.wall_time = 2, .file_version = "brain.Event:2"})).file_version, "brain.Event:2");
  EXPECT_EQ(parse(serialize({.graph_def = std::string("\0\xff", 2)})).graph_def, std::string("\0\xff", 2));
  const Event metadata = parse(serialize({.step = -1, .metadata_tag = "step_1", .run_metadata = "bytes"}));
  EXPECT_EQ(metadata.metadata_tag, "step_1");
  EXPECT_EQ(metadata.run_metadata, "bytes");
  EXPECT_EQ(metadata.step, -1);
  const Event nothing = parse(serialize({.wall_time = 4, .step = 9}));
  EXPECT_EQ(nothing.step, 9);
  EXPECT_TRUE(nothing.summaries.empty());
}

TEST(EventProto, TakesOnePartOnly) {
  EXPECT_EQ(error_text<ValueError>([] { serialize({.file_version = "brain.Event:2", .graph_def = "g"}); }),
            "an event is a file version, summaries, a graph or the metadata of a run; got 2 of these in one");
}

TEST(EventProto, KeepsNumbersOfEveryDtypeAndShape) {
  for (const DType dtype : {bool_, uint8, int32, int64, bfloat16, float32, float64})
    for (const Shape& shape :
         {Shape{}, Shape{1}, Shape{3}, Shape{2, 3}, Shape{0}, Shape{2, 0, 3}, Shape{1, 1, 1, 1, 1, 1, 1, 2}}) {
      const Array numbers = arange(0, static_cast<double>(shape.elements()), 1).astype(dtype).reshape(shape);
      const Summary back = round_trip({.tag = "t", .plugin = "p", .numbers = numbers});
      ASSERT_TRUE(back.numbers) << dtype << shape;
      EXPECT_EQ(back.numbers->spec(), numbers.spec());
      EXPECT_TRUE(array_equal(*back.numbers, numbers)) << dtype << shape;
    }
}

TEST(EventProto, KeepsMetadataStringsAndTextInUtf8) {
  const Summary back = round_trip({.tag = "Größe/損失",
                                   .plugin = "text",
                                   .content = std::string("\x00\x80", 2),
                                   .data_class = DataClass::tensor,
                                   .description = {"名", "**größer**"},
                                   .strings = {"a", "", "ü", std::string("\0\xff", 2)},
                                   .shape = {2, 2}});
  EXPECT_EQ(back.tag, "Größe/損失");
  EXPECT_EQ(back.plugin, "text");
  EXPECT_EQ(back.content, std::string("\x00\x80", 2));
  EXPECT_EQ(back.data_class, DataClass::tensor);
  EXPECT_EQ(back.description.display_name, "名");
  EXPECT_EQ(back.description.description, "**größer**");
  EXPECT_EQ(back.strings, (std::vector<std::string>{"a", "", "ü", std::string("\0\xff", 2)}));
  EXPECT_EQ(back.shape, (Shape{2, 2}));
  EXPECT_FALSE(back.numbers);
}

TEST(EventProto, MakesTextsValid) {
  EXPECT_EQ(round_trip({.tag = "a\xff"
                               "b",
                        .numbers = Array::scalar(1.f)})
                .tag,
            "a\xef\xbf\xbd"
            "b");
}

TEST(EventProto, RefusesStringsThatDoNotFitTheirShape) {
  EXPECT_EQ(error_text<ValueError>([] { serialize({.summaries = {{.tag = "note", .strings = {"a"}, .shape = {2}}}}); }),
            "the summary \"note\" has 1 strings for the shape (2,)");
}

TEST(EventProto, ReadsListsOfNumbers) {
  auto floats = tensor(tb::DT_FLOAT, {2});
  floats.mutable_tensor()->add_float_val(1.5f);
  floats.mutable_tensor()->add_float_val(-2);
  EXPECT_EQ(elements<float>(read(floats)), (std::vector<float>{1.5f, -2}));
  auto doubles = tensor(tb::DT_DOUBLE, {});
  doubles.mutable_tensor()->add_double_val(1e300);
  EXPECT_EQ(elements<double>(read(doubles)), std::vector<double>{1e300});
  auto longs = tensor(tb::DT_INT64, {1});
  longs.mutable_tensor()->add_int64_val(std::int64_t{1} << 60);
  EXPECT_EQ(elements<std::int64_t>(read(longs)), std::vector<std::int64_t>{std::int64_t{1} << 60});
  for (const auto dtype : {tb::DT_INT32, tb::DT_INT16, tb::DT_UINT16, tb::DT_INT8}) {
    auto ints = tensor(dtype, {2});
    ints.mutable_tensor()->add_int_val(-5);
    ints.mutable_tensor()->add_int_val(7);
    EXPECT_EQ(elements<std::int32_t>(read(ints)), (std::vector<std::int32_t>{-5, 7})) << dtype;
  }
  auto bytes = tensor(tb::DT_UINT8, {1});
  bytes.mutable_tensor()->add_int_val(200);
  EXPECT_EQ(elements<std::uint8_t>(read(bytes)), std::vector<std::uint8_t>{200});
  auto bools = tensor(tb::DT_BOOL, {2});
  bools.mutable_tensor()->add_bool_val(true);
  bools.mutable_tensor()->add_bool_val(false);
  EXPECT_EQ(elements<bool>(read(bools)), (std::vector<bool>{true, false}));
  auto bfloats = tensor(tb::DT_BFLOAT16, {});
  bfloats.mutable_tensor()->add_half_val(0x3fc0);
  EXPECT_EQ(static_cast<float>(elements<BFloat16>(read(bfloats)).at(0)), 1.5f);
}

TEST(EventProto, TheLastNumberOfAListStandsForTheRest) {
  auto one = tensor(tb::DT_FLOAT, {2, 2});
  one.mutable_tensor()->add_float_val(3);
  EXPECT_EQ(elements<float>(read(one)), (std::vector<float>{3, 3, 3, 3}));
  auto two = tensor(tb::DT_INT32, {4});
  two.mutable_tensor()->add_int_val(1);
  two.mutable_tensor()->add_int_val(2);
  EXPECT_EQ(elements<std::int32_t>(read(two)), (std::vector<std::int32_t>{1, 2, 2, 2}));
  auto text = tensor(tb::DT_STRING, {3});
  text.mutable_tensor()->add_string_val("x");
  EXPECT_EQ(read(text).strings, (std::vector<std::string>{"x", "x", "x"}));
}

TEST(EventProto, ReadsHalfAndSmallIntegers) {
  auto halves = tensor(tb::DT_HALF, {7});
  const std::uint16_t bits[] = {0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0xfc00, 0x8000};
  halves.mutable_tensor()->set_tensor_content(bits, sizeof bits);
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(elements<float>(read(halves)), (std::vector<float>{1, -2, 5.9604645e-8f, 65504, infinity, -infinity, 0}));
  auto nan = tensor(tb::DT_HALF, {});
  nan.mutable_tensor()->add_half_val(0x7e00);
  EXPECT_TRUE(std::isnan(elements<float>(read(nan)).at(0)));
  auto shorts = tensor(tb::DT_INT16, {2});
  const std::int16_t numbers[] = {-3, 300};
  shorts.mutable_tensor()->set_tensor_content(numbers, sizeof numbers);
  EXPECT_EQ(elements<std::int32_t>(read(shorts)), (std::vector<std::int32_t>{-3, 300}));
  auto chars = tensor(tb::DT_INT8, {2});
  chars.mutable_tensor()->set_tensor_content("\xff\x05", 2);
  EXPECT_EQ(elements<std::int32_t>(read(chars)), (std::vector<std::int32_t>{-1, 5}));
}

TEST(EventProto, LeavesOutWhatArraysCannotHold) {
  for (const auto& value :
       {tensor(static_cast<tb::DataType>(8), {1}), tensor(tb::DT_FLOAT, {1, 1, 1, 1, 1, 1, 1, 1, 1})}) {
    const Summary summary = read(value);
    EXPECT_EQ(summary.tag, "t");
    EXPECT_FALSE(summary.numbers);
    EXPECT_TRUE(summary.strings.empty());
  }
}

TEST(EventProto, BelievesNoSize) {
  const auto refused = [](const tb::Summary::Value& value) { return error_text<FormatError>([&] { read(value); }); };
  auto few = tensor(tb::DT_FLOAT, {3});
  few.mutable_tensor()->set_tensor_content(std::string(8, 'x'));
  EXPECT_EQ(refused(few), "no event: \"t\" is a tensor of shape (3,) and 4 bytes an element with 8 bytes");
  EXPECT_EQ(refused(tensor(tb::DT_FLOAT, {3})), "no event: \"t\" is a tensor of shape (3,) without values");
  EXPECT_EQ(refused(tensor(tb::DT_STRING, {1})), "no event: \"t\" is a tensor of shape (1,) without strings");
  EXPECT_EQ(refused(tensor(tb::DT_FLOAT, {-3})), "no event: \"t\" is a tensor with an axis of -3 elements");
  auto many = tensor(tb::DT_INT32, {1});
  many.mutable_tensor()->add_int_val(1);
  many.mutable_tensor()->add_int_val(1);
  EXPECT_EQ(refused(many), "no event: \"t\" is a tensor of shape (1,) with 2 values");
  auto texts = tensor(tb::DT_STRING, {});
  texts.mutable_tensor()->add_string_val("");
  texts.mutable_tensor()->add_string_val("");
  EXPECT_EQ(refused(texts), "no event: \"t\" is a tensor of shape () with 2 strings");
  auto huge = tensor(tb::DT_FLOAT, {std::int64_t{1} << 40});
  huge.mutable_tensor()->add_float_val(1);
  EXPECT_EQ(refused(huge),
            "no event: \"t\" is a tensor of shape (1099511627776,) with few values stands for too many elements");
  auto beyond = tensor(tb::DT_FLOAT, {std::int64_t{1} << 40, std::int64_t{1} << 40, 0});
  EXPECT_EQ(refused(beyond),
            "no event: \"t\" is a tensor of shape (1099511627776, 1099511627776, 0) has more elements than there are "
            "numbers");
  EXPECT_EQ(error_text<FormatError>([] { parse("\xff\xff"); }), "no event");
}

TEST(EventProto, ValuesThatMeanMoreThanTheyHoldShareTheRoom) {
  tb::Event event;
  auto one = tensor(tb::DT_FLOAT, {10 << 20});
  one.mutable_tensor()->add_float_val(1);
  *event.mutable_summary()->add_value() = one;
  EXPECT_EQ(parse(event.SerializeAsString()).summaries.at(0).numbers->size(), 10 << 20);
  *event.mutable_summary()->add_value() = one;
  EXPECT_NE(error_text<FormatError>([&] { parse(event.SerializeAsString()); }).find("too many elements"),
            std::string::npos);
}

// The forms of PyTorch and TensorFlow 1, as TensorBoard converts them.
TEST(OldForms, ANumber) {
  tb::Summary::Value value;
  value.set_tag("loss");
  value.set_simple_value(0.5f);
  const Summary summary = read(value);
  EXPECT_EQ(summary.plugin, "scalars");
  EXPECT_EQ(summary.data_class, DataClass::scalar);
  EXPECT_EQ(summary.description.display_name, "loss");
  EXPECT_EQ(summary.numbers->shape(), Shape{});
  EXPECT_EQ(elements<float>(summary), std::vector<float>{0.5f});
}

TEST(OldForms, AHistogramBetweenItsFilledBuckets) {
  tb::Summary::Value value;
  auto& histogram = *value.mutable_histo();
  histogram.set_min(-1.5);
  histogram.set_max(2.5);
  for (const double limit : {-2., -1., 1., 2., 3., std::numeric_limits<double>::max()})
    histogram.add_bucket_limit(limit);
  for (const double count : {0., 4., 0., 5., 1., 0.}) histogram.add_bucket(count);
  const Summary summary = read(value);
  EXPECT_EQ(summary.plugin, "histograms");
  EXPECT_EQ(summary.data_class, DataClass::tensor);
  EXPECT_EQ(summary.numbers->shape(), (Shape{4, 3}));
  EXPECT_EQ(elements<double>(summary), (std::vector<double>{-1.5, -1, 4, -1, 1, 0, 1, 2, 5, 2, 2.5, 1}));
}

TEST(OldForms, AHistogramOfNothing) {
  tb::Summary::Value value;
  value.mutable_histo()->add_bucket(0);
  value.mutable_histo()->add_bucket(0);
  value.mutable_histo()->add_bucket_limit(1);
  EXPECT_EQ(read(value).numbers->shape(), (Shape{0, 3}));
}

TEST(OldForms, AnImage) {
  tb::Summary::Value value;
  value.mutable_image()->set_height(2);
  value.mutable_image()->set_width(3);
  value.mutable_image()->set_encoded_image_string("PNG");
  const Summary summary = read(value);
  EXPECT_EQ(summary.plugin, "images");
  EXPECT_EQ(summary.strings, (std::vector<std::string>{"3", "2", "PNG"}));
  EXPECT_EQ(summary.shape, Shape{3});
  tb::ImagePluginData data;
  ASSERT_TRUE(data.ParseFromString(summary.content));
  EXPECT_TRUE(data.converted_to_tensor());
}

TEST(OldForms, ASound) {
  tb::Summary::Value value;
  value.mutable_metadata()->set_display_name("a song");
  value.mutable_audio()->set_encoded_audio_string("RIFF");
  const Summary summary = read(value);
  EXPECT_EQ(summary.plugin, "audio");
  EXPECT_EQ(summary.description.display_name, "a song");
  EXPECT_EQ(summary.strings, (std::vector<std::string>{"RIFF", ""}));
  EXPECT_EQ(summary.shape, (Shape{1, 2}));
}

TEST(OldForms, NoValueAtAll) {
  tb::Summary::Value value;
  value.set_tag("_hparams_/session_end_info");
  value.mutable_metadata()->mutable_plugin_data()->set_plugin_name("hparams");
  const Summary summary = read(value);
  EXPECT_EQ(summary.plugin, "hparams");
  EXPECT_FALSE(summary.numbers);
}

TEST(EventProto, RepairsTextsOfOtherWriters) {
  tb::Summary::Value value;
  value.set_tag("a\xff");
  value.set_simple_value(1);
  EXPECT_EQ(read(value).tag, "a\xef\xbf\xbd");
}
