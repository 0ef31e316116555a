#include "cornu/io/tensorboard/internal/event_proto.h"

#include <google/protobuf/arena.h>

#include <array>
#include <cstring>
#include <limits>

#include "cornu/io/tensorboard/internal/old_forms.h"
#include "cornu/io/tensorboard/internal/tensor_proto.h"
#include "cornu/io/tensorboard/internal/utf8.h"
#include "cornu/io/tensorboard/proto/event.pb.h"

namespace cornu::io::tensorboard::internal {

namespace tb = cornu_tensorboard;
using graph::FormatError;
using graph::require;
using graph::ValueError;

namespace {

constexpr std::size_t kLargest = std::numeric_limits<int>::max();  // of a message, says protobuf
constexpr std::size_t kRoom = std::size_t{64} << 20;  // for values that a message gives once and means many times

/// A message whose parts lie on the stack, if they are few: an event of a scalar has seven.
class OnStack {
 public:
  tb::Event& event() { return event_; }

 private:
  google::protobuf::ArenaOptions options() {
    google::protobuf::ArenaOptions options;
    options.initial_block = block_.data();
    options.initial_block_size = block_.size();
    return options;
  }
  alignas(8) std::array<char, 2048> block_;
  google::protobuf::Arena arena_{options()};
  tb::Event& event_ = *google::protobuf::Arena::CreateMessage<tb::Event>(&arena_);
};

std::size_t elements_bytes(const Summary& value) {
  std::size_t bytes = value.content.size() + (value.numbers ? value.numbers->nbytes() : 0);
  for (const std::string& text : value.strings) bytes += text.size();
  return bytes;
}

void write_value(const Summary& from, tb::Summary::Value& to) {
  to.set_tag(valid_utf8(from.tag));
  auto& metadata = *to.mutable_metadata();
  metadata.mutable_plugin_data()->set_plugin_name(valid_utf8(from.plugin));
  metadata.mutable_plugin_data()->set_content(from.content);
  metadata.set_display_name(valid_utf8(from.description.display_name));
  metadata.set_summary_description(valid_utf8(from.description.description));
  metadata.set_data_class(static_cast<tb::DataClass>(from.data_class));
  write_tensor(from, *to.mutable_tensor());
}

Summary read_value(const tb::Summary::Value& from, std::size_t& room) {
  const auto& metadata = from.metadata();
  Summary to{.tag = valid_utf8(from.tag()),
             .plugin = valid_utf8(metadata.plugin_data().plugin_name()),
             .content = metadata.plugin_data().content(),
             .data_class = tb::DataClass_IsValid(metadata.data_class()) ? static_cast<DataClass>(metadata.data_class())
                                                                        : DataClass::unknown,
             .description = {valid_utf8(metadata.display_name()), valid_utf8(metadata.summary_description())}};
  if (from.value_case() == tb::Summary::Value::kTensor)
    read_tensor(from.tensor(), room, to);
  else
    read_old_form(from, to);
  return to;
}

}  // namespace

std::string serialize(const Event& event) {
  const int parts = !event.file_version.empty() + !event.summaries.empty() + !event.graph_def.empty() +
                    !(event.metadata_tag.empty() && event.run_metadata.empty());
  require<ValueError>(parts <= 1, "an event is a file version, summaries, a graph or the metadata of a run; got ",
                      parts, " of these in one");
  std::size_t bytes = event.graph_def.size() + event.run_metadata.size();
  for (const Summary& value : event.summaries) bytes += elements_bytes(value);
  require<ValueError>(bytes < kLargest, "an event of ", bytes, " bytes; the most is ",
                      kLargest);  // protobuf takes no string that is larger

  OnStack place;
  tb::Event& out = place.event();
  out.set_wall_time(event.wall_time);
  out.set_step(event.step);
  if (!event.file_version.empty()) out.set_file_version(valid_utf8(event.file_version));
  for (const Summary& value : event.summaries) write_value(value, *out.mutable_summary()->add_value());
  if (!event.graph_def.empty()) out.set_graph_def(event.graph_def);
  if (!event.metadata_tag.empty() || !event.run_metadata.empty()) {
    out.mutable_tagged_run_metadata()->set_tag(valid_utf8(event.metadata_tag));
    out.mutable_tagged_run_metadata()->set_run_metadata(event.run_metadata);
  }
  const std::size_t size = out.ByteSizeLong();
  require<ValueError>(size <= kLargest, "an event of ", size, " bytes; the most is ", kLargest);
  return out.SerializeAsString();
}

void set_wall_time(char* serialized, double wall_time) {
  // The first field, as protobuf writes them by number: one byte that says "number 1, 8 bytes", then these.
  std::memcpy(serialized + 1, &wall_time, sizeof wall_time);
}

Event parse(std::string_view data) {
  OnStack place;
  tb::Event& in = place.event();
  require<FormatError>(data.size() <= kLargest && in.ParseFromArray(data.data(), static_cast<int>(data.size())),
                       "no event");
  Event event{.wall_time = in.wall_time(), .step = in.step()};
  std::size_t room = kRoom;
  switch (in.what_case()) {
    case tb::Event::kFileVersion:
      event.file_version = valid_utf8(in.file_version());
      break;
    case tb::Event::kGraphDef:
      event.graph_def = std::move(*in.mutable_graph_def());
      break;
    case tb::Event::kTaggedRunMetadata:
      event.metadata_tag = valid_utf8(in.tagged_run_metadata().tag());
      event.run_metadata = std::move(*in.mutable_tagged_run_metadata()->mutable_run_metadata());
      break;
    case tb::Event::kSummary:
      event.summaries.reserve(static_cast<std::size_t>(in.summary().value_size()));
      for (const auto& value : in.summary().value()) {
        try {
          event.summaries.push_back(read_value(value, room));
        } catch (const FormatError& e) {
          throw FormatError(graph::message("no event: \"", valid_utf8(value.tag().substr(0, 100)), "\" is ", e.what()));
        }
      }
      break;
    case tb::Event::WHAT_NOT_SET:
      break;
  }
  return event;
}

}  // namespace cornu::io::tensorboard::internal
