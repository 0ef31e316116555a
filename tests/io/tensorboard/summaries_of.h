#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cornu/io/tensorboard/event_reader.h"

namespace cornu::tests {

/// A scalar's value as the writer's `scalar` makes it.
inline io::tensorboard::Summary number(std::string tag, float value) {
  return {.tag = std::move(tag),
          .plugin = "scalars",
          .data_class = io::tensorboard::DataClass::scalar,
          .numbers = Array::scalar(value)};
}

/// All events of a file, which must be without damage.
inline std::vector<io::tensorboard::Event> events_of(const std::filesystem::path& path) {
  io::tensorboard::EventReader reader(path);
  std::vector<io::tensorboard::Event> events(reader.begin(), reader.end());
  for (const auto& damage : reader.damages()) ADD_FAILURE() << path << ": " << damage.what << " at " << damage.offset;
  EXPECT_EQ(reader.incomplete(), 0u) << path;
  return events;
}

/// The only event file below a folder.
inline std::filesystem::path event_file_in(const std::filesystem::path& folder) {
  const auto files = io::tensorboard::event_files(folder);
  EXPECT_EQ(files.size(), 1u) << folder;
  return files.empty() ? std::filesystem::path() : files.front();
}

}  // namespace cornu::tests
