#include "cornu/io/tensorboard/internal/old_forms.h"

#include <algorithm>

#include "cornu/io/tensorboard/proto/plugins.pb.h"

namespace cornu::io::tensorboard::internal {

namespace tb = cornu_tensorboard;
using graph::Array;
using graph::Shape;

namespace {

/// Rows of left edge, right edge and count from the first bucket that is not empty to the last one: the limits beyond
/// these are the largest numbers there are, so the least and the greatest value stand for them.
Array buckets(const tb::HistogramProto& in) {
  const auto& counts = in.bucket();
  const int n = std::min(counts.size(), in.bucket_limit_size());
  int first = 0, last = n - 1;
  while (first < n && !(counts[first] > 0)) ++first;
  while (last >= first && !(counts[last] > 0)) --last;
  Array out(Shape{last - first + 1, 3}, graph::float64);
  double* row = out.data<double>();
  for (int i = first; i <= last; ++i, row += 3) {
    row[0] = i == first ? in.min() : in.bucket_limit(i - 1);
    row[1] = i == last ? in.max() : in.bucket_limit(i);
    row[2] = counts[i];
  }
  return out;
}

void describe(Summary& to, const char* plugin, DataClass data_class, std::string content = {}) {
  to.plugin = plugin;
  to.data_class = data_class;
  to.content = std::move(content);
  if (to.description.display_name.empty()) to.description.display_name = to.tag;
}

}  // namespace

void read_old_form(const tb::Summary::Value& from, Summary& to) {
  switch (from.value_case()) {
    case tb::Summary::Value::kSimpleValue:
      describe(to, "scalars", DataClass::scalar);
      to.numbers = Array::scalar(from.simple_value());
      return;
    case tb::Summary::Value::kHisto:
      describe(to, "histograms", DataClass::tensor);
      to.numbers = buckets(from.histo());
      return;
    case tb::Summary::Value::kImage: {
      tb::ImagePluginData data;
      data.set_converted_to_tensor(true);
      describe(to, "images", DataClass::blob_sequence, data.SerializeAsString());
      to.strings = {std::to_string(from.image().width()), std::to_string(from.image().height()),
                    from.image().encoded_image_string()};
      to.shape = {3};
      return;
    }
    case tb::Summary::Value::kAudio: {
      tb::AudioPluginData data;
      data.set_encoding(tb::AudioPluginData::WAV);
      data.set_converted_to_tensor(true);
      describe(to, "audio", DataClass::blob_sequence, data.SerializeAsString());
      to.strings = {from.audio().encoded_audio_string(), std::string()};  // a sound and its label
      to.shape = {1, 2};
      return;
    }
    default:
      return;
  }
}

}  // namespace cornu::io::tensorboard::internal
