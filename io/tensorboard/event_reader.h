#pragma once

#include <cstdint>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cornu/io/tensorboard/event.h"

namespace cornu::io::tensorboard {

/// Reads an event file of TensorBoard, TensorFlow, Keras, PyTorch or Cornu, event by event.
///
///     EventReader reader("logs/train/events.out.tfevents.1700000000.host.1.0.v2");
///     for (const Event& event : reader)
///       for (const Summary& s : event.summaries) std::cout << event.step << ' ' << s.tag << ' ' << s.plugin << '\n';
///     for (const auto& d : reader.damages()) std::cerr << d.what << " at " << d.offset << '\n';
///
/// Damage does not end the reading: after a record whose data has a wrong checksum, or is no event, the next record is
/// read; after a header with a wrong checksum, the next valid header is searched for. A record that is not complete is
/// left for later: the writer may still be at it, and `next` gives it once the rest is there.
///
/// Values in older forms (simple_value, histo, image, audio) come as the summaries that TensorBoard makes of them.
/// float16 is read as float32, int8, int16 and uint16 as int32; a value of another dtype that arrays lack comes as a
/// summary without one.
class EventReader {
 public:
  /// Throws IoError if the file cannot be opened.
  explicit EventReader(const std::filesystem::path& path);
  ~EventReader();
  EventReader(EventReader&&) noexcept;
  EventReader& operator=(EventReader&&) noexcept;

  /// The next event; nothing at the present end of the file. Throws IoError if reading fails.
  std::optional<Event> next();

  /// Bytes that could not be used.
  struct Damage {
    std::uint64_t offset = 0;   ///< of the first one in the file
    std::uint64_t skipped = 0;  ///< how many
    std::string what = {};      ///< "wrong checksum of the data", …
  };
  /// What was met so far. A record that is cut at the end of the file is no damage, see `incomplete`.
  const std::vector<Damage>& damages() const;
  /// Bytes at the end of the file that are no whole record yet.
  std::uint64_t incomplete() const;

  class Iterator {
   public:
    using value_type = Event;
    using reference = const Event&;
    using pointer = const Event*;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    Iterator() = default;
    explicit Iterator(EventReader* reader) : reader_(reader) { ++*this; }
    reference operator*() const { return *event_; }
    pointer operator->() const { return &*event_; }
    Iterator& operator++() {
      event_ = reader_->next();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& a, const Iterator& b) {
      return a.event_.has_value() == b.event_.has_value();
    }

   private:
    EventReader* reader_ = nullptr;
    std::optional<Event> event_;
  };
  Iterator begin() { return Iterator(this); }
  Iterator end() { return {}; }

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The event files in a folder and below it, by path: those whose name contains "tfevents". Empty if there is no such
/// folder.
std::vector<std::filesystem::path> event_files(const std::filesystem::path& folder);

}  // namespace cornu::io::tensorboard
