#include "cornu/keras/saving/internal/checkpoint_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstring>

#include "cornu/graph/check.h"
#include "cornu/io/hdf5/reader.h"
#include "cornu/io/hdf5/writer.h"
#include "cornu/io/internal/crc32c.h"

namespace cornu::keras::saving {

using graph::Array;
using graph::FormatError;
using graph::message;
using graph::require;
using graph::random::Generator;

namespace {

constexpr std::string_view kFormat = "cornu checkpoint";
constexpr std::int64_t kVersion = 1;

// A generator is its key and how far it has counted.
using GeneratorWords = std::array<std::int64_t, 2>;
static_assert(std::is_trivially_copyable_v<Generator> && sizeof(Generator) == sizeof(GeneratorWords));

std::string_view bytes_of(const StateSnapshot::Value& value) {
  return std::visit(
      [](const auto& kept) {
        if constexpr (std::is_same_v<std::decay_t<decltype(kept)>, Array>)
          return std::string_view(reinterpret_cast<const char*>(kept.bytes()), kept.nbytes());
        else
          return std::string_view(reinterpret_cast<const char*>(&kept), sizeof(kept));
      },
      value);
}

std::string kind_of(const StateSnapshot::Value& value) {
  const auto* array = std::get_if<Array>(&value);
  return array != nullptr ? message(array->dtype(), array->shape()) : std::to_string(value.index());
}

// HDF5 keeps no checksums of its own; a byte that turned on the disk would be trained with.
std::int64_t checksum(const StateSnapshot& state) {
  std::vector<const StateSnapshot::Entry*> sorted;
  for (const auto& entry : state.entries()) sorted.push_back(&entry);
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->path < b->path; });
  std::string sums;
  for (const auto* entry : sorted)
    sums += message(entry->path, ' ', kind_of(entry->value), ' ', io::internal::crc32c(bytes_of(entry->value)), '\n');
  return io::internal::crc32c(sums);
}

std::pair<std::string, std::string> folder_and_name(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::pair<std::string, std::string>("", path)
                                    : std::pair(path.substr(0, slash), path.substr(slash + 1));
}

void put(io::hdf5::Writer::Group& root, const std::string& path, const Array& array) {
  if (array.dtype() != graph::bfloat16) {
    root.dataset("state/" + path, array);
    return;
  }
  // HDF5 has no bfloat16: its bytes, two for each number.
  Array bytes(array.shape().append(2), graph::uint8);
  if (array.nbytes() > 0) std::memcpy(bytes.bytes(), array.bytes(), array.nbytes());
  root.dataset("state/" + path, bytes).text("dtype", "bfloat16");
}

Array taken(const io::hdf5::Dataset& dataset) {
  Array array = dataset.read();
  if (!dataset.has_attribute("dtype")) return array;
  require<FormatError>(dataset.text("dtype") == "bfloat16" && array.dtype() == graph::uint8 && array.ndim() >= 1 &&
                           array.shape().back() == 2,
                       dataset.path(), ": not bfloat16");
  Array numbers(array.shape().drop_back(), graph::bfloat16);
  if (array.nbytes() > 0) std::memcpy(numbers.bytes(), array.bytes(), array.nbytes());
  return numbers;
}

StateSnapshot::Value number_of(const Array& array, const std::string& path) {
  if (array.dtype() == graph::int64 && array.ndim() == 0) return array.item<std::int64_t>();
  if (array.dtype() == graph::float64 && array.ndim() == 0) return array.item<double>();
  require<FormatError>(array.dtype() == graph::int64 && array.shape() == graph::Shape{2}, path,
                       ": neither a number nor the state of a random generator");
  const auto* words = array.data<std::int64_t>();
  return std::bit_cast<Generator>(GeneratorWords{words[0], words[1]});
}

void collect(const io::hdf5::Group& group, const std::string& prefix, StateSnapshot& state) {
  for (const std::string& name : group.attributes())
    state.add(prefix + name, number_of(group.array(name), prefix + name));
  for (const std::string& name : group.children()) {
    if (group.is_group(name))
      collect(group.group(name), prefix + name + '/', state);
    else
      state.add(prefix + name, taken(group.at(name)));
  }
}

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const StateSnapshot& state) {
  io::hdf5::Writer file(path);
  auto root = file.root();
  root.text("format", kFormat);
  root.integer("version", kVersion);
  root.integer("checksum", checksum(state));
  root.group("state");
  for (const auto& [at, value] : state.entries()) {
    if (const auto* array = std::get_if<Array>(&value)) {
      put(root, at, *array);
      continue;
    }
    const auto [folder, name] = folder_and_name(at);
    auto group = root.group(folder.empty() ? "state" : "state/" + folder);
    if (const auto* integer = std::get_if<std::int64_t>(&value)) group.integer(name, *integer);
    if (const auto* real = std::get_if<double>(&value)) group.number(name, *real);
    if (const auto* generator = std::get_if<Generator>(&value)) {
      const auto words = std::bit_cast<GeneratorWords>(*generator);
      group.array(name, Array(std::vector<std::int64_t>(words.begin(), words.end())));
    }
  }
  file.commit();
}

StateSnapshot read_checkpoint(const std::filesystem::path& path) {
  // A child process reads it: were a damaged file to end this one, so it would the next one that is started, and so on.
  std::error_code none;
  const auto size = std::filesystem::file_size(path, none);
  const std::size_t room = none ? 0 : static_cast<std::size_t>(size);
  const io::hdf5::IsolationLimits limits{.memory = io::hdf5::IsolationLimits().memory + 4 * room,
                                         .cpu_time = std::chrono::minutes(10)};
  const io::hdf5::Group root = io::hdf5::File(path, {.isolated = true, .limits = limits}).root();
  require<FormatError>(root.has_attribute("format") && root.text("format") == kFormat, path, ": not a checkpoint");
  require<FormatError>(root.integer("version") == kVersion, path, ": a checkpoint of version ", root.integer("version"),
                       ", this program reads ", kVersion);
  StateSnapshot state;
  collect(root.group("state"), "", state);
  require<FormatError>(root.integer("checksum") == checksum(state), path,
                       ": the checksum is wrong, bytes have changed");
  return state;
}

}  // namespace cornu::keras::saving
