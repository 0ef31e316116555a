#include "cornu/io/tensorboard/event_reader.h"

#include <algorithm>
#include <limits>
#include <system_error>

#include "cornu/io/tensorboard/internal/event_proto.h"
#include "cornu/io/tensorboard/internal/growing_file.h"
#include "cornu/io/tensorboard/internal/record.h"

namespace cornu::io::tensorboard {

namespace fs = std::filesystem;
using internal::kRecordFooter;
using internal::kRecordHeader;

namespace {

constexpr std::uint64_t kLongest = std::numeric_limits<int>::max();  // data of a record: protobuf reads no more
constexpr int kTrials = 64;

/// Adds damage to the list, or to its last entry if it goes on there: a file that is all damage must not make a list
/// that is larger than itself.
void note(std::vector<EventReader::Damage>& damages, EventReader::Damage damage) {
  if (!damages.empty() && damages.back().offset + damages.back().skipped == damage.offset &&
      damages.back().what == damage.what)
    damages.back().skipped += damage.skipped;
  else
    damages.push_back(std::move(damage));
}

}  // namespace

struct EventReader::State {
  explicit State(const fs::path& path) : file(path) {}

  internal::GrowingFile file;
  std::uint64_t position = 0;  // of the next record, or where the search for it goes on
  bool searching = false;
  std::uint64_t unresolved = 0;  // bytes at the end that may become a record
  int trials = kTrials;
  std::vector<Damage> damages;

  std::optional<std::uint64_t> length_at(std::uint64_t offset) {
    const auto header = file.view(offset, kRecordHeader);
    if (header.size() < kRecordHeader) return std::nullopt;
    const auto length = internal::record_length(header);
    return length && *length <= kLongest ? length : std::nullopt;
  }

  /// The data of the record there, whose length is known to fit the file. False if they have another checksum.
  bool data_at(std::uint64_t offset, std::uint64_t length, std::string_view& data) {
    const auto bytes = static_cast<std::size_t>(length);
    const auto all = file.view(offset + kRecordHeader, bytes + kRecordFooter);
    if (all.size() < bytes + kRecordFooter) return false;
    data = all.substr(0, bytes);
    return internal::record_footer_fits(data, all.substr(bytes));
  }

  std::optional<Event> next() {
    if (auto event = next_of_known()) return event;
    const std::uint64_t known = file.size();
    return file.refresh() == known ? std::nullopt : next_of_known();
  }

  /// From the bytes that the file had when it was last looked at.
  std::optional<Event> next_of_known() {
    for (;;) {
      if (searching && !search()) return std::nullopt;
      unresolved = position < file.size() ? file.size() - position : 0;
      if (!file.holds(position, kRecordHeader)) return std::nullopt;
      const auto length = length_at(position);
      if (!length) {
        damages.push_back({position, 0, "wrong checksum of a length"});
        searching = true;
        ++position;
        continue;
      }
      const std::uint64_t bytes = kRecordHeader + *length + kRecordFooter;
      if (!file.holds(position, bytes)) return std::nullopt;
      const std::uint64_t begin = position;
      position += bytes;
      unresolved = file.size() - position;
      std::string_view data;
      if (!data_at(begin, *length, data)) {
        note(damages, {begin, bytes, "wrong checksum of the data"});
        continue;
      }
      try {
        return internal::parse(data);
      } catch (const graph::FormatError& e) {
        note(damages, {begin, bytes, e.what()});
      }
    }
  }

  /// Moves `position` to the next record that is whole and right. If there is none, it moves to the first right header
  /// whose record is cut off, because the writer may still be at it, or else nearly to the end.
  bool search() {
    Damage& damage = damages.back();
    std::optional<std::uint64_t> cut;
    for (; file.holds(position, kRecordHeader); ++position) {
      const auto length = length_at(position);
      if (!length) continue;
      if (!file.holds(position, kRecordHeader + *length + kRecordFooter)) {
        if (!cut) cut = position;
        continue;
      }
      // The data is compared with its checksum here, because bytes that are no header may look like one. In a file that
      // was made to hold many such headers this would take the square of its size, so it is done a limited number of
      // times.
      std::string_view data;
      if (trials > 0 && !data_at(position, *length, data)) {
        --trials;
        continue;
      }
      damage.skipped = position - damage.offset;
      searching = false;
      return true;
    }
    if (cut) position = *cut;
    damage.skipped =
        std::max(cut.value_or(file.size()), damage.offset) - damage.offset;  // the file may have become shorter
    unresolved = cut ? file.size() - *cut : 0;
    return false;
  }
};

EventReader::EventReader(const fs::path& path) : state_(std::make_unique<State>(path)) {}
EventReader::~EventReader() = default;
EventReader::EventReader(EventReader&&) noexcept = default;
EventReader& EventReader::operator=(EventReader&&) noexcept = default;

std::optional<Event> EventReader::next() { return state_->next(); }
const std::vector<EventReader::Damage>& EventReader::damages() const { return state_->damages; }
std::uint64_t EventReader::incomplete() const { return state_->unresolved; }

std::vector<fs::path> event_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    std::error_code ignored;
    if (at->path().filename().string().find("tfevents") != std::string::npos && at->is_regular_file(ignored))
      files.push_back(at->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace cornu::io::tensorboard
