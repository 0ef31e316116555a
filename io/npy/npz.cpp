#include "cornu/io/npy/npz.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "cornu/io/npy/internal/header.h"
#include "cornu/io/pickle/internal/pickle.h"
#include "cornu/io/zip/internal/zip.h"

namespace cornu::io::npy {

using namespace graph;

struct Archive::State {
  explicit State(const std::filesystem::path& path) : archive(path) {}
  zip::ZipReader archive;
};

Archive::Archive(const Path& path) : state_(std::make_unique<State>(path)) {
  for (const zip::ZipMember& member : state_->archive.members()) {
    constexpr std::string_view kSuffix = ".npy";
    names_.push_back(member.name.ends_with(kSuffix) ? member.name.substr(0, member.name.size() - kSuffix.size())
                                                    : member.name);
  }
}

Archive::~Archive() = default;
Archive::Archive(Archive&&) noexcept = default;
Archive& Archive::operator=(Archive&&) noexcept = default;

bool Archive::contains(std::string_view name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

std::size_t Archive::place(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) {
    std::string known;
    for (std::size_t i = 0; i < std::min<std::size_t>(names_.size(), 20); ++i)
      known += (i ? ", '" : "'") + names_[i] + "'";
    if (names_.size() > 20) known += ", ...";
    throw ValueError(
        message("[", state_->archive.name(), "] has no array '", name, "'; it has ", names_.empty() ? "none" : known));
  }
  return static_cast<std::size_t>(found - names_.begin());
}

Array Archive::operator[](std::string_view name) const {
  const auto source = state_->archive.open(state_->archive.members()[place(name)]);
  Array array = internal::read_array(*source);
  source->finish();
  return array;
}

std::vector<std::vector<std::int64_t>> Archive::lists(std::string_view name) const {
  const auto source = state_->archive.open(state_->archive.members()[place(name)]);
  const internal::Header header = internal::read_header(*source, true);
  if (header.encoding.kind == 'O') {
    const pickle::Pickle pickle(*source);
    auto lists = pickle.lists(pickle.root(), name);
    source->finish();
    return lists;
  }
  const Array rows = internal::read_elements(*source, header);
  source->finish();
  if (!is_integer(rows.dtype()) || rows.ndim() != 2)
    source->malformed("expected lists of whole numbers, got an array ", rows.spec());
  const Array wide = rows.astype(int64);
  std::vector<std::vector<std::int64_t>> lists;
  const std::int64_t length = rows.shape()[1];
  for (std::int64_t i = 0; i < rows.rows(); ++i) {
    const std::int64_t* row = wide.data<std::int64_t>() + i * length;
    lists.emplace_back(row, row + length);
  }
  return lists;
}

void savez(const Path& path, const std::vector<std::pair<std::string, Array>>& arrays) {
  std::set<std::string_view> names;
  for (const auto& [name, array] : arrays) {
    require<ValueError>(!name.empty() && name.size() < 65000,
                        "savez: an array's name must have 1 to 64,999 characters");
    require<ValueError>(names.insert(name).second, "savez: two arrays of the name '", name, "'");
  }
  AtomicFile file(path);
  zip::ZipWriter archive(file);
  for (const auto& [name, array] : arrays) {
    const std::string header = internal::header_of(array.spec());
    archive.add(name + ".npy", {std::as_bytes(std::span(header)), {array.bytes(), array.nbytes()}});
  }
  archive.finish();
  file.commit();
}

}  // namespace cornu::io::npy
