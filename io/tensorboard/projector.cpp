#include "cornu/io/tensorboard/projector.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <mutex>
#include <set>

#include "cornu/io/atomic_file.h"
#include "cornu/io/image/image.h"
#include "cornu/io/internal/source.h"
#include "cornu/io/tensorboard/internal/pbtxt.h"
#include "cornu/io/tensorboard/internal/sprite.h"
#include "cornu/io/tensorboard/internal/utf8.h"

namespace cornu::io::tensorboard {

namespace fs = std::filesystem;
using namespace graph;
using internal::pbtxt_string;
using internal::PbtxtField;

namespace {

constexpr std::size_t kMaxStem = 180;  // file systems take names of 255 bytes, and suffixes follow

struct Config {
  std::string text;
  std::vector<PbtxtField> fields;
};

Config read_config(const fs::path& path) {
  Config config;
  std::error_code none;
  if (!fs::exists(path, none)) return config;
  const io::internal::InputFile file(path);
  config.text.resize(file.size());
  file.read_at(0, std::as_writable_bytes(std::span(config.text)));
  config.fields = internal::parse_pbtxt(config.text, file.name());
  return config;
}

bool is_embedding(const PbtxtField& field, const std::string& name) {
  return field.name == "embeddings" && field["tensor_name"] == name;
}

/// A file name without its ending that no other embedding of the config has; again the same one for an embedding that
/// is replaced.
std::string stem_of(const std::string& name, const Config& config) {
  std::string stem;
  for (const char c : name) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                      c == '-' || static_cast<unsigned char>(c) >= 0x80;
    stem += kept ? c : '_';
  }
  if (stem.size() > kMaxStem) {
    stem.resize(kMaxStem);
    while (stem != internal::valid_utf8(stem)) stem.pop_back();
  }
  if (stem.front() == '.') stem.front() = '_';
  std::set<std::string, std::less<>> taken;
  for (const PbtxtField& field : config.fields)
    if (field.name == "embeddings" && !is_embedding(field, name)) {
      for (const char* path : {"tensor_path", "metadata_path"}) taken.emplace(field[path]);
      for (const PbtxtField& inner : field.fields)
        if (inner.name == "sprite") taken.emplace(inner["image_path"]);
    }
  const auto free = [&](const std::string& candidate) {
    return !taken.contains(candidate + ".tensor.tsv") && !taken.contains(candidate + ".metadata.tsv") &&
           !taken.contains(candidate + ".sprite.png");
  };
  std::string candidate = stem;
  for (int number = 2; !free(candidate); ++number) candidate = message(stem, "-", number);
  return candidate;
}

std::string points_tsv(const std::string& who, const Array& points) {
  require<ShapeError>(points.ndim() == 2 && points.rows() > 0 && points.shape()[1] >= 2, who,
                      " needs points of shape (points, dimensions) with at least 1 point and 2 dimensions, got ",
                      points.shape());
  const Array values = points.astype(float32);  // as the dashboard reads them
  const std::int64_t columns = points.shape()[1];
  std::string tsv;
  for (std::int64_t i = 0; i < values.size(); ++i) {
    const float value = values.data<float>()[i];
    require<ValueError>(std::isfinite(value), who, " needs finite points, but number ", i / columns, " has ", value,
                        " in dimension ", i % columns);
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::general, 9).ptr;
    tsv.append(digits, end);
    tsv += (i + 1) % columns == 0 ? '\n' : '\t';
  }
  return tsv;
}

std::string cell(std::string_view text) {
  std::string out = internal::valid_utf8(text);
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return out;
}

