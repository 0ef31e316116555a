#include "cornu/keras/datasets/internal/cifar.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <map>
#include <span>

#include "cornu/graph/check.h"
#include "cornu/io/archive/archive.h"
#include "cornu/io/pickle/internal/pickle.h"
#include "cornu/keras/datasets/internal/files.h"
#include "cornu/keras/utils/get_file.h"

namespace cornu::keras::datasets::internal {

namespace fs = std::filesystem;
using graph::require;
using graph::uint8;
using io::pickle::Pickle;

namespace {

constexpr std::int64_t kCifarSide = 32, kCifarChannels = 3, kCifarPixels = kCifarSide * kCifarSide;

/// One batch with its planes of colours turned into colours of pixels.
Split split_of(const Pickle& batch, const CifarFiles& files, const std::string& name) {
  const Array planes = batch.array(batch.at(batch.root(), "data"), "data");
  require<FormatError>(
      planes.dtype() == uint8 && planes.ndim() == 2 && planes.shape()[1] == kCifarChannels * kCifarPixels, "[", name,
      "] expected images of dtype uint8 and shape (n, 3072), got ", planes.spec());
  const std::vector<std::int64_t> labels = batch.numbers(batch.at(batch.root(), files.labels), files.labels);
  const std::int64_t n = planes.rows();
  require<FormatError>(static_cast<std::int64_t>(labels.size()) == n, "[", name, "] ", labels.size(), " labels for ", n,
                       " images");
  Split split{Array(Shape{n, kCifarSide, kCifarSide, kCifarChannels}, uint8), Array(Shape{n, 1}, uint8)};
  const std::uint8_t* from = planes.data<std::uint8_t>();
  std::uint8_t* to = split.x.data<std::uint8_t>();
  for (std::int64_t i = 0; i < n; ++i, from += kCifarChannels * kCifarPixels)
    for (std::int64_t pixel = 0; pixel < kCifarPixels; ++pixel)
      for (std::int64_t c = 0; c < kCifarChannels; ++c) *to++ = from[c * kCifarPixels + pixel];
  for (std::size_t i = 0; i < labels.size(); ++i) {
    require<FormatError>(labels[i] >= 0 && labels[i] < files.classes, "[", name, "] label ", labels[i], " of sample ",
                         i, " is out of range: expected 0 to ", files.classes - 1);
    split.y.data<std::uint8_t>()[i] = static_cast<std::uint8_t>(labels[i]);
  }
  return split;
}

/// A text as what is read from.
class BatchText final : public io::internal::Source {
 public:
  BatchText(std::string name, const std::string& text) : Source(std::move(name)), left_(text) {}
  void read(std::span<std::byte> out) override {
    if (out.size() > left_.size()) malformed("ends too early (truncated)");
    std::memcpy(out.data(), left_.data(), out.size());
    left_.remove_prefix(out.size());
  }
  std::uint64_t left() const override { return left_.size(); }

 private:
  std::string_view left_;
};

/// The batches by their names, of a folder or of an archive.
std::map<std::string, Split> read_batches(const fs::path& path, const CifarFiles& files) {
  std::map<std::string, Split> batches;
  std::vector<std::string> wanted = files.train;
  wanted.insert(wanted.end(), files.test.begin(), files.test.end());
  std::error_code error;
  if (fs::is_directory(path, error)) {
    const fs::path folder = fs::is_directory(path / files.folder, error) ? path / files.folder : path;
    for (const std::string& name : wanted) {
      require<IoError>(fs::is_regular_file(folder / name, error), "[", folder.string(), "] the folder has no file ",
                       name, "; ", files.data_set, " needs ", wanted.front(), " to ", wanted.back());
      io::internal::InputFile file(folder / name);
      batches.emplace(name, split_of(Pickle(file), files, file.name()));
    }
    return batches;
  }
  io::archive::visit(path, [&](const io::archive::Member& member) {
    const std::string name = fs::path(member.name).filename().string();
    if (std::find(wanted.begin(), wanted.end(), name) == wanted.end()) return true;
    const std::string bytes = member.bytes();
    BatchText text(path.string() + ": " + member.name, bytes);
    batches.emplace(name, split_of(Pickle(text), files, text.name()));
    return batches.size() < wanted.size();
  });
  for (const std::string& name : wanted)
    require<FormatError>(batches.contains(name), "[", path.string(), "] the archive has no file ", name, ", which ",
                         files.data_set, " needs");
  return batches;
}

Split joined(std::map<std::string, Split>& batches, const std::vector<std::string>& names) {
  if (names.size() == 1) return batches.at(names.front());
  std::vector<Array> x, y;
  for (const std::string& name : names) x.push_back(batches.at(name).x), y.push_back(batches.at(name).y);
  return {graph::concatenate(x, 0), graph::concatenate(y, 0)};
}

}  // namespace

Splits load_cifar(const CifarFiles& files, const io::Path& path) {
  const std::string cached = std::string(files.folder) + "-target";
  const fs::path place =
      !path.empty() ? find_file(path, files.data_set, "takes a folder of batches or the archive that has them")
                    : with_hint(files.data_set, fs::path(utils::keras_home()) / "datasets" / cached, [&] {
                        return utils::get_file(
                            cached, {.origin = std::string("https://www.cs.toronto.edu/~kriz/") + files.archive,
                                     .file_hash = files.file_hash,
                                     .extract = true});
                      });
  std::map<std::string, Split> batches = read_batches(place, files);
  return {joined(batches, files.train), joined(batches, files.test)};
}

}  // namespace cornu::keras::datasets::internal