std::string metadata_tsv(const std::string& who, const Embedding& e) {
  std::string tsv;
  if (e.metadata.empty()) {
    require<ValueError>(e.columns.empty(), who, " has ", e.columns.size(), " columns of metadata but no rows");
    for (std::int64_t i = 0; e.images && i < e.points.rows(); ++i)
      tsv += std::to_string(i) + '\n';  // the dashboard shows no sprite without metadata
    return tsv;
  }
  require<ValueError>(static_cast<std::int64_t>(e.metadata.size()) == e.points.rows(), who,
                      " needs a row of metadata for each of the ", e.points.rows(), " points, got ", e.metadata.size());
  const std::size_t columns = e.metadata.front().size();
  require<ValueError>(columns > 0, who, " has rows of metadata without cells");
  require<ValueError>(columns == e.columns.size() || (columns == 1 && e.columns.empty()), who,
                      " has rows of metadata with ", columns, " cells but names for ", e.columns.size(), " columns");
  const auto append = [&](const std::vector<std::string>& row) {
    std::string line;
    for (const std::string& text : row) (line += &text == row.data() ? "" : "\t") += cell(text);
    const std::size_t text = line.find_first_not_of(" \t");
    tsv += (text == std::string::npos ? '-' + line : line) + '\n';
  };
  if (columns > 1) append(e.columns);
  for (std::size_t i = 0; i < e.metadata.size(); ++i) {
    require<ValueError>(e.metadata[i].size() == columns, who, " row ", i, " of the metadata has ", e.metadata[i].size(),
                        " cells, the first one has ", columns);
    append(e.metadata[i]);
  }
  return tsv;
}

void write_file(const fs::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes.data(), bytes.size());
  file.commit();
}

/// The config's text with the block in place of those of the same name, or at the end.
std::string with_block(const Config& config, const std::string& name, const std::string& block) {
  std::string out;
  std::size_t kept = 0;
  bool there = false;
  for (const PbtxtField& field : config.fields) {
    if (!is_embedding(field, name)) continue;
    out += config.text.substr(kept, field.begin - kept);
    if (!there) out += block;
    there = true;
    kept = field.end;
  }
  out += config.text.substr(kept);
  if (!there) {
    if (!out.empty() && out.back() != '\n') out += '\n';
    out += block;
  }
  if (out.back() != '\n') out += '\n';
  return out;
}

}  // namespace

void write_embedding(const Path& given, const Embedding& embedding) {
  const std::string name = internal::valid_utf8(embedding.name), who = message("[embedding \"", name, "\"]");
  require<ValueError>(!name.empty(), "an embedding needs a name that is not empty");
  const std::string points = points_tsv(who, embedding.points), metadata = metadata_tsv(who, embedding);
  internal::Sprite sprite;
  if (embedding.images) {
    require<ShapeError>(embedding.images->rows() == embedding.points.rows(), who, " needs an image for each of the ",
                        embedding.points.rows(), " points, got images of shape ", embedding.images->shape());
    sprite = internal::sprite(who, *embedding.images);
  }

  static std::mutex one_at_a_time;  // the config is read and written again
  const std::lock_guard lock(one_at_a_time);
  std::error_code error;
  const fs::path folder = given;
  fs::create_directories(folder, error);
  require<IoError>(!error, "[", folder.string(), "] cannot make the folder: ", error.message());
  const fs::path config_path = folder / "projector_config.pbtxt";
  const Config config = read_config(config_path);
  const std::string stem = stem_of(name, config);
  std::string block =
      "embeddings {\n  tensor_name: " + pbtxt_string(name) + "\n  tensor_path: " + pbtxt_string(stem + ".tensor.tsv");
  for (const std::int64_t length : embedding.points.shape()) block += "\n  tensor_shape: " + std::to_string(length);
  if (!metadata.empty()) {
    block += "\n  metadata_path: " + pbtxt_string(stem + ".metadata.tsv");
    write_file(folder / (stem + ".metadata.tsv"), metadata);
  }
  if (embedding.images) {
    block += "\n  sprite {\n    image_path: " + pbtxt_string(stem + ".sprite.png") +
             "\n    single_image_dim: " + std::to_string(sprite.width) +
             "\n    single_image_dim: " + std::to_string(sprite.height) + "\n  }";
    image::write_png(folder / (stem + ".sprite.png"), sprite.picture);
  }
  write_file(folder / (stem + ".tensor.tsv"), points);
  write_file(config_path, with_block(config, name, block + "\n}"));
}

}  // namespace cornu::io::tensorboard
